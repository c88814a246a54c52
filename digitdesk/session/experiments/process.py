"""The process that makes runs of experiments, with all that runs need."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from digitdesk.experiments.trial_process import serve
from digitdesk.files.paths import expanded
from digitdesk.session.dataset_cache import DatasetCache
from digitdesk.session.run_services import run_services
from digitdesk.storage.plain_json import from_plain, parse_json


def facts_for(user_data: Path) -> dict[str, Any]:
    """What such a process is told first."""
    return {"user_data": str(user_data)}


def main(tasks: BinaryIO, answers: BinaryIO) -> None:
    """Work until whoever started it closes the line or is gone."""
    facts = from_plain(dict[str, str], parse_json(tasks.readline()))
    datasets = DatasetCache(
        Path(facts["user_data"]), lambda chosen: expanded(chosen) if chosen else None
    )
    serve(tasks, answers, run_services(datasets))
