"""A comparison as files: CSV with a row a score, Markdown and LaTeX as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable

from mtl_core.display import scores as shown
from mtl_core.display.tables import Table
from mtl_core.display.words import GENERATED, sources_text
from mtl_core.services.compare.table import ScoreCell, ScoreLine, ScoreTable

NOISE = (
    "One run each: a difference compares two models, not two methods. Runs of one config that differ in the seed "
    "alone differ too: two BERT-base models on MNLI by 0.2 points in the median, by 0.7 in one case of twenty "
    "(McCoy et al. 2020)."
)
SPREAD = (
    "Scores of several runs: mean ± half of its 95 % interval by Student's t. It holds over seeds, on these dev "
    "examples. A difference of means is not a verdict."
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


def reach(comparison: ScoreTable) -> str:
    """The reach of its scores and differences; "" where there is nothing to say."""
    single = comparison.paired and any(len(cell.values) == 1 for cell in comparison.cells)
    mixed = any(len(cell.values) > 1 and not cell.group.one_arm for cell in comparison.cells)
    return " ".join([SPREAD] * comparison.averaged + [MIXED] * mixed + [NOISE] * single)


def to_csv(comparison: ScoreTable) -> str:
    """A row a score, best for further work; the numbers are not rounded to what the page shows."""
    rows = [tuple(map(str, _row(line, arm, cell))) for line in comparison.lines for arm, cell in line.cells.items()]
    return Table("", HEADER, tuple(rows)).to_csv()


def _row(line: ScoreLine, arm: str, cell: ScoreCell) -> list[object]:
    """The cells of a row; of several runs their values with spaces or slashes between."""
    gap, runs = cell.difference, cell.runs
    half = "" if cell.half is None else _number(line, cell.half)
    score = (_number(line, cell.value), half, len(runs), " ".join(str(_number(line, value)) for value in cell.values))
    against = (_number(line, gap.value), " ".join(gap.baseline), "; ".join(gap.confounds)) if gap else ("", "", "")
    sources = _each(sources_text(run.config) for run in runs)
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
        encoders,
        *ids,
        titles,
    ]


def _number(line: ScoreLine, value: float) -> float:
    return round(shown.scale(line.metric) * value, 4)


def _each(texts: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(texts))


def to_markdown(comparison: ScoreTable) -> str:
    """The table as the page shows it: scores and differences in their metric's unit, notes under it."""
    words = reach(comparison)
    return _table(comparison).to_markdown() + f"\n{words}\n" * bool(words)


def to_latex(comparison: ScoreTable) -> str:
    """The same for a paper."""
    return _table(comparison, reach(comparison)).to_latex()


def _table(comparison: ScoreTable, *notes: str) -> Table:
    rows = []
    for line in comparison.lines:
        badge = f" ({GENERATED})" if line.generated else ""
        scores = [score_text(line.metric, line.cells[arm]) if arm in line.cells else "–" for arm in comparison.columns]
        rows.append((f"{line.task}{badge}", shown.header(line.metric), *scores))
    confounds = [f"{sign}: confounded by {text}" for sign, text in comparison.notes.items()]
    return Table(
        title="",
        columns=("task", "metric", *comparison.columns),
        rows=tuple(rows),
        notes=(*confounds, *filter(None, notes)),
        align="ll" + "r" * len(comparison.columns),
    )


def score_text(metric: str, cell: ScoreCell) -> str:
    """A score with its interval and difference: "93.6 ± 0.4, 3 seeds (+2.8, a)"."""
    interval = "" if cell.half is None else f" ± {shown.number(metric, cell.half)}, {cell.group.count}"
    score = f"{shown.number(metric, cell.value)}{interval}"
    if cell.difference is None:
        return score
    note = f", {cell.difference.note}" if cell.difference.note else ""
    return f"{score} ({shown.difference(metric, cell.difference.value)}{note})"
