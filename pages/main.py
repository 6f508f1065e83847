"""The frame around every page: navigation, the tab's title and icon, a few lines of style."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mtl_core.errors import TandemError
from pages import parts

HERE = Path(__file__).parent
PAGES = {
    "": [
        st.Page("overview.py", title="Overview", default=True),
    ],
    "Train": [
        st.Page("launch.py", title="Launch"),
        st.Page("watch.py", title="Watch"),
    ],
    "Results": [
        st.Page("studies.py", title="Studies"),
        st.Page("compare.py", title="Compare"),
        st.Page("explore.py", title="Explore"),
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
