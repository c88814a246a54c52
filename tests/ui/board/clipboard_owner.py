"""A second program that has a picture on the clipboard, as browsers and painting programs do.

``python clipboard_owner.py FILE KIND whole``: it says which kinds it has, and hands the file over
in parts; with "half" in place of "whole", it falls silent in the middle. It says ``ready`` once it
has the clipboard, and ``taken`` once all has been taken.
"""

from __future__ import annotations

import ctypes
import sys
import time
from pathlib import Path

PART = 64 * 1024
SELECTION_REQUEST, PROPERTY_NOTIFY = 30, 28
DELETED = 1
XA_ATOM, XA_WINDOW_EVENTS = 4, 1 << 22


class Request(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("owner", ctypes.c_ulong),
        ("requestor", ctypes.c_ulong),
        ("selection", ctypes.c_ulong),
        ("target", ctypes.c_ulong),
        ("property", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
    )


class Notify(ctypes.Structure):
    _fields_ = tuple(field for field in Request._fields_ if field[0] != "owner")


class Property(ctypes.Structure):
    _fields_ = (*Request._fields_[:4], *(
        (name, ctypes.c_ulong) for name in ("window", "atom", "time")
    ), ("state", ctypes.c_int))  # fmt: skip


def main(content: bytes, kind: str, how: str) -> None:
    x = ctypes.CDLL("libX11.so.6")
    x.XOpenDisplay.restype = ctypes.c_void_p
    for name in ("XDefaultRootWindow", "XCreateSimpleWindow", "XInternAtom"):
        getattr(x, name).restype = ctypes.c_ulong
    display = ctypes.c_void_p(x.XOpenDisplay(None))
    long = ctypes.c_ulong
    window = x.XCreateSimpleWindow(
        display, long(x.XDefaultRootWindow(display)), 0, 0, 1, 1, 0, long(0), long(0)
    )

    def atom(name: str) -> int:
        return int(x.XInternAtom(display, name.encode(), 0))

    def put(request: Request, kind: int, form: int, data: object, count: int) -> None:
        x.XChangeProperty(
            display, long(request.requestor), long(request.property), long(kind), form, 0,
            data, count,
        )  # fmt: skip

    def answer(request: Request, property: int) -> None:
        event = (ctypes.c_long * 24)()
        notify = Notify.from_buffer(event)
        notify.type, notify.requestor, notify.selection = 31, request.requestor, request.selection
        notify.target, notify.property = request.target, property
        x.XSendEvent(display, long(request.requestor), 0, long(0), event)
        x.XFlush(display)

    x.XSetSelectionOwner(display, long(atom("CLIPBOARD")), long(window), long(0))
    x.XSync(display, 0)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    parts = [content[at : at + PART] for at in range(0, len(content), PART)] + [b""]
    if how == "half":
        parts = parts[: len(parts) // 2]
    wanted: Request | None = None
    event = (ctypes.c_long * 24)()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        x.XNextEvent(display, event)
        request = Request.from_buffer_copy(event)
        changed = Property.from_buffer_copy(event)
        if request.type == SELECTION_REQUEST and request.target == atom("TARGETS"):
            kinds = (ctypes.c_ulong * 2)(atom("TARGETS"), atom(kind))
            put(request, XA_ATOM, 32, kinds, 2)
            answer(request, request.property)
        elif request.type == SELECTION_REQUEST and request.target == atom(kind):
            wanted = request
            x.XSelectInput(display, long(request.requestor), long(XA_WINDOW_EVENTS))
            put(request, atom("INCR"), 32, (ctypes.c_ulong * 1)(len(content)), 1)
            answer(request, request.property)
        elif request.type == SELECTION_REQUEST:
            answer(request, 0)
        elif (
            wanted is not None
            and changed.type == PROPERTY_NOTIFY
            and changed.state == DELETED
            and changed.atom == wanted.property
            and parts
        ):
            part = parts.pop(0)
            put(wanted, wanted.target, 8, part, len(part))
            x.XFlush(display)
            if not part:
                sys.stdout.write("taken\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_bytes(), sys.argv[2], sys.argv[3])
