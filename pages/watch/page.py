"""Watch: one run, live."""

from __future__ import annotations

from functools import partial

import streamlit as st

from mtl_core.charts import curves as charts
from mtl_core.display import formats, scores
from mtl_core.display.words import capital, encoder_name, ordinal
from mtl_core.services import Run, TandemError, command, queue, runs, watch
from mtl_core.services.watch import Snapshot
from pages.shared import asking, make_study, parts
from pages.shared.chart import live_chart
from pages.shared.curve_controls import LINKED as CURVES
from pages.shared.curve_controls import axis_and_smoothing
from pages.watch import group
from pages.watch.layer_mix import layer_mix

AGAIN_HELP = "Opens the Launch page with this run's settings, to change some of them first."
SELECTION_HELP = "Held out of the training data; it chooses the checkpoint. The dev set is scored once, at the end."
STOP_HELP = "Ends the run after its current step. A checkpoint and everything recorded so far are kept."


def status(now: Snapshot) -> None:
    """State, progress and the figures that change, with the way to end it."""
    run = now.run
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        parts.state_badge(run)
        parts.origin_badges(run)
        st.markdown(figures(run), width="stretch")
        if run.live:
            stop_button(run)
    if run.training:
        st.progress(formats.progress(run), text="")
    if run.waiting:
        before = f"{now.place - 1} run{'s' * (now.place != 2)} before it." if now.place > 1 else "It starts next."
        coming = capital(queue.coming_text(parts.workspace(), run.id))
        words = f"Queued ({ordinal(now.place)}) for {run.device}. {before}" + f" {coming}." * bool(coming)
        st.info(words, icon=":material/hourglass_empty:")
    elif run.training and not run.total_steps:
        words = "Merging: encoders are put together and scored on the validation split, without training."
        usual = "Preparing: data is read and encoded before the first step."
        st.info(words if run.config.merging else usual, icon=":material/hourglass_top:")


def figures(run: Run) -> str:
    """ "step 120 of 250 · 83 examples/s · 1 min left · 1.2 GB" with what is known."""
    shown = []
    if run.total_steps:
        shown.append(f"**{formats.step_text(run)}**")
    if run.examples_per_second:
        shown.append(f"{run.examples_per_second:,.0f} examples/s")
    if run.training and run.total_steps:
        shown.append(formats.remaining(run.seconds_left))
    if run.seconds is not None and not run.live:
        shown.append(f"took {formats.duration(run.seconds)}")
    if run.memory_bytes:
        shown.append(formats.size(run.memory_bytes))
    return " · ".join([*shown, run.device])


def stop_button(run: Run) -> None:
    """Two buttons: a click on the one that was seen never does what the other says."""
    label = "Stopping…" if run.stop_requested else "Leave the queue" if run.waiting else "Stop"
    key, asked = "leave" if run.waiting else "stop", bool(run.stop_requested)
    if st.button(label, icon=":material/stop:", help=None if run.waiting else STOP_HELP, disabled=asked, key=key):
        try:
            watch.stop(parts.workspace(), run.id)
        except TandemError as error:
            parts.show_faults(error)
            return
        st.rerun()


def resume_button(run: Run) -> None:
    pressed = st.button("Resume", icon=":material/resume:", help=parts.RESUME_HELP, type="primary", key="resume")
    if pressed and parts.resumed(run):
        st.rerun()


def trouble(run: Run) -> None:
    """The reason that a run failed or died, and what to do. Resume stands here, not where Stop stood."""
    trouble_now = watch.trouble(run)
    if trouble_now:
        st.error(f"**{parts.plain(trouble_now.reason)}**  \n{parts.plain(trouble_now.advice)}", icon=":material/error:")
    elif run.state.resumable and run.detail:
        st.caption(parts.plain(run.detail))
    if watch.can_go_on(run):
        resume_button(run)


def reached(now: Snapshot) -> None:
    """The scores of a finished run, and the ways on from here."""
    run = now.run
    columns = st.columns(max(4, len(now.scores)))
    for column, (task, metric, value, dev_set) in zip(columns, now.scores, strict=False):
        label = f"{task} · {scores.header(metric)}"
        words = f"{dev_set}, encoder {encoder_name(run.encoder)}"
        column.metric(label, scores.number(metric, value), help=words)
    with st.container(horizontal=True):
        for page, label, icon in (
            ("compare/page.py", "Compare", "compare_arrows"),
            ("explore/page.py", "Explore its predictions", "search"),
            ("demo.py", "Try it in the Demo", "chat_bubble_outline"),
        ):
            useless = page == "demo.py" and run.example  # it came without weights
            if not useless and st.button(label, icon=f":material/{icon}:", key=f"to_{page}"):
                st.switch_page(page, query_params={"runs": run.id})


