"""A report as one page of HTML: figures and pictures inside, no network, no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from digitdesk.messages.exam import Exam
from digitdesk.messages.percent import percent, percent_number
from digitdesk.report.content import Compared, ReportContent
from digitdesk.report.figures import figures
from digitdesk.report.png import inline
from digitdesk.report.svg import STYLE
from digitdesk.report.words import Words

_UNLIKELY = 0.05
_PAGE_STYLE = """
body { margin: 0 auto; padding: 32px 24px; max-width: 960px; background: var(--paper);
  color: var(--text); font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 24px; } h2 { font-size: 20px; margin: 40px 0 8px; }
section { break-inside: avoid; overflow-x: auto; } .muted { color: var(--muted); }
.large { font-size: 56px; line-height: 1.1; font-weight: 600; }
.facts { display: flex; flex-wrap: wrap; gap: 8px 40px; margin: 16px 0; }
.facts b { display: block; font-size: 20px; }
svg { max-width: 100%; height: auto; }
.figures { display: flex; flex-wrap: wrap; gap: 16px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 16px 4px 0; text-align: right; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; }
.key td { text-align: left; overflow-wrap: anywhere; }
.gallery { display: flex; flex-wrap: wrap; gap: 16px 8px; }
.gallery figure { margin: 0; width: 84px; font-size: 12px; text-align: center; }
.gallery figcaption { overflow-wrap: anywhere; }
.gallery img { width: 56px; height: 56px; image-rendering: pixelated;
  border: 1px solid var(--line); }
