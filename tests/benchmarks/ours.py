"""DigitDesk's part in the bench: a training step, a set read on all cores, one picture read."""

from __future__ import annotations

import time

import numpy as np
from contenders import Job
from pictures import batches

from digitdesk.messages.model import ModelCard
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.parallel.network_pool import NetworkPool
from digitdesk.nn.spec.build import build_network
from digitdesk.recognition.reader import Reader
from digitdesk.training.parallel.data_parallel import DataParallelStep

_START_SECONDS = 10.0


class Worker:
    """Does jobs with DigitDesk.

    Args:
        threads: ``None`` for one per core.
        without: A trick of the engine to do without; see ``tricks.py``.
    """

    def __init__(self, threads: int | None = None, without: str = "") -> None:
        self._threads = threads
        if without:
            from tricks import TRICKS

            TRICKS[without].forbid()
        self._step: DataParallelStep | None = None

    def prepare(self, job: Job) -> int:
        if self._step is not None:
            self._step.close()
            self._step = None
        network = build_network(job.spec, backend=cpu_backend(), seed=0)
        if job.kind == "train":
            optimizer = make_optimizer("momentum", learning_rate=0.01, momentum=0.9)
            self._step = DataParallelStep(
                network, SoftmaxCrossEntropy(), optimizer, threads=self._threads
            )
            data = batches(job.images)
            self.call = lambda: self._step.run(*next(data)).loss
            self._wait_for_processes()
        elif job.kind == "evaluate":
            images, _ = next(batches(job.images))
            pool = NetworkPool(network, threads=self._threads)
            self.call = lambda: pool.predict_logits(images)
        else:
            reader = Reader(NetworkPool(network), ModelCard(title="", spec=job.spec))
            image = np.ascontiguousarray(next(batches(1))[0][0])
            self.call = lambda: reader.read_preprocessed(image)
        return job.images

    def _wait_for_processes(self) -> None:
        """Go on until a run would be in full swing; dense networks are at once."""
        until = time.perf_counter() + _START_SECONDS
        while time.perf_counter() < until and self._step.processes_are_starting:
            self.call()
