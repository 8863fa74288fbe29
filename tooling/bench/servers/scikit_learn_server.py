"""scikit-learn's vectorizers of texts: words and pairs of words, as counts, tf-idf or hashed."""

import json

import sklearn
from serve import serve
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer

KINDS = {"count": CountVectorizer, "tf-idf": TfidfVectorizer, "hashing": HashingVectorizer}


def bags(given):
    with open(given["file"], encoding="utf-8") as file:
        texts = json.load(file)
    kind = KINDS[given["kind"]]
    fitted = kind(ngram_range=(1, 2)).fit(texts)
    if given["fits"]:
        return lambda: kind(ngram_range=(1, 2)).fit_transform(texts)
    return lambda: fitted.transform(texts)


serve(f"scikit-learn {sklearn.__version__}", {"bags": bags})
