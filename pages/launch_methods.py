"""Section 2 of the Launch page: presets, sharing, schedule, balancing, each with its own settings."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core.catalogue import FIELDS, Catalogue, Method
from mtl_core.config import RunConfig
from mtl_core.errors import Fault
from mtl_core.presets import PRESETS, Preset
from mtl_core.services import display, launch
from pages import launch_drawing, launch_fields, parts
from pages import launch_form as form

CARDS = 4
"""Sharing methods in a row."""
LEGEND = "Coloured: one task alone. Grey: shared by all. Heads on top, embeddings at the bottom."


def section(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """How the chosen tasks are trained together."""
    if len(form.get("tasks")) < 2:
        st.caption("One task shares nothing: it gets a model of its own. Choose a second task to share with.")
        return
    presets(catalogue)
    sharing(catalogue, faults)
    left, right = st.columns(2, gap="large")
    with left:
        chooser(catalogue, "schedules", "Schedule: which task each step trains", faults)
    with right:
        chooser(catalogue, "balancing", "Balancing: how losses become one update", faults)


def presets(catalogue: Catalogue) -> None:
    """A button a preset; the one that the form amounts to is marked."""
    current = launch.preset_of({**settings_too(catalogue)})
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Presets", width="content")
        for preset in PRESETS:
            chosen = preset is current
            st.button(
                preset.title,
                key=f"preset_{preset.name}",
                help=f"{preset.summary} {preset.source}.",
                icon=":material/check:" if chosen else None,
                type="primary" if chosen else "secondary",
                on_click=take,
                args=(preset, catalogue),
            )


def settings_too(catalogue: Catalogue) -> dict[str, object]:
    """The form's values with empty settings where nothing differs from the defaults."""
    return {**{f"{field}_settings": {} for field in FIELDS.values()}, **form.values(catalogue)}


def take(preset: Preset, catalogue: Catalogue) -> None:
    """Sets the form to a preset."""
    form.put(preset.values(form.values(catalogue)["tasks"]), catalogue)


def sharing(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """A card a method, with a drawing; the chosen one's settings unfold beneath."""
    methods = sorted(catalogue["sharing"].values(), key=lambda method: (method.name == "single", method.name))
    colors = [display.task_color(task, parts.dark()) for task in form.values(catalogue)["tasks"]]
    for start in range(0, len(methods), CARDS):
        columns = st.columns(CARDS)
        for column, method in zip(columns, methods[start : start + CARDS], strict=False):
            with column.container(border=True, height="stretch"):
                card(method, colors)
    st.caption(LEGEND)
    launch_fields.show(faults, "sharing")
    chosen = catalogue["sharing"].get(form.get("sharing"))
    if chosen:
        settings(chosen, faults)


def card(method: Method, colors: Sequence[str]) -> None:
    """A sharing method: drawing, name, one line."""
    chosen = form.get("sharing") == method.name
    st.html(launch_drawing.sharing(method.layers, colors, method.summary))
    st.button(
        method.title,
        key=f"sharing_{method.name}",
        type="primary" if chosen else "secondary",
        icon=":material/check:" if chosen else None,
        on_click=form.put,
        args=({"sharing": method.name}, {}),
        width="stretch",
    )
    st.caption(method.summary)


def chooser(catalogue: Catalogue, family: str, label: str, faults: Sequence[Fault]) -> None:
    """The methods of a family as a list with a line each; the chosen one's settings unfold beneath."""
    field, methods = FIELDS[family], catalogue[family]
    if form.get(field) not in methods:
        st.session_state[form.key(field)] = RunConfig.model_fields[field].default
    st.radio(
        label,
        list(methods),
        key=form.key(field),
        format_func=lambda name: methods[name].title,
        captions=[method.summary for method in methods.values()],
    )
    launch_fields.show(faults, field, f"{field}_settings")
    chosen = methods.get(form.get(field))
    if chosen:
        settings(chosen, faults)


def settings(method: Method, faults: Sequence[Fault]) -> None:
    """A method's own settings, and where it comes from."""
    for name, schema in method.properties.items():
        launch_fields.setting(method.field, method.name, name, schema, faults)
    with st.popover(f"How {method.title.lower()} works", type="tertiary"):
        for paragraph in method.docstring.split("\n\n"):
            st.markdown(parts.plain(" ".join(paragraph.split())))
