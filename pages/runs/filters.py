"""What the table shows: filters above it, its columns, its order and its page, all of them part of the link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mtl_core.display import formats
from mtl_core.display.words import encoder_name
from mtl_core.services import runs
from mtl_core.services.runs import RunFilter
from pages.runs.table import HEADS
from pages.shared import links, parts

FIELDS: Mapping[str, tuple[str, str]] = {
    "state": ("states", "State"),
    "task": ("tasks", "Tasks"),
    "recipe": ("recipes", "Recipe"),
    "study": ("studies", "Study"),
    "tag": ("tags", "Tags"),
    "encoder": ("encoders", "Encoder"),
    "data": ("data", "Data"),
    "seed": ("seeds", "Seed"),
}
"""A filter's name in the link → its field in a RunFilter, and its label."""
OPEN = ("state", "task", "recipe", "tag")
"""Filters that stand open; the others are under *More*."""
COLUMNS = ("state", "name", "score", "tasks", "recipe", "seed", "created", "duration", "disk", "tags", "study")
"""Columns that are always shown at first."""
WHERE_DIFFERENT = {"encoder": "encoders", "data": "data"}
"""Columns that are shown at first where runs differ in them → their field in a RunFilter."""
USUAL: Mapping[str, Sequence[str]] = {
    "words": (),
    **dict.fromkeys(FIELDS, ()),
    "launch": (),
    "sort": (runs.NEWEST,),
    "page": ("1",),
    "columns": (),
}
WIDTH = 168
"""Of a filter that stands open, in pixels."""
SEARCH, TURNED, TURNS = "runs_search", "runs_turned", "runs_turns"
SEARCH_HELP = (
    'Words in a name, id, tag, note, recipe or encoder, all of which must be there; "in quotes" for words in a row. '
    "Fields too: `state=finished task=sst2 method=pcgrad seed=1,2 tag=paper`."
)
UPWARDS = ("name", "tasks", "recipe", "encoder", "data", "seed", "study", "tags", "state")
"""Columns that a first click sorts from the lowest up."""


def key(name: str) -> str:
    """The value of the session, a widget's or not, that holds a part of the link: a list."""
    return f"runs_{name}"


def take() -> None:
    """Takes over what the link says, on a visit and after Back; says what of it there is not."""
    for name, usual in USUAL.items():
        links.starts(key(name), lambda name=name, usual=usual: st.query_params.get_all(name) or list(usual))
        st.session_state[key(name)] = st.session_state[key(name)]  # else a widget that is not drawn loses it
    links.starts(SEARCH, lambda: " ".join(st.session_state[key("words")]))
    known = [name for name in st.session_state[key("columns")] if name in HEADS]
    lost = [name for name in st.session_state[key("columns")] if name not in HEADS]
    told = [f"There is no column '{name}'. {', '.join(HEADS)} can be shown." for name in lost[:1]]
    st.session_state[key("columns")] = known
    [asked, *_] = st.session_state[key("sort")] or [runs.NEWEST]
    if asked.removeprefix("-") not in runs.ORDERS:
        told.append(f"Runs can't be sorted by '{asked}'. The newest are shown first.")
        st.session_state[key("sort")] = [runs.NEWEST]
    [asked, *_] = st.session_state[key("page")] or ["1"]
    if not page_number(asked):
        told.append(f"There is no page '{asked}'. The first is shown.")
        st.session_state[key("page")] = ["1"]
    parts.not_there(told)


def give() -> None:
    """Makes the link say what is shown."""
    for name, usual in USUAL.items():
        links.remember(name, [str(value) for value in st.session_state[key(name)]], list(usual))


