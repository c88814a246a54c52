"""PyTorch on the same card: eager, as a CUDA graph, and compiled; data on the card, no waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from gpu_parts.networks import MOMENTUM, RATE, pictures
from gpu_parts.part import rate
from torch import nn

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.nn.spec.grammar import Call, parse_calls

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
    text = build_network(spec, backend=cpu_backend()).spec
    model = nn.Sequential(*(_module(call) for call in parse_calls(text)))
    model(torch.zeros(2, 1, 28, 28))  # tells lazy layers their sizes
    model = model.to(device).train()
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

    def step() -> Any:
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(images[chosen], wanted[chosen])
        loss.backward()
        optimizer.step()
        return loss

    return step, choose


def _module(call: Call) -> nn.Module:
    """The module of one layer's text; only the layers of the networks that are tried."""
    match call.name, call.arguments:
        case "conv", (filters, size):
            return nn.LazyConv2d(filters, size, padding=size // 2)
        case "maxpool", (size,):
            return nn.MaxPool2d(size)
        case "batchnorm", ():
            return nn.LazyBatchNorm2d()
        case "dense", (units,):
            return nn.LazyLinear(units)
        case "dropout", (rate,):
            return nn.Dropout(rate)
        case "relu", ():
            return nn.ReLU()
        case "flatten", ():
            return nn.Flatten()
    raise ValueError(f"no PyTorch module for {call}")


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
