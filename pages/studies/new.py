"""A new study: which design, which tasks, what all runs have in common; then every run with its cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from mtl_core import devices
from mtl_core.config.study import MATCHES
from mtl_core.errors import Fault
from mtl_core.services import studies
from mtl_core.study_designs import StudyPreset
from pages.launch import fields as launch_fields
from pages.launch.advanced import GROUPS, WIDTHS
from pages.shared import parts
from pages.studies import form, listing, plan

CARDS = 4
"""Designs in a row."""
USUAL = ("epochs", "batch_size", "learning_rate", "max_length")
SEEDS_HELP = "Each arm is trained once with each. Three is the least that says much; five or ten find smaller effects."
MATCH_HELP = (
    "What a baseline has in common with what it is compared with. It trains the target alone, on the same data in the "
    "same order."
)
MARGIN_HELP = "Differences smaller than this, in points, make no practical difference to you."
DEVICE_HELP = "`auto` takes a GPU where there is one."
PLACED = {"tasks", "source", "data", "encoder", "device", "seed", "margin", "train_limit", "eval_limit", *USUAL}


def page() -> None:
    """The form, top to bottom."""
    form.begin()
    listing.back()
    parts.heading("New study", "Which question, on which tasks, with which seeds?")
    draft = plan.known(form.asked())
    faults = draft.faults
    st.subheader("1 · Question", anchor=False)
    designs()
    st.subheader("2 · Tasks", anchor=False)
    tasks(faults)
    own_settings(form.preset(), faults)
    launch_fields.source(faults, form.FORM)
    st.subheader("3 · Training, the same for all", anchor=False)
    training(faults)
    st.subheader("4 · Evidence", anchor=False)
    evidence(faults)
    plan.box(form.asked(), draft, [fault for fault in faults if fault.field not in placed()])
    form.keep()


def placed() -> set[str]:
    """Fields whose faults stand beside their widgets."""
    settings = {f"settings.{name}" for name in studies.settings_of(form.preset())}
    return PLACED | settings | {field for fields in GROUPS.values() for field in fields if field != "start_from"}


def designs() -> None:
    """A card a preset."""
    found = studies.presets()
    for start in range(0, len(found), CARDS):
        for column, preset in zip(st.columns(CARDS), found[start : start + CARDS], strict=False):
            with column.container(border=True, height="stretch"):
                card(preset)


def card(preset: type[StudyPreset]) -> None:
    """A design: its name and a line."""
    chosen = form.get("preset") == preset.name
    st.button(
        preset.title,
        key=f"study_preset_{preset.name}",
        type="primary" if chosen else "secondary",
        icon=":material/check:" if chosen else None,
        on_click=form.take,
        args=(preset.name,),
        width="stretch",
        help=preset.source or None,
    )
    st.caption(parts.plain(studies.summary(preset)))


def tasks(faults: Sequence[Fault]) -> None:
    """Which tasks, the target among them."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        launch_fields.tasks(faults, form.FORM)
    with right:
        chosen = form.get("tasks")
        if form.get("target") not in chosen:
            st.session_state[form.key("target")] = chosen[0] if chosen else None
        if len(chosen) > 1:
            words = "The task that the question is about; the others are there to help it."
            st.segmented_control("Target", chosen, key=form.key("target"), required=True, help=words)


def own_settings(preset: type[StudyPreset], faults: Sequence[Fault]) -> None:
    """The preset's own settings, drawn from what its fields say."""
    found = studies.settings_of(preset)
    if not found:
        return
    for column, (name, schema) in zip(st.columns(max(2, len(found)), gap="large"), found.items(), strict=False):
        with column:
            setting(preset.name, name, schema)
            launch_fields.show(faults, f"settings.{name}")


def setting(preset: str, name: str, schema: Mapping[str, Any]) -> None:
    """One widget."""
    of, key = schema.get("of"), form.setting_key(preset, name)
    if of is None:
        launch_fields.setting("settings", preset, name, schema, (), of=form.FORM)
        return
    family = form.get(form.setting_key(preset, of)) if of in form.preset().model_fields else of
    options, label = studies.choices(str(family)), name.replace("_", " ").capitalize()
    shared = {"key": form.key(key), "help": schema.get("description"), "accept_new_options": True}
    if schema.get("type") == "array":
        chosen = form.get(key)
        st.multiselect(label, list(dict.fromkeys([*options, *chosen])), placeholder="the usual ones", **shared)
    else:
        st.selectbox(label, list(dict.fromkeys([*options, form.get(key)])), **shared)


def training(faults: Sequence[Fault]) -> None:
    """What all runs have in common; the rest is folded."""
    left, right = st.columns([3, 1], gap="large")
    with left:
        launch_fields.encoder(faults, form.FORM)
    with right:
        gpus = [name for name in devices.visible() if name != "cpu"]
        options = list(dict.fromkeys(["auto", "cpu", *gpus, form.get("device")]))
        st.selectbox("Device", options, key=form.key("device"), help=DEVICE_HELP)
        launch_fields.show(faults, "device")
    row(USUAL, faults)
    inside = {field for fields in GROUPS.values() for field in fields}
    with st.expander("Advanced", expanded=any(fault.field in inside for fault in faults)):
        for title, fields in GROUPS.items():
            st.markdown(f"**{title}**")
            row([field for field in fields if field != "start_from"], faults, WIDTHS.get(title, (1, 1, 1, 1)))


def row(fields: Sequence[str], faults: Sequence[Fault], widths: Sequence[float] = (1, 1, 1, 1)) -> None:
    """Fields of RunConfig side by side."""
    columns = st.columns(list(widths), gap="large", vertical_alignment="center")
    for column, field in zip(columns, fields, strict=False):
        with column:
            launch_fields.config_field(field, faults, of=form.FORM)


def evidence(faults: Sequence[Fault]) -> None:
    """Seeds, what baselines are matched by, the margin, and what to call it."""
    seeds, match, margin, title = st.columns([1, 2, 1, 2], gap="medium")
    with seeds:
        st.text_input("Seeds", key=form.key("seeds"), help=SEEDS_HELP)
        launch_fields.show(faults, "seed")
    with match:
        st.selectbox("Baselines with", list(MATCHES), key=form.key("match"), format_func=MATCHES.get, help=MATCH_HELP)
    with margin:
        st.number_input("Margin, points", key=form.key("margin"), step=0.1, format="%g", help=MARGIN_HELP)
        launch_fields.show(faults, "margin")
    with title:
        words = "Empty: the question in words."
        st.text_input("Name", key=form.key("title"), max_chars=120, help=words, placeholder="the question in words")
