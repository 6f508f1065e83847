"""The example study's answer: what there is to read before anything was trained here."""

from __future__ import annotations

import streamlit as st

from mtl_core.display.verdicts import TONES
from mtl_core.services import example
from mtl_core.services.example import ExampleAnswer
from pages.shared import chart, parts
from pages.shared import example as buttons


def card() -> None:
    """The whole answer, on top of an Overview that has no results of the user's own yet."""
    found = example.answer(parts.workspace())
    if found is None:
        return
    with st.container(border=True):
        left, right = st.columns([5, 4], gap="medium", vertical_alignment="center")
        with left:
            words(found)
        with right:
            picture = found.picture
            chart.figure(picture.figure, "example", alt=picture.alt, height=picture.height, buttons=False)
        ways(found)


def words(found: ExampleAnswer) -> None:
    """Question, verdict, and what it rests on."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        parts.example_badge()
        parts.sample_badge()
    st.subheader(parts.plain(found.card.question), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(found.card.decision_text, color=TONES[found.card.decision])  # type: ignore[arg-type]
        st.markdown(f"**{parts.plain(found.scores)}**", width="content")
    st.markdown(parts.plain(found.card.sentence))
    st.caption(parts.plain(found.card.summary))


def ways(found: ExampleAnswer) -> None:
    """To the study, its curves and its predictions; and how to put it away."""
    runs = ",".join(found.run_ids)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Open the study", icon=":material/balance:", key="example_study"):
            st.switch_page("studies/page.py", query_params={"study": found.study})
        if st.button("Compare the runs", icon=":material/compare_arrows:", key="example_compare"):
            st.switch_page("compare/page.py", query_params={"runs": runs})
        if st.button("Read the predictions", icon=":material/search:", key="example_explore"):
            pair = ",".join(found.run_ids[:2])
            st.switch_page("explore/page.py", query_params={"task": found.target, "runs": pair})
        if st.button("See the curves", icon=":material/monitoring:", key="example_watch"):
            st.switch_page("watch/page.py", query_params={"run": found.run_ids[1]})
        buttons.hide_button("example_hide")


def line() -> None:
    """The example below the user's own results: a line, or the way to bring it back."""
    found = example.answer(parts.workspace())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if found is None:
            buttons.show_button("overview_example")
            return
        parts.example_badge()
        st.markdown(f"{parts.plain(found.card.question)} {found.card.decision_text}", width="content")
        st.page_link("studies/page.py", label="Open", icon=":material/balance:", query_params={"study": found.study})
        buttons.hide_button("example_hide")
