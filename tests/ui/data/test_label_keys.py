"""Which class a key means."""

from __future__ import annotations

import pytest

from digitdesk.ui.data.bring.label_keys import KeyedLabel, label_of_key

NAMES = ("cat", "cow", "Dog", "7", "d")


@pytest.mark.parametrize(
    ("letter", "before", "meant"),
    [
        ("7", "", KeyedLabel("7", is_sure=True)),
        ("3", "", KeyedLabel("3", is_sure=True)),
        ("c", "", KeyedLabel("cat", is_sure=False)),
        ("c", "cat", KeyedLabel("cow", is_sure=False)),
        ("C", "cow", KeyedLabel("cat", is_sure=False)),
        ("d", "", KeyedLabel("d", is_sure=True)),
        ("é", "", KeyedLabel("é", is_sure=True)),
        (" ", "", None),
        ("", "", None),
        ("\x1b", "", None),
    ],
)
def test_a_key_means_the_class_that_begins_with_it(
    letter: str, before: str, meant: KeyedLabel | None
) -> None:
    assert label_of_key(letter, NAMES, before) == meant
