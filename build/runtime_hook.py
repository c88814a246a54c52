"""Runs inside the executable before the program: what a trimmed bundle must put right."""

from digitdesk.cli.interrupt import end_quietly

# ruff: noqa: E402
# Whatever is read next takes time, in which Ctrl-C may come.
end_quietly()

import logging
import os
import sys
import warnings
from pathlib import Path

_FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".pfb")

# The chart has no third dimension, so that part of Matplotlib was left out.
warnings.filterwarnings("ignore", message="Unable to import Axes3D")
# So was what guesses in which letters a page is written.
warnings.filterwarnings("ignore", message="Unable to find acceptable character detection")
# So were the fonts of printed mathematics; DejaVu Sans stands in for them.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


def _font_folders() -> list[Path]:
    """Where Linux systems and users keep fonts; a user without a home has none."""
    home = os.environ.get("HOME", "")
    own = os.environ.get("XDG_DATA_HOME") or f"{home}/.local/share"
    names = ("/usr/share/fonts", "/usr/local/share/fonts", f"{own}/fonts", f"{home}/.fonts")
    return [Path(name) for name in names]


def _has_fonts(folders: list[Path]) -> bool:
    """Whether there is a font file; stops at the first."""
    return any(
        name.lower().endswith(_FONT_SUFFIXES)
        for folder in folders
        for _folder, _folders, names in os.walk(folder)
        for name in names
    )


# Without a single font Tk cannot open a window; then those of the chart serve it, too.
if (
    sys.platform == "linux"
    and "FONTCONFIG_FILE" not in os.environ
    and not _has_fonts(_font_folders())
):
    os.environ["FONTCONFIG_FILE"] = str(Path(sys._MEIPASS) / "fonts.conf")