.first::before, .second::before { content: "● "; }
.first::before { color: var(--first); } .second::before { color: var(--second); }
@media print { body { padding: 0; font-size: 12px; } }
"""


def page(content: ReportContent, word: Words, language: str = "en") -> str:
    """The whole report.

    Args:
        content: What it tells of.
        word: Says it.
        language: Its language as HTML names it.
    """
    title = escape(_title(content.exam, word))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n'
        f"<style>{STYLE}{_PAGE_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        + "\n".join(_sections(content, word))
        + "\n</body>\n</html>\n"
    )


def _sections(content: ReportContent, word: Words) -> Iterator[str]:
    yield _headline(content.exam, word)
    found = content.exam.evaluation
    drawn = dict(figures(content, word))
    if found.accuracy is not None:
        yield _section(word("Confusion matrix"), drawn["confusion-matrix"])
        yield _section(word("By class"), drawn["by-class"] + _class_table(content.exam, word))
        trust = drawn["reliability"] + drawn["risk-coverage"]
        yield _section(word("Can it be trusted?"), _trust(content.exam, word) + _beside(trust))
    if content.curves and found.accuracy is not None:
        n = content.curves[0].points[0].n
        told = word("Accuracy on {n} pictures, spoiled more and more.", n=f"{n:,}")
        curves = "".join(drawn[f"damage-{curve.damage.name}"] for curve in content.curves)
        both = "" if content.other is None else _both_names(content, content.other)
        yield _section(word("What breaks it"), _paragraph(told) + both + _beside(curves))
    if content.other is not None:
        yield _section(word("Two models"), _pair(content, content.other, word))
    if found.accuracy is not None:
        yield _section(word("The most confident errors"), _gallery(content, word))
    yield _section(word("What this was made of"), _made_of(content, word))


def _title(exam: Exam, word: Words) -> str:
    return word("{model} on {data}", model=exam.model_title, data=exam.data.title)


def _headline(exam: Exam, word: Words) -> str:
    found = exam.evaluation
    facts = [(word("Pictures"), f"{found.n:,}")]
    if found.accuracy is None or found.interval is None:
        told = word("Pictures of no known class: there is nothing to be right or wrong about.")
        large = _paragraph(told)
    else:
        low, high = found.interval
        interval = word(
            "95 % interval {low} to {high}", low=percent_number(low), high=percent(high)
        )
        large = (
            f'<div class="muted">{escape(word("Accuracy"))}</div>'
            f'<div class="large">{percent(found.accuracy)}</div><div>{escape(interval)}</div>'
        )
        facts += [
            (word("Errors"), f"{found.errors:,}"),
            (word("Errors above 90 % confidence"), f"{found.confident_errors:,}"),
            (word("Loss"), "–" if found.loss is None else f"{found.loss:.4f}"),
        ]
    if found.refusals is not None:
        refused = found.refusals
        facts.append((word("Not sure"), f"{refused.count:,} ({percent(refused.rate)})"))
    listed = "".join(f"<div>{escape(name)}<b>{escape(value)}</b></div>" for name, value in facts)
    return f'<section>{large}<div class="facts">{listed}</div></section>'


def _class_table(exam: Exam, word: Words) -> str:
    heads = [word(name) for name in ("Class", "Precision", "Recall", "F1", "Pictures")]
    rows = [
        [row.name, *map(_share, (row.precision, row.recall, row.f1)), f"{row.support:,}"]
        for row in exam.evaluation.by_class
    ]
    return _table(heads, rows)


def _trust(exam: Exam, word: Words) -> str:
    found, told = exam.evaluation, ""
    if found.calibration_error is not None:
        error = percent(found.calibration_error)
        told += _paragraph(word("Confidence is off by {error} on average.", error=error))
    if found.threshold is not None and found.refusals is not None:
        refused = found.refusals
        told += _paragraph(
            word(
                "Below a sureness of {threshold} it says “not sure”: it answers {coverage} of the "
                "pictures, and {accuracy} of those right.",
                threshold=percent(found.threshold),
                coverage=percent(1 - refused.rate),
                accuracy=_share(refused.answered_accuracy),
            )
        )
    return told


def _both_names(content: ReportContent, other: Compared) -> str:
    return (
        f'<p><span class="first">{escape(content.exam.model_title)}</span> &nbsp; '
        f'<span class="second">{escape(other.exam.model_title)}</span></p>'
    )


def _pair(content: ReportContent, other: Compared, word: Words) -> str:
    pair = other.pair
    told = word(
        "{a} is right on {only_a} pictures where {b} is wrong, {b} on {only_b} where {a} is wrong.",
        a=content.exam.model_title,
        b=other.exam.model_title,
        only_a=f"{pair.only_a:,}",
        only_b=f"{pair.only_b:,}",
    )
    p = f"{pair.p_value:.2g}"
    is_unlikely = pair.p_value < _UNLIKELY
    chance = (
        word("That is unlikely to be chance (p = {p}).", p=p)
        if is_unlikely
        else word("That may well be chance (p = {p}).", p=p)
    )
    return _paragraph(f"{told} {chance}")


def _gallery(content: ReportContent, word: Words) -> str:
    if not content.errors:
        return _paragraph(word("There are none."))
    shown = "".join(
        f'<figure><img alt="" src="{inline(item.picture)}"><figcaption>'
        f"{escape(item.label)} → {escape(item.answer)}<br>{percent(item.confidence, 1)}"
        "</figcaption></figure>"
        for item in content.errors
    )
    told = _paragraph(word("true class → answer, confidence"))
    return f'{told}<div class="gallery">{shown}</div>'


def _made_of(content: ReportContent, word: Words) -> str:
    exams = [content.exam] + ([] if content.other is None else [content.other.exam])
    rows = []
    for exam in exams:
        card = exam.card
        rows += [
            [word("Model"), exam.model_title],
            [word("Network"), card.spec],
            [word("Parameters"), f"{card.parameter_count:,}"],
            [word("Trained on"), card.dataset or "–"],
            [word("Epochs"), f"{card.epochs:,}"],
            [word("Seed"), str(card.seed)],
        ]
    exam = content.exam
    rows += [
        [word("Data"), exam.data.title],
        [word("Pictures and labels, SHA-256"), exam.data_hash],
        [word("Examined"), exam.made_at],
        [word("Made with"), f"DigitDesk {content.app_version}"],
    ]
    cells = "".join(f"<tr><td>{escape(a)}</td><td>{escape(b)}</td></tr>" for a, b in rows)
    return f'<table class="key">{cells}</table>'


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>"


def _paragraph(told: str) -> str:
    return f"<p>{escape(told)}</p>"


def _beside(drawn: str) -> str:
    return f'<div class="figures">{drawn}</div>'


def _table(heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
