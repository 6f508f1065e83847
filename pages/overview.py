"""Overview: what Tandem answers, the first try, what runs, what came out lately."""

from __future__ import annotations

import streamlit as st

from mtl_core.display import formats, scores
from mtl_core.display.words import encoder_name
from mtl_core.services import Run, TandemError, overview, watch
from mtl_core.services.overview import FirstTry, Result
from pages.shared import parts

WIDTHS = (2.0, 1.7, 0.8, 1.1, 1.3, 1.4, 1.0, 1.4)
HEADS = ("target", "metric", "alone", "together", "difference", "", "finished", "")
NUMBERS = (2, 3, 4)
"""Columns of the latest results: their widths, their heads, and which hold numbers."""
NEW = {"new": "1"}
MOST_LINES = 6
"""Runs that a list shows before the rest are counted."""
CHANCE = (
    "One run each. Runs that differ only in their seed can differ by this much: "
    "launch several seeds before you trust a small difference."
)


def first_try(last: FirstTry | None) -> None:
    """The card on top: what to do first, then how it is getting on, then what came of it."""
    with st.container(border=True):
        if last and last.live:
            under_way(last)
        elif last and last.result:
            outcome(last.result)
        elif last and last.ended_early:
            ended_early(last)
            buttons(again=True)
        else:
            st.markdown(
                "Train one model on sentiment alone and one on sentiment and inference together, on a small "
                "generated sample. Then see what the second task changed."
            )
            buttons(again=False)


def buttons(again: bool) -> None:
    """Start the first try, or go and launch something else."""
    with st.container(horizontal=True):
        label = "Try it again" if again else "Try it now: two models, two minutes"
        if st.button(label, type="secondary" if again else "primary", icon=":material/play_arrow:", key="try"):
            try:
                overview.start_try_it_now(parts.workspace())
            except TandemError as error:
                parts.show_faults(error)
                return
            st.rerun()
        launch_your_own()


def launch_your_own() -> None:
    """The way to the Launch page."""
    if st.button("Launch your own", icon=":material/rocket_launch:", key="launch"):
        st.switch_page("launch/page.py")


def under_way(last: FirstTry) -> None:
    """Both runs of the first try with their progress. It needs no one to watch."""
    st.markdown("**Two models are being trained.** You can leave this page: training goes on.")
    st.progress(last.progress, text=f"{100 * last.progress:.0f} % of the first try")
    for run in last.runs:
        run_line(run, bar=False)


def outcome(result: Result) -> None:
    """The answer of the first try, in one sentence, and where the evidence is."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{result.target}** reached **{scores.text(result.metric, result.alone)}** alone and "
            f"**{scores.text(result.metric, result.together)}** together with {', '.join(result.partners)}: "
            f"**{scores.difference(result.metric, result.difference)} "
            f"{scores.difference_unit(result.metric)}**.",
            width="content",
        )
        parts.sample_badge()
    runs = ",".join(result.run_ids)
    with st.container(horizontal=True):
        if st.button("Compare them", type="primary", icon=":material/compare_arrows:", key="try_compare"):
            st.switch_page("compare/page.py", query_params={"runs": runs})
        if st.button("Read their predictions", icon=":material/search:", key="try_explore"):
            st.switch_page("explore/page.py", query_params={"task": result.target, "runs": runs})
        if st.button("Try them in the Demo", icon=":material/chat_bubble_outline:", key="try_demo"):
            st.switch_page("demo.py", query_params={"runs": runs})
        launch_your_own()


def ended_early(last: FirstTry) -> None:
    """The runs of the first try that ended early, and why."""
    st.markdown("**The last try ended early.**")
    for run in last.ended_early:
        run_line(run, bar=False)
        if run.detail:
            st.caption(parts.plain(run.detail))


def run_line(run: Run, *, bar: bool = True) -> None:
    """One run in one line: state, name, progress, the way to Watch."""
    badge, name, course, link = st.columns([1.0, 3.0, 3.2, 1.7], vertical_alignment="center")
    with badge:
        parts.state_badge(run)
    name.markdown(parts.plain(run.title))
    text = "waiting for the device" if run.waiting else formats.state_text(run)
    if bar and run.training:
        course.progress(formats.progress(run), text=text)
    else:
        course.caption(text)
    with link.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        button = {"key": f"resume_{run.id}", "type": "tertiary", "help": parts.RESUME_HELP}
        if watch.can_go_on(run) and st.button("Resume", **button) and parts.resumed(run):
            st.switch_page("watch.py", query_params={"run": run.id})
        st.page_link("watch.py", label="Watch", icon=":material/monitoring:", query_params={"run": run.id})


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
    rows = overview.results(parts.workspace())
    st.subheader("Latest results", anchor=False)
    if not rows:
        st.caption("None yet. They appear here as soon as a run has finished.")
        return
    heads = st.columns(WIDTHS)
    for place, (column, head) in enumerate(zip(heads, HEADS, strict=True)):
        column.caption(head, text_alignment="right" if place in NUMBERS else "left")
    for row in rows:
        result_line(row)
    if any(row.difference is not None for row in rows):
        st.caption(CHANCE)
        st.page_link(
            "studies/page.py",
            label="Run it as a study with several seeds",
            icon=":material/balance:",
            query_params=NEW,
        )


def result_line(row: Result) -> None:
    """One line of the table. The data and the encoder are one hover away from the scores."""
    cells = st.columns(WIDTHS, vertical_alignment="center")
    with cells[0]:
        parts.tasks_line(row.target, row.partners)
    cells[1].markdown(scores.header(row.metric))
    config = row.run.config
    limit = config.train_limit_of(row.target)
    drawn = f"{limit:,} training examples at most" if limit else "all training examples"
    details = f"{row.run.title} · {encoder_name(config.encoder)} · {config.source}, {drawn}"
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
    if row.run.generated:
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
seen = {run.id for run in overview.live_runs(parts.workspace())}


@st.fragment(run_every="2s" if seen else None)
def now() -> None:
    """The part that changes by itself while something trains or waits."""
    last, live = overview.try_it_now(parts.workspace()), overview.live_runs(parts.workspace())
    first_try(last)
    tried = {run.id for run in last.runs} if last else set()
    lines("Running", [run for run in live if run.id not in tried])
    ended = overview.latest_ended(parts.workspace())
    lines("Ended early", [run for run in ended if run.id not in tried])
    if {run.id for run in live} != seen:
        st.rerun()  # something began or ended: the results below may have changed, live mode may be over


now()
results()
