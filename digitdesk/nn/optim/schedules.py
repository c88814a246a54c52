"""Learning-rate schedules: functions from the step, counted from 0, to the rate.

Each knows the peak rate and how many steps the run has.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from digitdesk.errors import ConfigError

Schedule = Callable[[int], float]

SCHEDULES = ("constant", "step", "cosine", "one-cycle", "warm-up")

_STEP_FACTOR = 0.1
_STEP_PLACES = (0.5, 0.75)
_ONE_CYCLE_RISE = 0.3
_ONE_CYCLE_START = 1 / 25
_ONE_CYCLE_END = 1e-4
_WARM_UP_PART = 0.1


def make_schedule(name: str, *, peak: float, total_steps: int) -> Schedule:
    """A schedule by name.

    - ``constant``: always the peak.
    - ``step``: a tenth of it from half of the run on, a hundredth from three quarters on.
    - ``cosine``: half a cosine wave from the peak down to 0.
    - ``one-cycle``: up by half a cosine wave for 30 % of the run, then down to almost 0.
    - ``warm-up``: a straight line up for 10 % of the run, then the peak.

    Raises:
        ConfigError: The name is unknown.

    Source:
        ``cosine``: Loshchilov and Hutter, "SGDR", 2017, equation 5. ``one-cycle``: Smith and
        Topin, "Super-convergence", 2018. ``warm-up``: Goyal et al., 2017, section 2.2.
    """
    last = max(1, total_steps - 1)
    makers: dict[str, Schedule] = {
        "constant": lambda step: peak,
        "step": lambda step: (
            peak * _STEP_FACTOR ** sum(step >= p * total_steps for p in _STEP_PLACES)
        ),
        "cosine": lambda step: _wave(peak, 0.0, step / last),
        "one-cycle": lambda step: _one_cycle(peak, step / last),
        "warm-up": lambda step: peak * min(1.0, (step + 1) / max(1, _WARM_UP_PART * total_steps)),
    }
    if name not in makers:
        raise ConfigError("Unknown schedule", expected=", ".join(SCHEDULES), received=repr(name))
    return makers[name]


def _one_cycle(peak: float, progress: float) -> float:
    if progress < _ONE_CYCLE_RISE:
        return _wave(peak * _ONE_CYCLE_START, peak, progress / _ONE_CYCLE_RISE)
    return _wave(peak, peak * _ONE_CYCLE_END, (progress - _ONE_CYCLE_RISE) / (1 - _ONE_CYCLE_RISE))


def _wave(start: float, end: float, progress: float) -> float:
    """Half a cosine wave from ``start`` at 0 to ``end`` at 1."""
    return end + (start - end) * (1 + math.cos(math.pi * min(1.0, progress))) / 2
