"""Overview: what Tandem answers, the first try, what runs, what came out lately."""

from __future__ import annotations

import streamlit as st

from mtl_core.display import formats, scores
from mtl_core.display.words import encoder_name
from mtl_core.services import Run, example, first_try, overview, queue
from mtl_core.services.overview import Result
from pages.overview import answer, try_it
from pages.shared import make_study, parts, studies_list
from pages.shared import queue as queue_parts
from pages.shared.queue import run_line

WIDTHS = (2.1, 1.5, 1.0, 1.1, 1.2, 1.9, 1.2, 1.2)
HEADS = ("target", "metric", "alone", "together", "difference", "", "finished", "")
NUMBERS = (2, 3, 4)
"""Columns of the latest results: their widths, their heads, and which hold numbers."""
MOST_LINES = 6
"""Runs that a list shows before the rest are counted."""
CHANCE = (
    "One run each. Runs that differ only in their seed can differ by this much: "
    "launch several seeds before you trust a small difference."
)


def lines(title: str, runs: list[Run]) -> None:
    """Runs under a heading, a line each; nothing where there are none."""
    if runs:
        st.subheader(title, anchor=False)
        for run in runs[:MOST_LINES]:
            run_line(run)
        rest = runs[MOST_LINES:]
        if rest:
            with st.expander(f"{len(rest)} more", key=f"more_{title}"):
                for run in rest:
                    run_line(run)


def results() -> None:
    """The latest results: each target alone, together, and the difference."""
    rows = overview.results(parts.workspace(), without=first_try.halves(parts.workspace()))
    st.subheader("Latest results", anchor=False)
    if not rows:
        st.caption("None yet. They appear here as soon as a run has finished.")
        return
    heads = st.columns(WIDTHS)
    for place, (column, head) in enumerate(zip(heads, HEADS, strict=True)):
        column.caption(head, text_alignment="right" if place in NUMBERS else "left")
    for row, apart in zip(rows, overview.told_apart(rows), strict=True):
        result_line(row, apart)
    if any(row.difference is not None for row in rows):
        st.caption(CHANCE)
        st.page_link(
            "studies/page.py",
            label="Run it as a study with several seeds",
            icon=":material/balance:",
            query_params=make_study.query(next(row.run_ids for row in rows if row.difference is not None)),
        )


def result_line(row: Result, apart: str) -> None:
    """One line of the table. The data and the encoder are one hover away from the scores.

    `apart`: what tells it from another line of the same tasks.
    """
    cells = st.columns(WIDTHS, vertical_alignment="center")
    with cells[0].container(gap=None):
        parts.tasks_line(row.target, row.partners)
        if apart:
            st.caption(parts.plain(apart))
    cells[1].markdown(scores.header(row.metric))
    config = row.run.config
    limit = config.train_limit_of(row.target)
    drawn = f"{limit:,} training examples at most" if limit else "all training examples"
    details = f"{row.run.title} · {encoder_name(config.encoder)} · {config.origin_text}, {drawn}"
    for place, text in zip(
        NUMBERS,
        (
            scores.number(row.metric, row.alone),
            scores.number(row.metric, row.together),
            scores.difference(row.metric, row.difference),
        ),
        strict=True,
    ):
        with cells[place]:
            parts.number(text, details)
    if row.run.config.from_sample(row.target):
        with cells[5]:
            parts.sample_badge()
    cells[6].markdown(formats.ago(row.run.ended or row.run.created))
    label = "Compare" if len(row.run_ids) > 1 else "Open"
    query = {"runs": ",".join(row.run_ids)}
    cells[7].page_link("compare/page.py", label=label, query_params=query)


parts.heading(
    "Does training together help?",
    "Tandem trains a model on one task alone and together with others, side by side, "
    "and shows what the other tasks changed and why.",
)
first = [queue.now(parts.workspace())]
seen = first[0].signature
own = example.own_results(parts.workspace())
if not own:
    answer.card()


@st.fragment(run_every="2s" if seen else None)
def now() -> None:
    """The part that changes by itself while something trains or waits."""
    last, live = first_try.latest(parts.workspace()), first.pop() if first else queue.now(parts.workspace())
    try_it.card(last, live.outlooks)
    tried = frozenset(run.id for run in last.runs) if last else frozenset[str]()
    queue_parts.lists(live, tried)
    ended = overview.latest_ended(parts.workspace())
    lines("Ended early", [run for run in ended if run.id not in tried])
    if live.signature != seen:
        st.rerun()  # something began or ended: the results below may have changed, live mode may be over


now()
studies_list.latest()
results()
if own or not example.shown(parts.workspace()):
    answer.line()
