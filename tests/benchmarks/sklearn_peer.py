"""scikit-learn's part in the bench: MLPClassifier with one hidden layer, SGD with momentum."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
from contenders import Job
from pictures import batches
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from digitdesk.nn.spec.grammar import parse_calls

_STEPS = 100
"""Training steps of one call: ``fit`` checks its input each time, which is not what is compared."""


class Worker:
    """Trains with scikit-learn, on as many threads as its matrix products take."""

    def prepare(self, job: Job) -> int:
        warnings.simplefilter("ignore", ConvergenceWarning)
        hidden = tuple(int(units) for units in parse_calls(job.spec)[0].arguments)
        parts = list(itertools.islice(batches(job.images), _STEPS))
        images = np.concatenate([images.reshape(job.images, -1) for images, _ in parts])
        labels = np.concatenate([labels for _, labels in parts])
        model = MLPClassifier(
            hidden,
            solver="sgd",
            alpha=0.0,
            batch_size=job.images,
            learning_rate_init=0.01,
            momentum=0.9,
            nesterovs_momentum=False,
            max_iter=1,
            shuffle=False,
            warm_start=True,
        )
        self.call = lambda: float(model.fit(images, labels).loss_)
        return len(images)
