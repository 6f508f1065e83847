"""Compare: single-task and multitask models side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from mtl_core.charts import parallel as charts_parallel
from mtl_core.charts import theme
from mtl_core.display import formats
from mtl_core.services import Run, compare, explore, pairs
from mtl_core.services.compare import export, groups, parallel, table
from mtl_core.services.compare.groups import Grouped
from mtl_core.services.compare.table import ScoreTable
from pages.compare.curves import curves
from pages.compare.score_table import plain_table, score_table
from pages.shared import chart, links, make_study, parts
from pages.shared.curve_controls import LINKED as CURVES

CSS = Path(__file__).parents[1] / "static" / "results.css"
FOLDED = 12
"""Rows a run each that stand open; more are folded."""


def pick_grouping(runs: Sequence[Run], begun: Sequence[Run]) -> Grouped:
    """The choice of groups, and a way to the arms' other seeds."""
    choices = groups.choices(runs)
    asked = links.option("compare_by", "by", list(choices), groups.ARM)
    if asked:
        parts.not_there([f"These runs can't be grouped by '{asked}', as they don't differ in it."])
    others = groups.siblings(runs, begun)[: compare.MOST - len(runs)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.selectbox("Group by", list(choices), format_func=choices.__getitem__, key="compare_by", width=300)
        if others:
            count = len({run.config.seed for run in others} - {run.config.seed for run in runs})
            more = f"{count} more seed{'s' * (count > 1)}" if count else "the other runs"
            label = f"Add {more} of these conditions ({len(others)} run{'s' * (len(others) > 1)})"
            st.button(label, icon=":material/add:", on_click=choose, args=([*runs, *others],), key="compare_siblings")
    links.remember("by", by, groups.ARM)
    grouped = groups.grouped(parts.workspace(), runs, by)
    if grouped.repeated:
        names = "; ".join(name_of(run) for run in grouped.repeated)
        st.caption(f"Left out, as another chosen run has the same config and seed: {parts.plain(names)}.")
    return grouped


def choose(runs: Sequence[Run]) -> None:
    """Compares these from now on."""
    links.forget("runs")
    st.session_state["compare_runs"] = [run.id for run in runs]


def score_section(comparison: ScoreTable) -> None:
    """The table, what confounds its differences, and how to take it along."""
    st.html(score_table(comparison))
    reach = export.reach(comparison)
    if reach:
        st.caption(reach)
    if not comparison.paired:
        st.info(missing_half(comparison), icon=":material/info:")
    with st.container(horizontal=True, vertical_alignment="center"):
        files = (
            ("CSV", export.to_csv(comparison), "compare.csv", "text/csv"),
            ("Markdown", export.to_markdown(comparison), "compare.md", "text/markdown"),
            ("LaTeX", export.to_latex(comparison), "compare.tex", "application/x-tex"),
        )
        for label, text, name, kind in files:
            st.download_button(label, text, name, kind, icon=":material/download:", on_click="ignore")
        scored = dict.fromkeys(run.id for cell in comparison.cells for run in cell.group.runs)
        make_study.button([*scored], "compare")
        for task in dict.fromkeys(line.task for line in comparison.lines):
            query = {"task": task, "runs": ",".join(one_of_each(comparison, task))}
            st.page_link(
                "explore/page.py", label=f"Read {task} predictions", icon=":material/search:", query_params=query
            )


def one_of_each(comparison: ScoreTable, task: str) -> list[str]:
    """Ids of the runs with scores of the task, seed by seed: first the seed that most groups have."""
    cells = [cell for line in comparison.lines if line.task == task for cell in line.cells.values()]
    of_seed: dict[int, dict[str, None]] = {}
    for run in (run for cell in cells for run in cell.runs):
        of_seed.setdefault(run.seed, {})[run.id] = None
    ordered = sorted(of_seed, key=lambda seed: (-len(of_seed[seed]), seed))
    return [run for seed in ordered for run in of_seed[seed]][: explore.MOST]


def missing_half(comparison: ScoreTable) -> str:
    """The half of the comparison that is not among the chosen runs."""
    if all(cell.group.alone for cell in comparison.cells):
        return "All chosen runs are single-task. Add a multitask run to see differences."
    return "None of the chosen runs is a single-task baseline. Add or launch one to see differences."


def without_scores(runs: Sequence[Run]) -> None:
    """Says of which runs only curves can be shown, and why."""
    if runs:
        names = "; ".join(f"{run.title} ({run.id}) {formats.state_text(run)}" for run in runs)
        st.caption(f"No dev scores, as these runs have not finished: {names}. Their curves are below.")


def coordinates(comparison: ScoreTable) -> None:
    """Parallel coordinates, where the runs differ in more than their seeds."""
    lines = parallel.parallel(comparison)
    if lines is None:
        return
    st.subheader("Settings and scores", anchor=False)
    st.caption(
        f"One line per run, stronger where {lines.target} scored higher. Drag along an axis to keep the runs that pass "
        "there; click the axis to show all again."
    )
    figure = charts_parallel.parallel(lines.settings, lines.scores, formats.task_color(lines.target, False))
    alt = charts_parallel.alt(lines.settings, lines.scores)
    generated = any(run.generated for run in lines.runs)
    chart.figure(theme.marked(figure, generated), "compare-settings", alt=alt, height=charts_parallel.HEIGHT)
    if generated:
        parts.sample_badge()
    if lines.hidden:
        st.caption(f"Further settings that differ: {', '.join(lines.hidden)}.")


def differing(runs: Sequence[Run]) -> None:
    """Only the settings that are not the same in all chosen runs."""
    st.subheader("Settings that differ", anchor=False)
    rows = compare.differing(runs)
    if not rows:
        st.caption("None: the chosen runs have the same settings." if len(runs) > 1 else "Choose a second run.")
        return
    values = zip(*(values for _, values in rows), strict=True)
    body = [[name_of(run), *cells] for run, cells in zip(runs, values, strict=True)]
    folded(body, "runs", plain_table(["run", *(words for words, _ in rows)], body))


def draws(runs: Sequence[Run]) -> None:
    """The examples of each task that each run was to train on, and did."""
    st.subheader("Examples seen / planned", anchor=False)
    rows = [
        [name_of(run), draw.task, *map("{:,}".format, numbers)]
        for run, draw in compare.draws(parts.workspace(), runs)
        for numbers in [(draw.planned_examples, draw.actual_examples, draw.planned_steps, draw.actual_steps)]
    ]
    if rows:
        heads = ["run", "task", "examples planned", "seen", "steps planned", "done"]
        folded(rows, "rows", plain_table(heads, rows, numbers=4))
    else:
        st.caption("None of the chosen runs has ended yet.")


def folded(rows: Sequence[object], words: str, table: str) -> None:
    """A table that stands open where it is short."""
    with st.expander(f"{len(rows)} {words}") if len(rows) > FOLDED else st.container():
        st.html(table)


def name_of(run: Run) -> str:
    return f"{run.title} ({run.id})"


st.html(CSS)
question = "What did training together change, compared with training alone?"
parts.heading("Compare", question, "points", "confounded", reads=(*parts.RUNS, "by", "tasks", *CURVES))
begun = compare.choices(parts.workspace())
if not any(run.finished for run in begun):
    parts.empty(
        "Nothing to compare yet. A comparison needs finished runs, ideally a task alone and together with another.",
        "Try it now on the Overview",
        "overview/page.py",
    )
usual = partial(compare.usual, parts.workspace())
chosen = parts.pick_runs("Runs", begun, "compare_runs", max=compare.MOST, default=usual, lacks="has not begun yet")
if compare.unpaired(parts.workspace(), begun, chosen):
    st.caption(f"{pairs.NONE}. The newest is shown by itself.")
if not chosen:
    st.info("Choose the runs to compare.", icon=":material/arrow_upward:")
    st.stop()
grouped = pick_grouping(chosen, begun)
comparison = table.score_table(parts.workspace(), chosen, grouped.groups)
if comparison.lines:
    score_section(comparison)
without_scores(comparison.without)
curves(chosen, grouped.groups)
coordinates(comparison)
differing(chosen)
draws(chosen)
