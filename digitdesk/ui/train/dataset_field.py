"""The choice of the data set: known names, several joined, or a folder of one's own.

Below it stands what is known of the choice, and a way to fetch what is missing.
"""

from __future__ import annotations

import contextlib
import glob
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.errors import DigitDeskError
from digitdesk.files.paths import expanded, is_folder
from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.run import TrainingConfig
from digitdesk.ui.controls.setting_fields import Touch, is_in_focus
from digitdesk.ui.i18n.text import (
    Sentence,
    _,
    again,
    core_phrase,
    core_problem,
    joined,
    percent,
    size,
)
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import open_on_click

if TYPE_CHECKING:
    from digitdesk.session.jobs import Job
    from digitdesk.session.session import Session

_READY = ("verified", "unverified", "built-in")


class DatasetField(theme.Frame):
    """A box to choose or type a data set, its state, and a button to download it.

    Args:
        parent: The widget to sit in.
        on_change: Called when the choice or what is known of it changes.
        status: Where progress and errors are shown.
        ask_folder: Lets the user choose a folder; empty text for none.
        background: Looks for data sets and downloads them beside the window.
        width: Width in screen pixels, for long sentences.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_change: Callable[[], None],
        *,
        status: StatusBar,
        ask_folder: Callable[[], str],
        background: Background,
        width: int,
    ) -> None:
        super().__init__(parent)
        self._on_change = on_change
        self._status = status
        self._ask_folder = ask_folder
        self._background = background
        self._session: Session | None = None
        self._infos: dict[str, DatasetInfo] = {}
        self.is_downloading = False
        self._download: Job[Path] | None = None
        self._fetched = ""
        self._failure: Sentence | None = None
        # Chosen in the place of the usual set, which is not on this computer.
        self._stand_in = ""
        self._may_stand_in = True
        self._touch = Touch()
        self.columnconfigure(0, weight=1)
        theme.Label(self, text=_("Data set"), style="Muted.TLabel").grid(
            row=0, column=0, sticky="w", pady=(0, px(self, GAP / 4))
        )
        self.value = tk.StringVar(self, TrainingConfig().data)
        self.box = theme.Combobox(self, textvariable=self.value, width=1)
        self.box.grid(row=1, column=0, columnspan=2, sticky="ew")
        open_on_click(self.box)
        self.box.bind("<<ComboboxSelected>>", lambda _event: self._on_selected())
        # Where the focus goes is known a moment after the box has lost it.
        self._left = Timer(self, None, self._settle)
        self.box.bind("<FocusOut>", lambda _event: self._left.ask(), add="+")
        self.note = theme.Label(self, style="Muted.TLabel", wraplength=width, justify="left")
        self.note.grid(row=2, column=0, sticky="nw", pady=(px(self, GAP / 2), 0))
        self._width = width
        self.download_button = theme.Button(self, text=_("Download"), command=self._on_download)
        theme.look(self.download_button, theme.ACCENT)
        explain(self.download_button, _("Fetches the data set from the network, and checks it."))
        self.value.trace_add("write", lambda *_: self._on_write())
        follow_language(self, self._offer)

    @property
    def name(self) -> str:
        """The data set as the session takes it."""
        return self.value.get().strip()

    @property
    def problem(self) -> str:
        """What is wrong with the choice; empty where nothing is."""
        for part in self.name.split("+"):
            info = self._infos.get(part.strip())
            if info is not None and info.status not in _READY:
                return _detail(info)
            if info is None and not _may_be_data(part.strip()):
                return _("Data set: {names} or a folder").format(names=", ".join(self._infos))
        return ""

    @property
    def stands_in(self) -> bool:
        """Whether a set is chosen in the place of the usual one, which is not on this computer."""
        return bool(self._stand_in) and self.name == self._stand_in

    def attach(self, session: Session) -> None:
        """Offer the session's data sets."""
        self._session = session
        self.refresh()

    def refresh(self) -> None:
        """Look again at which data sets are there.

        Checking their files takes a moment, so it is done beside the window.
        """
        session = self._session
        if session is not None:
            self._background(lambda _job: session.datasets(), self._take, self._status.show_error)

    def fill_in(self, name: str) -> None:
        """Begin with a data set that nobody has chosen."""
        with self._touch.filling():
            self.value.set(name)

    def _take(self, infos: tuple[DatasetInfo, ...]) -> None:
        self._infos = {info.name: info for info in infos}
        self._settle()
        self._offer()
        self._show()

    def _offer(self) -> None:
        self.box.configure(values=[*self._infos, _("Choose a folder …")])

    def _settle(self) -> None:
        """Begin with what needs no file while the usual set is missing; with that once it is there.

        Only as long as nobody has chosen: who comes here first can train, also without a network.
        Which sets there are may be known only while somebody is about to choose: then it waits.
        """
        usual = TrainingConfig().data
        if usual not in self._infos or "data" in self._touch or is_in_focus(self.box):
            return
        is_missing = self._infos[usual].status == "missing"
        if self._may_stand_in and is_missing and self.name == usual:
            ready = (info.name for info in self._infos.values() if info.status == "built-in")
            self._stand_in = next(ready, "")
            self.fill_in(self._stand_in or usual)
        elif self._stand_in and not is_missing:
            if self.name == self._stand_in:
                self.fill_in(usual)
            self._stand_in = ""
        self._may_stand_in = False

    def set_usable(self, usable: bool) -> None:
        """Lock the choice while a run goes on."""
        self.box.state(["!disabled" if usable else "disabled"])

    def _on_selected(self) -> None:
        self.box.selection_clear()
        if self.box.current() == len(self._infos):
            self.value.set(self._ask_folder() or TrainingConfig().data)

    def _on_write(self) -> None:
        self._touch.changed("data")
        self._failure = None
        self._show()

    def _show(self) -> None:
        known = self._known()
        problem = self.problem if self._infos else ""
        to_fetch = self._to_fetch()
        missing = [info for info in to_fetch if info.status == "missing"]
        said: list[Sentence] = []
        if self._failure is not None:
            said.append(self._failure)
        elif problem and not missing:
            said.append(Sentence.of(lambda: str(again(problem))))
        else:
            # That a set is yet to be fetched is no error; and it is what there is to say first.
            unsaid = known if missing and self.stands_in else missing
            there = [info for info in known if info not in unsaid]
            said += [joined(": ", (core_phrase(info.title), _detail(info))) for info in there]
            if missing and not self.is_downloading:
                title = core_phrase(missing[0].title)
                said.append(_("{title} is not on this computer.").format(title=title))
        is_wrong = self._failure is not None or bool(problem and not missing)
        style = "Problem.TLabel" if is_wrong else "Muted.TLabel"
        self.note.configure(text=joined("\n", said), style=style)
        if not self.is_downloading:
            size_bytes = to_fetch[0].download_bytes if to_fetch else 0
            with_size = _("Download ({size})").format(size=size(size_bytes))
            self.download_button.configure(text=with_size if size_bytes else _("Download"))
        # The one thing to press next is Start, wherever that can be pressed.
        theme.look(self.download_button, theme.QUIET if self.stands_in else theme.ACCENT)
        if to_fetch or self.is_downloading:
            self.download_button.grid(
                row=2, column=1, sticky="ne", padx=(px(self, GAP), 0), pady=(px(self, GAP / 2), 0)
            )
        else:
            self.download_button.grid_remove()
        taken = self.download_button.winfo_reqwidth() + px(self, GAP)
        is_beside = bool(self.download_button.winfo_manager())
        self.note.configure(wraplength=self._width - taken * is_beside)
        self.box.state(["invalid" if is_wrong else "!invalid"])
        self._on_change()

    def _known(self) -> list[DatasetInfo]:
        """Those of the chosen sets that have a name."""
        infos = (self._infos.get(part.strip()) for part in self.name.split("+"))
        return [info for info in infos if info is not None]

    def _to_fetch(self) -> list[DatasetInfo]:
        """What can be downloaded: of the chosen sets, and of the one something stands in for."""
        usual = self._infos.get(TrainingConfig().data) if self.stands_in else None
        wanted = [*self._known(), *([usual] if usual is not None else [])]
        return [info for info in wanted if info.status not in _READY and info.can_download]

    # -- download

    def _on_download(self) -> None:
        if not self.is_downloading and self._session is not None:
            self._begin_download(self._session)
        elif self._download is not None:
            self._download.cancel()

    def _begin_download(self, session: Session) -> None:
        name = self._fetched = self._to_fetch()[0].name
        # Who fetches a set wants it, unless another is chosen meanwhile.
        self._touch.forget("data")
        self._failure = None
        self.download_button.configure(text=_("Cancel"))
        self.is_downloading = True
        self._show_progress(0, 0)
        self._download = self._background(
            lambda job: session.download(name, job.report, job.is_cancelled),
            lambda _path: self._end_download(_("Downloaded {name}.").format(name=name)),
            self._end_download,
            self._show_progress,
        )

    def _show_progress(self, done: int, total: int) -> None:
        self._status.say(
            _("Downloading {name}: {percent}").format(
                name=self._fetched, percent=percent(done / total, 0) if total else "…"
            )
        )

    def _end_download(self, outcome: str | Exception) -> None:
        self.is_downloading = False
        self.download_button.configure(text=_("Download"))
        if isinstance(outcome, Exception):
            is_wanted = self._download is None or not self._download.is_cancelled()
            if isinstance(outcome, DigitDeskError) and is_wanted:
                self._failure = core_problem(outcome)
            # Where it is said here, it need not be said beside the button as well.
            self._status.show_error(outcome, is_beside=self._failure is not None)
        else:
            self._status.say(outcome)
        self.refresh()


def _detail(info: DatasetInfo) -> Sentence:
    """What is known of a data set."""
    return core_phrase(info.detail) if info.problem is None else core_problem(info.problem)


def _may_be_data(name: str) -> bool:
    """Whether a folder has this name, or files that begin with it: one of several sets in it."""
    if is_folder(name):
        return True
    with contextlib.suppress(OSError, ValueError):
        path = expanded(name)
        return bool(path.name) and any(path.parent.glob(f"{glob.escape(path.name)}*ubyte*"))
    return False
