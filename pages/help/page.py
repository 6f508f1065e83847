"""Help: what the words mean, which methods there are, how a verdict comes about, where files lie, the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from mtl_core.services import TandemError, help, launch
from mtl_core.services.launch import Method
from pages.shared import parts, terms

HERE = Path(__file__).parent
FAMILIES = {"sharing": "Sharing", "schedules": "Schedules", "balancing": "Balancing", "merging": "Merging"}
SECTIONS = ("Words", "Methods", "How verdicts come about", "Where files lie", "Keyboard")
FIND = "Find on this page"


def anchor(section: str) -> str:
    """The place of a section: "where-files-lie"."""
    return section.lower().replace(" ", "-")


def matches(asked: str, *texts: str) -> bool:
    """True if all words that are looked for stand in the texts, in any case."""
    there = " ".join(texts).lower()
    return all(word in there for word in asked.lower().split())


def section(title: str) -> None:
    """A heading that links lead to."""
    st.header(title, anchor=anchor(title))


def words(asked: str) -> bool:
    """The words and what they mean, those that were looked for; False if there are none."""
    found = {name: meaning for name, meaning in terms.words().items() if matches(asked, name, meaning)}
    if found:
        section("Words")
        st.markdown("\n\n".join(f"#### {name.capitalize()}\n{meaning}" for name, meaning in found.items()))
    return bool(found)


def linked() -> None:
    """The word that a link asks for, above all others: a browser would scroll to its place too early."""
    name = terms.asked(st.query_params.get("word", ""))
    if name:
        with st.container(border=True):
            st.markdown(f"#### {name.capitalize()}\n{terms.words()[name]}", anchors=False)
    elif st.query_params.get("word"):
        parts.not_there([f"No word here is called '{st.query_params['word']}'. Those that there are stand below."])


def methods(asked: str) -> bool:
    """The methods as the catalogue has them, a table a family; False if none was looked for."""
    try:
        with st.spinner("Loading the methods …", show_time=False):
            catalogue = launch.catalogue(parts.workspace())
    except TandemError as error:
        parts.show_faults(error)
        return True
    found = {family: [one for one in catalogue[family].values() if _asked(asked, one)] for family in FAMILIES}
    if any(found.values()):
        section("Methods")
    for family, title in FAMILIES.items():
        if found[family]:
            st.subheader(title, anchor=f"all-{family}")
            table(("method", "name", "what it does", "time", "memory"), list(map(_method, found[family])))
    if any(found.values()):
        st.caption("Time and memory of a step, as it was measured, against `hard` with `proportional` and `sum`.")
    return any(found.values())


def _asked(asked: str, method: Method) -> bool:
    return matches(asked, method.title, method.name, method.summary, FAMILIES[method.family])


def _method(method: Method) -> tuple[str, ...]:
    cost = [f"{method.cost[name]:.2f} ×" if method.cost else "" for name in ("time", "memory")]
    return (f"**{method.title}**", f"`{method.name}`", parts.plain(method.summary), *cost)


def text(asked: str, title: str, file: str) -> bool:
    """A section that is written down; False if it does not hold what was looked for."""
    body = (HERE / file).read_text("utf-8")
    if matches(asked, title, body):
        section(title)
        st.markdown(body)
        return True
    return False


def files(asked: str) -> bool:
    """This workspace's own paths, and what a data folder holds; False if they are not what was looked for."""
    places = [one for one in help.places(parts.workspace()) if matches(asked, one.what, one.path, one.note)]
    data = [one for one in help.data_files() if matches(asked, one.what, one.path, "data folder")]
    if places or data:
        section("Where files lie")
    if places:
        table(("what", "where", ""), [(one.what, f"`{one.path}`", parts.plain(one.note)) for one in places])
    if data:
        st.markdown(
            "A **data folder** of yours holds the official files; Tandem only reads them (TSV, JSONL or Parquet):"
        )
        table(
            ("task", "training data", "dev data"),
            [(parts.plain(one.what), f"`{one.path}`", f"`{one.note}`") for one in data],
        )
    return bool(places or data)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def page() -> None:
    """The whole page, top to bottom."""
    parts.heading(
        "Help", "What do the words mean, how does a verdict come about, and where does everything lie?", reads=("word",)
    )
    asked = st.text_input(FIND, key="help_find", icon=":material/search:", max_chars=100, width=420) or ""
    if not asked:
        linked()
        st.markdown(" · ".join(f"[{title}](#{anchor(title)})" for title in SECTIONS))
    found, place = words(asked), st.container()
    found |= text(asked, "How verdicts come about", "verdicts.md")
    found |= files(asked)
    found |= text(asked, "Keyboard", "keyboard.md")
    with place:  # last, as it may take a while where the code has changed
        found |= methods(asked)
    if not found:
        st.info(f"Nothing here has “{parts.plain(asked)}”.", icon=":material/search_off:")


page()
