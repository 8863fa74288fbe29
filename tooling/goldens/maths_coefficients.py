"""Makes the polynomial coefficients of packages/core/src/maths: weighted minimax by Remez's exchange, in 60 digits.

Run: python maths_coefficients.py   (needs mpmath; prints TypeScript, which is pasted into the sources)
"""

from mpmath import coth, cos, erf, erfc, exp, log, mp, mpf, pi, sin, lu_solve, matrix, taylor, atanh

mp.dps = 60


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


def show(name, coefficients, worst):
    print(f"// {name}: error at most 2^{float(log(worst) / log(2)):.2f}")
    print(",\n".join(f"  {repr(float(c))}" for c in coefficients))


def series(closed, expansion, threshold):
    """The closed form, or near 0 (where it cancels) its power series."""
    return lambda x: horner(expansion, x) if x < threshold else closed(x)


def from_root(function):
    return lambda z: function(mp.sqrt(z))


half_log_two = log(mpf(2)) / 2

if __name__ == "__main__":
    tiny = mpf("1e-6")
    # r coth(r/2) = 2 + t P(t), t = r^2. The error counts relative to 1 in e^r.
    bernoulli = [2 * mp.bernoulli(2 * n) / mp.factorial(2 * n) for n in range(1, 12)]
    show("exp", *remez(
        series(from_root(lambda r: (r * coth(r / 2) - 2) / r**2), bernoulli, tiny),
        lambda t: t, mpf(0), half_log_two**2 * mpf("1.0001"), 5))
    # x coth(x) = 1 + u Q(u), u = x^2
    bernoulli2 = [mp.bernoulli(2 * n) * mpf(4) ** n / mp.factorial(2 * n) for n in range(1, 14)]
    for count in (6, 7, 8):
        show(f"tanh {count}", *remez(
            series(from_root(lambda x: (x * coth(x) - 1) / x**2), bernoulli2, tiny),
            lambda u: u, mpf(0), mpf("0.625") ** 2, count))
    # log((1+s)/(1-s)) = 2s + s z R(z), z = s^2
    bound = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mpf("1.0002")
    show("log", *remez(
        series(from_root(lambda s: (2 * atanh(s) / s - 2) / s**2), [mpf(2) / (2 * n + 1) for n in range(1, 12)], tiny),
        lambda z: z / 2 if z else mpf("1e-9"), mpf(0), bound, 7))
    # 3 atanh(s)/s = 3 + z + z^2 H(z)
    for count in (6, 7, 8):
        show(f"pow {count}", *remez(
            series(from_root(lambda s: (3 * atanh(s) / s - 3 - s**2) / s**4), [mpf(3) / (2 * n + 5) for n in range(12)], tiny),
            lambda z: z**2 / 3 if z else mpf("1e-9"), mpf(0), bound, count))
    quarter = (pi / 4) ** 2 * mpf("1.0001")
    show("sin", *remez(
        series(from_root(lambda x: (sin(x) - x) / x**3), [(-1) ** (n + 1) / mp.factorial(2 * n + 3) for n in range(9)], tiny),
        lambda z: z, mpf(0), quarter, 6))
    show("cos", *remez(
        series(from_root(lambda x: (cos(x) - 1 + x**2 / 2) / x**4), [(-1) ** n / mp.factorial(2 * n + 4) for n in range(9)], tiny),
        lambda z: z**2 if z else mpf("1e-9"), mpf(0), quarter, 6))
    root = 2 / mp.sqrt(pi)
    for count in (10, 11, 12, 13):
        show(f"erf small {count}", *remez(
            series(from_root(lambda x: erf(x) / x - 1), [root - 1] + [root * (-1) ** n / mp.factorial(n) / (2 * n + 1) for n in range(1, 12)], tiny),
            lambda z: mpf(1), mpf(0), mpf(1), count))
    for count in (11, 12, 13, 14, 15, 16):
        def scaled(t):
            x = 1 / t - 2
            return exp(x * x) * erfc(x)
        show(f"erf large {count}", *remez(
            scaled, lambda t: exp(-((1 / t - 2) ** 2)), 1 / mpf(8), 1 / mpf(3), count, grid=1500))
    two_over_pi = int(mp.floor(mp.ldexp(1, 0)))
    mp.dps = 500
    print("2/pi * 2^1200 =", hex(int(mp.floor(mp.ldexp(2 / mp.pi, 1200)))))
    print("pi/2 * 2^192 =", hex(int(mp.floor(mp.ldexp(mp.pi / 2, 192)))))
    for bits in (33, 66):
        pass
