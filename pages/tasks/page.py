"""Tasks: what there is, where its data lie, who used it; adding one of your own; what is in one."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from mtl_core.display import colors
from mtl_core.services import tasks
from mtl_core.services.tasks import TaskRow
from pages.shared import links, parts
from pages.tasks import add, detail

CSS = Path(__file__).parents[1] / "static" / "results.css"
QUESTION = "What can be trained, and where do its data lie?"
HEADER = ("Task", "Name", "Kind", "Rows, train / dev", "Data", "Runs", "Studies")


def table(rows: list[TaskRow]) -> str:
    """The tasks as HTML, each name a link to the task."""
    head = "".join(f"<th>{title}</th>" for title in HEADER)
    return f"<table class='results'><thead><tr>{head}</tr></thead><tbody>{''.join(map(line, rows))}</tbody></table>"


def line(row: TaskRow) -> str:
    """A task as a row."""
    dot = f"<span style='color:{colors.task_color(row.name, parts.dark())}'>●</span>"
    studies = ", ".join(f"<a href='studies?study={escape(i)}' target='_self'>{escape(n)}</a>" for i, n in row.studies)
    cells = (
        f"{dot} <a href='tasks?task={escape(row.name)}' target='_self'>{escape(row.title)}</a>",
        f"<code>{escape(row.name)}</code>",
        escape(row.kind.replace("_", " ")),
        escape(row.sizes),
        escape(row.data or "generated sample" * row.sample),
        f"{row.runs:,}" if row.runs else "",
        studies,
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def open_add() -> None:
    """Shows the form of a new task."""
    st.query_params["add"] = "1"


st.html(CSS)
parts.heading("Tasks", QUESTION, "task", reads=("task", "add"))
asked = st.query_params.get("task", "")
if st.query_params.get("add"):
    add.form()
    st.stop()
if asked:
    detail.show(asked)
    st.stop()
links.forget("task", "add")
st.button("Add a task", icon=":material/add:", type="primary", on_click=open_add)
listed = tasks.listing(parts.workspace())
own = [row for row in listed if row.own]
if own:
    st.subheader("Your own", anchor=False)
    st.html(parts.scrolling(table(own)))
else:
    st.caption("None of your own yet: drop a CSV, TSV, JSON or Parquet file, and it is a task like any other.")
st.subheader("Built in", anchor=False)
st.html(parts.scrolling(table([row for row in listed if not row.own])))
