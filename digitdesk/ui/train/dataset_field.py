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

from digitdesk.files.paths import expanded, is_folder
from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.run import TrainingConfig
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, core_problem, joined, percent
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

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
        self.columnconfigure(0, weight=1)
        theme.Label(self, text=_("Data set"), style="Muted.TLabel").grid(
            row=0, column=0, sticky="w", pady=(0, px(self, GAP / 4))
        )
        self.value = tk.StringVar(self, TrainingConfig().data)
        self.box = theme.Combobox(self, textvariable=self.value, width=1)
        self.box.grid(row=1, column=0, sticky="ew")
        self.box.bind("<<ComboboxSelected>>", lambda _event: self._on_selected())
        self.note = theme.Label(self, style="Muted.TLabel", wraplength=width, justify="left")
        self.note.grid(row=2, column=0, sticky="w", pady=(px(self, GAP / 2), 0))
        self.download_button = theme.Button(self, text=_("Download"), command=self._on_download)
        theme.look(self.download_button, theme.ACCENT)
        explain(self.download_button, _("Fetches the data set from the network, and checks it."))
        self.value.trace_add("write", lambda *_: self._show())
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

    def _take(self, infos: tuple[DatasetInfo, ...]) -> None:
        self._infos = {info.name: info for info in infos}
        self._offer()
        self._show()

    def _offer(self) -> None:
        self.box.configure(values=[*self._infos, _("Choose a folder …")])

    def set_usable(self, usable: bool) -> None:
        """Lock the choice while a run goes on."""
        self.box.state(["!disabled" if usable else "disabled"])

    def _on_selected(self) -> None:
        self.box.selection_clear()
        if self.box.current() == len(self._infos):
            self.value.set(self._ask_folder() or TrainingConfig().data)

    def _show(self) -> None:
        infos = [self._infos.get(part.strip()) for part in self.name.split("+")]
        known = [info for info in infos if info is not None]
        problem = self.problem if self._infos else ""
        sentence = problem or joined(
            "\n", [joined(": ", (core_phrase(info.title), _detail(info))) for info in known]
        )
        style = "Problem.TLabel" if problem else "Muted.TLabel"
        self.note.configure(text=sentence, style=style)
        missing = [info for info in known if info.status not in _READY and info.can_download]
        if missing or self.is_downloading:
            self.download_button.grid(row=3, column=0, sticky="w", pady=(px(self, GAP / 2), 0))
        else:
            self.download_button.grid_remove()
        self.box.state(["invalid" if problem else "!invalid"])
        self._on_change()

    # -- download

    def _on_download(self) -> None:
        if not self.is_downloading and self._session is not None:
            self._begin_download(self._session)
        elif self._download is not None:
            self._download.cancel()

    def _begin_download(self, session: Session) -> None:
        name = next(
            part.strip()
            for part in self.name.split("+")
            if part.strip() in self._infos and self._infos[part.strip()].can_download
        )
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
                name=self.name, percent=percent(done / total, 0) if total else "…"
            )
        )

    def _end_download(self, outcome: str | Exception) -> None:
        self.is_downloading = False
        self.download_button.configure(text=_("Download"))
        if isinstance(outcome, Exception):
            self._status.show_error(outcome)
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
