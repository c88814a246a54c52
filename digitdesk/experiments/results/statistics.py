"""Whether a difference may be chance: Welch's t-test, and Holm's correction for several of them.

Written by hand, as everything here that can be; the benchmark ``experiments.py`` compares it with
scipy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

_TINY = 1e-300
_PRECISION = 1e-15
_MOST_TERMS = 500


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean."""
    return math.fsum(values) / len(values)


def standard_deviation(values: Sequence[float]) -> float | None:
    """That of a sample, with n − 1; ``None`` for fewer than two values."""
    if len(values) < 2:
        return None
    middle = mean(values)
    return math.sqrt(math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1))


def welch_p(a: Sequence[float], b: Sequence[float]) -> float | None:
    """That two means differ by chance as much as these, or more, in either direction.

    ``t = (ā − b̄) / √(s_a²/n_a + s_b²/n_b)``, compared with Student's distribution with
    ``ν = (s_a²/n_a + s_b²/n_b)² / ((s_a²/n_a)²/(n_a − 1) + (s_b²/n_b)²/(n_b − 1))``.

    Returns:
        ``None`` for fewer than two values on either side, or where none of them vary.

    Source:
        Welch, "The generalization of 'Student's' problem when several different population
        variances are involved", 1947.
    """
    deviations = standard_deviation(a), standard_deviation(b)
    if deviations[0] is None or deviations[1] is None:
        return None
    parts = deviations[0] ** 2 / len(a), deviations[1] ** 2 / len(b)
    whole = sum(parts)
    if whole <= 0:
        return None
    t = (mean(a) - mean(b)) / math.sqrt(whole)
    freedom = whole**2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    return student_p(t, freedom)


def student_p(t: float, freedom: float) -> float:
    """That a value of Student's distribution is further from 0 than ``t``.

    ``I_x(ν/2, 1/2)`` with ``x = ν / (ν + t²)``, the regularized incomplete beta function.
    """
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b), 0 ≤ x ≤ 1.

    Source:
        Abramowitz and Stegun, 1964, 26.5.8, its continued fraction evaluated by Lentz's method.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    # The fraction converges fast on one side of the mean; the other side is its mirror image.
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta)
    return front / a * _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def holm(chances: Mapping[int, float]) -> dict[int, float]:
    """Chances corrected for there being several of them, under the same keys.

    The smallest of m is multiplied by m, the next by m − 1, and so on; none is smaller than one
    before it, and none above 1.

    Source:
        Holm, "A simple sequentially rejective multiple test procedure", 1979.
    """
    corrected, largest = {}, 0.0
    for place, key in enumerate(sorted(chances, key=lambda key: chances[key])):
        largest = max(largest, min(1.0, chances[key] * (len(chances) - place)))
        corrected[key] = largest
    return corrected
