"""How goldens are written: numbers as base64 of little-endian bytes inside JSON, float32 wherever that loses nothing."""

import base64
import json
import platform
import re
import zlib
from pathlib import Path

import numpy

DATA = Path(__file__).resolve().parent.parent / "data"

# Arrays of numbers, then objects without objects inside: each on one line, so that files stay small and diffs readable.
ONE_LINERS = [re.compile(r"\[[-0-9.e,\s]*\]"), re.compile(r"\{[^{}]*\}")]


def array_of(values):
    """A NumPy array of a PyTorch tensor, a TensorFlow tensor or anything NumPy reads."""
    if hasattr(values, "detach"):
        values = values.detach()
    return numpy.asarray(values.numpy() if hasattr(values, "numpy") else values)


def encode_tensor(values):
    """Shape and bytes: `i32` for integers, `f32` where every number is one, `f64` otherwise."""
    array = array_of(values)
    if array.dtype.kind in "iub":
        kind, stored = "i32", array.astype("<i4")
    elif numpy.array_equal(array.astype("<f4").astype("f8"), array.astype("f8")):
        kind, stored = "f32", array.astype("<f4")
    else:
        kind, stored = "f64", array.astype("<f8")
    return {"shape": list(array.shape), kind: base64.b64encode(stored.tobytes()).decode()}


def encode_tensors(tensors):
    return {name: encode_tensor(values) for name, values in tensors.items()}


def write_goldens(file, libraries, cases):
    """Writes one file of cases with the versions that made them; refuses a name used twice."""
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names), f"two cases of one name: {sorted(names)}"
    made_with = {"python": platform.python_version(), "numpy": numpy.__version__, **libraries}
    DATA.mkdir(exist_ok=True)
    path = DATA / file
    text = json.dumps({"madeWith": made_with, "cases": cases}, indent=1, ensure_ascii=False)
    for pattern in ONE_LINERS:
        text = pattern.sub(lambda found: " ".join(found.group().split()), text)
    path.write_text(text + "\n")
    print(f"{file}: {len(cases)} cases, {path.stat().st_size / 1024:.0f} KiB")


class Draw:
    """Random numbers from a case's name, each one a float32, so that a float32 backend starts from the same values."""

    def __init__(self, name):
        self.seed = zlib.crc32(name.encode())
        self.generator = numpy.random.Generator(numpy.random.PCG64(self.seed))

    def uniform(self, *shape, limit=0.5):
        return self.generator.uniform(-limit, limit, shape).astype("f4").astype("f8")

    def integers(self, high, *shape):
        return self.generator.integers(0, high, shape).astype("i4")
