"""The field of a data folder: typed, one of those used before, or browsed to."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mtl_core.services import TandemError, folders, forms
from pages.shared import parts
from pages.shared.form import Form

HELP = "Holds the official files: SST-2/train.tsv, MNLI/train.tsv, SQuAD/train-v1.1.json, ..."


def field(form: Form) -> None:
    """The typed path, and beneath it the ways to a folder that nobody has to type."""
    shared = {"key": form.key("data"), "placeholder": "/path/to/data", "help": HELP}
    st.text_input(forms.label("data"), **shared)
    now = form.get("data") or ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        opened = {"key": browsing(form), "on_change": "rerun"}
        with st.popover("Browse", icon=":material/folder_open:", type="tertiary", **opened) as shown:
            if shown.open:
                browser(form)
        for path in (one for one in folders.recent(parts.workspace()) if one != now):
            st.button(
                parts.plain(folders.short(path, 32)),
                key=f"{form.name}_recent_{path}",
                icon=":material/history:",
                type="tertiary",
                help=f"Used before: {parts.plain(path)}",
                on_click=use,
                args=(form, path),
            )


def browser(form: Form) -> None:
    """Folders to step into. Refreshes alone, so that the page behind it stays as it is."""
    place = f"{form.name}_browsed"

    @st.fragment
    def listing() -> None:
        at = Path(st.session_state.get(place) or folders.nearest(form.get("data") or ""))
        try:
            found = folders.browse(at)
        except TandemError as error:
            parts.show_faults(error)
            st.button("Begin again", key=f"{place}_again", on_click=step, args=(place, ""))
            return
        roots = [root for root in folders.starts() if root != found.path]
        with st.container(horizontal=True, gap="small"):
            for root in roots:
                go(place, root, folders.short(root), ":material/home_storage:")
        st.markdown(f"**{parts.plain(folders.short(found.path))}**")
        st.caption(f"Files of {', '.join(found.tasks)} are here." if found.tasks else "No task's files are here.")
        usual = "primary" if found.tasks else "secondary"
        if st.button("Use this folder", key=f"{place}_use", type=usual, on_click=use, args=(form, str(found.path))):
            st.rerun(scope="app")
        with st.container(height=260, border=False, gap=None):
            if found.above:
                go(place, found.above, "..", ":material/arrow_upward:")
            for name in found.folders:
                go(place, found.path / name, name, ":material/folder:")
            if not found.folders:
                st.caption("No folders in it.")
            if found.left_out:
                st.caption(f"{found.left_out:,} more: type the path.")

    listing()


def go(place: str, path: Path, label: str, icon: str) -> None:
    """A button that steps into a folder."""
    key = f"{place}_{path}" if label != ".." else f"{place}_above"  # which can be one of the roots, too
    st.button(parts.plain(label), key=key, icon=icon, type="tertiary", on_click=step, args=(place, str(path)))


def step(place: str, path: str) -> None:
    """Browses to a folder. In a callback."""
    st.session_state[place] = path


def browsing(form: Form) -> str:
    """The key of the popover: whether it is open."""
    return f"{form.name}_browse"


def use(form: Form, path: str) -> None:
    """Takes a folder, and closes what it was browsed in. In a callback."""
    if browsing(form) in st.session_state:
        st.session_state[browsing(form)] = False
    form.put(data=path)
