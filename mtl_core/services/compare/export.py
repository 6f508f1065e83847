"""A comparison as files: CSV with a row a score, Markdown as the page shows it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from mtl_core.display import scores as shown
from mtl_core.display.words import GENERATED
from mtl_core.services.compare.table import ScoreCell, ScoreLine, ScoreTable

NOISE = (
    "One run each: a difference compares two models, not two methods. Runs of one config that differ in the seed "
    "alone differ too: two BERT-base models on MNLI by 0.2 points in the median, by 0.7 in one case of twenty "
    "(McCoy et al. 2020)."
)
SPREAD = (
    "Scores of several runs: mean ± half of its 95 % interval by Student's t. It holds over seeds, on these dev "
    "examples. A difference of means is no verdict yet."
)
MIXED = "“Runs” in place of “seeds” differ in more than the seed: their interval mixes chance with settings."
HEADER = (
    "task",
    "metric",
    "arm",
    "percent",
    "interval_95",
    "n",
    "each",
    "points_to_alone",
    "baseline_runs",
    "confounded_by",
    "dev_examples",
    "source",
    "encoder",
    "seeds",
    "runs",
    "titles",
)


def told(comparison: ScoreTable) -> str:
    """What its scores and differences hold for; "" where there is nothing to say."""
    single = comparison.paired and any(len(cell.values) == 1 for cell in comparison.cells)
    mixed = any(len(cell.values) > 1 and not cell.group.one_arm for cell in comparison.cells)
    return " ".join([SPREAD] * comparison.averaged + [MIXED] * mixed + [NOISE] * single)


def to_csv(comparison: ScoreTable) -> str:
    """A row a score, best for further work; the numbers are not rounded to what the page shows."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    for line in comparison.lines:
        for arm, cell in line.cells.items():
            writer.writerow(_row(line, arm, cell))
    return file.getvalue()


def _row(line: ScoreLine, arm: str, cell: ScoreCell) -> list[object]:
    """Where there are several runs, their own values with spaces or slashes between."""
    gap, runs = cell.difference, cell.runs
    half = "" if cell.half is None else _number(line, cell.half)
    score = (_number(line, cell.value), half, len(runs), " ".join(str(_number(line, value)) for value in cell.values))
    against = (_number(line, gap.value), " ".join(gap.baseline), "; ".join(gap.confounds)) if gap else ("", "", "")
    sources = _each(GENERATED if run.generated else run.source for run in runs)
    encoders, titles = _each(run.encoder for run in runs), _each(run.title for run in runs)
    ids = (" ".join(str(run.seed) for run in runs), " ".join(run.id for run in runs))
    return [
        line.task,
        line.metric,
        arm,
        *score,
        *against,
        cell.examples,
        sources,
        _plain(encoders),
        *ids,
        _plain(titles),
    ]


def _number(line: ScoreLine, value: float) -> float:
    return round(shown.scale(line.metric) * value, 4)


def _each(texts: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(texts))


def _plain(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def to_markdown(comparison: ScoreTable) -> str:
    """The table as the page shows it: scores and differences in their metric's unit, notes under it."""
    head = ["task", "metric", *comparison.columns]
    rows = [head, ["---", "---", *["---:"] * len(comparison.columns)]]
    for line in comparison.lines:
        badge = f" ({GENERATED})" if line.generated else ""
        scores = [score_text(line.metric, line.cells[arm]) if arm in line.cells else "–" for arm in comparison.columns]
        rows.append([f"{line.task}{badge}", shown.header(line.metric), *scores])
    table = "\n".join("| " + " | ".join(_cell(text) for text in row) + " |" for row in rows)
    notes = [f"- {sign}: confounded by {_cell(text)}" for sign, text in comparison.notes.items()]
    words = told(comparison)
    return "\n\n".join(part for part in (table, "\n".join(notes), words) if part) + "\n"


def score_text(metric: str, cell: ScoreCell) -> str:
    """A score with its interval and difference: "93.6 ± 0.4, 3 seeds (+2.8, a)"."""
    interval = "" if cell.half is None else f" ± {shown.number(metric, cell.half)}, {cell.group.count}"
    score = f"{shown.number(metric, cell.value)}{interval}"
    if cell.difference is None:
        return score
    note = f", {cell.difference.note}" if cell.difference.note else ""
    return f"{score} ({shown.difference(metric, cell.difference.value)}{note})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
