"""What is rarely changed on the Launch page: fields by what they are about, folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mtl_core.config.methods import Catalogue
from mtl_core.config.run import TRAIN_FIRST, RunConfig
from mtl_core.errors import Fault
from mtl_core.services import parents
from mtl_core.store.runs import Run
from pages.launch import fields as launch_fields
from pages.launch import form
from pages.shared import parts

GROUPS = {
    "Model": ("start_from", "head_layers", "pooling", "freeze_layers"),
    "Rates": ("warmup", "layer_decay", "head_rate", "weight_decay"),
    "Steps": ("gradient_accumulation", "max_grad_norm", "eval_every", "early_stopping"),
    "Data": ("selection_limit", "stride", "attention_dropout"),
    "Machine": ("precision", "processes", "gradient_checkpointing", "compile"),
}
WIDTHS = {"Machine": (1, 1, 1.5, 0.8)}
"""Of the columns where they are not alike: a switch's label stands beside it."""
INSIDE = {field for fields in GROUPS.values() for field in fields} | {"name", "teachers"}
"""Every field that is drawn here."""


def section(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """Opens by itself where something in it is wrong."""
    with st.expander("Advanced", expanded=any(fault.field in INSIDE for fault in faults)):
        for title, fields in GROUPS.items():
            st.markdown(f"**{title}**")
            columns = st.columns(WIDTHS.get(title, (1, 1, 1, 1)), gap="large", vertical_alignment="center")
            for column, field in zip(columns, fields, strict=False):
                with column:
                    one(field, catalogue, faults)
        st.markdown("**Other**")
        left, right = st.columns(2, gap="large")
        with left:
            teachers(faults)
        with right:
            launch_fields.config_field("name", faults)


def one(field: str, catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """A field's widget."""
    if field == "start_from":
        start(catalogue, faults)
    else:
        launch_fields.config_field(field, faults)


def start(catalogue: Catalogue, faults: Sequence[Fault]) -> None:
    """Finished runs with the same encoder; one that a link has brought stays, so that its fault can be read."""
    known = parents.starts(parts.workspace(), form.get("encoder") or "", catalogue)
    asked = form.get("start_from")
    st.selectbox(
        "Start from",
        list(dict.fromkeys([*known, *([asked] if asked else [])])),
        index=None,
        key=form.key("start_from"),
        format_func=lambda name: _label(name, known),
        placeholder="pretrained",
        help=RunConfig.model_fields["start_from"].description,
    )
    launch_fields.show(faults, "start_from")


def teachers(faults: Sequence[Fault]) -> None:
    """Finished single-task runs of the chosen tasks, or those that are to be trained first."""
    tasks = form.get("tasks")
    if len(tasks) < 2:
        st.caption("Teachers: a run of one task has nobody to learn from but itself.")
        return
    known = parents.teachers(parts.workspace(), tasks, form.get("encoder") or "", form.get("source"))
    st.multiselect(
        "Teachers",
        list(dict.fromkeys([TRAIN_FIRST, *known, *form.get("teachers")])),
        key=form.key("teachers"),
        format_func=lambda name: "train them first" if name == TRAIN_FIRST else _label(name, known),
        placeholder="none",
        help=RunConfig.model_fields["teachers"].description,
    )
    launch_fields.show(faults, "teachers")


def _label(name: str, known: Mapping[str, Run]) -> str:
    """A run as it stands in a picker, with the task whose encoder is meant in front."""
    if name not in known:
        return name
    _, _, task = name.partition(":")
    return f"{task} of " * bool(task) + parts.run_label(known[name])
