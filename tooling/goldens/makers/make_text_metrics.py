"""Makes data/text-metrics.json: BLEU and chrF by sacreBLEU and error rates by jiwer, of translations, random and awkward texts."""

import json
import platform
from importlib.metadata import version

import jiwer
from golden_format import DATA, Draw
from sacrebleu.metrics import BLEU, CHRF

# Ours: option names as @unrolled/text-metrics has them.
BLEU_OPTIONS = [
    {},
    {"lowercase": True},
    {"tokenizer": "intl"},
    {"tokenizer": "char"},
    {"tokenizer": "none"},
    {"smoothing": "none"},
    {"effectiveOrder": True},
    {"order": 2},
    {"tokenizer": "intl", "lowercase": True, "effectiveOrder": True, "order": 6},
]
CHRF_OPTIONS = [
    {},
    {"wordOrder": 2},
    {"lowercase": True},
    {"whitespace": True},
    {"beta": 1, "characterOrder": 3, "wordOrder": 1},
    {"beta": 3, "lowercase": True, "whitespace": True, "wordOrder": 4},
]
NAMES = {
    "tokenizer": "tokenize",
    "smoothing": "smooth_method",
    "effectiveOrder": "effective_order",
    "order": "max_ngram_order",
    "characterOrder": "char_order",
    "wordOrder": "word_order",
}

# Hypothesis and references. White space of every kind, half surrogates, entities, numbers, marks in every place.
AWKWARD = [
    ("", ["a cat"]),
    ("a cat", [""]),
    ("", [""]),
    (" \t\n", ["\u3000\u2028"]),
    ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"]),
    ("It costs $1,234.50, or 3.5% of 12-14.", ["It costs $1,234.50 or 3.5 % of 12 - 14 ."]),
    ("(Hi)! 'No', \"yes\"... a.b.c;d:e/f [g] {h} |i| ~j~", ["(Hi)! 'No', \"yes\"... a.b.c;d:e/f [g] {h} |i| ~k~"]),
    ("Ben &amp; Jerry &quot;said&quot; &lt;b&gt; &amp;lt; &apos;", ["Ben & Jerry \"said\" <b> &lt; '"]),
    ("<skipped>half-\nway line\nend <SKIPPED>", ["halfway line end"]),
    ("one\x1ctwo\x1dthree\x1efour\x1ffive\x85six\xa0seven\ufeffeight", ["one two three four five six seven eight"]),
    ("one\u200btwo\u180ethree\u2060four five", ["one two three four five"]),
    ("half-\n", ["half-", "half"]),
    ("In 2024. \n", ["In 2024."]),
    ("end \x1f\x85\u3000", ["end"]),
    ("\ufeffstart\ufeff", ["start"]),
    ("猫がマットの上に座っている。", ["猫はマットの上に座っています。", "猫、マットに座る。"]),
    ("我们，在「上海」见面！１２，３４５．６", ["我们在“上海”见面！12,345.6"]),
    ("안녕하세요 세계, 여러분!", ["안녕하세요, 세계 여러분!"]),
    ("I ❤️ 👩‍👩‍👧‍👦 and 👍🏽!", ["I ❤ 👩‍👩‍👧‍👦 and 👍🏾 !"]),
    ("😀😀😀", ["😀😁😀"]),
    ("\ud83d half \ude00", ["\ud83d\u3042 half \ude00"]),
    ("a\ud800b\udfffc", ["a\ud800b\udfffd"]),
    ("\ud83d \ude00 x\ud83d \ude00y", ["😀 x😀y"]),
    ("¿Qué? «Sí» – no… 5€ £6 7° ©2024 a+b=c x²", ["¿Qué? «Sí» - no... 5 € £6 7 ° © 2024 a + b = c x²"]),
    ("ΣΊΣΥΦΟΣ ΣΑΣ Σ İstanbul STRASSE Ǆ", ["σίσυφος σας σ i̇stanbul strasse ǆ"]),
    ("١٢٫٣٤ ४५.६ Ⅳ, ½.", ["١٢٫٣٤ ४५ . ६ Ⅳ , ½ ."]),
    ("e\u0301\u0302 são (sa\u0303o)", ["é\u0302 são (são)"]),
    ("! a !b c! !! .x, .", ["! a !b c! !! .x, ."]),
    ("1. 2, .3 ,4 5-6 -7 8- 9", ["1 . 2 , .3 ,4 5 - 6 -7 8 - 9"]),
    ("a" * 300, ["a" * 200 + "b" * 100]),
    ("only", ["only"]),
    ("two words", ["two words"]),
    ("three words here", ["three words there", "three words here now"]),
    ("x y z w", ["x y z", "x y z w v"]),
    ("x y z w", ["x y z w v", "x y z"]),
    ("nothing alike", ["そのほか"]),
]

