"""A study's report and card, for who wants to keep it or to run it again."""

from __future__ import annotations

import streamlit as st

from mtl_core.services import studies
from mtl_core.services.studies import Study
from pages.shared import parts
from pages.shared.exports import file_name


def downloads(study: Study) -> None:
    """Two buttons beside each other; the report is made when it is asked for."""
    workspace = parts.workspace()
    stem = file_name(study.config.name)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Report",
            lambda: studies.report(workspace, study.id),
            f"{stem}.html",
            "text/html",
            icon=":material/summarize:",
            help="One page with the answer, figures, tables and settings. It opens anywhere, without a network, and "
            "carries all scores: `python -m mtl_core verify` checks it.",
            on_click="ignore",
            key="study_report",
        )
        st.download_button(
            "Run card",
            studies.card(study),
            f"{stem}.card.json",
            "application/json",
            icon=":material/description:",
            help="What it takes to run the study again: `python -m mtl_core study --from` this file.",
            on_click="ignore",
            key="study_card",
        )
