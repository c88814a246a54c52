"""Whatever is typed as a data set is a set, a folder, or neither: never an error of the program."""

from __future__ import annotations

from pathlib import Path

import pytest
from three_tabs import Window

pytestmark = pytest.mark.window


@pytest.mark.parametrize("typed", ["~no such user/digits", "~", "\0", "/" + "x" * 300, "x" * 9999])
def test_any_text_can_stand_in_the_field_of_the_data(live: Window, typed: str) -> None:
    live.train.form.data.value.set(typed)
    live.update()
    assert not live.status.shows_error
    assert live.train.form.data.problem.startswith("" if typed == "~" else "Data set:")


def test_a_folder_of_ones_own_is_taken(live: Window, tmp_path: Path) -> None:
    live.train.form.data.value.set(str(tmp_path))
    live.update()
    assert live.train.form.data.problem == ""
