"""Makes data/subwords.json: tokens, their places and decoded texts by HF tokenizers, for tokenizers of every kind, and what it learns."""

import gzip
import hashlib
import json
import os
import platform
import re
import unicodedata

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import tokenizers
import numpy
from golden_format import DATA, Draw
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

# What the models learn from: plain sentences in English and Portuguese, written for this.
CORPUS = """The old miller walked slowly towards the river, and the river walked slowly past the old mill.
"Don't wait for me," she said; "I'll come when I've finished, and we're going together."
Nobody knows what the lowest, newest, widest and slowest of the newcomers will have to say tomorrow.
O moleiro não sabia que o rio tinha mudado; à noite, o coração da aldeia batia devagar.
Já é tarde: são 10 horas, e ninguém quer dançar connosco na praça de São João.
Dizem que a avó guardou três maçãs, dois pães e uma canção para o órfão que há de vir.
In 1999 there were 1,204 houses; in 2024 there are 3,871, and 15% of them stand empty.
Walking, talking, singing, thinking: everything ends in the same four letters, or nearly everything.
""".splitlines()

TEXTS = [
    "",
    " ",
    "low",
    "  two  spaces and more   ",
    "The lowest river, don't you think?",
    "we'll they've I'm he'd 'tis DON'T",
    "São João dança à noite, não é?",
    unicodedata.normalize("NFD", "São João dança à noite, não é?"),
    "line\nbreak\r\n\ttab \n\n end ",
    "1234567 items cost 3.50 or 12,000",
    "snake_case and camelCase—dash… «quotes» (brackets)",
    "日本語のテキスト、中文 and 한국어 \u1100\u1161\u11a8",
    "مرحبا بالعالم, हिन्दी में, Ελληνικός ΣΟΦΟΣ",
    "👍🏽 👩‍👩‍👧‍👦 🇵🇹 e\u0301\u0302\u0323",
    "next\u0085line a\ufeff!b \u0085 c\ufeff d",
    "nul \0 bell \a \u200b zero width \ufeff bom",
    "ﬁne ｆｕｌｌ ① ½ ™ İstanbul straße",
    "<|end|>the<|end|> river <|end|>  ",
    "a[MASK]b [MASK] c  [MASK]  d",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" * 8,
    "unknown: ж ъ ☃ ☃☃ 𝒳𝒴 \U0010ffff",
    "\u00a0no-break\u3000wide\u2003em",
]

# Ranges that random texts are drawn from; every character in them was assigned long ago.
RANGES = [(0x20, 0x7E), (0x20, 0x20), (0x61, 0x7A), (0xC0, 0x17F), (0x300, 0x33F), (0x391, 0x3A1), (0x410, 0x44F)]
RANGES += [(0x905, 0x939), (0x1100, 0x1112), (0x1161, 0x1175), (0x3041, 0x3096), (0x4E00, 0x4E80), (0xAC00, 0xAC80)]
RANGES += [(0x1F600, 0x1F640), (0x1F3FB, 0x1F3FF), (0x200D, 0x200D), (0x09, 0x0D), (0x2000, 0x200A), (0xFF41, 0xFF5A)]


def random_texts(name, count):
    draw = Draw(name)
    for _ in range(count):
        ranges = [RANGES[at] for at in draw.integers(len(RANGES), 3)]
        picks = zip(draw.integers(3, 12), draw.integers(1 << 16, 12))
        yield "".join(chr(ranges[at][0] + place % (ranges[at][1] - ranges[at][0] + 1)) for at, place in picks)


def byte_trainer(size, **settings):
    return trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False, **settings
    )


def trained(model, trainer, normalizer=None, pre_tokenizer=None, decoder=None, post_processor=None, added=()):
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = normalizer
    if pre_tokenizer:
        tokenizer.pre_tokenizer = pre_tokenizer
    if decoder:
        tokenizer.decoder = decoder
    if post_processor:
        tokenizer.post_processor = post_processor
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_special_tokens([token for token in added if token.special])
    tokenizer.add_tokens([token for token in added if not token.special])
    return tokenizer


