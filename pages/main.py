"""The frame around every page: navigation, the tab's title and icon, a few lines of style."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mtl_core.errors import TandemError
from pages.shared import parts

HERE = Path(__file__).parent
PAGES = {
    "": [
        st.Page("overview.py", title="Overview", default=True),
    ],
    "Train": [
        st.Page("launch/page.py", title="Launch", url_path="launch"),
        st.Page("watch.py", title="Watch"),
    ],
    "Results": [
        st.Page("studies/page.py", title="Studies", url_path="studies"),
        st.Page("compare/page.py", title="Compare", url_path="compare"),
        st.Page("explore/page.py", title="Explore", url_path="explore"),
    ],
    "Try": [
        st.Page("demo.py", title="Demo"),
    ],
}

page = st.navigation(PAGES)  # without icons: a page's icon would be fetched from elsewhere for the browser's tab
st.set_page_config(
    page_title=f"{page.title} · Tandem",
    page_icon=str(HERE / "static" / "icon.png"),
    layout="wide",
)
st.html(HERE / "static" / "frame.css")

try:
    page.run()
except TandemError as error:
    parts.show_faults(error)
