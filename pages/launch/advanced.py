"""The rarely changed fields of the Launch page, folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mtl_core.services import Fault, Run, forms, parents
from mtl_core.services.launch import TRAIN_FIRST, Catalogue
from pages.launch.form import FORM
from pages.shared import fields, parts

INSIDE = {name for group in forms.advanced().values() for name in group} | {"name", "teachers"}
"""Every field that is drawn here."""


def section(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """Opens by itself where something in it is wrong."""
    with st.expander("Advanced", expanded=any(fault.field in INSIDE for fault in faults)):
        fields.advanced(FORM, faults, own={"start_from": lambda: start(catalogue, faults)})
        st.markdown("**Other**")
        left, right = st.columns(2, gap="large")
        with left:
            teachers(faults)
        with right:
            fields.config_field(FORM, "name", faults)


def start(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """Finished runs with the same encoder; one that a link has brought stays, so that its fault can be read."""
    known = parents.starts(parts.workspace(), FORM.get("encoder") or "", catalogue)
    asked, field = FORM.get("start_from"), forms.config_field("start_from")
    st.selectbox(
        field.label,
        list(dict.fromkeys([*known, *([asked] if asked else [])])),
        index=None,
        key=FORM.key("start_from"),
        format_func=lambda name: _label(name, known),
        placeholder=field.about.placeholder,
        help=field.help,
    )
    fields.show(faults, "start_from")


def teachers(faults: Sequence[Fault]) -> None:
    """Finished single-task runs of the chosen tasks that teach, or those that are to be trained first."""
    if len(FORM.get("tasks")) < 2:
        st.caption("Teachers: distillation needs two tasks or more.")
        return
    runs("teachers", faults)


def runs(name: str, faults: Sequence[Fault]) -> None:
    """The single-task runs that a field names: finished ones of the chosen tasks, or all trained first."""
    field = forms.config_field(name)
    known = parents.single_task(parts.workspace(), FORM.get("tasks"), FORM.get("encoder") or "", FORM.get("source"))
    st.multiselect(
        field.label,
        list(dict.fromkeys([TRAIN_FIRST, *known, *FORM.get(name)])),
        key=FORM.key(name),
        format_func=lambda run: "train them first" if run == TRAIN_FIRST else _label(run, known),
        placeholder=field.about.placeholder,
        help=field.help,
    )
    fields.show(faults, name)


def _label(name: str, known: Mapping[str, Run]) -> str:
    """A run as it stands in a picker, with the task whose encoder is meant in front."""
    if name not in known:
        return name
    _, _, task = name.partition(":")
    return f"{task} of " * bool(task) + parts.run_label(known[name])
