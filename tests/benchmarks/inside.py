"""How long it takes to look inside a network: from a drawing to every number of every layer.

    python tests/benchmarks/inside.py            all networks
    python tests/benchmarks/inside.py cnn-light  one

Both also while a network learns in the same program. The networks have learned nothing: their
numbers take as long as any. BLAS has one thread, as in the program. The model that came with
DigitDesk is timed too, and promised nothing.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import threadpoolctl

from digitdesk.files.paths import UserPaths
from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.inside.look import NetworkView
from digitdesk.messages.model import READER, ModelCard
from digitdesk.messages.prediction import Stroke
from digitdesk.messages.run import Progress as RunProgress
from digitdesk.messages.run import RunState, TrainingConfig
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.session.session import Session
from digitdesk.storage.model_file import save_model

PROMISED_MS = {"cnn-standard": 33.0, "cnn-light": 16.0}
"""99 of 100 looks, with a page of tiles of every layer, take no longer, painting included."""
PROMISED_WHILE_TRAINING_MS = 50.0
NETWORKS = ("softmax", "mlp", "cnn-light", "cnn-standard", "resnet-small", READER)
ROUNDS = 200


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def drawing(k: int) -> tuple[Stroke, ...]:
    """A spiral that is wound up further with each ``k``, as a pen goes on."""
    angles = [0.1 * step for step in range(20 + k % 60)]
    return (tuple((140 + 8 * a * math.cos(a), 140 + 8 * a * math.sin(a)) for a in angles),)


def times_ms(call: Callable[[int], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median and 99th percentile."""
    times = []
    for k in range(rounds + 10):
        begun = time.perf_counter()
        call(k)
        times.append(1000 * (time.perf_counter() - begun))
    ordered = sorted(times[10:])
    return ordered[rounds // 2], ordered[math.ceil(rounds * 0.99) - 1]


def model(folder: Path, name: str) -> str:
    """Key of a network that has learned nothing."""
    if name == READER:
        return READER
    network = build_network(name, backend=cpu_backend())
    path = folder / f"{name}.npz"
    save_model(path, ModelCard(name, network.spec), network.snapshot())
    return str(path)


def measure(session: Session, name: str, key: str) -> bool:
    """Print how long a network takes; whether that is as promised."""
    inside, view = session.inside, session.inside.layers(key)

    def all_tiles(k: int) -> None:
        look = inside.look_at_strokes(key, drawing(k))
        for layer in view.layers:
            inside.tiles(look.key, layer.path)

    parameter = next(p for layer in view.layers for p in layer.parameters)
    first = (0,) * len(parameter.shape)
    layer = learner(view)
    off = (Edit("off", layer, 0),)

    def after_a_look(ask: Callable[[str, int], object]) -> Callable[[int], object]:
        key_of_look = inside.look_at_strokes(key, drawing(70)).key
        return lambda k: ask(key_of_look, k)

    def after_a_lesson(ask: Callable[[str], object]) -> Callable[[int], object]:
        lesson = inside.learn(inside.look_at_strokes(key, drawing(70)).key, 3)
        return lambda k: ask(lesson.key)

    #: Each gives what is timed, so that its look is a new one.
    calls: dict[str, Callable[[], Callable[[int], object]]] = {
        "read, as on the board": lambda: lambda k: session.read_strokes(drawing(k), key),
        "look and all tiles": lambda: all_tiles,
        "explain a number": lambda: after_a_look(
            lambda look, k: inside.explain(look, layer, places(view, k))
        ),
        "learn one step": lambda: after_a_look(lambda look, k: inside.learn(look, k % 10)),
        "explain a weight": lambda: after_a_lesson(
            lambda lesson: inside.explain_weight(lesson, parameter.name, first)
        ),
        "look, a unit off": lambda: lambda k: inside.look_at_strokes(key, drawing(k), off),
        "switch another unit off": lambda: (
            lambda k: inside.layers(key, (Edit("off", layer, k % view.layer(layer).tile_count),))
        ),
        "saliency and occlusion": lambda: after_a_look(lambda look, k: inside.why(look, k % 10)),
        "turn into another": lambda: after_a_look(lambda look, k: inside.turn_into(look, k % 10)),
        "preparation": lambda: lambda k: inside.preparation(key, drawing(k)),
    }
    is_kept = True
    for what, make in calls.items():
        median, highest = times_ms(make(), ROUNDS if what == "look and all tiles" else ROUNDS // 10)
        promised = PROMISED_MS.get(name) if what == "look and all tiles" else None
        is_late = promised is not None and highest > promised
        is_kept = is_kept and not is_late
        said = "" if promised is None else f"  promised {promised:.0f}{', LATE' if is_late else ''}"
        say(f"{name:13} {what:26} {median:8.2f} ms, p99 {highest:8.2f} ms{said}")
    return is_kept


def measure_while_training(session: Session, name: str, key: str) -> bool:
    """Print how long a look takes while cnn-standard is trained; whether that is as promised."""
    session.start_training(TrainingConfig("cnn-standard", data="handwriting", epochs=99))
    while not any(isinstance(event, RunProgress) for event in session.drain_events()):
        time.sleep(0.1)
    view = session.inside.layers(key)

    def all_tiles(k: int) -> None:
        look = session.inside.look_at_strokes(key, drawing(k))
        for layer in view.layers:
            session.inside.tiles(look.key, layer.path)

    calls = {
        "look and all tiles": all_tiles,
        "the network that learns": lambda _: session.inside.training(),
    }
    is_kept = True
    for what, call in calls.items():
        median, highest = times_ms(call, ROUNDS // 2)
        is_late = call is all_tiles and highest > PROMISED_WHILE_TRAINING_MS
        is_kept = is_kept and not is_late
        said = (
            f"  promised {PROMISED_WHILE_TRAINING_MS:.0f}{', LATE' if is_late else ''}"
            if call is all_tiles
            else ""
        )
        say(f"{name:13} {what:26} {median:8.2f} ms, p99 {highest:8.2f} ms while training{said}")
    session.stop()
    while session.state is not RunState.IDLE:
        session.drain_events()
        time.sleep(0.1)
    return is_kept


def learner(view: NetworkView) -> str:
    """The last convolution, or the first layer that learns."""
    learns = [layer for layer in view.layers if layer.parameters]
    return next((layer.path for layer in reversed(learns) if layer.kind == "conv"), learns[0].path)


def places(view: NetworkView, k: int) -> tuple[int, ...]:
    """Another place of that layer for each ``k``."""
    shape = view.layer(learner(view)).shape
    return tuple((k * (axis + 1)) % size for axis, size in enumerate(shape))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", default=NETWORKS)
    names = parser.parse_args().networks
    with tempfile.TemporaryDirectory() as folder, threadpoolctl.threadpool_limits(1, "blas"):
        session = Session(UserPaths.under(Path(folder)))
        keys = {name: model(Path(folder), name) for name in names}
        kept = [measure(session, name, key) for name, key in keys.items()]
        kept += [measure_while_training(session, name, key) for name, key in keys.items()]
        session.close()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
