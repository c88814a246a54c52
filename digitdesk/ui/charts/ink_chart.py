"""What is usual for the ink of a data set, as a chart: a bar for each range of a histogram."""

from __future__ import annotations

from digitdesk.messages.inside.preparation import Histogram
from digitdesk.ui.charts.curve_chart import Axis, Curve
from digitdesk.ui.i18n.text import Sentence, _, percent


def ink_chart(
    histogram: Histogram, count: int, counted: Sentence
) -> tuple[tuple[Curve, ...], Axis, Axis]:
    """What ``CurveChart.show`` takes.

    Args:
        histogram: Of one feature of the ink.
        count: How many pictures were measured.
        counted: What they are, for the axis.
    """
    low, high, counts = histogram.low, histogram.high, histogram.counts
    step = (high - low) / len(counts)
    points = [(low + k * step, number / max(1, count)) for k, number in enumerate(counts)]
    most = max(share for _x, share in points) or 1.0
    return (
        (Curve(points, "agreed", "bars", bar=step),),
        Axis(_feature_title(histogram.name), low, high, lambda value: f"{value:g}"),
        Axis(counted, 0.0, 1.05 * most, lambda value: percent(value, 0)),
    )


def _feature_title(name: str) -> Sentence:
    titles = {
        "stroke width": _("stroke width in pixels"),
        "size": _("size in pixels"),
        "darkness": _("darkness of the ink"),
    }
    return titles[name]
