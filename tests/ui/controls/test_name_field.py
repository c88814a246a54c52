"""A name that is typed in place is kept by Return, and by nothing else."""

from __future__ import annotations

import pytest
from hands import key, write

from digitdesk.ui.controls.name_field import NameField
from digitdesk.ui.i18n.text import _
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


@pytest.fixture
def ends() -> list[str]:
    """What the field said at its ends."""
    return []


@pytest.fixture
def field(host: theme.Frame, ends: list[str]) -> NameField:
    """A field over a button, with a name in it."""
    button = theme.Button(host, text="what is named")
    button.pack()
    host.update()
    one = NameField(host, _("A name. Enter keeps it, Escape does not."), ends.append)
    one.begin("first", in_=button, relwidth=1.0, relheight=1.0)
    one.focus_force()
    host.update()
    assert (one.winfo_width(), one.winfo_rooty()) == (button.winfo_width(), button.winfo_rooty())
    return one


@pytest.mark.parametrize("keeping", ["Return", "KP_Enter"])
def test_enter_keeps_what_is_typed_over_the_name(
    field: NameField, ends: list[str], keeping: str
) -> None:
    write(field, " b c ")
    key(field, keeping)
    assert ends == ["b c"]
    assert not field.winfo_ismapped()


def test_escape_and_going_elsewhere_keep_nothing(
    field: NameField, ends: list[str], host: theme.Frame
) -> None:
    write(field, "b")
    key(field, "Escape")
    assert ends == [""]
    field.begin("first", x=0, y=0)
    host.update()
    host.focus_force()
    host.update()
    assert ends == ["", ""]
    assert not field.winfo_ismapped()
