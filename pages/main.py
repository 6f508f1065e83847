"""The frame around every page: navigation, the tab's title and icon, a few lines of style."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from mtl_core.services import TandemError
from pages.navigation import NAVIGATION, name, scripts
from pages.shared import form, links, parts

HERE = Path(__file__).parent


def entry(script: str) -> StreamlitPage:
    """A page of the navigation, called after its file or folder."""
    return st.Page(script, title=name(script).capitalize(), url_path=name(script), default=script == scripts()[0])


form.save_open()
PAGES = {group: [entry(script) for script in members] for group, members in NAVIGATION.items()}
page = st.navigation(PAGES)  # without icons: a page's icon would be fetched from elsewhere for the browser's tab
st.set_page_config(
    page_title=f"{page.title} · Tandem",
    page_icon=str(HERE / "static" / "icon.png"),
    layout="wide",
)
st.html(HERE / "static" / "frame.css")
links.arrive(page.url_path)

try:
    page.run()
except TandemError as error:
    parts.show_faults(error)
