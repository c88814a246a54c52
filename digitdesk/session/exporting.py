"""Models written for other programs, as the window and the command line ask for it."""

from __future__ import annotations

from pathlib import Path

from digitdesk.files.paths import expanded
from digitdesk.messages.model import Exported, ExportTarget
from digitdesk.session.model_library import ModelLibrary
from digitdesk.storage.model_file import save_model


class Exporting:
    """Exports models; any thread may ask. What writes them is loaded when it is first needed.

    Args:
        library: The models.
    """

    def __init__(self, library: ModelLibrary) -> None:
        self._library = library

    def export_targets(self) -> tuple[ExportTarget, ...]:
        """The kinds of files a model can be exported as."""
        from digitdesk.export.targets import TARGETS

        return tuple(TARGETS.values())

    def export_model(
        self, key: str, target: str, path: Path, precision: str = "float16"
    ) -> Exported:
        """Write a model as one of them.

        Raises:
            ConfigError: There is no such kind or precision, or it cannot hold this network.
            ModelFileError: The model cannot be read.
            SaveError: The file cannot be written.
        """
        from digitdesk.export.content import ExportContent
        from digitdesk.export.targets import export_model

        stored = self._library.stored(key)
        content = ExportContent.of(stored.card, stored.arrays)
        return export_model(content, target, expanded(path), precision)

    def copy_model(self, key: str, path: Path) -> None:
        """Write a model as it is now to a model file, which is not kept at hand.

        Raises:
            ConfigError: There is no such model.
            ModelFileError: It cannot be read, or the file not be written.
        """
        stored = self._library.stored(key)
        save_model(path, stored.card, stored.arrays)
