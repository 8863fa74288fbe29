"""gensim's Word2Vec: counting and an epoch over sentences in memory, and vectors that are trained for its usual epochs."""

import gensim
from gensim.models import Word2Vec
from serve import serve


def sentences_of(given):
    with open(given["file"], encoding="utf-8") as file:
        return [line.split(" ") for line in file.read().split("\n")]


def word_vectors(given):
    sentences = sentences_of(given)
    skip_gram = int(given["mode"] == "skip-gram")
    return lambda: Word2Vec(sentences, sg=skip_gram, workers=given["threads"], epochs=1)


def trained_vectors(given):
    def run():
        rate = {"alpha": given["learningRate"]} if "learningRate" in given else {}
        skip_gram = int(given["mode"] == "skip-gram")
        threads, seed = given["threads"], given["seed"]
        model = Word2Vec(sentences_of(given), sg=skip_gram, workers=threads, seed=seed, **rate)
        model.wv.save_word2vec_format(given["to"], binary=True)

    return run


serve(
    f"gensim {gensim.__version__}",
    {"word vectors": word_vectors, "trained vectors": trained_vectors},
)
