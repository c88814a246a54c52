"""``digitdesk check torch``: the same network trained here and in PyTorch, step beside step."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import TYPE_CHECKING

from digitdesk.cli.json_output import plain
from digitdesk.cli.streams import say
from digitdesk.cli.text_output import table
from digitdesk.messages.percent import percent

if TYPE_CHECKING:
    from digitdesk.messages.experiments.beside_torch import TorchComparison
    from digitdesk.session.session import Session

_SHOWN = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


def beside_torch(session: Session, arguments: Namespace) -> int:
    """Train both and tell; returns 0 where the gradients agree, else 1."""
    from tqdm import tqdm

    with tqdm(total=arguments.steps, unit="step", disable=None, leave=False) as bar:

        def show(done: int, _total: int) -> None:
            bar.update(done - bar.n)

        found = session.experiments.beside_torch.train(
            arguments.model,
            arguments.data,
            optimizer=arguments.optimizer,
            steps=max(1, arguments.steps),
            is_precise=arguments.precise,
            progress=show,
        )
    if arguments.chart is not None:
        session.experiments.beside_torch.draw(found, arguments.chart)
    say(json.dumps(plain(found)) if arguments.json else comparison_text(found))
    return 0 if found.agrees else 1


def comparison_text(found: TorchComparison) -> str:
    """Some of the steps, then accuracy and speed of both."""
    heading = ["step", "loss", "PyTorch's", "loss apart", "gradient apart", "weights apart"]
    rows = [heading]
    for row in found.steps:
        if row.step in _SHOWN or row is found.steps[-1]:
            apart = abs(row.loss - row.torch_loss)
            rows.append([
                str(row.step), f"{row.loss:.6f}", f"{row.torch_loss:.6f}", f"{apart:.1e}",
                f"{row.gradient:.1e}", f"{row.weight:.1e}",
            ])  # fmt: skip
    ours, theirs = found.images_per_second, found.torch_images_per_second
    lines = [
        f"{found.spec}, {found.optimizer}, {found.dtype}, PyTorch {found.torch_version}",
        table(rows, right=[True] * len(heading)),
        f"Images per second of training: {ours:,.0f} here, {theirs:,.0f} in PyTorch",
    ]
    if found.accuracy is not None and found.torch_accuracy is not None:
        lines.append(
            f"Accuracy: {percent(found.accuracy)} here, {percent(found.torch_accuracy)} in PyTorch"
        )
    lines.append("The gradients agree up to rounding" if found.agrees else "The gradients DIFFER")
    return "\n".join(lines)
