"""Launch: pick tasks, how they share, how long to train; see what will happen; start."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import Fault, RunNotFound, TandemError, forms, launch
from mtl_core.services.forecast import TaskForecast
from mtl_core.services.launch import Catalogue
from pages.launch import advanced, form, methods, outcome
from pages.launch.form import FORM
from pages.shared import fields, in_sight, links, parts
from pages.shared.form import PARAMETER

TASKS_HELP = "One task trains a single-task model; two or more train together."
SEEDS_HELP = "One or several, such as 1, 2, 3. Each is a run of its own; several show how much chance there is."
ALONE_HELP = "A single-task run for each task, so that you see what the other tasks changed."
SOURCES = ("from", "clone", "run")
"""Parameters that name a run to begin from."""
READS = (*SOURCES, "tasks", PARAMETER)
PLACED = {*fields.PLACED, *advanced.INSIDE, *launch.METHOD_FIELDS.values(), *launch.METHOD_SETTINGS, "merge_from"}
"""Fields whose faults stand beside their widgets."""


def asked_run() -> str:
    """The run that a link wants to begin from; "" for none."""
    return next(filter(None, (st.query_params.get(name, "") for name in SOURCES)), "")


def prefill(catalogue: Catalogue) -> None:
    """Takes over what a link asks for, once: `from=RUN` a run's config, `tasks=sst2,mnli` tasks."""
    source = asked_run()
    tasks = [name for name in st.query_params.get("tasks", "").split(",") if name]
    if source:
        try:
            form.put(launch.values_of(parts.workspace(), source), catalogue)
        except RunNotFound:
            parts.not_there([f"There is no run '{source}' to begin from. It may have been deleted."])
            st.page_link("runs/page.py", label="All runs", icon=":material/list:")
        except TandemError as error:
            parts.show_faults(error)  # the link keeps the id, so that this stays to be read
        else:
            links.forget(*SOURCES)
    known, unknown = ([task for task in tasks if (task in forms.task_names()) == there] for there in (True, False))
    if known:
        form.put({"tasks": known}, catalogue)
    links.remember("tasks", ",".join(unknown))  # what is not there stays in the link, to be read
    parts.not_there(f"There is no task '{task}'. Choose from the list below." for task in unknown)


def tasks_section(faults: Sequence[Fault], planned: Sequence[TaskForecast]) -> None:
    """The tasks, the target among them, and the source of their examples."""
    fields.tasks(FORM, faults, words=TASKS_HELP)
    fields.source(FORM, faults)
    cards(planned, working=not faults)


def cards(planned: Sequence[TaskForecast], *, working: bool) -> None:
    """Each chosen task with its question, its numbers and three of its examples, once they are known."""
    known = {forecast.task: forecast for forecast in planned}
    with in_sight.grid("tasks"):
        for task in launch.tasks(FORM.get("tasks")):
            with st.container(border=True, height="stretch"):
                dot = f"<span style='color:{formats.task_color(task.name, parts.dark())}'>●</span>"
                target = " · target" if len(FORM.get("tasks")) > 1 and task.name == FORM.get("target") else ""
                st.markdown(f"{dot} **{parts.plain(task.title)}**{target}", unsafe_allow_html=True)
                st.caption(parts.plain(task.question))
                if task.name in known:
                    outcome.glance(known[task.name])
                elif working:
                    st.caption("counting its examples …")


def training_section(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """Encoder, length of training, seeds, device; the rest is folded."""
    left, middle, right = st.columns([3, 1, 1], gap="large")
    with left:
        fields.encoder(FORM, faults)
    with middle:
        fields.seeds(FORM, faults, SEEDS_HELP)
    with right:
        fields.device(FORM, faults)
    fields.training_presets(FORM)
    fields.row(FORM, fields.USUAL, faults)
    advanced.section(catalogue, faults)


def page() -> None:
    """The whole page: the form, and beside it what it would do."""
    with st.spinner("Loading the methods …", show_time=False):
        catalogue = launch.catalogue(parts.workspace())
    FORM.begin(form.defaults(catalogue), anew=bool(asked_run()))
    prefill(catalogue)
    parts.heading("Launch", "Which tasks should train together, and how?", "recipe", "seed", reads=READS)
    fields.start_over(FORM)
    fields_side, sight_side = in_sight.columns()
    draft = launch.draft(form.values(catalogue), seeds=FORM.get("seeds"), alone=FORM.get("alone"), catalogue=catalogue)
    known = outcome.known(draft)
    faults = fields.told(FORM, (*draft.faults, *(known.faults if known else ())))
    with fields_side:
        st.subheader("1 · Tasks", anchor=False)
        tasks_section(faults, known.tasks if known else outcome.shown_before(draft))
        st.subheader("2 · Sharing", anchor=False)
        methods.section(catalogue, faults)
        st.subheader("3 · Training", anchor=False)
        training_section(catalogue, faults)
        if len(FORM.get("tasks")) > 1:
            st.checkbox("Also train each task alone, to compare with", key=FORM.key("alone"), help=ALONE_HELP)
    FORM.keep()
    with sight_side:
        outcome.box(draft, known, faults, [one for one in faults if one.field.partition(".")[0] not in PLACED])


page()
