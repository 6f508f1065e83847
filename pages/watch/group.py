"""All runs of a launch or study, or chosen ones: how far each is, and their curves over each other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core.charts import compare as charts_compare
from mtl_core.charts import groups as charts
from mtl_core.charts.curves import metric_words
from mtl_core.display import formats
from mtl_core.services import Run, TandemError, absent, compare, queue, watch_group
from mtl_core.services.queue import GroupKind, QueueNow, RunGroup
from pages.shared import make_study, parts
from pages.shared import queue as queue_parts
from pages.shared.chart import live_chart
from pages.shared.curve_controls import axis_and_smoothing

ONE, SEVERAL = "One run", "Several runs"
WHAT, CHOSEN = "watch_what", "watch_group"
OPEN = 8
"""Runs whose list stands open; more are folded."""
ROWS = 20
"""Runs of the list on one page."""
STOP_HELP = "What waits leaves the queue; what trains stops after its step, with a checkpoint."


def page() -> None:
    """Shows the launch or study that the link names, and ends the page; nothing where it names a run or none."""
    listed = queue.choices(parts.workspace())
    kind = next((str(kind) for kind in GroupKind if kind in st.query_params), "")
    if listed or kind:
        st.session_state[WHAT] = SEVERAL if kind else ONE
        choice = {"key": WHAT, "required": True, "label_visibility": "collapsed"}
        st.segmented_control("Watch", [ONE, SEVERAL], on_change=switch, args=(listed,), **choice)
    if not kind:
        return
    group = pick(listed, kind, st.query_params[kind])
    if group is not None:
        show(group)
    st.stop()


def link(run: Run) -> None:
    """From one run to the launch or study that it is a part of."""
    whole = queue.group_of(parts.workspace(), run.id)
    if whole is None:
        return
    words = f"{queue_parts.WORDS[whole.kind]}: {parts.plain(whole.title)} ({len(whole.runs)} runs)"
    if st.button(words, type="tertiary", icon=":material/stacked_line_chart:", key="watch_whole"):
        st.switch_page("watch/page.py", query_params={str(whole.kind): whole.id})


def switch(listed: Sequence[RunGroup]) -> None:
    """From one run to the newest launch or study, and back. In a callback."""
    st.query_params.clear()
    if st.session_state[WHAT] == SEVERAL and listed:
        st.query_params[str(listed[0].kind)] = listed[0].id


def pick(listed: Sequence[RunGroup], kind: str, group_id: str) -> RunGroup | None:
    """The group of the link, in a picker with the others; None, and why, where there is none."""
    try:
        asked = queue.group(parts.workspace(), kind, group_id)
    except TandemError:
        asked = None
        if kind != GroupKind.RUNS:
            parts.not_there([f"There is no {kind} '{group_id}'. It may have been deleted. Choose another one."])
    if kind == GroupKind.RUNS:
        parts.not_there(gone(group_id, asked))
    options = {key(group): group for group in ([asked] if asked else [])} | {key(group): group for group in listed}
    st.session_state[CHOSEN] = key(asked) if asked else None
    st.selectbox(
        "Launch or study",
        list(options),
        format_func=lambda one: label(options[one]),
        key=CHOSEN,
        on_change=choose,
        **({} if asked else {"index": None, "placeholder": "Choose a launch or study"}),
    )
    return asked


def gone(run_ids: str, found: RunGroup | None) -> list[str]:
    """Those of the runs that a link names and that are not there, and what is shown instead; nothing where all are."""
    there = {run.id for run in found.runs} if found else set()
    lost = [name for name in dict.fromkeys(filter(None, run_ids.split(","))) if name not in there]
    count = len(there)
    rest = f"The other {count} are shown." if count > 1 else "The other is shown." if there else "Choose other runs."
    return [*absent.several(parts.workspace(), lost), rest] if lost else []


def choose() -> None:
    """Puts the choice into the link. In a callback."""
    chosen = st.session_state[CHOSEN]
    if chosen:
        kind, _, group_id = chosen.partition(":")
        st.query_params.clear()
        st.query_params[kind] = group_id


def key(group: RunGroup) -> str:
    """A group in the picker."""
    return f"{group.kind}:{group.id}"


def label(group: RunGroup) -> str:
    """Nothing that changes while it stands in the picker."""
    names = "" if group.kind == GroupKind.RUNS else f" · {group.id}"
    return f"{queue_parts.WORDS[group.kind]}: {group.title} · {formats.exact(group.created)}{names}"


def show(chosen: RunGroup) -> None:
    """State, runs and curves; refreshed while one of them waits or trains."""

    @st.fragment(run_every="2s" if chosen.live else None)
    def refreshed() -> None:
        group, found = queue.group(parts.workspace(), chosen.kind, chosen.id), queue.now(parts.workspace())
        status(group, found)
        runs(group, found)
        curves(watch_group.begun(group))
        if chosen.live and not group.live:
            st.rerun()  # leave live mode, once

    refreshed()


def status(group: RunGroup, found: QueueNow) -> None:
    """How far all of it is, when it ends, and what can be done with it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        look = formats.STATES[group.state]
        st.badge(look.word, icon=look.icon, color=look.tone)  # type: ignore[arg-type]
        if any(run.generated for run in group.runs):
            parts.sample_badge()
        words = [queue.counts_text(group), queue.end_text(group, found.outlooks)]
        st.markdown(" · ".join(filter(None, words)), width="stretch")
    if group.live:
        st.progress(group.progress, text="")
    with st.container(horizontal=True, vertical_alignment="center"):
        buttons(group, found)


