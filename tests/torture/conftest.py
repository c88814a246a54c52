"""Keeps what takes long out of the ordinary run: ``pytest tests/torture`` asks for it by name."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked_for = any("torture" in str(argument) for argument in config.invocation_params.args)
    return None if asked_for else True
