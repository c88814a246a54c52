"""Font families for the chart, with the characters of every language of the window."""

from __future__ import annotations

from pathlib import Path

from matplotlib import font_manager

from digitdesk.ui.i18n.language import CHINESE_FONTS

_FONT_FILES = ("CJK-Regular", "NotoSansSC", "SourceHanSans", "wqy", "msyh", "PingFang", "simhei")
_searched: list[bool] = []


def text_families() -> list[str]:
    """Font families for the chart: the library's own, then one with Chinese characters.

    A character that the first lacks is taken from the second; the minus sign is in the first.
    """
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    chinese = next((name for name in CHINESE_FONTS if name in known), "")
    if not chinese and not _searched:
        # The library's list of fonts may be older than a font the user has just installed.
        _searched.append(True)
        for file in font_manager.findSystemFonts():
            if any(hint in Path(file).name for hint in _FONT_FILES):
                font_manager.fontManager.addfont(file)
        return text_families()
    return ["DejaVu Sans", chinese] if chinese else ["DejaVu Sans"]
