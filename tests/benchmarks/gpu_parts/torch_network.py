"""One of our networks in PyTorch, from the same text, and a training step of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.nn.spec.grammar import Call, parse_calls


def torch_network(spec: str, make_pool: Callable[[int], nn.Module] = nn.MaxPool2d) -> nn.Sequential:
    """The same layers, their sizes known.

    Args:
        spec: The network's name or text.
        make_pool: Makes a pool of windows of that size.
    """
    text = build_network(spec, backend=cpu_backend()).spec
    model = nn.Sequential(*(_module(call, make_pool) for call in parse_calls(text)))
    model(torch.zeros(2, 1, 28, 28))  # tells lazy layers their sizes
    return model


def training_step(
    loss_of: Callable[..., torch.Tensor], optimizer: torch.optim.Optimizer
) -> Callable[..., torch.Tensor]:
    """A step on what ``loss_of`` takes; it returns the loss."""

    def step(*batch: Any) -> torch.Tensor:
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(*batch)
        loss.backward()
        optimizer.step()
        return loss

    return step


def _module(call: Call, make_pool: Callable[[int], nn.Module]) -> nn.Module:
    """The module of one layer's text; only the layers of the networks that are measured."""
    match call.name, call.arguments:
        case "conv", (filters, size):
            return nn.LazyConv2d(filters, size, padding=size // 2)
        case "maxpool", (size,):
            return make_pool(size)
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
