"""Section 2 of the Launch page: presets, sharing, schedule, balancing, or merging, each with its own settings."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core.display import formats
from mtl_core.services import Fault, forms, launch
from mtl_core.services.launch import METHOD_FIELDS, PRESETS, Catalogue, Method, Preset
from pages.launch import advanced, drawing, form
from pages.launch.form import FORM
from pages.shared import fields, in_sight, parts

MERGING_HELP = (
    "Merging makes one encoder of those of single-task runs, without training. How far it goes with each is chosen on "
    "the validation split."
)
LEGEND = (
    "Coloured: one task alone. Grey: shared by all; between layers: linked. Heads on top, embeddings at the bottom."
)


def section(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """The methods by which the chosen tasks are trained together, or merged."""
    if len(FORM.get("tasks")) < 2:
        st.caption("A single task shares nothing. Choose a second task to share with.")
        return
    way(catalogue)
    if FORM.get("merging"):
        merging(catalogue, faults)
        return
    presets(catalogue)
    sharing(catalogue, faults)
    left, right = st.columns(2, gap="large")
    with left:
        chooser(catalogue, "schedules", "Schedule: which task each step trains", faults)
    with right:
        chooser(catalogue, "balancing", "Balancing: how losses are combined", faults)


def way(catalogue: Catalogue) -> None:
    """Train together, or merge what was trained apart."""
    if FORM.get("merging") not in catalogue["merging"]:
        FORM.put(merging="")
    titles = {name: f"Merge · {method.title}" for name, method in catalogue["merging"].items()}
    st.segmented_control(
        "Way to one model",
        ["", *titles],
        key=FORM.key("merging"),
        format_func=lambda name: titles.get(name, "Train together"),
        required=True,
        help=MERGING_HELP,
    )


def merging(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """The runs that are merged, and the settings of the merging."""
    chosen = catalogue["merging"][FORM.get("merging")]
    st.caption(chosen.summary)
    fields.show(faults, *METHOD_FIELDS.values(), "merging_settings")
    advanced.runs("merge_from", faults)
    settings(chosen, faults, in_a_row=2)


def presets(catalogue: Catalogue) -> None:
    """The presets of recipes."""
    current = launch.preset_of({**settings_too(catalogue)})
    fields.preset_buttons(PRESETS, "preset", lambda one: one is current, lambda one: take(one, catalogue))


def settings_too(catalogue: Catalogue) -> dict[str, object]:
    """The form's values with empty settings where nothing differs from the defaults."""
    return {**{f"{field}_settings": {} for field in METHOD_FIELDS.values()}, **form.values(catalogue)}


def take(preset: Preset, catalogue: Catalogue) -> None:
    """Sets the form to a preset."""
    form.put(preset.values(form.values(catalogue)["tasks"]), catalogue)


def sharing(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """A card a method, with a drawing; the chosen one's settings unfold beneath."""
    methods = sorted(catalogue["sharing"].values(), key=_place)
    colors = [formats.task_color(task, parts.dark()) for task in form.values(catalogue)["tasks"]]
    with in_sight.grid("sharing"):
        for method in methods:
            with st.container(border=True, height="stretch"):
                card(method, colors)
    st.caption(LEGEND)
    fields.show(faults, "sharing")
    chosen = catalogue["sharing"].get(FORM.get("sharing"))
    if chosen and chosen.cost:
        st.caption(f"{chosen.title}: {formats.cost_text(chosen.cost)}")
    if chosen:
        settings(chosen, faults, in_a_row=4)


def _place(method: Method) -> tuple[bool, bool, str]:
    """The usual one comes first, the one that shares nothing last."""
    return method.name != forms.default("sharing"), method.name == "single", method.title


def card(method: Method, colors: Sequence[str]) -> None:
    """A sharing method: drawing, name, one line."""
    chosen = FORM.get("sharing") == method.name
    st.html(drawing.sharing(method.layers, colors, method.summary, head=method.head, linked=method.linked))
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
    field, methods = METHOD_FIELDS[family], catalogue[family]
    if FORM.get(field) not in methods:
        FORM.put(**{field: forms.default(field)})
    usual = forms.default(field)
    ordered = sorted(methods.values(), key=lambda one: (one.on_gradients, one.name != usual, one.title))
    st.selectbox(
        label, [one.name for one in ordered], key=FORM.key(field), format_func=lambda name: _title(methods[name])
    )
    chosen = methods.get(FORM.get(field))
    if chosen:
        st.caption(" ".join([chosen.summary, formats.cost_text(chosen.cost)]).strip())
    fields.show(faults, field, f"{field}_settings")
    if chosen:
        remedies(catalogue, chosen)
        settings(chosen, faults, in_a_row=2)


def _title(method: Method) -> str:
    """A method in a list: of balancings also what it works on."""
    if method.family != "balancing":
        return method.title
    return f"{method.title} · on {'gradients' if method.on_gradients else 'losses'}"


def remedies(catalogue: Catalogue, chosen: Method) -> None:
    """Buttons that mend what a balancing needs of the schedule."""
    schedules = catalogue["schedules"]
    now = schedules.get(FORM.get("schedule"))
    if chosen.family == "balancing" and chosen.every_task and now and not now.every_task:
        for schedule in (one for one in schedules.values() if one.every_task):
            st.button(
                f"Use {schedule.title.lower()}",
                key=f"remedy_{schedule.name}",
                icon=":material/build:",
                on_click=form.put,
                args=({"schedule": schedule.name}, {}),
            )


def settings(method: Method, faults: Sequence[Fault], *, in_a_row: int) -> None:
    """A method's own settings, and where it comes from."""
    items = list(method.properties.items())
    for start in range(0, len(items), in_a_row):
        columns = st.columns(in_a_row, gap="large", vertical_alignment="center")
        for column, (name, schema) in zip(columns, items[start : start + in_a_row], strict=False):
            with column:
                fields.setting(FORM, method.field, method.name, name, schema, faults)
    title = method.title.lower() if method.title[1:].islower() else method.title
    with st.popover(f"How {title} works", type="tertiary"):
        for paragraph in method.docstring.split("\n\n"):
            st.markdown(parts.plain(" ".join(paragraph.split())))
