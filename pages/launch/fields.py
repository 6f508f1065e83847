"""Widgets drawn from what a field says of itself, with what is wrong right beneath them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from mtl_core import registry
from mtl_core.config.run import RunConfig
from mtl_core.display import formats
from mtl_core.display.words import capital
from mtl_core.errors import Fault
from pages.launch import form
from pages.shared import parts

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
ENCODERS = ("embedded", "bert-base-uncased")
ENCODER_HELP = "`embedded` needs no network. Or type any Hugging Face encoder id, or a local folder in that format."
SOURCES = {"sample": "Generated sample", "folder": "Folder", "hub": "Hugging Face hub"}
OPENINGS = ("is", "no", "the", "there", "can't")
"""Words of ours that a fault may begin with; anything else is what was typed, and stays as it is."""


def show(faults: Iterable[Fault], *fields: str) -> None:
    """What is wrong with the fields, under the widget that was just drawn."""
    for message in dict.fromkeys(fault.message for fault in faults if fault.field in fields):
        first = message.partition(" ")[0]
        words = capital(message) if first in OPENINGS else message
        st.markdown(f":small[:red[:material/error: {parts.plain(words)}]]")


def config_field(name: str, faults: Sequence[Fault], *, label: str = "", of: str = "launch") -> None:
    """The widget of a field of RunConfig in the form `of`; its docstring is the help."""
    about = RunConfig.model_fields[name]
    label, words = label or name.replace("_", " ").capitalize(), about.description
    kinds = get_args(about.annotation) or (about.annotation,)
    if get_origin(about.annotation) is Literal:
        st.segmented_control(label, kinds, key=form.key(name, of), help=words, required=True)
    elif bool in kinds:
        st.toggle(label, key=form.key(name, of), help=words)
    elif name not in form.TEXTS and (float in kinds or int in kinds):
        number(label, name, whole=int in kinds, words=words, of=of)
    else:
        st.text_input(label, key=form.key(name, of), help=words, placeholder=PLACEHOLDERS.get(name))
    show(faults, name)


def setting(
    field: str, method: str, name: str, schema: Mapping[str, Any], faults: Sequence[Fault], *, of: str = "launch"
) -> None:
    """The widget of a method's or a design's setting in the form `of`, drawn from its JSON schema."""
    label, words, key = name.replace("_", " ").capitalize(), schema.get("description"), f"{field}.{method}.{name}"
    if schema.get("of") == "tasks":
        chosen = ["", *form.get("tasks", of)]
        if form.get(key, of) not in chosen:
            st.session_state[form.key(key, of)] = ""
        st.selectbox(label, chosen, key=form.key(key, of), help=words, format_func=lambda task: task or "the target")
    elif "enum" in schema:
        st.segmented_control(label, schema["enum"], key=form.key(key, of), help=words, required=True)
    elif schema.get("type") == "boolean":
        st.toggle(label, key=form.key(key, of), help=words)
    elif schema.get("type") in ("number", "integer"):
        number(label, key, whole=schema["type"] == "integer", words=words, of=of)
    else:
        st.text_input(label, key=form.key(key, of), help=words)
    show(faults, f"{field}.{name}")


def tasks(faults: Sequence[Fault], of: str = "launch", *, words: str | None = None) -> None:
    """Which tasks, in the order in which readers know them."""
    st.pills(
        "Tasks",
        sorted(registry.names("tasks"), key=lambda name: (formats.FIRST.get(name, len(formats.FIRST)), name)),
        selection_mode="multi",
        wrap=True,
        key=form.key("tasks", of),
        format_func=formats.task_title,
        help=words,
    )
    show(faults, "tasks")


def encoder(faults: Sequence[Fault], of: str = "launch") -> None:
    """The two usual encoders, and any other that is typed."""
    asked = form.get("encoder", of)
    options = list(dict.fromkeys([*ENCODERS, *([asked] if asked else [])]))
    st.selectbox("Encoder", options, key=form.key("encoder", of), accept_new_options=True, help=ENCODER_HELP)
    show(faults, "encoder")


def source(faults: Sequence[Fault], of: str = "launch") -> None:
    """Where examples come from, and how many of them."""
    left, middle, right = st.columns([3, 1, 1], gap="large")
    with left:
        choice = {"key": form.key("source", of), "required": True, "format_func": SOURCES.get}
        st.segmented_control("Examples from", list(SOURCES), **choice)
        show(faults, "source")
        if form.get("source", of) == "folder":
            st.text_input(
                "Folder",
                key=form.key("data", of),
                placeholder="/path/to/data",
                help="Holds the official files: SST-2/train.tsv, MNLI/train.tsv, SQuAD/train-v1.1.json, ...",
            )
        show(faults, "data")
    with middle:
        config_field("train_limit", faults, label="Training examples", of=of)
    with right:
        config_field("eval_limit", faults, label="Dev examples", of=of)


def number(label: str, name: str, *, whole: bool, words: str | None, of: str = "launch") -> None:
    """No bounds: what is out of range gets our words instead of a silent correction."""
    if not whole and form.get(name, of) is not None:
        st.session_state[form.key(name, of)] = float(form.get(name, of))
    default = RunConfig.model_fields[name].default if name in RunConfig.model_fields else ""
    st.number_input(
        label,
        value=None if default is None else "min",
        step=1 if whole else STEPS.get(name, 0.1),
        format="%d" if whole else FORMATS.get(name, "%g"),
        key=form.key(name, of),
        help=words,
        placeholder=PLACEHOLDERS.get(name, ""),
    )
