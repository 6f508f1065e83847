"""Explore: the dev examples of a task with what each chosen model said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import arms, explore, pairs
from mtl_core.services.explore import Filter, Run, View
from pages.explore import reading
from pages.shared import links, parts

CSS = Path(__file__).parents[1] / "static" / "results.css"
WORDS_HELP = 'Examples whose texts hold all these words, in any case. "In quotes" for words in a row.'
LONGEST_SEARCH = 200
OF_VIEW = ("show", "words", "gold", "predicted", "baseline", "order", "page", "example")
"""Parameters of the link that choose among the examples."""
BASELINE_HELP = "What “fixed”, “broken”, gain and loss refer to."


def pick(label: str, parameter: str, options: Mapping[str, str], default: str, help_text: str | None = None) -> str:
    """A select box of names with their words, part of the link."""
    key = linked(parameter, label.lower(), options, default)
    chosen = st.selectbox(label, list(options), format_func=options.__getitem__, key=key, help=help_text)
    links.remember(parameter, chosen, default)
    return chosen


def linked(parameter: str, label: str, options: Mapping[str, str], default: str) -> str:
    """The key of a widget that starts with the link's value. Says so where that is none of the options."""
    key = f"explore_{parameter}"
    asked = links.option(key, parameter, list(options), default)
    if asked:
        gone.append(f"There is no {label} '{asked}' here. “{options[default]}” is shown.")
    return key


def forget_runs() -> None:
    """Another task has other runs: the link's belong to the one before."""
    links.forget(*parts.RUNS, "example")


def pick_task(by_task: Mapping[str, list[Run]]) -> str | None:
    """The task; None where the link asks for one that is not there, and nobody has chosen another one yet.

    Where the link names none, one that its runs know.
    """
    key, asked, tasks = "explore_task", st.query_params.get("task", ""), list(by_task)
    links.starts(key, lambda: asked or usual_task(by_task))
    if st.session_state[key] not in tasks:
        parts.not_there([f"There are no predictions of a task '{st.session_state[key] or asked}'."])
        st.session_state[key] = None
    index = None if st.session_state[key] is None else 0
    words = {"format_func": formats.task_title, "placeholder": "Choose a task", "on_change": forget_runs}
    task: str | None = st.selectbox("Task", tasks, index=index, key=key, **words)
    if task is not None:
        links.remember("task", task)
    return task


def usual_task(by_task: Mapping[str, list[Run]]) -> str:
    """The first that the link's runs have predictions of; the first of all where there is none."""
    named, _ = parts.runs_of_whole({run.id for runs in by_task.values() for run in runs})
    asked = {*named, *parts.linked_runs()}
    return next((task for task, runs in by_task.items() if any(run.id in asked for run in runs)), next(iter(by_task)))


def pick_models(by_task: Mapping[str, list[Run]], task: str) -> list[Run]:
    """The chosen runs, the baseline first."""
    runs = by_task[task]
    lacks = f"has no predictions of {task}"
    usual = partial(explore.usual, parts.workspace(), task=task)
    chosen = parts.pick_runs("Models", runs, f"explore_runs_{task}", max=explore.MOST, default=usual, lacks=lacks)
    if explore.unpaired(parts.workspace(), runs, chosen, task):
        st.caption(f"{pairs.NONE} among those with predictions of {task}. The newest is shown by itself.")
    return chosen


def pick_baseline(runs: Sequence[Run], task: str, names: Mapping[str, str]) -> list[Run]:
    """The runs with the one first that the others are compared with."""
    usual = explore.ordered(runs, task)[0].id
    chosen = pick("Baseline", "baseline", {run.id: names[run.id] for run in runs}, usual, BASELINE_HELP)
    return explore.ordered(runs, task, chosen)


