"""Makes packages/word-vectors/test/golden, written by gensim (4.4.0), safetensors (0.8.0) and fasttext-wheel (0.9.2) from PyPI.

These are no part of the peers' environment, since fasttext-wheel has no wheels for newer Pythons. Run with Python 3.11:

    python -m venv venv && venv/bin/pip install gensim==4.4.0 numpy==2.4.6 safetensors==0.8.0 fasttext-wheel==0.9.2
    venv/bin/python tooling/goldens/word_vectors.py
"""

import json
import random
import sys
import tempfile
from pathlib import Path

import fasttext
import numpy as np
from gensim.models import KeyedVectors

sys.path.pop(0)  # this folder has a safetensors.py of its own
from safetensors.numpy import save_file  # noqa: E402

FOLDER = Path(__file__).parents[2] / "packages/word-vectors/test/golden"
SIZE = 6
WORDS = """rei rainha homem mulher São Paulo são paulo água café naïve 日本 東京 😀 guarda-chuva d'água Rei king queen
man woman uncle aunt paris france rome italy berlin germany madrid spain lisbon portugal walk walked run ran go went""".split()


def vectors():
    draw = np.random.default_rng(20)
    kv = KeyedVectors(SIZE)
    values = draw.normal(size=(len(WORDS), SIZE)).astype(np.float32)
    # some structure, so that analogies have right answers: pairs differ by one direction
    direction = draw.normal(size=SIZE).astype(np.float32)
    for a, b in PAIRS:
        values[WORDS.index(b)] = values[WORDS.index(a)] + direction + 0.4 * draw.normal(size=SIZE).astype(np.float32)
    values[0] = [1e-30, -1e10, 0.0, 1.5, 16777217.0, -0.1]
    kv.add_vectors(WORDS, values)
    return kv


PAIRS = [("king", "queen"), ("man", "woman"), ("uncle", "aunt"), ("paris", "france"), ("rome", "italy"),
         ("berlin", "germany"), ("madrid", "spain"), ("lisbon", "portugal"), ("walk", "walked"), ("run", "ran"), ("go", "went")]


def test_sets():
    """Made-up judgements and analogies, some with unknown words and other cases."""
    draw = random.Random(4)
    pairs = ["# two words and a number"]
    for _ in range(60):
        a, b = draw.sample(WORDS + ["unknown", "missing"], 2)
        pairs.append(f"{draw.choice([a, a.upper()])}\t{b}\t{draw.randint(0, 20) / 2}")
    analogies = []
    for name, group in (("family", PAIRS[:3]), ("capital", PAIRS[3:8]), ("past", PAIRS[8:])):
        analogies.append(f": {name}")
        for a, b in group:
            for c, d in group:
                if a != c:
                    analogies.append(" ".join(word.capitalize() if name == "capital" else word for word in (a, b, c, d)))
        analogies.append(f"{group[0][0]} {group[0][1]} missing unknown")
    return "\n".join(pairs) + "\n", "\n".join(analogies) + "\n"


def evaluate(kv, pairs, analogies):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pairs").write_text(pairs)
        (Path(folder) / "analogies").write_text(analogies)
        found = []
        for restrict, fold, dummy in ((300000, True, False), (300000, False, False), (25, True, False), (25, True, True)):
            options = {"restrict_vocab": restrict, "case_insensitive": fold, "dummy4unknown": dummy}
            pearson, spearman, oov = kv.evaluate_word_pairs(f"{folder}/pairs", **options)
            entry = {"mostFrequent": restrict, "ignoreCase": fold, "unknownAsWrong": dummy, "pearson": float(pearson[0]),
                     "spearman": float(spearman[0]), "unknownPercent": oov}
            _, sections = kv.evaluate_word_analogies(f"{folder}/analogies", **options)
            entry["sections"] = [[s["section"], len(s["correct"]), len(s["incorrect"])] for s in sections[:-1]]
            found.append(entry)
        return found


def queries(kv):
    listed = lambda answers: [[word, float(score)] for word, score in answers]
    return {
        "neighbours": {word: listed(kv.most_similar(word, topn=5)) for word in ("queen", "日本", "são", "ran")},
        "among": listed(kv.most_similar("queen", topn=4, restrict_vocab=12)),
        "sum": listed(kv.most_similar(positive=["woman", "king"], negative=["man"], topn=5)),
        "product": listed(kv.most_similar_cosmul(positive=["woman", "king"], negative=["man"], topn=5)),
        "doesNotMatch": [[words, kv.doesnt_match(words)] for words in (["rome", "italy", "ran"], WORDS[17:26])],
        "distances": [float(d) for d in kv.distances("go", ["go", "went", "Rei"])],
    }


def plain(kv):
    """The files of a model whose words have no spaces, and what gensim says about it."""
    kv.save_word2vec_format(str(FOLDER / "gensim.txt"))
    kv.save_word2vec_format(str(FOLDER / "gensim.bin"), binary=True)
    kv.save_word2vec_format(str(FOLDER / "glove.txt"), write_header=False)
    rows = b"".join(w.encode() + b" " + kv[w].tobytes() + b"\n" for w in WORDS)
    (FOLDER / "word2vec-c.bin").write_bytes(f"{len(WORDS)} {SIZE}\n".encode() + rows)  # as word2vec.c writes it
    save_file({"vectors": kv.vectors}, FOLDER / "python.safetensors", {"words": json.dumps(WORDS)})
    pairs, analogies = test_sets()
    (FOLDER / "pairs.tsv").write_text(pairs)
    (FOLDER / "analogies.txt").write_text(analogies)
    return {"words": WORDS, "vectors": [float(x) for x in kv.vectors.ravel()],
            "queries": queries(kv), "evaluations": evaluate(kv, pairs, analogies)}


def facebook():
    """A .bin of fastText itself: with n-grams, without, and supervised."""
    draw = random.Random(1)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as corpus:
        corpus.write("\n".join(" ".join(draw.choices(WORDS, k=8)) for _ in range(60)) + "\n")
        corpus.flush()
        shared = {"dim": SIZE, "minCount": 1, "thread": 1, "epoch": 3, "verbose": 0}
        with_ngrams = fasttext.train_unsupervised(corpus.name, model="skipgram", bucket=40, minn=2, maxn=4, **shared)
        without = fasttext.train_unsupervised(corpus.name, model="cbow", bucket=40, minn=0, maxn=0, **shared)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as corpus:
        corpus.write("\n".join(f"__label__{draw.choice('ab')} " + " ".join(draw.choices(WORDS, k=5)) for _ in range(40)) + "\n")
        corpus.flush()
        supervised = fasttext.train_supervised(corpus.name, bucket=20, wordNgrams=2, **shared)
    models = {"ngrams": with_ngrams, "words": without, "supervised": supervised}
    asked = [*WORDS[:8], "日本", "guarda-chuva", "</s>", "unseen", "nãovisto", "日本語", "x"]
    found = {}
    for name, model in models.items():
        model.save_model(str(FOLDER / f"fasttext-{name}.bin"))
        words, counts = model.get_words(include_freq=True)
        found[name] = {"words": words, "counts": [int(c) for c in counts], "labels": model.labels if name == "supervised" else [],
                       "vectors": {w: [float(x) for x in model.get_word_vector(w)] for w in asked}}
    return found


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    answers = {"madeWith": {"gensim": "4.4.0", "fasttext-wheel": "0.9.2"}, "size": SIZE, **plain(vectors()), "fasttext": facebook()}
    (FOLDER / "answers.json").write_text(json.dumps(answers, ensure_ascii=False) + "\n")