def bar(options: Mapping[str, Mapping[str, str]]) -> RunFilter:
    """The search and the filters; the filter that they make."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="runs_filters"):
        look = {"icon": ":material/search:", "help": SEARCH_HELP, "max_chars": 300, "width": 190}
        words = st.text_input("Search", key=SEARCH, on_change=back_to_first, **look)
        typed, fault = runs.parsed(words)
        for name in OPEN:
            choose(name, options)
        more = [name for name in FIELDS if name not in OPEN]
        used = sum(bool(st.session_state[key(name)]) for name in more)
        with st.popover(f"More ({used})" if used else "More", icon=":material/tune:"):
            for name in more:
                choose(name, options)
    if fault:
        parts.show_faults(fault)
    st.session_state[key("words")] = [words] if words.strip() else []
    chosen = {field: tuple(st.session_state[key(name)]) for name, (field, _) in FIELDS.items()}
    return RunFilter(**chosen, launches=tuple(st.session_state[key("launch")])).both(typed)


def choose(name: str, options: Mapping[str, Mapping[str, str]]) -> None:
    """One filter. What the link asks for stands among its options even where no run has it."""
    field, label = FIELDS[name]
    known, asked = options[field], st.session_state[key(name)]
    values = list(dict.fromkeys([*known, *asked]))
    shown = dict(known)
    if name == "state":
        shown = {state: look.word for state, look in formats.STATES.items()}
    elif name == "encoder":
        shown = {value: encoder_name(value) for value in values}
    st.multiselect(
        label,
        values,
        format_func=lambda value: shown.get(value, value) or "none",
        key=key(name),
        placeholder="any",
        on_change=back_to_first,
        width=WIDTH if name in OPEN else "stretch",
    )


def pick_columns(options: Mapping[str, Mapping[str, str]]) -> None:
    """The columns, in the order of the table."""
    shown, usual = columns(options), usual_columns(options)
    with st.popover("Columns", icon=":material/view_column:", type="tertiary"):
        for name, head in HEADS.items():
            st.session_state[f"runs_column_{name}"] = name in shown
            st.checkbox(head, key=f"runs_column_{name}", on_change=take_columns, args=(usual,))


def take_columns(usual: Sequence[str]) -> None:
    chosen = [name for name in HEADS if st.session_state[f"runs_column_{name}"]]
    st.session_state[key("columns")] = [] if chosen == list(usual) else chosen


def usual_columns(options: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The columns that are shown while nobody has chosen others; `options` are the values that runs have."""
    differing = [name for name, field in WHERE_DIFFERENT.items() if len(options[field]) > 1]
    return [name for name in HEADS if name in (*COLUMNS, *differing)]


def columns(options: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The columns to show."""
    return list(st.session_state[key("columns")]) or usual_columns(options)


def order() -> str:
    """The column that the table is sorted by, with a minus before it from the highest down."""
    return str(st.session_state[key("sort")][0])


def sort_by(column: str, now: str) -> None:
    """Sorts by a column; the other way round where that is the case already."""
    if now.removeprefix("-") == column:
        turned = column if now.startswith("-") else f"-{column}"
    else:
        turned = column if column in UPWARDS else f"-{column}"
    st.session_state[key("sort")] = [turned]
    back_to_first()


def number() -> int:
    """The page, from 1."""
    return page_number(st.session_state[key("page")][0])


def page_number(asked: str) -> int:
    """The page that a link asks for, from 1; 0 for what is none."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0


def at(page: int) -> None:
    """Notes the page that is shown."""
    st.session_state[key("page")] = [str(page)]


def pager(page: int) -> str:
    """The key of the widget that turns pages: another one where the page was changed by anything else."""
    state = st.session_state
    if state.get(TURNED) != page:
        state[TURNS], state[TURNED] = state.get(TURNS, 0) + 1, page
    return f"{TURNS}_{state[TURNS]}"


def turn(key: str) -> None:
    """To the page that the visitor chose."""
    st.session_state[TURNED] = int(st.session_state[key])
    at(st.session_state[TURNED])


def back_to_first() -> None:
    """Another choice begins at its first page."""
    at(1)


def forget() -> None:
    """Shows all runs again."""
    for name in (*FIELDS, "words", "launch"):
        st.session_state[key(name)] = []
    st.session_state[SEARCH] = ""
    back_to_first()
