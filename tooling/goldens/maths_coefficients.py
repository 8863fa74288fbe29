"""Makes the polynomial coefficients of packages/core/src/maths: weighted minimax by Remez's exchange, in 60 digits.

Run: python maths_coefficients.py   (needs mpmath; prints every constant with its error and says whether the sources have it)
"""

import re
import sys
from pathlib import Path

from mpmath import atanh, cos, coth, erf, erfc, exp, floor, ldexp, log, lu_solve, matrix, mp, mpf, pi, sin

mp.dps = 60
SOURCES = Path(__file__).parents[2] / "packages/core/src/maths"


def remez(function, weight, low, high, count, grid=3000, rounds=12):
    """Coefficients c of sum c_i x^i that minimise max |weight(x) (function(x) - sum)| on [low, high], and that maximum."""
    nodes = [(low + high) / 2 - (high - low) / 2 * cos(pi * i / count) for i in range(count + 1)]
    xs = [low + (high - low) * (1 - cos(pi * mpf(i) / grid)) / 2 for i in range(grid + 1)]
    fs = [(function(x), weight(x)) for x in xs]
    for _ in range(rounds):
        rows = [[n**i for i in range(count)] + [(-1) ** k / max(weight(n), mpf('1e-12'))] for k, n in enumerate(nodes)]
        solution = lu_solve(matrix(rows), matrix([function(n) for n in nodes]))
        coefficients = [solution[i] for i in range(count)]
        errors = [w * (f - horner(coefficients, x)) for x, (f, w) in zip(xs, fs)]
        extremes = []
        for x, error in zip(xs, errors):
            if extremes and (error > 0) == (extremes[-1][1] > 0):
                if abs(error) > abs(extremes[-1][1]):
                    extremes[-1] = (x, error)
            else:
                extremes.append((x, error))
        while len(extremes) > count + 1:
            extremes.pop(0 if abs(extremes[0][1]) < abs(extremes[-1][1]) else -1)
        worst = max(abs(e) for e in errors)
        if len(extremes) < count + 1:
            break
        nodes = [x for x, _ in extremes]
        if worst / abs(solution[count]) < mpf("1.001"):
            break
    return coefficients, worst


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def series(closed, expansion, threshold):
    """The closed form, or near 0 (where it cancels) its power series."""
    return lambda x: horner(expansion, x) if x < threshold else closed(x)


def from_root(function):
    return lambda z: function(mp.sqrt(z))


def polynomials():
    """Name, file, coefficients and largest error of each polynomial. The weights say how an error of it counts in the result."""
    tiny = mpf("1e-6")
    slack = mpf("1.0002")
    two_over_root_pi = 2 / mp.sqrt(pi)
    factorial = mp.factorial
    # r coth(r/2) = 2 + t P(t), t = r^2
    yield "exp", "exponential.ts", *remez(
        series(from_root(lambda r: (r * coth(r / 2) - 2) / r**2), [2 * mp.bernoulli(2 * n) / factorial(2 * n) for n in range(1, 12)], tiny),
        lambda t: t, mpf(0), (log(mpf(2)) / 2) ** 2 * mpf("1.0001"), 5)
    # x coth(x) = 1 + u Q(u), u = x^2
    yield "tanh", "activations.ts", *remez(
        series(from_root(lambda x: (x * coth(x) - 1) / x**2), [mp.bernoulli(2 * n) * mpf(4) ** n / factorial(2 * n) for n in range(1, 14)], tiny),
        lambda u: u, mpf(0), mpf("0.625") ** 2, 8)
    # log((1+s)/(1-s)) = 2s + s z R(z), z = s^2
    widest = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * slack
    yield "log", "logarithm.ts", *remez(
        series(from_root(lambda s: (2 * atanh(s) / s - 2) / s**2), [mpf(2) / (2 * n + 1) for n in range(1, 12)], tiny),
        lambda z: z / 2, mpf(0), widest, 7)
    # 3 atanh(s)/s = 3 + z + z^2 H(z)
    yield "pow", "power.ts", *remez(
        series(from_root(lambda s: (3 * atanh(s) / s - 3 - s**2) / s**4), [mpf(3) / (2 * n + 5) for n in range(12)], tiny),
        lambda z: z**2 / 3, mpf(0), widest, 7)
    quarter = (pi / 4) ** 2 * mpf("1.0001")
    # sin(x) = x + x^3 S(x^2), cos(x) = 1 - x^2/2 + x^4 C(x^2)
    yield "sin", "trigonometry.ts", *remez(
        series(from_root(lambda x: (sin(x) - x) / x**3), [(-1) ** (n + 1) / factorial(2 * n + 3) for n in range(9)], tiny),
        lambda z: z, mpf(0), quarter, 6)
    yield "cos", "trigonometry.ts", *remez(
        series(from_root(lambda x: (cos(x) - 1 + x**2 / 2) / x**4), [(-1) ** n / factorial(2 * n + 4) for n in range(9)], tiny),
        lambda z: z**2, mpf(0), quarter, 6)
    # erf(x) = x + x E(x^2) up to 1; above, exp(x^2) erfc(x) = G(1 / (x + 2))
    yield "erf below 1", "error-function.ts", *remez(
        series(from_root(lambda x: erf(x) / x - 1),
               [two_over_root_pi - 1] + [two_over_root_pi * (-1) ** n / factorial(n) / (2 * n + 1) for n in range(1, 12)], tiny),
        lambda z: mpf(1), mpf(0), mpf(1), 13)
    yield "erf above 1", "error-function.ts", *remez(
        lambda t: exp((1 / t - 2) ** 2) * erfc(1 / t - 2),
        lambda t: exp(-((1 / t - 2) ** 2)), 1 / mpf(8), 1 / mpf(3), 13, grid=1500)


