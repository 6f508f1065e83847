"""All studies: what each asks, how it stands, what it has answered; and the ways to a new one."""

from __future__ import annotations

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import TandemError, folders, studies
from mtl_core.services.studies import Entry
from pages.shared import example, parts
from pages.studies import controls, from_runs

QUESTION = "Does A help B? An answer that holds over seeds and examples."
EMPTY = (
    "No study yet. A study trains a question's conditions with several seeds, adds the single-task baselines "
    "automatically, and says whether the difference is more than chance."
)
FOLDER_HELP = "The folder of the card's data on this machine, for a card whose runs read a folder."


def page(gone: str = "") -> None:
    """The list, or what to do where there is none. `gone` is a study that a link asks for and that is not there."""
    parts.heading("Studies", QUESTION, "study", "condition", "verdict", reads=("study", "new", *from_runs.LINKED))
    if gone:
        parts.not_there([f"There is no study '{gone}'. It may have been deleted."])
    undo()
    listed, unreadable = studies.entries(parts.workspace())
    if unreadable:
        lines = [f"**{parts.plain(name)}**: {parts.plain(why)}" for name, why in unreadable.items()]
        st.warning("  \n".join(lines), icon=":material/link_off:")
    if not listed:
        empty()
        return
    with st.container(horizontal=True):
        new_button()
        import_card()
    entries(listed)
    example.show_button("studies_example")


def back() -> None:
    """To the list."""
    if st.button("All studies", icon=":material/arrow_back:", type="tertiary", key="study_back"):
        st.query_params.clear()
        st.rerun()


def empty() -> None:
    """The first thing to do."""
    with st.container(border=True, horizontal_alignment="center", gap="medium"):
        st.space("small")
        st.markdown(EMPTY, text_alignment="center")
        with st.container(horizontal=True, horizontal_alignment="center"):
            new_button()
            import_card()
            example.show_button("studies_example")
        st.space("small")


def new_button() -> None:
    """To the form."""
    if st.button("New study", type="primary", icon=":material/add:", key="study_new"):
        st.query_params["new"] = "1"
        st.rerun()


def entries(listed: list[Entry]) -> None:
    """A line a study; while one waits or trains the lines refresh by themselves."""
    live = any(entry.live for entry in listed)

    @st.fragment(run_every="3s" if live else None)
    def lines() -> None:
        for entry in studies.entries(parts.workspace())[0] if live else listed:
            line(entry)

    lines()


def line(entry: Entry) -> None:
    """State, question, answer, how far it is."""
    config = entry.study.config
    badge, name, done = st.columns([1.6, 6.2, 1.8], vertical_alignment="center")
    with badge:
        controls.state_badge(entry.state)
    with name.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button(parts.plain(config.name), key=f"open_{entry.study.id}", type="tertiary"):
                st.query_params["study"] = entry.study.id
                st.rerun(scope="app")
            if entry.study.example:
                parts.example_badge()
            for tag in config.tags:
                st.badge(parts.plain(tag), color="gray")
        if entry.finished:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f":small[{parts.plain(studies.answer(parts.workspace(), entry))}]", width="content")
                if entry.generated:
                    parts.sample_badge()
    text = f"{entry.finished} of {entry.runs} runs · {formats.ago(entry.study.created)}"
    done.html(f"<div class='results-small' title='{formats.exact(entry.study.created)}'>{text}</div>")


def import_card() -> None:
    """A run card from elsewhere becomes a study here, not started yet."""
    with st.popover("Import a card", icon=":material/upload_file:"):
        st.markdown(
            "A run card is what *Card* of a study saves: its conditions, seeds and comparisons, without results."
        )
        card = st.file_uploader("Run card", type="json", key="study_card_file")
        folder = st.text_input("Data folder here", key="study_card_folder", help=FOLDER_HELP)
        if st.button("Import", type="primary", key="study_import", disabled=card is None) and card is not None:
            try:
                folders.check(folder.strip())
                study_id = studies.take_card(parts.workspace(), card.getvalue(), folder.strip())
            except TandemError as error:
                parts.show_faults(error)
                return
            st.query_params["study"] = study_id
            st.rerun()


def undo() -> None:
    """A study that was just deleted can be put back."""
    study = st.session_state.get("study_deleted")
    if study is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        name = parts.plain(study.config.name)
        st.markdown(f"Deleted the study **{name}**. Its {len(study.run_ids())} runs are still there.", width="content")
        if st.button("Undo", icon=":material/undo:", key="study_undo"):
            studies.undo(parts.workspace(), study)
            del st.session_state["study_deleted"]
            st.rerun()
