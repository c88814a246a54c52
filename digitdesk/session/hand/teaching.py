"""Teaches a model a hand: more training on drawings of it, mixed with what the model came from.

A model may have two networks, for pictures and for strokes with their direction; both are taught.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Labelled
from digitdesk.data.own_hand.renderings import rendered
from digitdesk.data.own_hand.replay import (
    Source,
    replayed_pictures,
    replayed_planes,
    some_strokes,
)
from digitdesk.data.progress import StopIfTold
from digitdesk.evaluation.slices import Advance
from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.ink.stroke_planes import PLANES
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.model import LINES, STROKES, TRACED, ModelCard, by_network
from digitdesk.messages.prediction import Stroke
from digitdesk.nn.core.backend import Backend
from digitdesk.nn.network import Network
from digitdesk.nn.parallel.network_pool import NetworkPool
from digitdesk.nn.spec.build import INPUT_SHAPE, build_network
from digitdesk.recognition.calibration import calibrate
from digitdesk.recognition.stroke_network import planes_of
from digitdesk.recognition.test_time_augmentation import read_views
from digitdesk.storage.model_file import StoredModel
from digitdesk.training.teaching import teach

EPOCHS = 2
_OWN_SHARE = 0.3
"""Of what is shown, the person's own hand; the rest is replay."""
_WAY = 0.75
"""How far the weights go toward those that were taught."""
_OWN_LEAST = 2000
"""So many renderings at least, however little there is to mix them with."""
_SHOWN_LEAST = 20_000
"""So many pictures at least, each of them more often where there are fewer."""
_HELD_OUT = 1500
_CALIBRATED_BY = 600
_OWN_CALIBRATED_BY = 100

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Hand:
    """A person's drawings.

    Attributes:
        drawings: Their strokes in board units.
        labels: (N,) classes of the model.
    """

    drawings: tuple[tuple[Stroke, ...], ...]
    labels: NDArray[np.uint8]

    @classmethod
    def of(cls, samples: Sequence[StrokeSample], class_names: tuple[str, ...]) -> Hand:
        """Those of the drawings whose class the model knows."""
        known = [sample for sample in samples if sample.class_name in class_names]
        labels = [class_names.index(sample.class_name) for sample in known]
        drawings = tuple(fit_to_board(sample.strokes) for sample in known)
        return cls(drawings, np.array(labels, dtype=np.uint8))