def buttons(group: RunGroup, found: QueueNow) -> None:
    """Ways on for all of its runs."""
    ids = [run.id for run in watch_group.begun(group)]
    if group.kind == GroupKind.STUDY:
        if st.button("Open the study", icon=":material/balance:", key="group_study"):
            st.switch_page("studies/page.py", query_params={"study": group.id})
    else:
        make_study.button([run.id for run in group.runs], "group")
    if ids and st.button("Compare", icon=":material/compare_arrows:", key="group_compare"):
        st.switch_page("compare/page.py", query_params={"runs": ",".join(ids[-compare.MOST :])})
    if group.ended_early and not group.live:
        queue_parts.act(
            "Resume all",
            "group_resume",
            lambda: queue.resume(parts.workspace(), group),
            parts.RESUME_HELP,
            icon=":material/resume:",
            kind="secondary",
        )
    if group.live:
        queue_parts.group_buttons(group, found.outlooks)
    if group.training and group.kind == GroupKind.LAUNCH:
        queue_parts.act("Stop all", "group_stop", lambda: queue.stop(parts.workspace(), group), STOP_HELP)


def runs(group: RunGroup, found: QueueNow) -> None:
    """What trains, what waits in its order, and what has ended."""
    order = {run.id: (not run.training, found.outlooks[run.id].place) for run in group.runs if run.id in found.outlooks}
    listed = sorted(group.runs, key=lambda run: (run.id not in order, order.get(run.id, (False, 0))))
    with st.expander(f"{len(listed)} run{'s' * (len(listed) != 1)}", expanded=len(listed) <= OPEN, key="group_runs"):
        shown = listed
        if len(listed) > ROWS:
            number = st.pagination(-(-len(listed) // ROWS), key=f"group_page_{group.id}")
            shown = listed[(number - 1) * ROWS : number * ROWS]
        for run in shown:
            queue_parts.run_line(run, found.outlooks, on_watch=True)
    if group.planned > len(listed):
        st.caption(f"{group.planned - len(listed)} more runs of the study have not been started yet.")


def curves(drawn: Sequence[Run]) -> None:
    """Loss and selection scores of all runs over each other."""
    arms = watch_group.arms(parts.workspace(), drawn)
    if not arms:
        st.caption("Curves appear here once the first run trains.")
        return
    tasks = list(dict.fromkeys(arm.task for arm in arms))
    axis, smoothing, chosen = controls(tasks)
    arms = tuple(arm for arm in arms if arm.task in chosen)
    colors = {task: formats.task_color(task, dark=False) for task in tasks}
    metrics = watch_group.metrics(drawn)
    generated = any(run.generated for run in drawn)
    shape = {"height": charts_compare.HEIGHT, "generated": generated}
    st.subheader("Loss", anchor=False)
    courses = watch_group.losses(parts.workspace(), arms, x=axis, smoothing=smoothing)
    live_chart(charts.losses(courses, colors, x=axis), "group-loss", **shape)
    st.subheader("Score on the validation split", anchor=False)
    courses = watch_group.scores(parts.workspace(), arms, metrics, x=axis)
    if courses:
        names = metric_words({task: metrics[task] for task in chosen if task in metrics})
        live_chart(charts.selection_scores(courses, colors, x=axis, metrics=names), "group-selection", **shape)
    else:
        st.caption("The first scores appear after the first evaluation.")
    several = any(len(arm.runs) > 1 for arm in arms)
    st.caption(
        "Colour: task. Line: condition; thin and dotted is single-task."
        + " Strong: the mean of a condition's seeds as far as all of them are; faint: each seed; band: 95 % interval."
        * several
    )


def controls(tasks: Sequence[str]) -> tuple[str, float, list[str]]:
    """The axis, the smoothing and the tasks."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        axis, smoothing = axis_and_smoothing("group", 0.6)
        shown = st.pills("Tasks", tasks, selection_mode="multi", default=tasks, key=f"group_tasks_{'_'.join(tasks)}")
    return axis, smoothing, [str(task) for task in shown]
