"""Studies: questions with an answer that holds over seeds."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.studies import from_runs, listing, new, selected

st.html(Path(__file__).parents[1] / "static" / "results.css")
asked = st.query_params.get("study", "")
if asked:
    selected.page(asked)
elif any(st.query_params.get(name) for name in ("new", *from_runs.LINKED)):
    new.page()
else:
    listing.page()
