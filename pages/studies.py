"""Studies: questions with an answer that holds over seeds."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages import studies_list, studies_new, studies_selected

st.html(Path(__file__).parent / "static" / "results.css")
asked = st.query_params.get("study", "")
if asked:
    studies_selected.page(asked)
elif st.query_params.get("new"):
    studies_new.page()
else:
    studies_list.page()
