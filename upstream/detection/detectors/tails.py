"""Upper tails of counts, in log10, vectorised: exact negative binomial through the incomplete beta function."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LN10 = float(np.log(10.0))
NEARLY_POISSON = 1e-6
STEPS = 300


def log_gamma(x: Floats) -> Floats:
    """ln Gamma(x) for x > 0, to about 1e-12 (Stirling's series after shifting by 8)."""
    product = np.ones_like(x)
    for i in range(8):
        product = product * (x + i)
    y = x + 8.0
    z = 1.0 / (y * y)
    series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z / 1188)))) / y
    return np.asarray((y - 0.5) * np.log(y) - y + 0.5 * np.log(2 * np.pi) + series - np.log(product), dtype=np.float64)


def _continued_fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """Lentz's evaluation of the fraction of the incomplete beta function (Numerical Recipes 6.4)."""
    tiny = 1e-300
    c = np.ones_like(x)
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / np.where(np.abs(d) < tiny, tiny, d)
    h = d
    for m in range(1, STEPS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + numerator * d
            d = 1.0 / np.where(np.abs(d) < tiny, tiny, d)
            c = 1.0 + numerator / c
            c = np.where(np.abs(c) < tiny, tiny, c)
            h = h * d * c
        if np.all(np.abs(d * c - 1.0) < 1e-9):
            break
    return h


def log10_incomplete_beta(a: Floats, b: Floats, x: Floats) -> Floats:
    """log10 of the regularised incomplete beta function I_x(a, b); far tails do not underflow."""
    turned = x > (a + 1.0) / (a + b + 2.0)
    p, q, y = np.where(turned, b, a), np.where(turned, a, b), np.where(turned, 1.0 - x, x)
    front = log_gamma(p + q) - log_gamma(p) - log_gamma(q) + p * np.log(y) + q * np.log1p(-y) - np.log(p)
    log_part = front + np.log(np.maximum(_continued_fraction(p, q, y), 1e-300))
    whole = np.log1p(-np.minimum(np.exp(np.minimum(log_part, 0.0)), 1.0 - 1e-15))
    return np.asarray(np.where(turned, whole, log_part) / LN10, dtype=np.float64)


def log10_at_least(observed: Floats, mean: Floats, variance: Floats) -> Floats:
    """log10 P(X >= observed) for a negative binomial X of that mean and variance (Poisson where variance <= mean).

    Observed may be fractional (a netted count); 0 or less has probability 1.
    """
    mu = np.maximum(mean, 1e-9)
    extra = np.maximum(variance - mu, NEARLY_POISSON * mu)
    size = mu * mu / extra
    share = extra / (mu + extra)
    out = np.zeros(np.broadcast(observed, mu).shape)
    some = np.broadcast_to(observed > 0, out.shape)
    if some.any():
        o, s, x = (np.broadcast_to(v, out.shape)[some] for v in (observed, size, share))
        out[some] = log10_incomplete_beta(o, s, x)
    return np.minimum(out, 0.0)


def log10_at_most(observed: Floats, mean: Floats, variance: Floats) -> Floats:
    """log10 P(X <= observed) for the same distribution."""
    above = log10_at_least(np.maximum(observed, 0.0) + 1.0, mean, variance)
    return np.asarray(np.log1p(-np.minimum(10.0**above, 1.0 - 1e-15)) / LN10, dtype=np.float64)
