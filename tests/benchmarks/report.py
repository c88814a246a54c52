"""Words for the bench's figures: a line of the table, growth, and part of the peak."""

from __future__ import annotations

from typing import Any

from rows import OURS

Result = dict[str, Any]


def line(result: Result) -> str:
    """One line of the table."""
    beside = ""
    if before := result.get("before"):
        beside = "; {ratio:.3f} x the other checkout ({low:.2f} - {high:.2f})".format(**before)
    if "value" not in result:
        return f"{result['title']:52} {result['verdict']}{beside}"
    if "p99_seconds" in result:
        milliseconds = [1000 * result[key] for key in ("value", "least", "goal")]
        peers = {name: s for name, s in result["p99_seconds"].items() if name != OURS.name}
        best = min(peers, key=peers.__getitem__, default="")
        note = f"{best}: {1000 * peers[best]:.2f} ms" if best else ""
        texts = [f"{figure:.2f} ms" for figure in milliseconds]
    elif "unit" in result:
        texts = [f"{result[key]:.4g} {result['unit']}" for key in ("value", "least", "goal")]
        note = ""
        if "mean_accuracy" in result:
            note = (
                f"{100 * result['mean_accuracy']:.2f} % mean of {result['seeds']} seeds, "
                f"{result['wall_seconds']:.1f} s with testing"
            )
    else:
        low, high = result["quartiles"]
        rates = result["images_per_second"]
        texts = [f"{result[key]:.2f} x" for key in ("value", "least", "goal")]
        note = (
            f"{rates[OURS.name]:,.0f} against {rates[result['best_peer']]:,.0f} images/s, "
            f"{result['best_peer']} (quartiles {low:.2f} - {high:.2f})"
        )
    value, least, goal = texts
    figures = f"{value:>9} {least:>9} {goal:>9}"
    return f"{result['title']:52} {figures}  {result['verdict']:13} {note}{beside}"


def scaling(result: Result) -> str:
    """Each table as multiples of its fastest entry: 1.00 everywhere would be linear."""
    lines = []
    for title, entries in result["tables"].items():
        best = min(entries.values())
        cells = "  ".join(f"{size:,}: {seconds / best:.2f}" for size, seconds in entries.items())
        lines.append(f"{title}, as multiples of the best\n    {cells}")
    return "\n".join(lines)


def peak(result: Result) -> str:
    parts = "  ".join(f"{name}: {100 * part:.0f} %" for name, part in result["parts"].items())
    return f"part of the SGEMM peak of {result['peak_gflops']:.0f} GFLOP/s\n    {parts}"


def reading(result: Result) -> str:
    """What was read, how often rightly, and what was refused."""
    if "lines" not in result:
        return f"{result['title']:52} {result['verdict']}"
    rows = (f"    {line['what']:32} {line['text']}" for line in result["lines"])
    return "\n".join(["the bundled reader", *rows])
