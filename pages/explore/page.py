"""Explore: the dev examples of a task with what each chosen model said of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import arms, explore
from mtl_core.services.explore import Filter, Run, View
from pages.explore.example_detail import detail
from pages.explore.example_table import example_table
from pages.shared import parts

CSS = Path(__file__).parents[1] / "static" / "results.css"
WORDS_HELP = 'Examples whose texts hold all these words, in any case. "In quotes" for words in a row.'
LONGEST_SEARCH = 200
BASELINE_HELP = "What “fixed”, “broken”, gain and loss refer to."


def linked(parameter: str, options: Sequence[str], default: str) -> str:
    """The key of a widget that starts with the link's value, if it is one of the options, and stays one of them."""
    key = f"explore_{parameter}"
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get(parameter, default)
    if st.session_state[key] not in options:
        st.session_state[key] = default
    return key


def remember(parameter: str, value: str, default: str) -> None:
    """Puts a choice into the page's link; what is usual is left out."""
    if value != default:
        st.query_params[parameter] = value
    elif parameter in st.query_params:
        del st.query_params[parameter]


def pick(label: str, parameter: str, options: Mapping[str, str], default: str, help_text: str | None = None) -> str:
    """A select box of names with their words, part of the link."""
    key = linked(parameter, list(options), default)
    chosen = st.selectbox(label, list(options), format_func=options.__getitem__, key=key, help=help_text)
    remember(parameter, chosen, default)
    return chosen


def forget_runs() -> None:
    """Another task has other runs: the link's belong to the one before."""
    st.query_params.pop("runs", None)
    st.query_params.pop("example", None)


def pick_task(tasks: Sequence[str]) -> str:
    key = linked("task", tasks, tasks[0])
    task = st.selectbox("Task", tasks, format_func=formats.task_title, key=key, on_change=forget_runs)
    st.query_params["task"] = task
    return task


def pick_models(by_task: Mapping[str, list[Run]], task: str) -> list[Run]:
    """The chosen runs, the baseline first."""
    usual: Callable[[Sequence[Run]], list[Run]] = partial(explore.usual, task=task)
    return parts.pick_runs("Models", by_task[task], f"explore_runs_{task}", max=explore.MOST, default=usual)


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
    if "explore_words" not in st.session_state:
        st.session_state["explore_words"] = st.query_params.get("words", "")[:LONGEST_SEARCH]
    words = st.text_input(
        "Words in the text",
        key="explore_words",
        max_chars=LONGEST_SEARCH,
        icon=":material/search:",
        help=WORDS_HELP,
    )
    remember("words", words, "")
    return words


def show_buttons(found: Sequence[Filter], *, generated: bool) -> str:
    """The filters as buttons with their counts, their meanings on hover."""
    by_name = {one.name: one for one in found}
    key = linked("show", list(by_name), "all")
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
    remember("show", name, "all")
    return name


def pick_page(view: View, count: int) -> int:
    """The number of the page, from 1; the link's at first, and 1 for every new view after that."""
    pages, state = max(1, -(-count // explore.PAGE)), st.session_state
    if state.get("explore_view") != view:
        asked = "1" if "explore_view" in state else st.query_params.get("page", "1")
        state["explore_view"], state["explore_views"] = view, state.get("explore_views", 0) + 1
        state["explore_first"] = explore.page_number(asked, pages)
    number = int(state["explore_first"])
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="center"):
            number = st.pagination(pages, default=number, key=f"explore_page_{state['explore_views']}")
    remember("page", str(number), "1")
    return number


def listing(view: View, heads: Sequence[tuple[str, str]], count: int, opened: str) -> None:
    """One page of examples; opening one draws the page again with it."""
    table, below = st.container(), st.container()
    with below:
        number = pick_page(view, count)
    rows = explore.page(parts.workspace(), view, number)
    with table:
        if not rows:
            st.info("No example matches. Choose another filter or other words.", icon=":material/filter_alt_off:")
            return
        chosen = example_table(rows, heads, opened=opened, key="explore_table")
    if chosen and chosen != opened:
        st.query_params["example"] = chosen
        st.rerun()


def close() -> None:
    st.query_params.pop("example", None)


def example(view: View, names: Sequence[str], example_id: str) -> None:
    """The opened example, with the ways on from it."""
    row = explore.opened(parts.workspace(), view, example_id)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**Example {row.example.position + 1:,}**" if row else "**Example**", width="content")
            st.button("Close", icon=":material/close:", type="tertiary", on_click=close, key="explore_close")
        if row is None:
            st.caption(f"There is no example '{example_id}' in this task.")
            return
        detail(row, names)
        link = explore.demo_link(row, view.runs)
        st.page_link("demo.py", label="Change it on the Demo page", icon=":material/edit:", query_params=link)


def about(found: Sequence[Filter]) -> None:
    """Says so when not every model was asked every example."""
    partial_count = next((one.count for one in found if one.name == "partial"), 0)
    if partial_count:
        st.caption(
            f"The chosen models used different dev sets: {partial_count:,} of {found[0].count:,} examples were not "
            "predicted by all of them. A missing answer is “–”; such examples are neither fixed nor broken."
        )


st.html(CSS)
parts.heading(
    "Explore", "Which examples did training together fix, and which did it break?", "fixed and broken", "dev set"
)
by_task = explore.runs_by_task(parts.workspace())
if not by_task:
    parts.empty(
        "No predictions yet. Every finished run leaves its answers to all dev examples here.",
        "Try it now on the Overview",
        "overview/page.py",
    )
if "explore_task" not in st.session_state:  # a new visit: what the link says counts again
    st.session_state.pop("explore_view", None)
first, second = st.columns([2, 7])
with first:
    task = pick_task(list(by_task))
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
    view = explore.showing(view, show_buttons(found, generated=any(run.generated for run in runs)))
    about(found)
opened = st.query_params.get("example", "")
heads = [(names[run.id], explore.facts(run)) for run in runs]
count = next(one.count for one in found if one.name == view.show)
left, right = st.columns([3, 2], gap="medium") if opened else (st.container(), None)
with left:
    listing(view, heads, count, opened)
if right:
    with right:
        example(view, [names[run.id] for run in runs], opened)
