"""Makes packages/core/test/golden/maths.bin: arguments and correctly rounded values of core's float64 functions.

Run: python maths.py [points a function] [file]   (needs mpmath)

The file is little-endian: for each function in the order of FUNCTIONS, the number of points as a float64, then the
arguments, for `pow` the exponents, the correctly rounded values (all float64), and what rounding took away in units of
the last place (float32), padded to 8 bytes.
"""

import math
import random
import struct
import sys
from pathlib import Path

from mpmath import mp, mpf

FUNCTIONS = ["exp", "log", "log1p", "tanh", "sigmoid", "softplus", "sin", "cos", "erf", "pow"]
MAXIMUM = sys.float_info.max
NORMAL = sys.float_info.min
TINY = 5e-324
COMMON = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, TINY, -TINY, NORMAL, -NORMAL, MAXIMUM, -MAXIMUM,
          math.nextafter(NORMAL, 0), 0.5, -0.5, 2.0, -2.0, 1e-300, -1e-300, 1e-20, -1e-20, 2.0**-27, 2.0**-53, 2.0**-54]


def neighbours(*centres):
    """Each centre with two float64 on either side."""
    found = []
    for centre in centres:
        low = high = centre
        found.append(centre)
        for _ in range(2):
            low, high = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
            found += [low, high]
    return found


HALF_LN2 = math.log(2) / 2
EDGES = {
    "exp": neighbours(709.782712893384, -745.1332191019412, -708.3964185322641, 709.0895657128241, HALF_LN2, -HALF_LN2, 1.0)
    + neighbours(*[(k + 0.5) * math.log(2) for k in (-1074, -1023, -1022, -2, 1, 2, 50, 1022)]),
    "log": neighbours(1.0, math.sqrt(2), math.sqrt(0.5), 2.0, 0.5, math.e, NORMAL),
    "log1p": neighbours(-0.2928, 0.4142, math.sqrt(2) - 1, math.sqrt(0.5) - 1, 1.0, -0.5, 2.0**-53, -(2.0**-53), 2.0**53)
    + [math.nextafter(-1, 0), -0.9999999],
    "tanh": neighbours(0.625, -0.625, 22.0, -22.0, 19.061547465398498, HALF_LN2, 1.5 * HALF_LN2),
    "sigmoid": neighbours(-708.0, 708.0, -745.1332191019412, -745.2, 36.7, 37.0, -709.782712893384, -HALF_LN2),
    "softplus": neighbours(-745.1332191019412, -708.3964185322641, 36.7, -36.7, 709.8),
    "sin": neighbours(math.pi / 4, 1647099.0, 5.319372648326541e255, 6381956970095103.0 * 2.0**797)
    + neighbours(*[k * math.pi / 2 for k in (1, 2, 3, 4, 5, 10, 100, 355, 710, 104348, 1048575, 3141592)])
    + [2.0**k for k in range(0, 1024, 31)],
    "erf": neighbours(1.0, -1.0, 6.0, 5.9, 5.863584748755167, 0.84375, 1e-160),
    "pow": [],
}
EDGES["cos"] = EDGES["sin"]

exponential = lambda low, high: lambda r: math.ldexp(r.uniform(1, 2), r.randint(low, high))
signed = lambda draw: lambda r: r.choice((-1, 1)) * draw(r)
uniform = lambda low, high: lambda r: r.uniform(low, high)
RANGES = {
    "exp": [uniform(-1, 1), uniform(-20, 20), uniform(-745, 710), signed(exponential(-60, 8)), uniform(-745.2, -708)],
    "log": [uniform(0.5, 2), uniform(0, 100), exponential(-1074, 1023), exponential(-4, 4), lambda r: 1 + math.ldexp(r.uniform(-1, 1), -r.randint(1, 52))],
    "log1p": [uniform(-1, 1), uniform(-0.3, 0.5), uniform(0, 100), signed(exponential(-1074, -2)), exponential(0, 1023), lambda r: -1 + exponential(-53, -2)(r)],
    "tanh": [uniform(-1, 1), uniform(-5, 5), uniform(-23, 23), signed(exponential(-1074, 4)), uniform(0.5, 0.8)],
    "sigmoid": [uniform(-1, 1), uniform(-8, 8), uniform(-40, 40), uniform(-746, 0), signed(exponential(-60, 8))],
    "softplus": [uniform(-1, 1), uniform(-8, 8), uniform(-40, 40), uniform(-746, 750), signed(exponential(-60, 1023))],
    "sin": [uniform(-0.8, 0.8), uniform(-10, 10), uniform(-1e4, 1e4), uniform(-2e6, 2e6), signed(exponential(-1074, -1)), signed(exponential(0, 1023)),
            lambda r: float(r.randint(1, 1 << 20) * mp.pi / 2) + 0.0],
    "erf": [uniform(-1, 1), uniform(0.9, 3), uniform(-6.2, 6.2), signed(exponential(-1074, -1))],
}
RANGES["cos"] = RANGES["sin"]