def controls() -> tuple[str, float]:
    """The x axis of the curves, and the strength of their smoothing."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        return axis_and_smoothing("watch", 0.6)


def curves(now: Snapshot) -> None:
    """Loss, validation scores, draws and learning rate, each in its own chart."""
    run = now.run
    curve = watch.curve(parts.workspace(), run.id)
    if curve.empty:
        return
    axis, smoothing = controls()
    colors = watch.colors(run)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Loss", anchor=False)
        live_chart(
            charts.loss_curves(curve, colors, x=axis, smoothing=smoothing),
            f"loss-{run.id}",
            height=340,
            generated=run.generated,
        )
    with right:
        st.subheader("Score on the validation split", anchor=False, help=SELECTION_HELP)
        selection = watch.selection(parts.workspace(), run.id)
        if selection.empty:
            st.caption("The first scores appear after the first evaluation.")
        else:
            chart = charts.selection_scores(selection, colors, watch.main_metrics(run), x=axis)
            live_chart(chart, f"selection-{run.id}", height=340, generated=run.generated)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Examples seen / planned", anchor=False)
        if now.draws:
            live_chart(
                charts.draws(now.draws, colors),
                f"draws-{run.id}",
                height=70 + 46 * len(now.draws),
                generated=run.generated,
            )
        for remark in now.remarks:
            st.caption(f":material/info: {parts.plain(remark)}.")
    with right:
        st.subheader("Learning rate", anchor=False)
        live_chart(charts.learning_rate(curve, x=axis), f"rate-{run.id}", height=210, generated=run.generated)


def merge(now: Snapshot) -> None:
    """The merges that were tried on the validation split: their scores, and the losses that decide."""
    run = now.run
    selection = watch.selection(parts.workspace(), run.id)
    if selection.empty:
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.subheader("Merges tried, on the validation split", anchor=False, help=SELECTION_HELP)
        chart = charts.selection_scores(selection, watch.colors(run), watch.main_metrics(run), x="step")
        chart.layout["xaxis"]["title"] = {"text": "merge tried"}
        live_chart(chart, f"selection-{run.id}", height=340, generated=run.generated)
    tried = watch.merge(parts.workspace(), run.id)
    with right:
        st.subheader("Validation losses (nats)", anchor=False)
        if tried is None:
            st.caption("The losses appear once all merges are tried.")
            return
        rows = [
            [f"**{place + 1}**" if place == tried.chosen else f"{place + 1}", *(f"{value:.4g}" for value in row)]
            for place, row in enumerate(tried.rows)
        ]
        lines = [["merge", *tried.columns], ["---:"] * (len(tried.columns) + 1), *rows]
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
        runs = ", ".join(f"{task} of {run_id}" for task, run_id in tried.merged)
        st.caption(f"Chosen: merge {tried.chosen + 1}, with the lowest mean loss. Merged: {runs}; no training.")


def log(run: Run) -> None:
    """The log's last lines; all of it on demand."""
    tail = watch.log_tail(parts.workspace(), run.id)
    st.subheader("Log", anchor=False)
    if not tail:
        st.caption("Nothing has been written yet.")
        return
    st.code(tail, language=None, wrap_lines=True)


def documents(run: Run) -> None:
    """Everything to take along: id, command, config, curves, log."""
    st.subheader("Run it again", anchor=False)
    st.code(command.train(run.config), language="bash", wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("id", width="content")
        st.code(run.id, language=None, width="content")
        for label, file_name, read in (
            ("Config", f"{run.id}-config.json", watch.config_text),
            ("Log", f"{run.id}-log.txt", watch.log_text),
            ("Curves (CSV)", f"{run.id}-curves.csv", watch.curve_text),
        ):
            st.download_button(
                label,
                data=partial(read, parts.workspace(), run.id),
                file_name=file_name,
                icon=":material/download:",
                on_click="ignore",
                key=f"take-{file_name}",
            )
        if st.button("Launch again…", icon=":material/rocket_launch:", help=AGAIN_HELP, key="again"):
            st.switch_page("launch/page.py", query_params={"from": run.id})
        make_study.button([run.id], "run")
        if not run.live and not run.example and st.button("Delete…", icon=":material/delete:", key="delete"):
            confirm_delete(run)


@st.dialog("Delete this run?")
def confirm_delete(run: Run) -> None:
    asked = runs.deletion(parts.workspace(), [run])
    st.markdown(
        f"**{parts.plain(run.title)}** ({run.id}) is deleted for good, with its curves, predictions and trained "
        f"weights. This frees **{formats.size(asked.disk_bytes)}**."
    )
    asking.needed(asked.needs, asking.STILL_NEEDED)
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel", key="keep"):
            st.rerun()
        if st.button("Delete", type="primary", key="really_delete"):
            try:
                watch.remove(parts.workspace(), run.id)
            except TandemError as error:
                parts.show_faults(error)
                return
            st.query_params.clear()
            del st.session_state["watch_run"]
            st.rerun()


question = "How is a run doing: is it learning, how fast, and when will it finish?"
parts.heading("Watch", question, "run", reads=("run", *group.GroupKind, *CURVES))
group.page()
asked = st.query_params.get("run", "")
listed = watch.runs(parts.workspace(), asked)
chosen = parts.pick_run("Run", listed, "watch_run")
if not listed:
    parts.empty("Nothing has been launched yet.", "Launch a run", "launch/page.py")
if chosen is None:
    st.stop()
group.link(chosen)


@st.fragment(run_every="2s" if chosen.live else None)
def live(run_id: str, was_live: bool) -> None:
    """The part that refreshes by itself while the run waits or trains."""
    now = watch.snapshot(parts.workspace(), run_id)
    status(now)
    trouble(now.run)
    if now.scores:
        reached(now)
    merge(now) if now.run.config.merging else curves(now)
    layer_mix(now.run)
    log(now.run)
    if was_live and not now.run.live:
        st.rerun()  # leave live mode, once


live(chosen.id, chosen.live)
documents(chosen)
