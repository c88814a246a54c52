"""Where files live: bundled assets, and the user's data, models, settings and logs."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from digitdesk.errors import DigitDeskError


def assets_folder() -> Path:
    """Folder of the bundled files, in a source tree, an installed wheel or a frozen executable.

    Raises:
        DigitDeskError: The installation is incomplete.
    """
    package = Path(__file__).resolve().parents[1]
    candidates = [package / "assets", package.parent / "assets"]
    if getattr(sys, "frozen", False):
        candidates.insert(0, Path(getattr(sys, "_MEIPASS", package)) / "digitdesk" / "assets")
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise DigitDeskError(
        "DigitDesk's bundled files are missing",
        expected=f"a folder {candidates[0]}",
        hint="Install DigitDesk again",
    )


def expanded(path: str | Path) -> Path:
    """A path as somebody typed it, with the home for ``~``; a stranger's ``~name`` stays."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def with_tilde(path: Path) -> str:
    """A path to be shown: what lies in the home begins with ``~``, whoever's home that is."""
    try:
        return str("~" / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


def there_is(typed: str | Path) -> bool:
    """Whether a text names anything there is, whatever the text may be."""
    try:
        return expanded(typed).exists()
    except (OSError, ValueError):
        return False


def is_folder(typed: str | Path) -> bool:
    """Whether a text names a folder there is, whatever the text may be."""
    try:
        return expanded(typed).is_dir()
    except (OSError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class UserPaths:
    """The user's folders; nothing is created before it is needed."""

    data: Path
    models: Path
    config: Path
    cache: Path
    logs: Path

    @classmethod
    def under(cls, root: Path) -> UserPaths:
        """All folders below one root, for tests and portable use."""
        return cls(root / "data", root / "models", root / "config", root / "cache", root / "logs")

    @classmethod
    def default(cls) -> UserPaths:
        """The system's usual folders, or those below ``DIGITDESK_HOME`` where that is set."""
        home = os.environ.get("DIGITDESK_HOME")
        if home:
            return cls.under(expanded(home))
        import platformdirs  # whoever only reads a file needs no folders of the user's

        dirs = platformdirs.PlatformDirs("DigitDesk", appauthor=False)
        data = Path(dirs.user_data_dir)
        return cls(
            data / "data",
            data / "models",
            Path(dirs.user_config_dir),
            Path(dirs.user_cache_dir),
            Path(dirs.user_log_dir),
        )
