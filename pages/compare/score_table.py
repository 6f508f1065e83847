"""The tables of Compare, as HTML: a line a metric, a column an arm, the difference under its score."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mtl_core.display import formats, scores
from mtl_core.display.words import GENERATED
from mtl_core.services.compare.table import ScoreCell, ScoreLine, ScoreTable
from pages.shared import parts


def score_table(comparison: ScoreTable) -> str:
    """The whole table with its notes. Everything that comes from a run is escaped."""
    heads = "".join(f"<th scope='col' class='score'>{escape(column)}</th>" for column in comparison.columns)
    lines = []
    for place, line in enumerate(comparison.lines):
        first = place == 0 or comparison.lines[place - 1].task != line.task
        lines.append(_line(line, comparison.columns, first=first))
    metric = "metric<div class='small'>and the difference to alone</div>"
    head = f"<thead><tr><th scope='col'>task</th><th scope='col'>{metric}</th>{heads}</tr></thead>"
    table = f"<table class='results'>{head}<tbody>{''.join(lines)}</tbody></table>"
    return f"{parts.scrolling(table)}{_notes(comparison)}"


def _line(line: ScoreLine, columns: tuple[str, ...], *, first: bool) -> str:
    """`first`: the task's main metric, which is set larger and carries the task's name."""
    mixed = not line.generated
    cells = "".join(_cell(line.metric, line.cells.get(column), first=first, badge=mixed) for column in columns)
    task = _task(line) if first else ""
    examples = " / ".join(dict.fromkeys(cell.dev_set for cell in line.cells.values()))
    metric = f"{escape(scores.header(line.metric))}<div class='small'>{escape(examples)}</div>"
    return f"<tr><th scope='row' class='fixed'>{task}</th><td class='fixed'>{metric}</td>{cells}</tr>"


def _task(line: ScoreLine) -> str:
    color = formats.task_color(line.task, parts.dark())
    badge = f"<div>{_badge()}</div>" if line.generated else ""
    title = escape(formats.task_title(line.task))
    return f"<span style='color:{color}'>●</span> <span title='{title}'>{escape(line.task)}</span>{badge}"


def _badge() -> str:
    return f"<span class='results-badge' title='{escape(parts.SAMPLE_HELP)}'>{GENERATED}</span>"


def _cell(metric: str, cell: ScoreCell | None, *, first: bool, badge: bool) -> str:
    if cell is None:
        return "<td class='score none'>–</td>"
    weight = "big" if first else "minor"
    score = f"<span class='{weight}'>{scores.number(metric, cell.value)}</span>"
    sample = f"<div>{_badge()}</div>" if badge and cell.generated else ""
    against = f"\nDifference to {cell.difference.against}" if cell.difference else ""
    title = escape(f"{cell.facts}{against}{_reached(metric, cell)}")
    shown = f"{score}{_interval(metric, cell)}{_difference(metric, cell)}{_count(cell)}{sample}"
    return f"<td class='score' title='{title}'>{shown}</td>"


def _interval(metric: str, cell: ScoreCell) -> str:
    """Half its width, in the metric's unit."""
    return "" if cell.half is None else f" <span class='interval'>± {scores.number(metric, cell.half)}</span>"


def _count(cell: ScoreCell) -> str:
    return "" if cell.half is None else f"<div class='small'>{cell.group.count}</div>"


def _reached(metric: str, cell: ScoreCell) -> str:
    """The score of each of several runs."""
    if cell.half is None:
        return ""
    each = (
        f"seed {run.seed}: {scores.number(metric, value)}" for run, value in zip(cell.runs, cell.values, strict=True)
    )
    return f"\n{', '.join(each)}"


def _difference(metric: str, cell: ScoreCell) -> str:
    if cell.difference is None:
        return ""
    note = f"<sup>{escape(cell.difference.note)}</sup>" if cell.difference.note else ""
    return f"<div>{scores.difference(metric, cell.difference.value)}{note}</div>"


def _notes(comparison: ScoreTable) -> str:
    items = "".join(
        f"<div><sup>{escape(sign)}</sup> confounded, not the method alone: {escape(text)}</div>"
        for sign, text in comparison.notes.items()
    )
    return f"<div class='results-notes'>{items}</div>" if items else ""


def plain_table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> str:
    """A table of texts; the last `numbers` columns are set to the right."""
    first = len(heads) - numbers
    head = "".join(_plain("th", text, place >= first) for place, text in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(_plain('td', text, place >= first) for place, text in enumerate(row))}</tr>" for row in rows
    )
    table = f"<table class='results'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return parts.scrolling(table)


def _plain(tag: str, text: str, number: bool) -> str:
    return f"<{tag}{' class=score' if number else ''}>{escape(text)}</{tag}>"
