"""Makes packages/core/test/golden/python.safetensors, written by the safetensors package from PyPI (0.8.0, numpy 2.4.6).

Run: python safetensors.py [file]            writes the golden
     python safetensors.py --check FILE      reads a file that core wrote from the same tensors, and compares
"""

import sys
from pathlib import Path

# this file has the package's own name; look for the package elsewhere first
sys.path.pop(0)

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

TENSORS = {
    "layers.0.Wxh": np.array([[1.5, -2.25, 3.0], [0.1, np.inf, -0.0]], dtype=np.float32),
    "output.by": np.array([0.1, -np.pi, 5e-324], dtype=np.float64),
    "updates": np.array(2147483647, dtype=np.int32),
    "empty": np.zeros((0, 4), dtype=np.float32),
    "ação": np.array([[-1], [7]], dtype=np.int32),
}
METADATA = {"format": "unrolled", "note": "línea 1\n\"quoted\""}


def main():
    if sys.argv[1:2] == ["--check"]:
        found = load_file(sys.argv[2])
        assert sorted(found) == sorted(TENSORS), sorted(found)
        for name, want in TENSORS.items():
            got = found[name]
            assert got.dtype == want.dtype and got.shape == want.shape and got.tobytes() == want.tobytes(), name
        with safe_open(sys.argv[2], framework="numpy") as file:
            assert file.metadata() == METADATA, file.metadata()
        print("equal")
        return
    default = Path(__file__).parents[2] / "packages/core/test/golden/python.safetensors"
    save_file(TENSORS, sys.argv[1] if len(sys.argv) > 1 else default, METADATA)


if __name__ == "__main__":
    main()