# Ranges that random texts are drawn from; every character in them was assigned long ago.
RANGES = [(0x61, 0x66), (0x61, 0x66), (0x20, 0x7E), (0x20, 0x40), (0xA0, 0x17F), (0x300, 0x31F), (0x391, 0x3A1)]
RANGES += [(0x410, 0x44F), (0x660, 0x669), (0x2010, 0x2040), (0x20A0, 0x20B0), (0x3001, 0x3015), (0x3041, 0x3060)]
RANGES += [(0x4E00, 0x4E20), (0xAC00, 0xAC20), (0x1F600, 0x1F620), (0xD800, 0xDFFF), (0x1C, 0x1F), (0x2000, 0x200A)]


def random_text(draw, longest):
    ranges = [RANGES[at] for at in draw.integers(len(RANGES), 3)] + [(0x20, 0x20)]
    size = draw.integers(longest + 1)
    picks = zip(draw.integers(len(ranges), size), draw.integers(1 << 16, size))
    codes = (ranges[at][0] + place % (ranges[at][1] - ranges[at][0] + 1) for at, place in picks)
    # As JSON reads it: two halves beside each other are one character.
    return json.loads(json.dumps("".join(map(chr, codes))))


def changed(draw, text):
    """The text with some words taken out, doubled, swapped, cut or put in capitals."""
    words = text.split(" ")
    for change, place in zip(draw.integers(6, 2), draw.integers(1 << 16, 2)):
        at = place % len(words) if words else 0
        if not words or change == 0:
            words.insert(at, "não,")
        elif change == 1:
            del words[at]
        elif change == 2:
            words.insert(at, words[at])
        elif change == 3:
            words[at], words[-1] = words[-1], words[at]
        elif change == 4:
            words[at] = words[at][1:]
        else:
            words[at] = words[at].upper()
    return " ".join(words)


def translations(name, count):
    """Portuguese of the test pairs, changed, beside what was meant."""
    draw = Draw(name)
    packages = DATA.parent.parent.parent / "packages"
    lines = (packages / "datasets" / "translation-en-pt" / "data" / "translation-en-pt.tsv").read_text().splitlines()
    tests = [line.split("\t") for line in lines[1:] if line.startswith("test\t")]
    tests = [row for row in tests if len(row[2].split()) >= 4]
    for place in draw.integers(len(tests), count):
        _, _, portuguese, _ = tests[place]
        yield changed(draw, portuguese), [portuguese]


def random_pairs(name, count, references):
    draw = Draw(name)
    for _ in range(count):
        about = [random_text(draw, 30) for _ in range(references(draw))]
        yield (changed(draw, about[-1]) if draw.integers(4) else random_text(draw, 30)), about


def streams(references):
    """References as sacreBLEU takes them: one list for each place, None where a pair has fewer."""
    most = max(map(len, references))
    return [[refs[at] if at < len(refs) else None for refs in references] for at in range(most)]