def plans():
    end = AddedToken("<|end|>", special=True, normalized=False)
    yield "byte-level BPE", trained(
        models.BPE(),
        byte_trainer(420, min_frequency=2, special_tokens=["<|end|>"]),
        pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False),
        decoder=decoders.ByteLevel(),
    )
    yield "byte-level BPE, space before, spans without spaces", trained(
        models.BPE(),
        byte_trainer(400, special_tokens=["<s>", "</s>"]),
        pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=True),
        decoder=decoders.ByteLevel(),
        post_processor=processors.RobertaProcessing(("</s>", 1), ("<s>", 0), trim_offsets=True, add_prefix_space=True),
        added=[AddedToken("[MASK]", special=True, lstrip=True)],
    )
    yield "byte-level BPE, pattern of Llama 3, whole words first", trained(
        models.BPE(ignore_merges=True),
        byte_trainer(400, min_frequency=2),
        normalizer=normalizers.NFC(),
        pre_tokenizer=pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(
                    Regex(
                        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
                    ),
                    behavior="isolated",
                ),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        ),
        decoder=decoders.ByteLevel(),
        added=[end],
    )
    yield "WordPiece of BERT", trained(
        models.WordPiece(unk_token="[UNK]"),
        trainers.WordPieceTrainer(
            vocab_size=260, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False
        ),
        normalizer=normalizers.BertNormalizer(),
        pre_tokenizer=pre_tokenizers.BertPreTokenizer(),
        decoder=decoders.WordPiece(),
        post_processor=processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2)),
        added=[AddedToken("lowest river", normalized=True, single_word=True), AddedToken("wait", rstrip=True)],
    )
    yield "Unigram with Metaspace", trained(
        models.Unigram(),
        trainers.UnigramTrainer(
            vocab_size=180, special_tokens=["<unk>", "</s>"], unk_token="<unk>", show_progress=False
        ),
        normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]),
        pre_tokenizer=pre_tokenizers.Metaspace(),
        decoder=decoders.Metaspace(),
    )
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    yield "BPE with bytes for the unknown, as Llama 2", trained(
        models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True),
        trainers.BpeTrainer(vocab_size=520, special_tokens=["<unk>", *byte_tokens], show_progress=False),
        normalizer=normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]),
        decoder=decoders.Sequence(
            [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
        ),
    )
    yield "BPE with ends of words, as CLIP", trained(
        models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"),
        trainers.BpeTrainer(
            vocab_size=250, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False
        ),
        normalizer=normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]),
        pre_tokenizer=pre_tokenizers.Whitespace(),
        decoder=decoders.BPEDecoder("</w>"),
    )
    yield "BPE with starts inside words, unknown characters joined", trained(
        models.BPE(unk_token="<unk>", continuing_subword_prefix="##", fuse_unk=True),
        trainers.BpeTrainer(
            vocab_size=250, special_tokens=["<unk>"], continuing_subword_prefix="##", show_progress=False
        ),
        normalizer=normalizers.Sequence(
            [normalizers.Strip(), normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]
        ),
        pre_tokenizer=pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Punctuation()]
        ),
        decoder=decoders.WordPiece("##", cleanup=False),
    )


def places_in_utf16(text, offsets):
    """Places in code points as places in UTF-16 units."""
    units = [0]
    for character in text:
        units.append(units[-1] + (2 if ord(character) > 0xFFFF else 1))
    return [units[place] for pair in offsets for place in pair]


def encoded(tokenizer, text):
    found = tokenizer.encode(text, add_special_tokens=False)
    return {
        "text": text,
        "tokens": found.tokens,
        "ids": found.ids,
        "spans": places_in_utf16(text, found.offsets),
        "decoded": tokenizer.decode(found.ids, skip_special_tokens=False),
    }


def learned(name, corpus, size, frequency):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|end|>", "<|start|>"]
    tokenizer.train_from_iterator(corpus, byte_trainer(size, min_frequency=frequency, special_tokens=special))
    settings = {"vocabularySize": size, "minimumFrequency": frequency, "specialTokens": special}
    return {"name": name, "corpus": corpus, "settings": settings, "tokenizer": json.loads(tokenizer.to_str())}


def write(file, cases):
    """One line for each text: white space inside texts counts, so nothing may be wrapped."""

    def lines(case):
        encoded = case.pop("encoded", None)
        rest = json.dumps(case)[1:-1]
        if encoded is None:
            return "{" + rest + "}"
        return "{" + rest + ', "encoded": [\n' + ",\n".join(json.dumps(one) for one in encoded) + "\n]}"

    made_with = {"python": platform.python_version(), "tokenizers": tokenizers.__version__}
    text = '{"madeWith": ' + json.dumps(made_with) + ', "cases": [\n' + ",\n".join(map(lines, cases)) + "\n]}\n"
    path = DATA / file
    path.write_text(text)
    print(f"{file}: {len(cases)} cases, {path.stat().st_size / 1024:.0f} KiB")


def shakespeare(size):
    """Digests of what is learned from all plays as one text, and of their numbers."""
    packages = DATA.parent.parent.parent / "packages"
    plays = packages / "datasets" / "shakespeare" / "data" / "shakespeare.txt.gz"
    # Each play stands below a line with its name, which is no part of it.
    text = re.sub(r"^# .*\n", "", gzip.decompress(plays.read_bytes()).decode(), flags=re.MULTILINE)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator([text], byte_trainer(size, min_frequency=2))
    merges = "\n".join(" ".join(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"])
    ids = tokenizer.encode(text).ids
    return {
        "name": f"{size} tokens of Shakespeare",
        "vocabularySize": size,
        "characters": len(text),
        "merges": hashlib.sha256(merges.encode()).hexdigest(),
        "tokens": len(ids),
        "ids": hashlib.sha256(numpy.array(ids, "<i4").tobytes()).hexdigest(),
    }


def training_plans():
    yield "facts", ["low"] * 5 + ["lower"] * 2 + ["newest"] * 6 + ["widest"] * 3, 400, 0
    yield "sentences", CORPUS, 600, 2
    yield "all pairs", CORPUS[:3], 2000, 0
    draw = Draw("repeats")
    yield "repeats", ["".join("ab c"[at] for at in draw.integers(4, 30)) for _ in range(40)], 500, 0
    yield "random", list(random_texts("random training", 60)), 500, 0


def kept():
    """The tokenizers of the file as it is. Some trainers number their first tokens in no fixed order, so none is replaced."""
    path = DATA / "subwords.json"
    cases = json.loads(path.read_text())["cases"] if path.exists() else []
    return {case["name"]: Tokenizer.from_str(json.dumps(case["tokenizer"])) for case in cases}


def make_case(name, tokenizer):
    return {
        "name": name,
        "tokenizer": json.loads(tokenizer.to_str()),
        "encoded": [encoded(tokenizer, text) for text in [*TEXTS, *random_texts(name, 40)]],
    }


old = kept()
cases = [make_case(name, old.get(name, tokenizer)) for name, tokenizer in plans()]
write("subwords.json", cases)
write("subword-training.json", [learned(*plan) for plan in training_plans()])
write("subword-shakespeare.json", [shakespeare(8000)])
