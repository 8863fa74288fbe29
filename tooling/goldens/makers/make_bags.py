"""Makes data/bags.json: bags of n-grams of 1,000 random texts by scikit-learn's vectorizers of texts."""

import json
import platform
import unicodedata

import numpy
import sklearn
from golden_format import DATA, Draw, encode_tensor
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.pipeline import make_pipeline

SYLLABLES = "ba be ca co da de é fa go ha ja la lo ma mi na não ó pa que ra sa são ta tu va x".split()
# What splits, joins or changes in other ways than letters of the alphabet.
ODD = [
    "The", "THE", "I", "a", "10h", "snake_case", "d'água", "à-toa", "don't", "ΟΔΟΣ", "Straße", "İzmir", "日本語", "𝒳𝒴", "𝒳",
    "½", "x²", "👍🏽", "co\u00adoperate", "zero\u200bwidth", "e\u0301te\u0301", unicodedata.normalize("NFD", "coração"), "ﬁn", "ǅ",
]
GAPS = [" "] * 12 + [", ", ". ", "  ", "\n", "\t ", "\u00a0", "\u2003", "\x1c", "-", "\ufeff", ""]

draw = Draw("bags of n-grams").generator
WORDS = sorted({"".join(draw.choice(SYLLABLES, draw.integers(1, 4))) for _ in range(220)}) + ODD
# Few words make up most of a text.
SHARES = 1 / numpy.arange(1, len(WORDS) + 1)
ORDER = draw.permutation(len(WORDS))


def text():
    chosen = draw.choice(len(WORDS), draw.integers(0, 12), p=SHARES / SHARES.sum())
    return "".join(WORDS[ORDER[word]] + GAPS[draw.integers(len(GAPS))] for word in chosen)


TEXTS = [text() for _ in range(1000)]


def case(name, vectorizer, options, texts=1000):
    documents = TEXTS[:texts]
    matrix = vectorizer.fit(documents).transform(documents)
    matrix.sort_indices()
    hashed = options.get("features") == "hashing"
    return {
        "name": name,
        "options": options,
        "texts": texts,
        "columns": matrix.shape[1],
        **({} if hashed else {"names": vectorizer.get_feature_names_out().tolist()}),
        "indptr": encode_tensor(matrix.indptr),
        "indices": encode_tensor(matrix.indices),
        **written(matrix.data),
    }


def written(values):
    """Counts of one digit as digits, which takes least, other values as they are."""
    if numpy.isin(values, range(10)).all():
        return {"counts": "".join(str(int(value)) for value in values)}
    return {"values": encode_tensor(values)}


def size_without_tie(**arguments):
    """A number of features such that the last one kept stands more often than the first one lost."""
    counts = numpy.sort(numpy.asarray(CountVectorizer(**arguments).fit_transform(TEXTS).sum(axis=0)).ravel())[::-1]
    return next(size for size in range(40, len(counts)) if counts[size - 1] > counts[size])


STOP = ["the", "são", "na"]
SIZE = size_without_tie(ngram_range=(1, 2))
CASES = [
    case("words", CountVectorizer(), {}),
    case("words and pairs", CountVectorizer(ngram_range=(1, 2)), {"to": 2}),
    case("words as they are written", CountVectorizer(lowercase=False), {"lowercase": False}, 300),
    case("over stop words", CountVectorizer(ngram_range=(2, 3), stop_words=STOP), {"from": 2, "to": 3, "stopWords": STOP}, 200),
    case("presence, pruned", CountVectorizer(binary=True, min_df=3, max_df=0.05, ngram_range=(1, 2)),
         {"weight": "binary", "minimumDocuments": 3, "maximumShare": 0.05, "to": 2}),
    case("the commonest", CountVectorizer(max_features=SIZE, ngram_range=(1, 2)), {"maximumSize": SIZE, "to": 2}),
    case("characters", CountVectorizer(analyzer="char", ngram_range=(1, 3)), {"unit": "characters", "to": 3}, 100),
    case("characters of words", CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)),
         {"unit": "word-characters", "from": 2, "to": 4}, 100),
    case("long characters of words", CountVectorizer(analyzer="char_wb", ngram_range=(6, 7)),
         {"unit": "word-characters", "from": 6, "to": 7}, 100),
    case("tf-idf", TfidfVectorizer(ngram_range=(1, 2)), {"weight": "tf-idf", "to": 2}, 200),
    case("tf-idf, otherwise", TfidfVectorizer(smooth_idf=False, sublinear_tf=True, norm="l1"),
         {"weight": "tf-idf", "smooth": False, "sublinear": True, "norm": "l1"}, 400),
    case("hashed", HashingVectorizer(ngram_range=(1, 2)), {"features": "hashing", "norm": "l2", "to": 2}, 200),
    case("hashed into few columns", HashingVectorizer(n_features=97, norm=None, alternate_sign=False),
         {"features": "hashing", "columns": 97, "alternateSigns": False}, 400),
    case("hashed with signs that cancel", HashingVectorizer(n_features=5, norm=None), {"features": "hashing", "columns": 5}, 400),
    case("hashed characters", HashingVectorizer(analyzer="char_wb", ngram_range=(3, 3), n_features=512, norm=None),
         {"features": "hashing", "columns": 512, "unit": "word-characters", "from": 3, "to": 3}, 100),
    case("hashed tf-idf", make_pipeline(HashingVectorizer(n_features=512, norm=None, alternate_sign=False), TfidfTransformer()),
         {"features": "hashing", "columns": 512, "alternateSigns": False, "weight": "tf-idf"}, 400),
]

made_with = {"python": platform.python_version(), "numpy": numpy.__version__, "scikit-learn": sklearn.__version__}
parts = [f'"madeWith": {json.dumps(made_with)}', f'"texts": {json.dumps(TEXTS)}']
cases = ",\n".join(json.dumps(one, ensure_ascii=False) for one in CASES)
path = DATA / "bags.json"
path.write_text("{" + ",\n".join(parts) + f',\n"cases": [\n{cases}\n]}}\n')
print(f"bags.json: {len(CASES)} cases, {path.stat().st_size / 1024:.0f} KiB")
