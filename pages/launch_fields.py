"""Widgets drawn from what a field says of itself, with what is wrong right beneath them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from mtl_core.config import RunConfig
from mtl_core.errors import Fault
from pages import launch_form as form
from pages import parts

STEPS = {
    "learning_rate": 1e-5,
    "head_rate": 1e-5,
    "epochs": 0.5,
    "warmup": 0.01,
    "weight_decay": 0.01,
    "layer_decay": 0.05,
    "attention_dropout": 0.05,
}
FORMATS = {"learning_rate": "%e", "head_rate": "%e"}
PLACEHOLDERS = {
    "train_limit": "all",
    "eval_limit": "all",
    "stride": "a third",
    "attention_dropout": "its own",
    "eval_every": "4 a run",
    "head_rate": "as the rest",
    "early_stopping": "never",
}
OPENINGS = ("is", "no", "the", "there", "can't")
"""Words of ours that a fault may begin with; anything else is what was typed, and stays as it is."""


def show(faults: Iterable[Fault], *fields: str) -> None:
    """What is wrong with the fields, under the widget that was just drawn."""
    for message in dict.fromkeys(fault.message for fault in faults if fault.field in fields):
        first = message.partition(" ")[0]
        words = message[:1].upper() + message[1:] if first in OPENINGS else message
        st.markdown(f":small[:red[:material/error: {parts.plain(words)}]]")


def config_field(name: str, faults: Sequence[Fault], *, label: str = "") -> None:
    """The widget of a field of RunConfig; its docstring is the help."""
    about = RunConfig.model_fields[name]
    label, words = label or name.replace("_", " ").capitalize(), about.description
    kinds = get_args(about.annotation) or (about.annotation,)
    if get_origin(about.annotation) is Literal:
        st.segmented_control(label, kinds, key=form.key(name), help=words, required=True)
    elif bool in kinds:
        st.toggle(label, key=form.key(name), help=words)
    elif name not in form.TEXTS and (float in kinds or int in kinds):
        _number(label, name, whole=int in kinds, words=words)
    else:
        st.text_input(label, key=form.key(name), help=words, placeholder=PLACEHOLDERS.get(name))
    show(faults, name)


def setting(field: str, method: str, name: str, schema: Mapping[str, Any], faults: Sequence[Fault]) -> None:
    """The widget of a method's setting, drawn from its JSON schema."""
    label, words, key = name.replace("_", " ").capitalize(), schema.get("description"), f"{field}.{method}.{name}"
    if schema.get("of") == "tasks":
        chosen = ["", *form.get("tasks")]
        if form.get(key) not in chosen:
            st.session_state[form.key(key)] = ""
        st.selectbox(label, chosen, key=form.key(key), help=words, format_func=lambda task: task or "the target")
    elif "enum" in schema:
        st.segmented_control(label, schema["enum"], key=form.key(key), help=words, required=True)
    elif schema.get("type") == "boolean":
        st.toggle(label, key=form.key(key), help=words)
    elif schema.get("type") in ("number", "integer"):
        _number(label, key, whole=schema["type"] == "integer", words=words)
    else:
        st.text_input(label, key=form.key(key), help=words)
    show(faults, f"{field}.{name}")


def _number(label: str, name: str, *, whole: bool, words: str | None) -> None:
    """No bounds: what is out of range gets our words instead of a silent correction."""
    if not whole and form.get(name) is not None:
        st.session_state[form.key(name)] = float(form.get(name))
    default = RunConfig.model_fields[name].default if name in RunConfig.model_fields else ""
    st.number_input(
        label,
        value=None if default is None else "min",
        step=1 if whole else STEPS.get(name, 0.1),
        format="%d" if whole else FORMATS.get(name, "%g"),
        key=form.key(name),
        help=words,
        placeholder=PLACEHOLDERS.get(name, ""),
    )
