"""Every fault of ``tests/ui/planted.py``, in any order, and a whole run after each."""

from __future__ import annotations

import pytest

from tests.ui.conftest import logged_errors, root, wait_until  # noqa: F401
from tests.ui.test_faults import desk, faults_in_any_order  # noqa: F401

pytestmark = pytest.mark.window


@pytest.mark.parametrize("seed", range(5))
def test_faults_in_any_order(desk, wait_until, seed: int) -> None:  # noqa: F811
    faults_in_any_order(desk, wait_until, seed)
