"""Values at the ends of a setting's range, and just outside of it."""

from __future__ import annotations

import math

from digitdesk.messages.setting import Setting


def lowest_and_highest(setting: Setting) -> list[float]:
    """The first and the last value there is; something large where there is no last."""
    return [_low(setting), _high(setting)]


def just_outside(setting: Setting) -> list[float]:
    """The next value below the lowest, and above the highest where there is one."""
    below = _next(setting, _low(setting), -math.inf)
    return [below] if setting.high is None else [below, _next(setting, _high(setting), math.inf)]


def _low(setting: Setting) -> float:
    assert setting.low is not None
    return _next(setting, setting.low, math.inf) if setting.low_is_open else setting.low


def _high(setting: Setting) -> float:
    if setting.high is None:
        return 10**9 if setting.kind == "whole" else 1e9
    return _next(setting, setting.high, -math.inf) if setting.high_is_open else setting.high


def _next(setting: Setting, value: float, toward: float) -> float:
    if setting.kind == "whole":
        return value + (1 if toward > 0 else -1)
    return math.nextafter(value, toward)
