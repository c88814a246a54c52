"""PyTorch's part in the bench: the same network from the same text, in eager mode."""

from __future__ import annotations

import torch
from contenders import Job
from pictures import batches
from torch import nn

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.nn.spec.grammar import Call, parse_calls

_CHUNK = 100
"""Pictures read at once where many are: of 50 to 2,500, what PyTorch was fastest with."""


class Worker:
    """Does jobs with PyTorch.

    Args:
        threads: Of each operation.
        channels_last: Whether pictures lie in memory as (N, H, W, C).
        fused: Whether the optimizer does its rule in one pass.
    """

    def __init__(self, threads: int, channels_last: bool = False, fused: bool = False) -> None:
        torch.set_num_threads(threads)
        self._format = torch.channels_last if channels_last else torch.contiguous_format
        self._fused = fused

    def prepare(self, job: Job) -> int:
        spec = build_network(job.spec, backend=cpu_backend()).spec
        model = nn.Sequential(*(_module(call) for call in parse_calls(spec)))
        model(torch.zeros(1, 1, 28, 28))  # tells lazy layers their sizes
        model = model.to(memory_format=self._format)
        data = batches(job.images)
        if job.kind == "train":
            pairs = [next(data) for _ in range(8)]
            inputs = [(self._inside(x), torch.from_numpy(y)) for x, y in pairs]
            self.call = self._training(model, inputs)
        elif job.kind == "evaluate":
            images = self._inside(next(data)[0])
            model.eval()
            self.call = lambda: self._read(model, images)
        else:
            image = next(data)[0]
            model.eval()
            self.call = lambda: self._read(model, self._inside(image)).softmax(1).tolist()
        for _ in range(2):
            self.call()
        return job.images

    def _inside(self, images):
        """(N, 28, 28) → (N, 1, 28, 28) in the chosen memory format."""
        return torch.from_numpy(images)[:, None].contiguous(memory_format=self._format)

    def _training(self, model, inputs):
        rate = {"lr": 0.01, "momentum": 0.9, "fused": self._fused}
        optimizer = torch.optim.SGD(model.parameters(), **rate)
        loss_function = nn.CrossEntropyLoss()
        model.train()
        steps = 0

        def call():
            nonlocal steps
            images, labels = inputs[steps % len(inputs)]
            steps += 1
            optimizer.zero_grad()
            loss = loss_function(model(images), labels)
            loss.backward()
            optimizer.step()
            return loss.item()

        return call

    def _read(self, model, images):
        with torch.inference_mode():
            return torch.cat([model(part) for part in images.split(_CHUNK)])


def _module(call: Call) -> nn.Module:
    """The module of one layer's text; only the layers that the bench uses."""
    match call.name, call.arguments:
        case "conv", (filters, size):
            return nn.LazyConv2d(filters, size, padding=size // 2)
        case "maxpool", (size,):
            return nn.MaxPool2d(size)
        case "dense", (units,):
            return nn.LazyLinear(units)
        case "dropout", (rate,):
            return nn.Dropout(rate)
        case "relu", ():
            return nn.ReLU()
        case "flatten", ():
            return nn.Flatten()
    raise ValueError(f"no PyTorch module for {call}")
