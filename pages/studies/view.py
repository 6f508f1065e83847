"""A view of a study on the page: its question, the choice of what to show, its figures, its tables."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from mtl_core.display.tables import Table
from mtl_core.display.verdicts import SIGNS, TONES
from mtl_core.services.study_views import Picture, StudyContext, StudyView, scored
from pages.shared import chart, exports, links, parts
from pages.studies import companions

STYLES = tuple(Path(__file__).parents[1] / "static" / name for name in ("results.css", "study_table.css"))
VERDICT = re.compile("([▲▼≈?])( helps| hurts| practically equal| not enough evidence)?")
TONES_OF = {sign: TONES[word] for word, sign in SIGNS.items()}
PART, COMPARISON, SHOW, CELL = "part", "comparison", "show", "cell"
OF_VIEW = (PART, COMPARISON, SHOW, CELL)
"""Parameters of the link that belong to one view: what it shows, which verdict, flips or cell of a matrix."""


def show(context: StudyContext, view: StudyView[Any]) -> None:
    """The view, by its companion where it has one."""
    for style in STYLES:
        st.html(style)
    top, shown = st.container(), view.parts(context)
    labels = [view.label(one) for one in shown]
    part = shown[pick(view.picker, labels, f"{view.name}_{context.study.id}", PART)]
    with top.container(horizontal=True, vertical_alignment="center"):
        st.caption(view.question(part), width="content")
        if any(one.generated for one in view.judged(context, part)):
            parts.sample_badge()
    companion = _companion(view.name)
    if companion is not None:
        companion.show(context, view, part)
    else:
        figures(context, view, part)
        tables(context, view, part)


def _companion(name: str) -> Any:
    """The module of that name in `companions`; None where there is none."""
    names = {module.name for module in pkgutil.iter_modules(companions.__path__)}
    return importlib.import_module(f"{companions.__name__}.{name}") if name in names else None


def pick(label: str, options: Sequence[str], key: str, parameter: str) -> int:
    """The place of the one to show, which the link has from 1; no question where there is one alone."""
    asked = st.query_params.get(parameter, "1")
    by_link = {str(place + 1): place for place in range(len(options))}
    links.starts(key, lambda: by_link.get(asked, 0))
    if asked not in by_link:
        parts.not_there([f"There is no {label.lower()} {asked} in this view. The first is shown."])
    if len(options) == 1:
        return 0
    place = int(st.selectbox(label, range(len(options)), format_func=options.__getitem__, key=key))
    links.remember(parameter, str(place + 1), "1")
    return place


def any_scored(context: StudyContext, view: StudyView[Any], part: Any) -> bool:
    """True if there is anything to draw; says so where there is not."""
    there = scored(view.judged(context, part))
    if not there:
        st.info(nothing_yet(context), icon=":material/hourglass_empty:")
    return there


def nothing_yet(context: StudyContext) -> str:
    """Why nothing can be drawn, and when it will be."""
    done = sum(one.done for one in context.members)
    live = any(one.run.live for one in context.members if one.run)
    comes = "This view fills in while the study trains." if live else "Start the study, or let it go on, to fill it in."
    if not done:
        return f"No run has finished yet. {comes}"
    counted = f"{done} of {len(context.members)} runs {'has' if done == 1 else 'have'} finished"
    return f"{counted}, but no two that can be compared: both conditions need a finished run, of the same seed. {comes}"


def figures(context: StudyContext, view: StudyView[Any], part: Any) -> None:
    """The figures, side by side under their titles where there are several, and what their marks mean."""
    if not any_scored(context, view, part):
        return
    pictures = list(view.figures(context, part))
    if len(pictures) == 1:
        picture(pictures[0], view.file_name(part))
    elif pictures:
        for number, (column, one) in enumerate(zip(st.columns(len(pictures)), pictures, strict=True), 1):
            with column:
                st.markdown(f"**{parts.plain(one.title)}**")
                picture(one, view.file_name(part, number))
    if pictures:
        st.caption(view.caption(context, part))


def picture(one: Picture, name: str) -> None:
    """A figure with its downloads."""
    chart.figure(one.figure, name, alt=one.alt, height=one.height)


def tables(context: StudyContext, view: StudyView[Any], part: Any) -> None:
    """The tables, each with its notes and the ways to take it along."""
    shown = [one for one in view.tables(context, part) if one.rows]
    for number, one in enumerate(shown, 1):
        table(one, view.file_name(part, number if len(shown) > 1 else None))


def table(one: Table, name: str) -> None:
    """A table with its downloads; verdicts have their tones."""
    html = VERDICT.sub(lambda match: f"<span class='verdict {TONES_OF[match[1]]}'>{match[0]}</span>", one.to_html())
    st.html(parts.scrolling(html, "study-table"))
    exports.table_downloads(one, name)