FUNCTION_OF = {
    "exp": mp.exp,
    "log": mp.log,
    "log1p": lambda x: mp.log(1 + x),
    "tanh": lambda x: x * (1 - x * x / 3) if abs(x) < mpf("1e-60") else mp.tanh(x),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: x if x > 10**6 else mp.log(1 + mp.exp(x)),
    "sin": mp.sin,
    "cos": mp.cos,
    "erf": lambda x: 2 / mp.sqrt(mp.pi) * x if abs(x) < mpf("1e-60") else mp.erf(x),
    "pow": mp.power,
}

NAN = math.nan
SPECIAL = {
    "exp": {math.inf: math.inf, -math.inf: 0.0},
    "log": {math.inf: math.inf, 0.0: -math.inf},
    "log1p": {math.inf: math.inf, -1.0: -math.inf},
    "tanh": {math.inf: 1.0, -math.inf: -1.0},
    "sigmoid": {math.inf: 1.0, -math.inf: 0.0},
    "softplus": {math.inf: math.inf, -math.inf: 0.0},
    "sin": {},
    "cos": {},
    "erf": {math.inf: 1.0, -math.inf: -1.0},
}


def spacing(value):
    return mpf(math.ulp(value)) if math.isfinite(value) else mpf(math.ulp(MAXIMUM))


def rounded(exact):
    """The nearest float64 (ties to even, subnormals and overflow too) and the rest in units of its last place."""
    if exact == 0:
        return 0.0, 0.0
    exponent = int(mp.floor(mp.log(abs(exact), 2)))
    if exponent >= 1023 and abs(exact) >= mpf(2) ** 1024 - mpf(2) ** 970:
        return math.copysign(math.inf, exact), 0.0
    if exponent < -1090:
        return math.copysign(0.0, exact), 0.0
    unit = mpf(2) ** (max(exponent, -1022) - 52)
    value = math.ldexp(float(mp.nint(exact / unit)), max(exponent, -1022) - 52)
    return value, float((exact - mpf(value)) / spacing(value))


def value_of(name, x):
    if math.isnan(x):
        return NAN, 0.0
    if x in SPECIAL[name]:
        return SPECIAL[name][x], 0.0
    if math.isinf(x) or (name == "log" and x < 0) or (name == "log1p" and x < -1):
        return NAN, 0.0
    if x == 0 and name in ("log1p", "tanh", "sin", "erf"):
        return x, 0.0
    if name in ("exp", "sigmoid", "softplus") and x < -800:
        return 0.0, 0.0
    if name == "exp" and x > 800:
        return math.inf, 0.0
    if name in ("sigmoid", "tanh", "erf") and abs(x) > 800:
        return math.copysign(1.0, x), 0.0
    return rounded(FUNCTION_OF[name](mpf(x)))


def power_points(count, source):
    points = []
    while len(points) < count:
        kind = len(points) % 6
        x = [exponential(-1074, 1023), uniform(0, 2), uniform(0, 100), exponential(-1, 0), lambda r: 1 + math.ldexp(r.uniform(-1, 1), -r.randint(2, 40)), lambda r: -float(r.randint(1, 100))][kind](source)
        if x <= 0 and kind < 5:
            continue
        if kind == 5:
            y = float(source.randint(-150, 150))
        elif kind == 2:
            y = float(source.randint(-40, 40)) / 2
        elif x == 1:
            continue
        else:
            y = source.uniform(-760, 720) / float(mp.log(x)) * source.choice((1, 1e-3, 0.1))
        if not math.isfinite(y):
            continue
        exact = mp.power(mpf(x), int(y)) if y == int(y) and abs(y) < 200 else mp.power(mpf(x), mpf(y))
        points.append(((x, y), *rounded(exact)))
    return points


def points_of(name, count):
    source = random.Random(f"unrolled {name}")
    if name == "pow":
        return power_points(count, source)
    arguments = COMMON + EDGES[name]
    ranges = RANGES[name]
    while len(arguments) < count:
        arguments.append(ranges[len(arguments) % len(ranges)](source))
    return [(x, *value_of(name, x)) for x in arguments[:max(count, len(COMMON + EDGES[name]))]]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    default = Path(__file__).parents[2] / "packages/core/test/golden/maths.bin"
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else default
    parts = []
    for name in FUNCTIONS:
        mp.prec = 2400 if name in ("sin", "cos", "log1p") else 1400 if name == "softplus" else 200
        points = points_of(name, count)
        n = len(points)
        columns = list(zip(*[p[0] for p in points])) if name == "pow" else [[p[0] for p in points]]
        parts.append(struct.pack("<d", n))
        parts += [struct.pack(f"<{n}d", *column) for column in columns]
        parts.append(struct.pack(f"<{n}d", *[p[1] for p in points]))
        parts.append(struct.pack(f"<{n}f", *[p[2] for p in points]) + b"\0" * (n % 2 * 4))
        print(name, n)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(b"".join(parts))


if __name__ == "__main__":
    main()
