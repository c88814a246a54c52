"""Pictures from files and from the clipboard, as grey bytes the session can read."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from digitdesk.files.atomic import make_folder, write_atomically
from digitdesk.files.paths import expanded
from digitdesk.messages.picture import Picture
from digitdesk.ui.board.x11_clipboard import first_offered, open_clipboard

#: No side of a picture needs more pixels than this to read a line of digits from it.
_MOST_SIDE = 1600
_LONGEST_PATH = 4096
#: As what a picture can be had from the clipboard, the best first.
_PICTURE_KINDS = (
    "image/png", "image/bmp", "image/tiff", "image/webp", "image/jpeg", "image/gif",
)  # fmt: skip
_ON_WAYLAND = bool(os.environ.get("WAYLAND_DISPLAY"))
#: Programs that put a PNG from their input on the clipboard.
_COPIERS: tuple[tuple[str, ...], ...] = (
    (("wl-copy", "--type", "image/png"),)
    if _ON_WAYLAND
    else (("xclip", "-selection", "clipboard", "-t", "image/png", "-in"),)
)
_SILENT: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def read_picture(source: Path | bytes) -> Picture:
    """A picture file, or the content of one, as grey bytes; a content has no title.

    Raises:
        ImageError: It is no picture, damaged, or far too large.
    """
    # Pillow takes a while to import, and the window is there before it is needed.
    from digitdesk.files.picture_file import open_picture

    name = source.name if isinstance(source, Path) else ""
    grey = open_picture(source, name or "The picture on the clipboard", _MOST_SIDE)
    return Picture(grey.width, grey.height, grey.tobytes(), name)


def fitted(picture: Picture, width: int, height: int) -> tuple[tuple[int, int], float]:
    """The largest size of a picture within a field, and how many times its own size that is."""
    scale = min(width / picture.width, height / picture.height)
    return (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), scale


def resized(picture: Picture, width: int, height: int) -> Picture:
    """The picture in the middle of a field of pixels, its edges filled with its own ground."""
    from PIL import Image

    grey = Image.frombytes("L", (picture.width, picture.height), picture.pixels)
    size, scale = fitted(picture, width, height)
    method = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    grown = grey.resize(size, method)
    ground = grey.getpixel((0, 0))
    field = Image.new("L", (width, height), ground if isinstance(ground, int) else 0)
    field.paste(grown, ((width - size[0]) // 2, (height - size[1]) // 2))
    return Picture(width, height, field.tobytes(), picture.title)


def png(picture: Picture) -> bytes:
    """A picture as a PNG file."""
    from PIL import Image

    file = io.BytesIO()
    size = (picture.width, picture.height)
    Image.frombytes("L", size, picture.pixels).save(file, format="PNG")
    return file.getvalue()


def ask_clipboard(widget: tk.Misc) -> Callable[[], Picture | Path | None]:
    """The work of looking what can be pasted, for another thread: its owner may take a while.

    The work gives a picture or the path of a copied file, ``None`` for neither, and raises an
    ``ImageError`` where there is a picture that cannot be opened.
    """
    if widget.tk.call("tk", "windowingsystem") != "x11":
        return _grabbed
    screen = widget.winfo_screen()
    # Tk keeps what it has to tell the screen for a while: a question has all of it sent.
    widget.winfo_pointerxy()
    with open_clipboard(screen) as clipboard:
        is_ours = clipboard is None or clipboard.is_owned_beside(widget.winfo_id())
    if is_ours:
        # Our own copy is text, which Tk has at once; on its thread nobody else could ask for it.
        path = _path(_text(widget, "text/uri-list") or _text(widget, "UTF8_STRING"))
        return lambda: path
    return lambda: _fetched(screen)


def copy_picture(widget: tk.Misc, content: bytes, folder: Path) -> Path:
    """Put a PNG file on the clipboard, for other programs to paste.

    Tk can own text only. So a program of the desktop takes the picture where there is one, and the
    clipboard gets the file's address in any case.

    Returns:
        The file the picture is in.

    Raises:
        SaveError: The folder cannot be written.
    """
    make_folder(folder)
    file = folder / "digit.png"
    write_atomically(file, lambda stream: stream.write(content))
    for command in _COPIERS:
        if shutil.which(command[0]):
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                subprocess.run(command, input=content, timeout=2, check=True, **_SILENT)
                return file
    widget.clipboard_clear()
    widget.clipboard_append(file.as_uri() + "\r\n", type="text/uri-list")
    widget.clipboard_append(str(file))
    return file


def _text(widget: tk.Misc, kind: str) -> str:
    try:
        return str(widget.clipboard_get(type=kind))
    except tk.TclError:
        return ""


def _path(text: str) -> Path | None:
    line = next((part.strip() for part in text.splitlines() if not part.startswith("#")), "")
    if line.startswith("file://"):
        line = unquote(urlparse(line).path)
    if not line or len(line) >= _LONGEST_PATH:
        return None
    # Whatever was copied may stand there: a line no system takes for a path, or nobody's home.
    with contextlib.suppress(OSError, ValueError):
        path = expanded(line)
        return path if path.is_file() else None
    return None


def _fetched(screen: str) -> Picture | Path | None:
    """What another program has on the clipboard of X11."""
    # Pillow takes a while to import, and the window is there before it is needed.
    from digitdesk.files.picture_file import MAX_FILE_BYTES

    with open_clipboard(screen) as clipboard:
        if clipboard is None:
            return None
        # A program too old to say what it has may have text.
        kinds = clipboard.kinds() or ("UTF8_STRING",)

        def path(*wanted: str) -> Path | None:
            kind = first_offered(wanted, kinds)
            content = clipboard.fetch(kind, MAX_FILE_BYTES) if kind else b""
            return _path(content.decode("utf-8", "replace"))

        copied_file = path("text/uri-list")
        kind = first_offered(_PICTURE_KINDS, kinds)
        content = b"" if copied_file or not kind else clipboard.fetch(kind, MAX_FILE_BYTES)
        if content:
            return read_picture(content)
        return copied_file or path("UTF8_STRING", "STRING")


def _grabbed() -> Picture | Path | None:
    """The clipboard of Windows and macOS."""
    from PIL import ImageGrab

    content: Any = ImageGrab.grabclipboard()
    if isinstance(content, list):
        return Path(content[0]) if content else None
    if content is None:
        return None
    file = io.BytesIO()
    content.convert("RGBA").save(file, format="PNG")
    return read_picture(file.getvalue())
