"""Num Lock and Caps Lock leave a letter what it is; keys of commands do not."""

from __future__ import annotations

import pytest

from digitdesk.ui.toolkit.held_keys import is_command

SHIFT, CAPS_LOCK, CONTROL = 0x1, 0x2, 0x4
ALT = {"win32": 0x20000, "linux": 0x8, "darwin": 0x10}
NUM_LOCK = {"win32": 0x8, "linux": 0x10}
COMMAND = 0x8


@pytest.mark.parametrize("system", ["win32", "linux"])
def test_a_letter_is_one_under_every_lock_and_none_with_control_or_alt(system: str) -> None:
    written = SHIFT | CAPS_LOCK | NUM_LOCK[system]
    assert not is_command(written, system)
    assert is_command(written | CONTROL, system)
    assert is_command(written | ALT[system], system)


def test_on_a_mac_command_is_held_for_commands_and_option_for_letters() -> None:
    assert is_command(COMMAND, "darwin")
    assert not is_command(SHIFT | ALT["darwin"], "darwin")


def test_a_state_may_come_as_a_word() -> None:
    assert is_command("4", "linux")
    assert not is_command("8", "win32")
