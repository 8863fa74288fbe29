"""gensim's Word2Vec: counting and an epoch over sentences in memory."""

import gensim
from gensim.models import Word2Vec
from serve import serve


def word_vectors(given):
    with open(given["file"], encoding="utf-8") as file:
        sentences = [line.split(" ") for line in file.read().split("\n")]
    skip_gram = int(given["mode"] == "skip-gram")
    return lambda: Word2Vec(sentences, sg=skip_gram, workers=given["threads"], epochs=1)


serve(f"gensim {gensim.__version__}", {"word vectors": word_vectors})
