"""Launch: pick tasks, how they share, how long to train; see what will happen; start."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core import devices, registry
from mtl_core.config.methods import Catalogue
from mtl_core.display import formats
from mtl_core.errors import Fault, TandemError
from mtl_core.jobs import catalogue as catalogues
from mtl_core.services import launch
from mtl_core.services.forecast import TaskForecast
from pages.launch import advanced, fields, form, methods, outcome
from pages.shared import parts

USUAL = ("epochs", "batch_size", "learning_rate", "max_length")
ALONE_HELP = "A single-task run for each task, so that you see what the company changed."
PLACED = {*USUAL, *advanced.INSIDE, "tasks", "source", "data", "train_limit", "eval_limit", "encoder"}
PLACED |= {"sharing", "schedule", "balancing", "schedule_settings", "balancing_settings", "seed", "device"}


def prefill(catalogue: Catalogue) -> None:
    """Takes over what a link asks for, once: `from=RUN` a run's config, `tasks=sst2,mnli` tasks."""
    source, tasks = st.query_params.get("from", ""), st.query_params.pop("tasks", "")
    if source:
        try:
            form.put(launch.values_of(parts.workspace(), source), catalogue)
        except TandemError as error:
            parts.show_faults(error)  # the link keeps the id, so that this stays to be read
        else:
            del st.query_params["from"]
    if tasks:
        form.put({"tasks": tasks.split(",")}, catalogue)


def tasks_section(faults: Sequence[Fault], planned: Sequence[TaskForecast]) -> None:
    """Which tasks, the target among them, and where their examples come from."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        fields.tasks(faults, words="One trains a model by itself, two or more train together.")
    with right:
        chosen = form.get("tasks")
        if len(chosen) > 1:
            if form.get("target") not in chosen:
                st.session_state[form.key("target")] = chosen[0]
            words = "The task that the question is about; the others are there to help it."
            st.segmented_control("Target", chosen, key=form.key("target"), required=True, help=words)
    fields.source(faults)
    cards(planned)


def cards(planned: Sequence[TaskForecast]) -> None:
    """Each chosen task with its question, its numbers and three of its examples, once they are known."""
    chosen = [registry.load("tasks", name) for name in form.get("tasks") if name in registry.names("tasks")]
    known = {told.task: told for told in planned}
    for column, task in zip(st.columns(len(chosen)) if chosen else (), chosen, strict=True):
        with column.container(border=True, height="stretch"):
            dot = f"<span style='color:{formats.task_color(task.name, parts.dark())}'>●</span>"
            target = " · target" if len(chosen) > 1 and task.name == form.get("target") else ""
            st.markdown(f"{dot} **{parts.plain(task.title)}**{target}", unsafe_allow_html=True)
            st.caption(parts.plain(task.question))
            if task.name in known:
                outcome.glance(known[task.name])


def training_section(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """Encoder, length of training, seeds, device; the rest is folded."""
    left, middle, right = st.columns([3, 1, 1], gap="large")
    with left:
        fields.encoder(faults)
    with middle:
        words = "One or several, such as 1, 2, 3. Each is a run of its own; several show how much chance there is."
        st.text_input("Seeds", key=form.key("seeds"), help=words)
        fields.show(faults, "seed")
    with right:
        gpus = [name for name in devices.visible() if name != "cpu"]
        options = list(dict.fromkeys(["auto", "cpu", *gpus, form.get("device")]))
        words = "`auto` takes a GPU where there is one. Here there is none." if not gpus else None
        st.selectbox("Device", options, key=form.key("device"), help=words)
        fields.show(faults, "device")
    for column, field in zip(st.columns(len(USUAL), gap="large"), USUAL, strict=True):
        with column:
            fields.config_field(field, faults)
    advanced.section(catalogue, faults)


def page() -> None:
    """The whole page, top to bottom."""
    parts.heading("Launch", "Which tasks should train together, and how?")
    with st.spinner("Reading the methods …", show_time=False):
        catalogue = catalogues.read(parts.workspace())
    form.begin(catalogue)
    prefill(catalogue)
    draft = launch.draft(form.values(catalogue), seeds=form.get("seeds"), alone=form.get("alone"), catalogue=catalogue)
    known = outcome.known(draft)
    faults = (*draft.faults, *(known.faults if known else ()))
    st.subheader("1 · Tasks", anchor=False)
    tasks_section(faults, known.tasks if known else outcome.shown_before(draft))
    st.subheader("2 · Sharing", anchor=False)
    methods.section(catalogue, faults)
    st.subheader("3 · Training", anchor=False)
    training_section(catalogue, faults)
    if len(form.get("tasks")) > 1:
        st.checkbox("Also train each task alone, to compare with", key=form.key("alone"), help=ALONE_HELP)
    outcome.box(draft, known, [fault for fault in faults if fault.field.partition(".")[0] not in PLACED])
    form.keep(catalogue)


page()
