"""The state of a run as a file, written whole or not at all, and trusted in nothing."""

from __future__ import annotations

from pathlib import Path

from digitdesk.errors import DigitDeskError, ModelFileError
from digitdesk.storage.content import Content
from digitdesk.storage.model_file import read_content, write_content
from digitdesk.storage.plain_json import from_plain, to_plain
from digitdesk.training.checkpoint import Checkpoint, RunFacts
from digitdesk.training.settings import check_config, check_settings

_KIND = "digitdesk-run"


def write_state(path: Path, checkpoint: Checkpoint) -> None:
    """Write a state in place of the one before.

    Raises:
        ModelFileError: The disk refuses; what was there before stays.
    """
    write_content(path, Content(_KIND, to_plain(checkpoint.facts), checkpoint.arrays))


def read_state(path: Path) -> Checkpoint:
    """The state in a file.

    Raises:
        ModelFileError: The file is missing, damaged or from a newer version.
    """
    content = read_content(path, _KIND)
    try:
        facts = from_plain(RunFacts, content.card)
        check_config(facts.config)
        check_settings(facts.config, facts.settings)
    except DigitDeskError as error:
        raise ModelFileError.about(f"Cannot open {path.name}", error) from None
    return Checkpoint(facts, content.arrays)
