"""What a folder keeps, for tests that count files."""

from __future__ import annotations

from pathlib import Path


def kept_files(folder: Path) -> list[str]:
    """Names of a folder's files, but for the empty ones that only carry a lock."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")
