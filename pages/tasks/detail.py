"""One task: its facts, what is in its data, rules that leave rows out, and where the data of a built-in one lie."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from mtl_core.services import TandemError, tasks
from mtl_core.services.tasks import TaskDetail
from pages.shared import links, parts
from pages.tasks.add import leave

PAGE = 20
"""Rows of a finding on a page."""
ASK_AGAIN = 2.0
"""Seconds between two looks at a check that is under way."""


def show(name: str) -> None:
    """The task's page."""
    st.button("All tasks", icon=":material/arrow_back:", type="tertiary", on_click=leave)
    try:
        found = tasks.detail(parts.workspace(), name)
    except TandemError as error:
        parts.show_faults(error)
        return
    st.subheader(parts.plain(found.row.title), anchor=False)
    st.markdown("\n".join(f"- {title}: {parts.plain(value)}" for title, value in found.facts))
    st.code(f"python -m mtl_core train --tasks {name},sst2", language=None)
    checks(found)
    if found.row.own:
        export(name)
        st.button("Remove this task", icon=":material/delete:", key="tasks_remove", on_click=remove, args=(name,))
        st.caption("Runs keep what they know of it; a file that you have pointed at stays.")
    else:
        place(name, found)


def checks(found: TaskDetail) -> None:
    """What is in the data: asked for by a button, as it may take a minute."""
    st.markdown("#### What is in it")
    name, key = found.row.name, f"tasks_checked_{found.row.name}"
    if not st.session_state.get(key):
        st.button("Check the data", icon=":material/fact_check:", key="tasks_check", on_click=begin, args=(key,))
        st.caption("Labels, lengths, duplicates, contradictory labels, training rows in the dev set.")
        return

    @st.fragment(run_every=ASK_AGAIN if not st.session_state.get(f"{key}_done") else None)
    def answer() -> None:
        try:
            report = tasks.checked(parts.workspace(), name)
        except TandemError as error:
            parts.show_faults(error)
            st.session_state[f"{key}_done"] = True
            return
        if report is None:
            st.caption("Looking at each row …")
            return
        findings(found, report)
        if not st.session_state.get(f"{key}_done"):
            st.session_state[f"{key}_done"] = True
            st.rerun()

    answer()


def findings(found: TaskDetail, report: Mapping[str, Any]) -> None:
    """The report, and for own tasks which findings are left out."""
    labels = {split: counts for split, counts in report["labels"].items() if set(counts) != {""}}
    if labels:
        names = dict.fromkeys(name for counts in labels.values() for name in counts)
        rows = [{"label": name, **{split: labels[split].get(name, 0) for split in labels}} for name in names]
        st.dataframe(rows, hide_index=True, width="content")
    lengths = report["lengths"]
    if lengths:
        st.markdown(
            f"Tokens a row: {lengths['median']} in the median, {lengths['99 %']} at 99 %, {lengths['most']} at most; "
            f"**{lengths['cut']:.1%}** of the rows are longer than {lengths['max_length']} and are cut."
        )
    if not report["findings"]:
        st.success("No empty, repeated or contradictory rows, and no training row in the dev set.")
    for one in report["findings"]:
        with st.expander(f"{one['count']:,} {one['title']}"):
            pages = max(1, -(-len(one["rows"]) // PAGE))
            number = st.pagination(pages, key=f"tasks_page_{one['rule']}") if pages > 1 else 1
            st.dataframe(one["rows"][PAGE * (number - 1) : PAGE * number], hide_index=True, width="stretch")
            if one["count"] > len(one["rows"]):
                st.caption(f"The first {len(one['rows']):,} of {one['count']:,}.")
    if found.row.own and report["findings"]:
        rules(found, [one["rule"] for one in report["findings"]], report)


def rules(found: TaskDetail, names: list[str], report: Mapping[str, Any]) -> None:
    """Which of the findings are left out; a change is a new version of the task."""
    titles = {one["rule"]: one["title"] for one in report["findings"]}
    usual = [name for name in found.rules if name in names]
    chosen = st.multiselect("Leave out", names, default=usual, format_func=titles.get, key="tasks_rules")
    if set(chosen) != set(usual) and st.button("Save", key="tasks_rules_save", type="primary"):
        try:
            with st.spinner("Saving …"):
                tasks.leave_out(parts.workspace(), found.row.name, chosen)
        except TandemError as error:
            parts.show_faults(error)
            return
        st.rerun(scope="app")
    st.caption("The file stays as it is. With other rules the task is another version, and runs say which they read.")


def export(name: str) -> None:
    """The task as one file; made when it is asked for."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, with_data in (("Export with its data", True), ("Export without data", False)):
            st.download_button(
                label,
                data=partial(tasks.exported, parts.workspace(), name, with_data=with_data),
                file_name=tasks.EXPORT.format(name=name),
                mime="application/zip",
                icon=":material/download:",
                key=f"tasks_export_{with_data}",
                on_click="ignore",
            )
    st.caption("One file for a colleague, who adds it under *Add a task*. Without data it holds their fingerprint.")


def place(name: str, found: TaskDetail) -> None:
    """Where the data of a built-in task lie, so that no form asks again."""
    st.markdown("#### Where its data lie")
    st.text_input(
        "Folder with its official files, or hub", value=found.row.data.removeprefix("folder "), key="tasks_place"
    )
    if st.button("Remember", key="tasks_remember"):
        text = st.session_state["tasks_place"].strip()
        try:
            source = text if text in ("hub", "sample", "") else "folder"
            tasks.remember(parts.workspace(), name, source, text if source == "folder" else None)
        except TandemError as error:
            parts.show_faults(error)
            return
        st.rerun()


def begin(key: str) -> None:
    """Starts the check."""
    st.session_state[key] = True
    st.session_state[f"{key}_done"] = False


def remove(name: str) -> None:
    """Forgets the task and shows the list."""
    tasks.remove(parts.workspace(), name)
    links.forget("task", "add")
