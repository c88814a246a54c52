"""The kinds of files a model can be exported as, each with what it is for and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from digitdesk.errors import ConfigError, SaveError, nearest
from digitdesk.export.arrays import csv_text, named_arrays, npz_bytes
from digitdesk.export.content import (
    LINES_NETWORK,
    PICTURES_NETWORK,
    TRACED_NETWORK,
    ExportContent,
)
from digitdesk.export.html import html_page
from digitdesk.export.javascript import PRECISIONS, Precision
from digitdesk.export.onnx_graph import check_with_runtime, onnx_bytes
from digitdesk.export.samples import samples
from digitdesk.export.torch_source import torch_arrays, torch_source
from digitdesk.files.atomic import write_atomically
from digitdesk.messages.model import Exported, ExportTarget

__all__ = ["PRECISIONS", "TARGETS", "export_model", "target_of"]


@dataclass(frozen=True, slots=True)
class _Made:
    """Files by name, and what is to be said of them."""

    files: dict[str, bytes]
    notes: tuple[str, ...] = ()


def _html(content: ExportContent, path: Path, precision: Precision) -> _Made:
    return _Made({path.name: html_page(content, precision).encode("utf-8")})


def _onnx(content: ExportContent, path: Path, _precision: Precision) -> _Made:
    data = onnx_bytes(content)
    found = samples(content.card, named_arrays(content))
    reads_pictures = content.parts[0].name == PICTURES_NETWORK
    given = found.pictures if reads_pictures else found.planes
    expected = found.of_pictures if reads_pictures else found.of_strokes
    assert expected is not None
    notes = []
    if check_with_runtime(data, given, expected) is not None:
        notes.append("onnxruntime gives the same answers to twelve drawings")
    if len(content.digit_parts) > 1:
        notes.append("The network for strokes is left out: the file reads pictures")
    return _Made({path.name: data}, (*notes, *_left_out(content)))


def _torch(content: ExportContent, path: Path, _precision: Precision) -> _Made:
    # Never the program's own name: a model of that name may lie there.
    weights = path.with_suffix(".weights.npz").name
    text = torch_source(content, weights)
    files = {path.name: text.encode("utf-8"), weights: npz_bytes(torch_arrays(content))}
    checks = "Run the program and it compares its answers with DigitDesk's"
    return _Made(files, (checks, *_left_out(content)))


def _left_out(content: ExportContent) -> tuple[str, ...]:
    """What is to be said where only what reads single digits, as they are, is written."""
    notes = {
        LINES_NETWORK: "The network for lines is left out: the file reads single digits",
        TRACED_NETWORK: "The network for traced strokes is left out: the file reads pictures as "
        "they are",
    }
    return tuple(note for name, note in notes.items() if content.part(name) is not None)


def _csv(content: ExportContent, path: Path, _precision: Precision) -> _Made:
    return _Made({path.name: csv_text(content).encode("utf-8")})


def _npz(content: ExportContent, path: Path, _precision: Precision) -> _Made:
    return _Made({path.name: npz_bytes(named_arrays(content))})


TARGETS: Mapping[str, ExportTarget] = {
    target.name: target
    for target in (
        ExportTarget(
            "html", ".html", "Web page",
            "One page with a board that reads in any browser, also without a network",
        ),
        ExportTarget(
            "onnx", ".onnx", "ONNX",
            "For programs and servers that run networks: onnxruntime, Triton and others",
        ),
        ExportTarget(
            "torch", ".py", "PyTorch",
            "The same network as a short program, to go on with or to learn from",
        ),
        ExportTarget(
            "npz", ".npz", "NumPy arrays",
            "The weights by name, for programs of your own",
        ),
        ExportTarget(
            "csv", ".csv", "Table of numbers",
            "Every weight on a line of its own, for a spreadsheet or another language",
        ),
    )
}  # fmt: skip

_WRITERS: Mapping[str, Callable[[ExportContent, Path, Precision], _Made]] = {
    "html": _html,
    "onnx": _onnx,
    "torch": _torch,
    "npz": _npz,
    "csv": _csv,
}


def target_of(name: str) -> ExportTarget:
    """The kind of that name.

    Raises:
        ConfigError: There is none.
    """
    if name not in TARGETS:
        raise ConfigError(
            "There is no such kind of export",
            expected=", ".join(TARGETS),
            received=repr(name),
            hint=nearest(name, TARGETS),
        )
    return TARGETS[name]


def export_model(
    content: ExportContent, name: str, path: Path, precision: str = "float16"
) -> Exported:
    """Write a model for another program, each file whole or not at all.

    Args:
        content: The model.
        name: A key of ``TARGETS``.
        path: Where to; PyTorch's weights go beside it.
        precision: Of the kernels in a web page.

    Raises:
        ConfigError: There is no such kind or precision, a layer is unknown to it, or what it needs
            is not installed.
        SaveError: The file's name ends in something else, or the disk refuses.
    """
    target = target_of(name)
    chosen = next((known for known in PRECISIONS if known == precision), None)
    if chosen is None:
        raise ConfigError(
            "There is no such precision", expected=" or ".join(PRECISIONS), received=repr(precision)
        )
    if path.suffix.lower() != target.suffix:
        raise SaveError(
            f"Cannot export to {path.name}",
            expected=f"a name ending in {target.suffix}",
            received=path.suffix or "no ending",
        )
    made = _WRITERS[name](content, path, chosen)
    paths = tuple(path.with_name(file) for file in made.files)
    # What the others need first, so that none of them is ever there without it.
    for file, data in reversed(list(zip(paths, made.files.values(), strict=True))):
        write_atomically(file, partial(_write, data))
    return Exported(paths, sum(map(len, made.files.values())), made.notes)


def _write(data: bytes, stream: IO[bytes]) -> None:
    stream.write(data)
