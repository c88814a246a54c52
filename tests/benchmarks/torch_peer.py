"""PyTorch's part in the bench: the same network from the same text, eager or compiled."""

from __future__ import annotations

import torch
from contenders import Job
from gpu_parts.torch_network import torch_network, training_step
from pictures import batches
from torch import nn

_CHUNK = 100
"""Pictures read at once where many are: of 50 to 2,500, what PyTorch was fastest with."""


class Worker:
    """Does jobs with PyTorch.

    Args:
        threads: Of each operation.
        channels_last: Whether pictures lie in memory as (N, H, W, C).
        compiled: Whether ``torch.compile`` makes one program of the network, which takes a C++
            compiler; for pictures it chooses a layout of its own.
    """

    def __init__(self, threads: int, channels_last: bool = False, compiled: bool = False) -> None:
        torch.set_num_threads(threads)
        self._format = torch.channels_last if channels_last else torch.contiguous_format
        self._compiled = compiled

    def prepare(self, job: Job) -> int:
        torch.manual_seed(0)
        pool = _SlicedPool if self._compiled and job.kind == "train" else nn.MaxPool2d
        model = torch_network(job.spec, pool).to(memory_format=self._format)
        data = batches(job.images)
        if job.kind == "train":
            pairs = [next(data) for _ in range(8)]
            inputs = [(self._inside(x), torch.from_numpy(y)) for x, y in pairs]
            self.call = self._training(model, inputs)
        elif job.kind == "evaluate":
            images = self._inside(next(data)[0])
            read = self._reading(model)
            self.call = lambda: torch.cat([read(part) for part in images.split(_CHUNK)])
        else:
            image = next(data)[0]
            read = self._reading(model)
            self.call = lambda: read(self._inside(image)).softmax(1).tolist()
        return job.images

    def _inside(self, images):
        """(N, 28, 28) → (N, 1, 28, 28) in the chosen memory format."""
        return torch.from_numpy(images)[:, None].contiguous(memory_format=self._format)

    def _compile(self, function):
        """Compile, if asked to; what earlier jobs were compiled for is no limit to this one."""
        if not self._compiled:
            return function
        torch.compiler.reset()
        return torch.compile(function, dynamic=False)

    def _training(self, model, inputs):
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)
        loss_function = nn.CrossEntropyLoss()
        model.train()
        loss_of = self._compile(lambda images, labels: loss_function(model(images), labels))
        step = training_step(loss_of, optimizer)
        steps = 0

        def call() -> float:
            nonlocal steps
            images, labels = inputs[steps % len(inputs)]
            steps += 1
            return step(images, labels).item()

        return call

    def _reading(self, model):
        model.eval()
        return torch.inference_mode()(self._compile(model))


class _SlicedPool(nn.Module):
    """2×2 windows; ``MaxPool2d`` compiled and trained takes twice a whole step's time."""

    def __init__(self, size):
        assert size == 2
        super().__init__()

    def forward(self, x):
        height, width = (side // 2 * 2 for side in x.shape[-2:])
        rows = torch.maximum(x[:, :, 0:height:2], x[:, :, 1:height:2])
        return torch.maximum(rows[..., 0:width:2], rows[..., 1:width:2])
