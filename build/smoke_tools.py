"""Screen, mouse and eyes of the smoke test: what a person has, and no way into the program.

The eyes are Tk's own ``send``: a Tk program lets others on the same protected screen look at its
widgets, so the shipped program needs no door for tests.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import struct
import subprocess
import time
import tkinter as tk
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageGrab

# The one font that every X server brings along; without fonts for its titles, twm ends at once.
_WINDOW_MANAGER = """
NoDefaults
TitleFont "fixed"
ResizeFont "fixed"
MenuFont "fixed"
IconFont "fixed"
IconManagerFont "fixed"
NoGrabServer
RandomPlacement
DecorateTransients
RightTitleButton ":xlogo" = f.delete
"""
#: Middle of that button, from the top right corner of the window below the title.
_CLOSE_BUTTON = (-12, -16)
_XAUTH_WILD = 0xFFFF
_STEP_SECONDS = 0.01  # between two positions of the pen, as a mouse reports them

# Every widget of the program: path, class, place, whether it can be seen and used, its text.
_LOOK = r"""
apply {{} {
    set todo .
    set seen {}
    while {[llength $todo]} {
        set w [lindex $todo 0]
        set todo [concat [lrange $todo 1 end] [winfo children $w]]
        set text {}
        set usable 1
        catch {set text [$w cget -text]}
        catch {set usable [$w instate !disabled]}
        switch [winfo class $w] {
            TCombobox - TEntry - Entry {catch {set text [$w get]}}
            Canvas {
                set texts {}
                foreach item [$w find all] {catch {lappend texts [$w itemcget $item -text]}}
                set text [join $texts "\n"]
            }
            Treeview {
                set texts {}
                foreach item [$w children {}] {lappend texts [join [$w item $item -values] "\t"]}
                set text [join $texts "\n"]
            }
        }
        lappend seen [list $w [winfo class $w] [winfo rootx $w] [winfo rooty $w] \
            [winfo width $w] [winfo height $w] [winfo viewable $w] $usable $text]
    }
    return $seen
}}
"""


class SmokeError(Exception):
    """The program did not do what it should; the text says what was expected."""


@dataclass(frozen=True)
class Widget:
    """A widget as it is on the screen."""

    path: str
    kind: str
    x: int
    y: int
    width: int
    height: int
    can_be_seen: bool
    can_be_used: bool
    text: str

    @property
    def middle(self) -> tuple[int, int]:
        """Its middle, in screen pixels."""
        return self.x + self.width // 2, self.y + self.height // 2


class Screen:
    """A private X server that only this user may talk to, with a window manager.

    Args:
        home: Home of the program under test; gets the key of the screen.
    """

    def __init__(self, home: Path) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        read, write = os.pipe()
        key = secrets.token_bytes(16)
        authority = home / ".Xauthority"
        # The number of the screen is not known yet; a wildcard family and number fit any.
        authority.write_bytes(_authority_entry(key))
        os.environ["XAUTHORITY"] = str(authority)
        # On a busy machine a key may be let go so late that it would repeat itself.
        command = ["Xvfb", "-r", "-displayfd", str(write), "-screen", "0", "1600x1200x24"]
        self._start([*command, "-nolisten", "tcp", "-auth", str(authority)], pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        if not number:
            raise SmokeError("Xvfb did not start")
        self.display = os.environ["DISPLAY"] = f":{number}"
        rules = home / ".twmrc"
        rules.write_text(_WINDOW_MANAGER, encoding="ascii")
        self._start(["twm", "-f", str(rules)])
        time.sleep(0.5)
        if self._processes[-1].poll() is not None:
            raise SmokeError("twm, the window manager, did not stay")

    def picture(self) -> Image.Image:
        """What is on the screen now."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def close(self) -> None:
        """End the window manager, then the server."""
        for process in reversed(self._processes):
            process.terminate()
            process.wait()

    def _start(self, command: list[str], pass_fds: tuple[int, ...] = ()) -> None:
        self._processes.append(
            subprocess.Popen(
                command,
                pass_fds=pass_fds,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )


def _authority_entry(key: bytes) -> bytes:
    """One line of an X authority file: this key opens every screen of this host."""
    fields = (socket.gethostname().encode(), b"", b"MIT-MAGIC-COOKIE-1", key)
    packed = [struct.pack(">H", len(field)) + field for field in fields]
    return struct.pack(">H", _XAUTH_WILD) + b"".join(packed)


class Mouse:
    """A real pointer and keyboard, moved through the X server."""

    def click(self, where: tuple[int, int], times: int = 1) -> None:
        """Press and release the left button."""
        _xdotool("mousemove", *where, "sleep", 0.05, "click", "--repeat", times, 1, "sleep", 0.05)

    def draw(self, points: Iterable[tuple[int, int]]) -> None:
        """One stroke, button down."""
        first, *others = points
        words: list[object] = ["mousemove", *first, "mousedown", 1]
        for point in others:
            words += ["mousemove", *point, "sleep", _STEP_SECONDS]
        _xdotool(*words, "mouseup", 1)

    def press(self, where: tuple[int, int]) -> None:
        """Begin a stroke."""
        _xdotool("mousemove", *where, "mousedown", 1)

    def move(self, where: tuple[int, int]) -> None:
        """Go on with it."""
        _xdotool("mousemove", *where)

    def release(self) -> None:
        """End it."""
        _xdotool("mouseup", 1)

    def fill(self, field: Widget, text: str) -> None:
        """Type into a field instead of what it holds."""
        self.click(field.middle)
        _xdotool("key", "ctrl+slash", "key", "Delete", "type", "--delay", 8, text)

    def key(self, name: str) -> None:
        """Press one key."""
        _xdotool("key", name)


def _xdotool(*words: object) -> None:
    subprocess.run(["xdotool", *map(str, words)], check=True)


class Eyes:
    """Looks at the program's widgets."""

    def __init__(self) -> None:
        self._own = tk.Tk(className="Eyes")
        self._own.withdraw()

    def close(self) -> None:
        """Close them."""
        self._own.destroy()

    @property
    def programs(self) -> list[str]:
        """Names of the other Tk programs on the screen."""
        names = self._own.tk.splitlist(self._own.tk.call("winfo", "interps"))
        return [str(name) for name in names if name != self._own.tk.call("tk", "appname")]

    def ask(self, script: str) -> str:
        """Answer of the program to a line of Tcl.

        Raises:
            ValueError: Not one program is there, but several or none.
            tk.TclError: The program could not make out the line.
        """
        (name,) = self.programs
        return str(self._own.tk.call("send", name, script))

    def look(self) -> list[Widget]:
        """All widgets of the program."""
        (name,) = self.programs
        split = self._own.tk.splitlist
        rows = (split(row) for row in split(self._own.tk.call("send", name, _LOOK)))
        return [
            Widget(path, kind, *map(int, place), seen == "1", usable == "1", text)
            for path, kind, *place, seen, usable, text in ([str(x) for x in row] for row in rows)
        ]

    def find(self, kind: str = "", text: str = "") -> list[Widget]:
        """Widgets in sight of a Tk class, with a text."""
        return [
            widget
            for widget in self.look()
            if widget.can_be_seen and kind in ("", widget.kind) and text in widget.text
        ]

    def wait(
        self,
        what: str,
        condition: Callable[[], object],
        timeout_seconds: float = 20,
    ) -> None:
        """Watch until something is true.

        Raises:
            SmokeError: It did not come true in time.
        """
        end = time.monotonic() + timeout_seconds
        while True:
            with contextlib.suppress(tk.TclError, ValueError):
                if condition():
                    return
            if time.monotonic() > end:
                there = ", ".join(self.programs) or "none"
                raise SmokeError(
                    f"not within {timeout_seconds} s: {what} (programs on the screen: {there})"
                )
            time.sleep(0.05)

    def the(self, kind: str, text: str = "", timeout_seconds: float = 20) -> Widget:
        """The first widget of a class in sight that can be used and shows a text."""
        found: list[Widget] = []

        def there() -> bool:
            found[:] = [widget for widget in self.find(kind, text) if widget.can_be_used]
            return bool(found)

        self.wait(f"a usable {kind} with '{text}'", there, timeout_seconds)
        return found[0]

    def field(self, label: str) -> Widget:
        """The entry or choice that stands under a label."""
        title = self.the("TLabel", label)
        parent = title.path.rpartition(".")[0]
        for widget in self.find():
            same = widget.path.rpartition(".")[0] == parent
            if same and widget.kind in ("TEntry", "TCombobox", "TSpinbox"):
                return widget
        raise SmokeError(f"there is no field under '{label}'")

    def tab(self, title: str) -> tuple[int, int]:
        """Where to click for a tab of the notebook."""
        notebook = self.the("TNotebook")
        for x in range(4, notebook.width, 8):
            number = self.ask(f"{notebook.path} identify tab {x} 16")
            if number and self.ask(f"{notebook.path} tab {number} -text") == title:
                return notebook.x + x + 8, notebook.y + 16
        raise SmokeError(f"there is no tab '{title}'")

    def close_button(self) -> tuple[int, int]:
        """Where the window manager has put the button that closes the window."""
        (window,) = (widget for widget in self.look() if widget.path == ".")
        return window.x + window.width + _CLOSE_BUTTON[0], window.y + _CLOSE_BUTTON[1]


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End the process where something hangs that nothing else would notice."""
    import signal

    def give_up(_signal: int, _frame: object) -> None:
        raise SmokeError(f"the story took longer than {seconds:.0f} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(int(seconds))
    yield
    signal.alarm(0)
