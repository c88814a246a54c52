"""No figure promises more than was measured."""

from __future__ import annotations

import pytest

from digitdesk.messages.percent import percent, percent_number


@pytest.mark.parametrize(
    ("ratio", "decimals", "shown"),
    [
        (0.5, 2, "50.00 %"),
        (1.0, 2, "100.00 %"),
        (0.0, 2, "0.00 %"),
        (0.99999, 2, "99.99 %"),
        (0.999, 0, "99 %"),
        (0.00001, 2, "0.00 %"),
        (0.00006, 2, "0.01 %"),
        (0.004, 0, "0 %"),
        (1.25, 0, "125 %"),
        (-0.0004, 2, "-0.04 %"),
    ],
)
def test_only_all_is_100(ratio: float, decimals: int, shown: str) -> None:
    assert percent(ratio, decimals) == shown
    assert f"{percent_number(ratio, decimals)} %" == shown