def slices(task: str, runs: Sequence[Run], names: Mapping[str, str]) -> tuple[View, list[Run]]:
    """Words, labels, baseline and order, in one row: the view that they make, and its runs in order."""
    labels, several = explore.labels(parts.workspace(), task, [run.id for run in runs]), len(runs) > 1
    columns = iter(st.columns([3, *[2, 3] * bool(labels), *[2] * several, 3]))
    gold = predicted = ""
    with next(columns):
        words = type_words()
    if labels:
        with next(columns):
            gold = pick("Gold label", "gold", {"": "any"} | {label: label for label in labels}, "")
        with next(columns):
            predicted = pick("Predicted label", "predicted", explore.predicted_options(labels, names), "")
    if several:
        with next(columns):
            runs = pick_baseline(runs, task, names)
    with next(columns):
        orders = explore.orders(parts.workspace(), task, several)
        order = pick("Order", "order", orders, "position", explore.order_help(parts.workspace(), task))
    label, by = explore.predicted_choice(predicted)
    view = View(task, tuple(run.id for run in runs), "all", gold or None, label, by, words, order)
    return view, list(runs)


def type_words() -> str:
    links.starts("explore_words", lambda: st.query_params.get("words", "")[:LONGEST_SEARCH])
    words = st.text_input(
        "Words in the text",
        key="explore_words",
        max_chars=LONGEST_SEARCH,
        icon=":material/search:",
        help=WORDS_HELP,
    )
    links.remember("words", words)
    return words


def show_buttons(found: Sequence[Filter], *, generated: bool) -> str:
    """The filters as buttons with their counts, their meanings on hover."""
    by_name = {one.name: one for one in found}
    key = linked("show", "filter", {one.name: one.words for one in found}, "all")
    meanings = "\n".join(f"- **{one.words}**: {one.meaning}" for one in found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "Show",
            list(by_name),
            format_func=lambda name: f"{by_name[name].words} {by_name[name].count:,}",
            key=key,
            required=True,
            help=meanings,
        )
        if generated:
            parts.sample_badge()
    name = str(chosen)
    links.remember("show", name, "all")
    return name


def about(found: Sequence[Filter], unlike: Sequence[str]) -> None:
    """Says so when the models differ in more than the method, and when not every model was asked every example."""
    for sentence in unlike:
        st.caption(parts.plain(sentence))
    partial_count = next((one.count for one in found if one.name == "partial"), 0)
    if partial_count:
        st.caption(
            f"The chosen models used different dev sets: {partial_count:,} of {found[0].count:,} examples were not "
            "predicted by all of them. A missing answer is “–”; such examples are neither fixed nor broken."
        )


st.html(CSS)
gone: list[str] = []
question = "Which examples did training together fix, and which did it break?"
parts.heading("Explore", question, "fixed and broken", "dev set", reads=("task", *parts.RUNS, *OF_VIEW))
by_task = explore.runs_by_task(parts.workspace())
if not by_task:
    parts.empty(
        "No predictions yet. Every finished run leaves its answers to all dev examples here.",
        "Try it now on the Overview",
        "overview/page.py",
    )
if "explore_task" not in st.session_state:  # a new visit, or Back: what the link says counts again
    reading.begin()
first, second = st.columns([2, 7])
with first:
    task = pick_task(by_task)
if task is None:
    st.stop()
with second, st.container():  # directly in a column the chips would not wrap
    chosen = pick_models(by_task, task)
if not chosen:
    st.info("Choose one to four models.", icon=":material/arrow_upward:")
    st.stop()
names = {run: name for (run, _), name in arms.labels(chosen, [task]).items()}
buttons = st.container()
view, runs = slices(task, chosen, names)
found = explore.filters(parts.workspace(), view, runs)
with buttons:
    view = explore.showing(view, show_buttons(found, generated=any(run.config.from_sample(task) for run in runs)))
    about(found, pairs.unlike(parts.workspace(), runs, task, names))
    parts.not_there(gone)
count = next(one.count for one in found if one.name == view.show)
reading.examples(view, runs, names, count)
