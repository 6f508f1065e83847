"""Compare: single-task and multitask models side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from mtl_core import charts_compare
from mtl_core.services import arms, compare, compare_export, display, settings, watch
from mtl_core.services.compare import Comparison
from mtl_core.store.runs import Run
from pages import parts
from pages.live_chart import live_chart
from pages.score_table import plain_table, score_table

AXES = {"step": "step", "examples": "task's own examples", "seconds": "seconds"}
CSS = Path(__file__).parent / "static" / "results.css"


def scores(comparison: Comparison) -> None:
    """The table, what confounds its differences, and how to take it along."""
    st.html(score_table(comparison))
    if comparison.paired:
        st.caption(compare_export.NOISE)
    elif comparison.lines:
        st.info(missing_half(comparison), icon=":material/info:")
    with st.container(horizontal=True, vertical_alignment="center"):
        table, text = compare_export.to_csv(comparison), compare_export.to_markdown(comparison)
        st.download_button("CSV", table, "compare.csv", "text/csv", icon=":material/download:", on_click="ignore")
        st.download_button(
            "Markdown", text, "compare.md", "text/markdown", icon=":material/download:", on_click="ignore"
        )
        for task in dict.fromkeys(line.task for line in comparison.lines):
            ids = [cell.run.id for line in comparison.lines if line.task == task for cell in line.cells.values()]
            query = {"task": task, "runs": ",".join(dict.fromkeys(ids))}
            st.page_link("explore.py", label=f"Read {task} predictions", icon=":material/search:", query_params=query)


def missing_half(comparison: Comparison) -> str:
    """Which half of the comparison is not among the chosen runs."""
    runs = {cell.run.id: (cell.run, line.task) for line in comparison.lines for cell in line.cells.values()}
    if all(arms.is_alone(run, task) for run, task in runs.values()):
        return "All chosen runs learned their task alone. Choose a multitask run as well to see differences."
    return "No chosen run learned a task of the others alone. Choose or launch a single-task run to see differences."


def without_scores(runs: Sequence[Run]) -> None:
    """Says of which runs only curves can be shown, and why."""
    if runs:
        names = "; ".join(f"{run.title} ({run.id}) {display.state_text(run)}" for run in runs)
        st.caption(f"No dev scores, as these runs have not finished: {names}. Their curves are below.")


def curves(runs: Sequence[Run]) -> None:
    """Loss and selection scores of all runs over each other."""
    tasks = list(dict.fromkeys(task for run in runs for task in run.config.tasks))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        axis = st.segmented_control(
            "Over", list(AXES), format_func=AXES.__getitem__, default="step", key="compare_axis", required=True
        )
        smoothing = st.slider("Smoothing", 0.0, 0.95, 0.8, 0.05, key="compare_smoothing", width=220)
        shown = st.pills("Tasks", tasks, selection_mode="multi", default=tasks, key=f"compare_tasks_{'_'.join(tasks)}")
    names = arms.labels(runs, tasks)
    drawn = [
        charts_compare.Arm(run.id, task, names[run.id, task], arms.is_alone(run, task))
        for task in shown
        for run in runs
        if task in run.config.tasks
    ]
    colors = {task: (display.task_color(task, False), display.task_color(task, True)) for task in tasks}
    metrics = {task: metric for run in runs for task, metric in watch.main_metrics(run).items()}
    losses, selection = recorded(tuple((run.id, run.step, run.state) for run in runs))
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Loss", anchor=False)
        chart = charts_compare.losses(losses, drawn, colors, x=str(axis), smoothing=smoothing)
        live_chart(chart, "compare-loss", height=charts_compare.HEIGHT)
    with right:
        st.subheader("Score on the selection split", anchor=False)
        chart = charts_compare.selection_scores(selection, drawn, colors, metrics, x=str(axis))
        live_chart(chart, "compare-selection", height=charts_compare.HEIGHT)
    st.caption("Colour is the task. Thin and dotted: learned alone; solid or dashed: learned together.")


@st.cache_data(max_entries=8, show_spinner=False)
def recorded(stamps: tuple[tuple[str, int, str], ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Steps and evaluations of runs, given as (id, step, state); read again when one has moved on."""
    runs = [run for run, _, _ in stamps]
    return compare.curves(parts.runs_dir(), runs), compare.selection(parts.runs_dir(), runs)


def differing(runs: Sequence[Run]) -> None:
    """Only the settings that are not the same in all chosen runs."""
    st.subheader("Settings that differ", anchor=False)
    rows = settings.differing(runs)
    if not rows:
        st.caption("None: the chosen runs have the same settings." if len(runs) > 1 else "Choose a second run.")
        return
    values = zip(*(values for _, values in rows), strict=True)
    body = [[name_of(run), *told] for run, told in zip(runs, values, strict=True)]
    st.html(plain_table(["run", *(words for words, _ in rows)], body))


def draws(runs: Sequence[Run]) -> None:
    """How much of each task each run was to train on and did."""
    st.subheader("Planned and drawn", anchor=False)
    rows = [
        [name_of(run), draw.task, *map("{:,}".format, numbers)]
        for run, draw in compare.draws(parts.runs_dir(), runs)
        for numbers in [(draw.planned_examples, draw.actual_examples, draw.planned_steps, draw.actual_steps)]
    ]
    if rows:
        st.html(plain_table(["run", "task", "examples planned", "drawn", "steps planned", "made"], rows, numbers=4))
    else:
        st.caption("None of the chosen runs has come to an end yet.")


def name_of(run: Run) -> str:
    return f"{run.title} ({run.id})"


st.html(CSS)
parts.heading("Compare", "What did training together change, next to training alone?")
begun = compare.choices(parts.runs_dir())
if not any(run.state == "finished" for run in begun):
    parts.empty(
        "Nothing to compare yet. A comparison needs a finished run, best two: a task alone and together with another.",
        "Try it now on the Overview",
        "overview.py",
    )
chosen = parts.pick_runs("Runs", begun, "compare_runs", max=compare.MOST, default=compare.usual)
if not chosen:
    st.info("Choose the runs to compare.", icon=":material/arrow_upward:")
    st.stop()
comparison = compare.compare(parts.runs_dir(), chosen)
if comparison.lines:
    scores(comparison)
without_scores(comparison.without)
curves(chosen)
differing(chosen)
draws(chosen)
