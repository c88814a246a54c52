"""Exports beside DigitDesk: onnxruntime and PyTorch read MNIST with them, and must agree.

``PYTHONPATH=. python tests/benchmarks/exports.py`` in an environment with torch, onnx and
onnxruntime; what is missing is left out, and said so. The page is read with a browser in
``tests/export/test_browser.py``.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from machine import data_folder

from digitdesk.data.datasets import load_dataset
from digitdesk.export.content import ExportContent
from digitdesk.export.targets import export_model
from digitdesk.files.paths import assets_folder
from digitdesk.messages.model import ModelCard
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import build_network
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel, load_model

LIMIT = 1e-4
COUNT = 1000
EVERYTHING = (
    "conv(6, 5, stride=2, padding=2) batchnorm elu(0.7) averagepool(3, stride=2) swish "
    "residual(conv(8, 3) gelu residual(batchnorm tanh)) leakyrelu(0.1) flatten "
    "dense(40) batchnorm sigmoid dropout(0.5) dense(10) softmax"
)
"""Every layer there is; the named networks have the others."""


def models() -> Iterator[tuple[str, StoredModel]]:
    """Each named network with weights that were drawn, and the bundled reader."""
    for name, spec in (*((name, name) for name in ARCHITECTURES), ("every layer", EVERYTHING)):
        yield name, drawn(name, spec)
    yield "bundled reader", load_model(assets_folder() / "reader.npz")


def drawn(title: str, spec: str) -> StoredModel:
    """A network that has learned nothing, its running statistics unlike those of a new one."""
    network = build_network(spec, backend=cpu_backend(), seed=7)
    rng, arrays = np.random.default_rng(7), network.snapshot()
    for name, array in arrays.items():
        if name.endswith((".variance", ".gamma")):
            array *= rng.uniform(0.5, 2, array.shape).astype(np.float32)
        elif name.endswith((".mean", ".beta", ".bias")):
            array += rng.normal(0, 0.1, array.shape).astype(np.float32)
    return StoredModel(ModelCard(title, network.spec, temperature=0.7), arrays)


def test_pictures(count: int) -> np.ndarray:
    with tempfile.TemporaryDirectory() as empty:
        mnist = load_dataset("mnist", data_dir=data_folder(), user_data=Path(empty))
    return mnist.test_images[:count] / np.float32(255)


def with_onnx(content: ExportContent, folder: Path, pictures: np.ndarray) -> np.ndarray:
    import onnxruntime

    path = folder / "model.onnx"
    export_model(content, "onnx", path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["probabilities"], {"pictures": pictures[:, np.newaxis]})[0]


def with_torch(content: ExportContent, folder: Path, pictures: np.ndarray) -> np.ndarray:
    import torch

    path = folder / "model.py"
    export_model(content, "torch", path)
    subprocess.run([sys.executable, path], check=True, capture_output=True, timeout=300)
    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec is not None and spec.loader is not None
    exported = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exported)
    with np.load(path.with_suffix(".weights.npz")) as file:
        reader = exported.load(exported.Reader(), dict(file))
    with torch.no_grad():
        return reader(torch.from_numpy(pictures[:, np.newaxis])).numpy()


PROGRAMS = {"onnx": ("onnxruntime", with_onnx), "torch": ("torch", with_torch)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=COUNT, help=f"pictures to read ({COUNT})")
    options = parser.parse_args()
    pictures = test_pictures(options.count)
    has_failed = False
    for title, stored in models():
        content = ExportContent.of(stored.card, stored.arrays)
        ours = Reader.from_stored(stored, cpu_backend()).read_many(pictures)
        for name, (module, read) in PROGRAMS.items():
            if importlib.util.find_spec(module) is None:
                sys.stdout.write(f"{title:16} {name:6} left out: {module} is not installed\n")
                continue
            with tempfile.TemporaryDirectory() as folder:
                theirs = read(content, Path(folder), pictures)
            worst = float(np.abs(theirs - ours).max())
            same = float((theirs.argmax(axis=1) == ours.argmax(axis=1)).mean())
            has_failed |= worst > LIMIT
            verdict = "ok" if worst <= LIMIT else "FAILED"
            sys.stdout.write(
                f"{title:16} {name:6} {verdict}  largest difference {worst:.1e}, "
                f"same answer {100 * same:.1f} %\n"
            )
            sys.stdout.flush()
    raise SystemExit(has_failed)


if __name__ == "__main__":
    main()
