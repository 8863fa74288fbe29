"""Makes data/stems.json: stems of words of many languages by snowballstemmer, the Snowball project's own package."""

import json
from importlib.metadata import version
from pathlib import Path

import snowballstemmer
from golden_format import write_goldens

# Words of the lists of the npm package stopword (MIT), of the State of the Union speeches, and of pieces put together.
WORDS = json.loads((Path(__file__).parent / "stem_words.json").read_text())

# The algorithm of a language where it isn't the one of its name: Porter's own, and the Dutch one before Kraaij and Pohlmann's.
ALGORITHMS = {"english": "porter", "dutch": "dutch_porter"}


def case(language):
    stemmer = snowballstemmer.stemmer(ALGORITHMS.get(language, language))
    return {"name": language, "stems": {word: stemmer.stemWord(word) for word in WORDS[language].split(" ")}}


write_goldens("stems.json", {"snowballstemmer": version("snowballstemmer")}, [case(language) for language in WORDS])
