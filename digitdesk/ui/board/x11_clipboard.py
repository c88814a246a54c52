"""The clipboard of X11, byte for byte: asked what it holds, and given large things in parts.

Tk can fetch text only, so this is a conversation of its own with the program that has the
clipboard, over a connection of its own. That program may be this very one: then Tk must be asked,
since nobody would answer. Used on another thread, it keeps nobody waiting.

Source:
    "Inter-Client Communication Conventions Manual", version 2.0, section 2: TARGETS and INCR.
"""

from __future__ import annotations

import contextlib
import ctypes
import select
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from digitdesk.errors import ImageError

_SILENCE_SECONDS = 3.0
"""Whoever says nothing for so long is not going to."""
_MOST_SECONDS = 60.0

_PROPERTY_NOTIFY, _SELECTION_NOTIFY = 28, 31
_PROPERTY_CHANGE_MASK = 1 << 22
_NEW_VALUE = 0
_LONGS_IN_AN_EVENT = 24
_WIDE_FORMAT = 32


class _SelectionEvent(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("requestor", ctypes.c_ulong),
        ("selection", ctypes.c_ulong),
        ("target", ctypes.c_ulong),
        ("property", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
    )


class _DisplayHead(ctypes.Structure):
    """What Xlib.h tells of a display's fields, up to the one we need."""

    _fields_ = (
        ("ext_data", ctypes.c_void_p),
        ("private1", ctypes.c_void_p),
        ("socket", ctypes.c_int),
        ("private2", ctypes.c_int),
        ("major", ctypes.c_int),
        ("minor", ctypes.c_int),
        ("vendor", ctypes.c_void_p),
        ("resource_base", ctypes.c_ulong),
        ("resource_mask", ctypes.c_ulong),
    )


class _PropertyEvent(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("atom", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
        ("state", ctypes.c_int),
    )


@contextlib.contextmanager
def open_clipboard(screen: str) -> Iterator[X11Clipboard | None]:
    """A conversation with whoever has the clipboard; ``None`` where none can be had.

    Args:
        screen: Name of the display, ``:0``.
    """
    try:
        xlib = _declared(ctypes.CDLL("libX11.so.6"))
    except OSError:
        yield None
        return
    display = xlib.XOpenDisplay(screen.encode())
    if not display:
        yield None
        return
    try:
        yield X11Clipboard(xlib, display)
    finally:
        # Our window goes with it; a program that is still handing over hears of that.
        xlib.XCloseDisplay(display)


class X11Clipboard:
    """Asks for one thing after the other.

    Args:
        xlib: The library.
        display: An open connection, which nobody else uses.
    """

    def __init__(self, xlib: Any, display: int) -> None:
        self._xlib = xlib
        self._display = ctypes.c_void_p(display)
        root = xlib.XDefaultRootWindow(self._display)
        self._window = xlib.XCreateSimpleWindow(self._display, root, 0, 0, 1, 1, 0, 0, 0)
        xlib.XSelectInput(self._display, self._window, _PROPERTY_CHANGE_MASK)
        self._property = self._atom("DIGITDESK_CLIPBOARD")

    def is_owned_beside(self, window: int) -> bool:
        """Whether the program that has the clipboard is the one that has a window."""
        owner = self._xlib.XGetSelectionOwner(self._display, self._atom("CLIPBOARD"))
        head = _DisplayHead.from_address(self._display.value or 0)
        # Every program numbers its windows from a base of its own.
        return bool(owner) and (owner ^ window) & ~head.resource_mask == 0

    def kinds(self) -> tuple[str, ...]:
        """What the clipboard can be had as: ``image/png``, ``UTF8_STRING``; nothing if empty."""
        if not self._xlib.XGetSelectionOwner(self._display, self._atom("CLIPBOARD")):
            return ()
        found = self.fetch("TARGETS", most_bytes=65_536)
        atoms = struct.unpack(f"={len(found) // 4}I", found[: len(found) // 4 * 4])
        return tuple(filter(None, map(self._name, atoms)))

    def fetch(self, kind: str, most_bytes: int) -> bytes:
        """The clipboard's content as one kind; empty where it is refused.

        Raises:
            ImageError: It is too large, or its owner stops in the middle.
        """
        clipboard, target = self._atom("CLIPBOARD"), self._atom(kind)
        self._xlib.XDeleteProperty(self._display, self._window, self._property)
        self._xlib.XConvertSelection(
            self._display, clipboard, target, self._property, self._window, 0
        )
        answer = self._wait(_SELECTION_NOTIFY, _SelectionEvent, lambda e: e.target == target)
        if answer is None or not answer.property:
            return b""
        given, content = self._take()
        if given != self._atom("INCR"):
            _check_size(len(content), most_bytes)
            return content
        return self._take_parts(most_bytes)

    def _take_parts(self, most_bytes: int) -> bytes:
        """What comes in parts: each is put down when the one before was taken; an empty one ends.

        Raises:
            ImageError: See ``fetch``.
        """
        content = bytearray()
        end = time.monotonic() + _MOST_SECONDS
        while time.monotonic() < end:
            came = self._wait(
                _PROPERTY_NOTIFY,
                _PropertyEvent,
                lambda e: e.atom == self._property and e.state == _NEW_VALUE,
            )
            if came is None:
                break
            _kind, part = self._take()
            if not part:
                return bytes(content)
            content += part
            _check_size(len(content), most_bytes)
        raise ImageError(
            "The other program stopped handing over its picture", hint="Copy it once more"
        )

    def _take(self) -> tuple[int, bytes]:
        """The property our window was given, which is taken away; its kind as an atom."""
        kind, form = ctypes.c_ulong(), ctypes.c_int()
        count, left = ctypes.c_ulong(), ctypes.c_ulong()
        start = ctypes.POINTER(ctypes.c_ubyte)()
        self._xlib.XGetWindowProperty(
            self._display, self._window, self._property, 0, 2**26, 1, 0,
            ctypes.byref(kind), ctypes.byref(form), ctypes.byref(count), ctypes.byref(left),
            ctypes.byref(start),
        )  # fmt: skip
        if not start:
            return kind.value, b""
        try:
            if form.value == _WIDE_FORMAT:
                # Xlib hands 32 bits over as a C long, whatever its size.
                longs = ctypes.cast(start, ctypes.POINTER(ctypes.c_ulong))[: count.value]
                return kind.value, struct.pack(f"={count.value}I", *longs)
            return kind.value, ctypes.string_at(start, count.value * form.value // 8)
        finally:
            self._xlib.XFree(start)

    def _wait(self, number: int, kind: Any, fits: Callable[[Any], bool]) -> Any:
        """The next event of a kind that fits; ``None`` when nothing came for a while."""
        event = (ctypes.c_long * _LONGS_IN_AN_EVENT)()
        socket = self._xlib.XConnectionNumber(self._display)
        last = time.monotonic() + _SILENCE_SECONDS
        while True:
            # Asking how many are pending sends off what we have asked for.
            while self._xlib.XPending(self._display):
                self._xlib.XNextEvent(self._display, event)
                found = kind.from_buffer_copy(event)
                if found.type == number and fits(found):
                    return found
            rest = last - time.monotonic()
            if rest <= 0 or not select.select([socket], [], [], rest)[0]:
                return None

    def _atom(self, name: str) -> int:
        return int(self._xlib.XInternAtom(self._display, name.encode(), 0))

    def _name(self, atom: int) -> str:
        """Name of an atom; empty for the number 0, which is none."""
        if not atom:
            return ""
        found = self._xlib.XGetAtomName(self._display, atom)
        if not found:
            return ""
        name = ctypes.cast(found, ctypes.c_char_p).value or b""
        self._xlib.XFree(found)
        return name.decode("latin-1")


def first_offered(wanted: Sequence[str], offered: Sequence[str]) -> str:
    """The first wanted kind that is offered; empty where none is."""
    return next((kind for kind in wanted if kind in offered), "")


def _check_size(count: int, most_bytes: int) -> None:
    """Check that content is not too large.

    Raises:
        ImageError: It is.
    """
    if count > most_bytes:
        raise ImageError("The picture on the clipboard is too large")


def _declared(xlib: Any) -> Any:
    """The library with the types of what is called: a pointer cut to 32 bits ends the process."""
    display, window, atom = ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong
    number, count = ctypes.c_int, ctypes.c_uint
    for name, result, arguments in (
        ("XOpenDisplay", ctypes.c_void_p, (ctypes.c_char_p,)),
        ("XCloseDisplay", number, (display,)),
        ("XDefaultRootWindow", window, (display,)),
        ("XCreateSimpleWindow", window,
         (display, window, number, number, count, count, count, ctypes.c_ulong, ctypes.c_ulong)),
        ("XSelectInput", number, (display, window, ctypes.c_long)),
        ("XInternAtom", atom, (display, ctypes.c_char_p, number)),
        ("XGetAtomName", ctypes.c_void_p, (display, atom)),
        ("XGetSelectionOwner", window, (display, atom)),
        ("XConvertSelection", number, (display, atom, atom, atom, window, ctypes.c_ulong)),
        ("XDeleteProperty", number, (display, window, atom)),
        ("XGetWindowProperty", number,
         (display, window, atom, ctypes.c_long, ctypes.c_long, number, atom,
          ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)),
        ("XPending", number, (display,)),
        ("XNextEvent", number, (display, ctypes.c_void_p)),
        ("XConnectionNumber", number, (display,)),
        ("XFree", number, (ctypes.c_void_p,)),
    ):  # fmt: skip
        function = getattr(xlib, name)
        function.restype, function.argtypes = result, arguments
    return xlib