def leading(value, bits):
    """The first bits of a number."""
    exponent = int(floor(mp.log(abs(value), 2))) + 1
    return ldexp(floor(ldexp(value, bits - exponent)), exponent - bits)


def constants():
    """Name, file and value of the other constants: numbers, or hexadecimal digits."""
    mp.dps = 500
    ln2 = log(mpf(2))
    ln2_high = leading(ln2, 32)
    half_pi = pi / 2
    first = leading(half_pi, 33)
    second = leading(half_pi - first, 33)
    two_thirds = mpf(2) / 3
    yield "LN2_HIGH", "exponential.ts", float(ln2_high)
    yield "LN2_LOW", "exponential.ts", float(ln2 - ln2_high)
    yield "INVERSE_LN2", "exponential.ts", float(1 / ln2)
    yield "TWO_OVER_PI", "trigonometry.ts", float(2 / pi)
    yield "HALF_PI_1", "trigonometry.ts", float(first)
    yield "HALF_PI_2", "trigonometry.ts", float(second)
    yield "HALF_PI_3", "trigonometry.ts", float(half_pi - first - second)
    yield "TWO_OVER_PI_DIGITS", "trigonometry.ts", hex(int(floor(ldexp(2 / pi, 1200))))
    yield "HALF_PI_DIGITS", "trigonometry.ts", hex(int(floor(ldexp(half_pi, 192))))
    yield "TWO_THIRDS", "power.ts", float(two_thirds)
    yield "TWO_THIRDS_TAIL", "power.ts", float(two_thirds - mpf(float(two_thirds)))


def main():
    texts = {path.name: path.read_text() for path in SOURCES.glob("*.ts")}
    numbers = {name: {float(n) for n in re.findall(r"\d+\.?\d*(?:e-?\d+)?", text)} for name, text in texts.items()}
    missing = []

    def compare(name, file, value):
        if isinstance(value, str):
            found = value in re.sub(r"'\s*\+\s*'", "", texts[file])
        else:
            found = abs(value) in numbers[file]
        print(f"  {value!r}{'' if found else '   # not in ' + file}")
        if not found:
            missing.append(name)

    for name, file, coefficients, worst in polynomials():
        print(f"{name}: error at most 2^{float(log(worst) / log(2)):.2f}")
        for coefficient in coefficients:
            compare(name, file, float(coefficient))
    for name, file, value in constants():
        print(name)
        compare(name, file, value)
    sys.exit(f"differ from the sources: {', '.join(missing)}" if missing else None)


if __name__ == "__main__":
    main()