def scorer(kind, options):
    return kind(**{NAMES.get(name, name): value for name, value in options.items()})


def bleu(pairs, options):
    metric = scorer(BLEU, options)
    found = metric.corpus_score([hypothesis for hypothesis, _ in pairs], streams([refs for _, refs in pairs]))
    return {
        "options": options,
        "score": found.score,
        "precisions": found.precisions,
        "brevityPenalty": found.bp,
        "hypothesisLength": found.sys_len,
        "referenceLength": found.ref_len,
        "correct": found.counts,
        "total": found.totals,
        "signature": str(metric.get_signature()),
    }


def chrf(pairs, options):
    metric = scorer(CHRF, options)
    found = metric.corpus_score([hypothesis for hypothesis, _ in pairs], streams([refs for _, refs in pairs]))
    return {
        "options": options,
        "score": found.score,
        "name": found.name,
        "signature": str(metric.get_signature()),
    }


def error_rates(pairs):
    """Edits against the first reference. jiwer's own splitting of words is at single spaces, so it gets those."""
    characters = jiwer.Compose([jiwer.ReduceToListOfListOfChars()])
    hypotheses, references = [hypothesis for hypothesis, _ in pairs], [refs[0] for _, refs in pairs]
    cer = jiwer.process_characters(references, hypotheses, characters, characters)
    one_spaced = lambda texts: [" ".join(text.split()) for text in texts]
    wer = jiwer.process_words(one_spaced(references), one_spaced(hypotheses))
    edits = lambda found: found.substitutions + found.insertions + found.deletions
    return {"character": {"rate": cer.cer, "edits": edits(cer)}, "word": {"rate": wer.wer, "edits": edits(wer)}}


def make_case(name, pairs):
    pairs = list(pairs)
    sentence_bleu, sentence_chrf = BLEU(effective_order=True), CHRF(word_order=2)
    sentences = [
        {
            "hypothesis": hypothesis,
            "references": refs,
            "bleu": sentence_bleu.sentence_score(hypothesis, refs).score,
            "chrf": sentence_chrf.sentence_score(hypothesis, refs).score,
        }
        for hypothesis, refs in pairs
    ]
    return {
        "name": name,
        "bleu": [bleu(pairs, options) for options in BLEU_OPTIONS],
        "chrf": [chrf(pairs, options) for options in CHRF_OPTIONS],
        "errorRates": error_rates(pairs),
        "sentences": sentences,
    }


CASES = [
    make_case("translations", translations("translations", 120)),
    make_case("awkward", AWKWARD),
    make_case("random", random_pairs("random", 120, lambda draw: 1)),
    make_case("random with two references", random_pairs("two", 60, lambda draw: 2)),
    make_case("random with one to three references", random_pairs("several", 60, lambda draw: 1 + draw.integers(3))),
    make_case("short captions", [("red heart", ["red heart"]), ("a cat", ["cat face"]), ("sun", ["moon", "sun"])]),
    make_case("nothing right", [("a b c", ["d e f g"]), ("h", ["i j"])]),
    make_case("nothing said", [("", ["a b"]), ("", ["c"])]),
]


def write(file, cases):
    """One line for each sentence and each score: white space inside texts counts, so nothing may be wrapped."""
    lines = lambda rows: "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]"
    written = [
        "{"
        + ", ".join(f"{json.dumps(key)}: {lines(value) if isinstance(value, list) else json.dumps(value)}" for key, value in case.items())
        + "}"
        for case in cases
    ]
    made_with = {"python": platform.python_version(), **{name: version(name) for name in ("sacrebleu", "jiwer", "regex")}}
    path = DATA / file
    path.write_text('{"madeWith": ' + json.dumps(made_with) + ', "cases": [\n' + ",\n".join(written) + "\n]}\n")
    print(f"{file}: {len(cases)} cases, {path.stat().st_size / 1024:.0f} KiB")


write("text-metrics.json", CASES)
