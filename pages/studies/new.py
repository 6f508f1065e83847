"""A new study: which design, which tasks, what all runs have in common; then every run with its cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from mtl_core.services import Fault, forms, studies
from mtl_core.services.studies import MATCHES, TUNERS, StudyPreset
from pages.shared import fields, in_sight, parts
from pages.shared.form import PARAMETER
from pages.shared.terms import explained
from pages.studies import form, from_runs, listing, plan
from pages.studies.form import FORM

SEEDS_HELP = (
    "Each condition is trained once with each. Three is the practical minimum; five or ten detect smaller effects."
)
MATCH_HELP = (
    "What a baseline has in common with what it is compared with. It trains the target alone, on the same data in the "
    "same order."
)
TUNE_HELP = (
    "Each condition, baselines too, gets so many trials over learning rate, epochs, warm-up and its method's own "
    "numbers. They are judged on the validation split alone, on a seed that no verdict uses. 0: conditions train as "
    "they are designed."
)
TUNER_HELP = "How trials are chosen. TPE learns from the condition's earlier trials; random search does not."
AUTO_HELP = "After each look, seeds are added to comparisons that are not settled, until all are or a limit is met."
HOURS_HELP = "Training time of the study's seeds at most; tuning is not counted."
READS = ("new", *from_runs.LINKED, PARAMETER)
MARGIN_HELP = "Differences smaller than this, in points, make no practical difference to you."


def page() -> None:
    """The form, top to bottom."""
    FORM.begin(form.defaults())
    from_runs.prefill()
    listing.back()
    parts.heading(
        "New study", "Which question, on which tasks, with which seeds?", "condition", "baseline", reads=READS
    )
    fields.start_over(FORM)
    draft = plan.known(form.asked())
    from_runs.note(draft.config, working=draft.working)
    faults = fields.told(FORM, draft.faults)
    fields_side, sight_side = in_sight.columns()
    with fields_side:
        st.subheader("1 · Question", anchor=False)
        designs()
        st.subheader("2 · Tasks", anchor=False)
        fields.tasks(FORM, faults)
        own_settings(form.preset(), faults)
        fields.source(FORM, faults)
        st.subheader("3 · Training, the same for all", anchor=False)
        training(faults)
        st.subheader("4 · Evidence", anchor=False)
        evidence(faults)
        by_itself(faults)
        plan.runs(faults)
    FORM.keep()
    with sight_side:
        plan.box(form.asked(), draft, faults, [fault for fault in faults if fault.field not in placed()])


def placed() -> set[str]:
    """Fields whose faults stand beside their widgets."""
    settings = {f"settings.{name}" for name in studies.settings_of(form.preset())}
    return (
        fields.PLACED
        | settings
        | {"margin", *form.BY_ITSELF}
        | {name for names in forms.advanced().values() for name in names}
    )


def designs() -> None:
    """A card a preset."""
    with in_sight.grid("designs"):
        for preset in studies.presets():
            with st.container(border=True, height="stretch"):
                card(preset)


def card(preset: type[StudyPreset]) -> None:
    """A design: its name and a line."""
    chosen = FORM.get("preset") == preset.name
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


def own_settings(preset: type[StudyPreset], faults: Sequence[Fault]) -> None:
    """The preset's own settings, drawn from what its fields say."""
    found = studies.settings_of(preset)
    if not found:
        return
    for column, (name, schema) in zip(st.columns(max(2, len(found)), gap="large"), found.items(), strict=False):
        with column:
            setting(preset.name, name, schema)
            fields.show(faults, f"settings.{name}")


def setting(preset: str, name: str, schema: Mapping[str, Any]) -> None:
    """One widget."""
    of, key = schema.get("of"), form.setting_key(preset, name)
    if of is None:
        fields.setting(FORM, "settings", preset, name, schema)
        return
    family = FORM.get(form.setting_key(preset, of)) if of in form.preset().model_fields else of
    options, label = studies.choices(str(family)), name.replace("_", " ").capitalize()
    shared = {"key": FORM.key(key), "help": schema.get("description"), "accept_new_options": True}
    if schema.get("type") == "array":
        chosen = FORM.get(key)
        st.multiselect(label, list(dict.fromkeys([*options, *chosen])), placeholder="the usual ones", **shared)
    else:
        st.selectbox(label, list(dict.fromkeys([*options, FORM.get(key)])), **shared)


def training(faults: Sequence[Fault]) -> None:
    """The settings that all runs have in common; the rest is folded."""
    left, right = st.columns([3, 1], gap="large")
    with left:
        fields.encoder(FORM, faults)
    with right:
        fields.device(FORM, faults)
    fields.training_presets(FORM)
    fields.row(FORM, fields.USUAL, faults)
    inside = {name for names in forms.advanced().values() for name in names}
    with st.expander("Advanced", expanded=any(fault.field in inside for fault in faults)):
        fields.advanced(FORM, faults)


def evidence(faults: Sequence[Fault]) -> None:
    """Seeds, what baselines are matched by, the margin, and what to call it."""
    seeds, match, margin, title = st.columns([1, 2, 1, 2], gap="medium")
    with seeds:
        fields.seeds(FORM, faults, SEEDS_HELP)
    with match:
        choice = {"key": FORM.key("match"), "format_func": MATCHES.get, "help": MATCH_HELP}
        st.selectbox(forms.label("match"), list(MATCHES), **choice)
    with margin:
        words = explained(MARGIN_HELP, "margin")
        st.number_input(forms.label("margin"), key=FORM.key("margin"), step=0.1, format="%g", help=words)
        fields.show(faults, "margin")
    with title:
        words = "Empty: the question in words."
        st.text_input("Name", key=FORM.key("title"), max_chars=120, help=words, placeholder="the question in words")


def by_itself(faults: Sequence[Fault]) -> None:
    """Tuning of every arm, and seeds that are added until it is known."""
    tune, tuner, auto, most, hours = st.columns([3, 3, 4, 3, 3], gap="medium", vertical_alignment="bottom")
    with tune:
        st.number_input(forms.label("tune"), key=FORM.key("tune"), step=1, help=explained(TUNE_HELP, "trial"))
        fields.show(faults, "tune")
    with tuner:
        off = not FORM.get("tune")
        st.selectbox(
            "Proposed by", list(TUNERS), key=FORM.key("tuner"), format_func=TUNERS.get, disabled=off, help=TUNER_HELP
        )
    with auto:
        st.toggle("Auto: add seeds", key=FORM.key("auto"), help=AUTO_HELP)
    with most:
        st.number_input(forms.label("most_seeds"), key=FORM.key("most_seeds"), step=1, disabled=not FORM.get("auto"))
        fields.show(faults, "most_seeds")
    with hours:
        limit = {"step": 0.5, "format": "%g", "placeholder": "no limit", "help": HOURS_HELP}
        st.number_input(forms.label("hours"), value=None, key=FORM.key("hours"), disabled=not FORM.get("auto"), **limit)
        fields.show(faults, "hours")