class Lesson:
    """One teaching of one model.

    Args:
        base: The model it goes on from.
        hand: What is to be learned.
        source: Where the replay comes from.
        backend: Where the networks live.
        advance: Told how far it is, out of 1000; raises to stop.
    """

    def __init__(
        self, base: StoredModel, hand: Hand, source: Source, backend: Backend, advance: Advance
    ) -> None:
        self._card = base.card
        self._arrays = base.arrays
        self._hand = hand
        self._source = source
        self._backend = backend
        self._advance = advance
        self._rng = np.random.default_rng([source.seed, 31])
        self._hash = hashlib.sha256()

    def run(self) -> StoredModel:
        """The model, taught.

        Raises:
            CancelledError: Nobody wants it any more.
            TrainingError: The loss or a weight is no longer a number.
        """
        card, outputs = self._card, len(self._card.class_names) + len(self._card.reject_names)
        before = by_network(self._arrays)
        reads_pictures = card.input_planes == 1
        first, held_out = self._taught(
            card.spec, before.first, card.input_planes, outputs, (30, 600 if card.strokes else 950)
        )
        arrays: Arrays = dict(first.snapshot())
        # Whole lines and traced strokes are read as before: their networks know many hands.
        arrays |= {f"{LINES}{name}": array for name, array in before.lines.items()}
        arrays |= {f"{TRACED}{name}": array for name, array in before.traced.items()}
        second = None
        if card.strokes is not None:
            second, _ = self._taught(card.strokes.spec, before.strokes, PLANES, outputs, (600, 950))
            arrays |= {f"{STROKES}{name}": array for name, array in second.snapshot().items()}
        card = self._calibrated(first, held_out) if reads_pictures else card
        if second is not None and card.strokes is not None:
            temperature = self._temperature_of_both(first, second, card)
            card = dataclasses.replace(
                card, strokes=dataclasses.replace(card.strokes, temperature=temperature)
            )
        self._advance(1000, 1000)
        return StoredModel(dataclasses.replace(card, data_hash=self._hash.hexdigest()), arrays)

    def _taught(
        self,
        spec: str,
        arrays: Mapping[str, NDArray[Any]],
        planes: int,
        outputs: int,
        span: tuple[int, int],
    ) -> tuple[Network, Labelled]:
        """A network with these weights, taught, and the part of the replay that it was not."""
        begin, end = span
        self._advance(begin, 1000)
        network = build_network(
            spec,
            input_shape=(planes, *INPUT_SHAPE[1:]),
            classes=outputs,
            backend=self._backend,
            seed=self._source.seed,
        )
        network.load_arrays(dict(arrays))
        images, labels, held_out = self._mixed(planes, lambda: self._advance(begin, 1000))

        def tell(step: int, total: int) -> None:
            self._advance(begin + (end - begin) * step // max(1, total), 1000)

        seed = self._source.seed
        epochs = max(EPOCHS, math.ceil(_SHOWN_LEAST / len(labels)))
        teach(network, self._card, images, labels, epochs=epochs, seed=seed, tell=tell)
        network.load_arrays(_between(arrays, network.snapshot()))
        return network, held_out

    def _mixed(
        self, planes: int, stop_if_told: StopIfTold
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8], Labelled]:
        """The person's hand and the replay together, and what was held out of the replay."""
        replay = replayed_pictures if planes == 1 else replayed_planes
        images, labels = replay(self._source, stop_if_told)
        order = self._rng.permutation(len(labels))
        out, kept = np.split(order, [min(_HELD_OUT, len(order) // 5)])
        count = max(_OWN_LEAST, round(len(kept) * _OWN_SHARE / (1 - _OWN_SHARE)))
        own, own_labels = rendered(
            self._hand.drawings,
            self._hand.labels,
            count,
            self._rng,
            with_directions=planes != 1,
            stop_if_told=stop_if_told,
        )
        mixed = np.concatenate([images[kept], own]), np.concatenate([labels[kept], own_labels])
        self._hash.update(mixed[0].data)
        self._hash.update(mixed[1].data)
        return *mixed, (images[out], labels[out])

    def _calibrated(self, network: Network, held_out: Labelled) -> ModelCard:
        """The card with a temperature and a threshold for pictures."""
        predict = NetworkPool(network).predict_logits
        own = rendered(self._hand.drawings, self._hand.labels, _OWN_CALIBRATED_BY, self._rng)
        images = np.concatenate([held_out[0], own[0]]).astype(np.float32) / np.float32(255)
        labels = np.concatenate([held_out[1], own[1]])
        logits = read_views(predict, images) if self._card.test_time_averaging else predict(images)
        temperature, threshold = calibrate(logits, labels, len(self._card.class_names))
        before = self._card.refusal_threshold
        # Never lower than it was: what is no digit is to be refused as before, also where the
        # replay is harder to read than what the model came from.
        refused_below = None if before is None else max(threshold, before)
        return dataclasses.replace(
            self._card, temperature=temperature, refusal_threshold=refused_below
        )

    def _temperature_of_both(self, first: Network, second: Network, card: ModelCard) -> float:
        """The temperature of the mean of both networks' logits, by drawings of many hands."""
        assert card.strokes is not None
        drawings, labels = self._drawings()
        shown = [preprocess_strokes(drawing) for drawing in drawings]
        pictures: Float32Array = np.stack([p for p in shown if p is not None])
        logits = NetworkPool(second).predict_logits(planes_of(drawings)) * card.strokes.weight
        predict = NetworkPool(first).predict_logits
        of_pictures = (
            read_views(predict, pictures) if card.test_time_averaging else predict(pictures)
        )
        logits += of_pictures * (1 - card.strokes.weight)
        return calibrate(logits, labels, len(card.class_names))[0]

    def _drawings(self) -> tuple[list[tuple[Stroke, ...]], NDArray[np.uint8]]:
        samples = some_strokes(self._source, _CALIBRATED_BY, self._source.seed + 7)
        drawings = [fit_to_board(sample.strokes) for sample in samples]
        labels = np.array([sample.label for sample in samples], dtype=np.uint8)
        # What has no ink has no picture.
        has_ink = [k for k, drawing in enumerate(drawings) if any(drawing)]
        return [drawings[k] for k in has_ink], labels[has_ink]


def _between(before: Mapping[str, NDArray[Any]], after: Mapping[str, NDArray[Any]]) -> Arrays:
    """Weights on the way from the old to the taught ones, most of it: less is forgotten so.

    Source:
        M. Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
    """
    return {
        name: before[name].astype(array.dtype) * array.dtype.type(1 - _WAY)
        + array * array.dtype.type(_WAY)
        for name, array in after.items()
    }


def estimated_seconds(card: ModelCard, source: Source) -> float:
    """About how long a lesson takes on two cores with nothing else to do."""
    replayed = 10_000 * sum("/" in name or name == "mnist" for name in source.names)
    shown = (replayed + 8_000) / (1 - _OWN_SHARE) * EPOCHS
    per_second = 2000 * 265_000 / max(card.parameter_count, 20_000)
    seconds = shown / per_second + 12
    return seconds * (2 if card.strokes is not None else 1)
