"""Looks at a run after each epoch: what seems to go wrong, what helps.

It only watches: a run gives the same weights with and without it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.run import DiagnosisLifted, EpochFinished, RunDiagnosis
from digitdesk.nn.network import Network
from digitdesk.training.diagnosis.evidence import BlindGuessing, Evidence, Finding
from digitdesk.training.diagnosis.rules import MUCH_SLOWER, RULES
from digitdesk.training.settings import LiveSettings
from digitdesk.training.split import Images

_PROBE_COUNT = 256
_SAID_FOR_GOOD = {"dead-relu"}
"""Kinds that take time to look for, and are not looked for again when they have been lifted."""


class Diagnostics:
    """Finds each kind of trouble once in a run, and when it is over.

    Args:
        network: The network that learns; it is only read.
        images: Some images (N, 28, 28) to look at units with.
        run_id: Written into every diagnosis.
        labels: (N,) class numbers of all training images, for how well one guesses blindly;
            ``None`` where all outputs are as frequent.
        usual_rate: The learning rate that the run's optimizer usually works with.
        usual_decay: The weight decay that it usually works with.
        loss: What is made small, by its name.
    """

    def __init__(
        self,
        network: Network,
        images: Images,
        run_id: int,
        usual_rate: float = math.inf,
        *,
        labels: NDArray[np.uint8] | None = None,
        usual_decay: float = 0.0,
        loss: str = "cross-entropy",
    ) -> None:
        self._network = network
        self._usual_rate, self._usual_decay = usual_rate, usual_decay
        self._images = images[:_PROBE_COUNT]
        self._run_id = run_id
        self._given: set[str] = set()
        self._standing: dict[str, str] = {}
        self._blind = BlindGuessing.of(labels, network.output_shape[0], loss)

    def after_epoch(
        self, history: Sequence[EpochFinished], settings: LiveSettings
    ) -> tuple[RunDiagnosis | DiagnosisLifted, ...]:
        """What is new to say after the last epoch of ``history``, and what holds no longer."""
        found = self._findings(self._evidence(history, settings))
        over = [
            kind
            for kind, said in self._standing.items()
            if kind not in found or found[kind].sentence_id != said
        ]
        for kind in over:
            del self._standing[kind]
        new = {kind: one for kind, one in found.items() if kind not in self._given}
        self._given |= new.keys()
        self._standing |= {kind: one.sentence_id for kind, one in new.items()}
        epoch = history[-1].epoch
        return (
            *(DiagnosisLifted(self._run_id, kind) for kind in over),
            *(self._diagnosis(kind, one, epoch) for kind, one in new.items()),
        )

    def diverged(self, epoch: int, settings: LiveSettings) -> RunDiagnosis:
        """The diagnosis of a run that ends because its numbers are none any more."""
        suggestion = self._evidence((), settings).slower(MUCH_SLOWER)
        return self._diagnosis("diverged", Finding("diverged", suggestion), epoch)

    def better_rate(self, settings: LiveSettings) -> float:
        """A much lower learning rate, and never more than is usual."""
        return self._evidence((), settings).slower(MUCH_SLOWER).value

    def _evidence(self, history: Sequence[EpochFinished], settings: LiveSettings) -> Evidence:
        return Evidence(
            history,
            settings,
            self._network,
            self._images,
            self._blind,
            self._usual_rate,
            self._usual_decay,
        )

    def _findings(self, run: Evidence) -> dict[str, Finding]:
        """By kind."""
        is_over = (self._given - self._standing.keys()) & _SAID_FOR_GOOD
        asked = {kind: rules for kind, rules in RULES.items() if kind not in is_over}
        found = {kind: _first(rule(run) for rule in rules) for kind, rules in asked.items()}
        return {kind: one for kind, one in found.items() if one is not None}

    def _diagnosis(self, kind: str, one: Finding, epoch: int) -> RunDiagnosis:
        return RunDiagnosis(self._run_id, kind, one.sentence_id, one.suggestion, epoch)


def _first(findings: Iterable[Finding | None]) -> Finding | None:
    return next((one for one in findings if one is not None), None)
