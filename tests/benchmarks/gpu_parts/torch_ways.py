"""PyTorch on the same card: eager, as a CUDA graph, and compiled; data on the card, no waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from gpu_parts.networks import MOMENTUM, RATE, pictures
from gpu_parts.part import rate
from gpu_parts.torch_network import torch_network, training_step
from torch import nn

WAYS = ("PyTorch, eager", "PyTorch, eager, TF32", "PyTorch, CUDA graph")
COMPILED = ("PyTorch, compiled", "PyTorch, compiled, CUDA graph")
_PICTURES = 4096
_WARM_UP = 4


def images_per_second(way: str, spec: str, batch: int, seconds: float) -> float:
    """Of training steps with fused SGD and momentum, like ours."""
    is_exact = "TF32" not in way
    torch.backends.cudnn.allow_tf32 = not is_exact
    torch.backends.cuda.matmul.allow_tf32 = not is_exact
    has_card = torch.cuda.is_available()
    device = torch.device("cuda" if has_card else "cpu")
    step, choose = _training(spec, batch, device, is_compiled=way in COMPILED)
    if "graph" in way and has_card:
        step = _recorded(step)

    def call() -> None:
        choose()
        step()

    return rate(call, torch.cuda.synchronize if has_card else lambda: None, batch, seconds)


def _training(
    spec: str, batch: int, device: torch.device, *, is_compiled: bool
) -> tuple[Callable[[], Any], Callable[[], None]]:
    """A step on the chosen images, and what chooses others."""
    model = torch_network(spec).to(device).train()
    bytes_, labels = pictures(_PICTURES)
    images = torch.from_numpy(bytes_[:, None]).to(device)
    wanted = torch.from_numpy(labels).to(device)
    generator = torch.Generator().manual_seed(0)
    choices = torch.randint(0, _PICTURES, (16, batch), generator=generator).to(device)
    chosen = choices[0].clone()
    optimizer = torch.optim.SGD(
        model.parameters(), lr=RATE, momentum=MOMENTUM, fused=device.type == "cuda"
    )
    loss_function = nn.CrossEntropyLoss()

    def loss_of(bytes_: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
        return loss_function(model(bytes_.float().div_(255)), classes)

    if is_compiled:
        torch.compiler.reset()
        loss_of = torch.compile(loss_of, dynamic=False)
    steps = 0

    def choose() -> None:
        nonlocal steps
        chosen.copy_(choices[steps % 16])
        steps += 1

    step = training_step(loss_of, optimizer)
    return lambda: step(images[chosen], wanted[chosen]), choose


def _recorded(step: Callable[[], Any]) -> Callable[[], None]:
    """The whole step as a graph, recorded as PyTorch's documentation says."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(_WARM_UP):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay
