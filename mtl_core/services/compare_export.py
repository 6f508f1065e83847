"""A comparison as files: CSV with a row a score, Markdown as the page shows it."""

from __future__ import annotations

import csv
from io import StringIO

from mtl_core.services import display
from mtl_core.services.compare import Cell, Comparison, Line

NOISE = (
    "One run each: a difference compares two models, not two methods. Runs of one config that differ in the seed "
    "alone differ too: two BERT-base models on MNLI by 0.2 points in the median, by 0.7 in one case of twenty "
    "(McCoy et al. 2020)."
)
HEADER = (
    "task",
    "metric",
    "arm",
    "percent",
    "points_to_alone",
    "baseline_run",
    "confounded_by",
    "dev_examples",
    "source",
    "encoder",
    "seed",
    "run",
    "title",
)


def to_csv(comparison: Comparison) -> str:
    """A row a score, best for further work; the numbers are not rounded to what the page shows."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    for line in comparison.lines:
        for arm, cell in line.cells.items():
            writer.writerow(_row(line, arm, cell))
    return file.getvalue()


def _row(line: Line, arm: str, cell: Cell) -> list[object]:
    run, gap = cell.run, cell.difference
    against = (round(100 * gap.value, 4), gap.baseline, "; ".join(gap.confounds)) if gap else ("", "", "")
    source = display.SAMPLE_BADGE if run.generated else run.source
    own = (cell.examples, source, _plain(run.encoder), run.seed, run.id, _plain(run.title))
    return [line.task, line.metric, arm, round(100 * cell.value, 4), *against, *own]


def _plain(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def to_markdown(comparison: Comparison) -> str:
    """The table as the page shows it: scores in percent, differences in points beside them, notes under it."""
    head = ["task", "metric (%)", *comparison.columns]
    rows = [head, ["---", "---", *["---:"] * len(comparison.columns)]]
    for line in comparison.lines:
        badge = f" ({display.SAMPLE_BADGE})" if line.generated else ""
        scores = [score_text(line.cells[arm]) if arm in line.cells else "–" for arm in comparison.columns]
        rows.append([f"{line.task}{badge}", display.metric_title(line.metric), *scores])
    table = "\n".join("| " + " | ".join(_cell(text) for text in row) + " |" for row in rows)
    notes = [f"- {sign}: confounded by {_cell(text)}" for sign, text in comparison.notes.items()]
    return "\n\n".join([table, *(["\n".join(notes)] if notes else []), *([NOISE] if comparison.paired else [])]) + "\n"


def score_text(cell: Cell) -> str:
    """A score with its difference: "93.6 (+2.8, a)"."""
    if cell.difference is None:
        return display.percent(cell.value)
    note = f", {cell.difference.note}" if cell.difference.note else ""
    return f"{display.percent(cell.value)} ({display.points(cell.difference.value)}{note})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
