"""What a tab may ask of the window around it, and nothing else of the window or of other tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.messages.run import TrainingConfig
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.dialogs import FileDialogs
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.user_settings import Settings


@dataclass(frozen=True, slots=True)
class PageServices:
    """Handed to every tab when it is made.

    Attributes:
        status: Where messages and errors go.
        dialogs: Ask for files and folders.
        settings: What is remembered from one start to the next.
        background: Works beside the window.
        cache: Folder for files that may be lost.
        open_model: Opens a model file, wherever its path came from, and tells every tab; gives
            its key, or an empty text where it cannot be opened.
        save_model: Asks where to save a model, by its key, and saves it; takes the suffix of the
            format, unless the name chosen has one.
        models_changed: Tells every tab that there are other models now, or other ones in the
            models folder; takes the key of the one it is about, empty for none.
        data_changed: Tells every tab that there are other data sets now.
        use_model: Has the board read with a model, by its key, and shows the board.
        put_on_board: Puts a picture or strokes on the board, shows the board, and has it read with
            a model, by its key.
        drawing: What is on the board now, a picture or strokes; nothing where that is empty.
        examine: Examines a model, by its key, beside a second one where a second key is not empty,
            and shows its mistakes.
        prepare_run: Puts a setting, by its name, and its value into the form of the next run.
        set_up_run: Puts all settings of a run into the form of the next one, and shows it.
        look_inside: Looks into a model, by its key.
        look_at: Looks into a model, by its key, at work on a picture of a data set of which the
            class is known.
        show_tab: Brings a tab to the front, by its key.
    """

    status: StatusBar
    dialogs: FileDialogs
    settings: Settings
    background: Background
    cache: Path
    open_model: Callable[[Path], str]
    save_model: Callable[[str, str], None]
    models_changed: Callable[[str], None]
    data_changed: Callable[[], None]
    use_model: Callable[[str], None]
    put_on_board: Callable[[Picture | Sequence[Stroke], str], None]
    drawing: Callable[[], Picture | Sequence[Stroke]]
    examine: Callable[[str, str], None]
    prepare_run: Callable[[str, float], None]
    set_up_run: Callable[[TrainingConfig], None]
    look_inside: Callable[[str], None]
    look_at: Callable[[str, Picture, str], None]
    show_tab: Callable[[str], None]
