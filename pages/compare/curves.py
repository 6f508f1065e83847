"""Curves of Compare: loss and validation scores of all groups over each other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core.charts import compare
from mtl_core.charts import groups as charts_groups
from mtl_core.charts.curves import metric_words
from mtl_core.display import formats
from mtl_core.services import Run, watch
from mtl_core.services.compare import curves as group_curves
from mtl_core.services.compare.groups import Group
from pages.shared import links, parts
from pages.shared.chart import live_chart
from pages.shared.curve_controls import axis_and_smoothing

BESIDE = 18
"""Letters up to which labels leave room for two charts beside each other."""


def curves(runs: Sequence[Run], groups: Sequence[Group]) -> None:
    """Both charts with what they run over, how smooth they are and which tasks they show."""
    tasks = list(dict.fromkeys(group.task for group in groups))
    axis, smoothing, shown = _controls(tasks)
    drawn = [group for task in shown for group in groups if group.task == task]
    colors = {task: formats.task_color(task, dark=False) for task in tasks}
    metrics = {task: metric for run in runs for task, metric in watch.main_metrics(run).items()}
    ids = [run.id for run in runs]
    steps, evaluations = (
        group_curves.curves(parts.workspace(), ids),
        group_curves.selection(parts.workspace(), ids, metrics),
    )
    generated = any(run.generated for run in runs)
    short = max((len(group.label) for group in drawn), default=0) <= BESIDE
    left, right = st.columns(2, gap="medium") if short else (st.container(), st.container())
    with left:
        st.subheader("Loss", anchor=False)
        courses = group_curves.losses(steps, drawn, x=axis, smoothing=smoothing)
        live_chart(
            charts_groups.losses(courses, colors, x=axis), "compare-loss", height=compare.HEIGHT, generated=generated
        )
    with right:
        st.subheader("Score on the validation split", anchor=False)
        courses = group_curves.scores(evaluations, drawn, metrics, x=axis)
        names = metric_words({task: metrics[task] for task in shown if task in metrics})
        chart = charts_groups.selection_scores(courses, colors, x=axis, metrics=names)
        live_chart(chart, "compare-selection", height=compare.HEIGHT, generated=generated)
    st.caption(_legend(drawn))


def _controls(tasks: Sequence[str]) -> tuple[str, float, list[str]]:
    """The axis, the smoothing and the tasks."""
    chosen = f"compare_tasks_{'_'.join(tasks)}"
    asked = [task for task in st.query_params.get("tasks", "").split(",") if task]
    links.starts(chosen, lambda: [task for task in tasks if task in asked] or list(tasks))
    parts.not_there(f"None of these runs has trained a task '{task}'." for task in asked if task not in tasks)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        axis, smoothing = axis_and_smoothing("compare", 0.8)
        shown = st.pills("Tasks", tasks, selection_mode="multi", key=chosen)
    links.remember("tasks", ",".join(shown), ",".join(tasks))
    return axis, smoothing, shown


def _legend(groups: Sequence[Group]) -> str:
    """The meaning of colours, lines and bands."""
    sentences = ["Colour: task. Thin and dotted: single-task; solid or dashed: multitask."]
    if any(len(group.runs) > 1 for group in groups):
        sentences.append(
            "Strong: the mean of a group, up to where its shortest run ends; faint: each run; "
            "band: 95 % interval of the mean by Student's t."
        )
    if len(groups) > compare.LABELS:
        sentences.append("With this many curves, names show on hover only.")
    return " ".join(sentences)
