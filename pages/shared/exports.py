"""Tables to take along as CSV, Markdown and LaTeX, and names of files."""

from __future__ import annotations

import re

import streamlit as st

from mtl_core.display.tables import Table


def table_downloads(table: Table, name: str) -> None:
    """A row of buttons that save the table as `name` with each format's ending."""
    stem = file_name(name)
    kinds = (
        ("CSV", "csv", "text/csv", table.to_csv()),
        ("Markdown", "md", "text/markdown", table.to_markdown()),
        ("LaTeX", "tex", "application/x-tex", table.to_latex()),
    )
    with st.container(horizontal=True, gap="small"):
        for label, ending, kind, text in kinds:
            file = f"{stem}.{ending}"
            st.download_button(
                label, text, file, kind, icon=":material/download:", on_click="ignore", key=f"download_{file}"
            )


def file_name(name: str) -> str:
    """A name that any file system takes: "sst2 + mnli?" is "sst2-mnli"."""
    return re.sub(r"[^\w.]+", "-", name).strip("-.")[:80] or "tandem"
