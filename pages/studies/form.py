"""The values of the "New study" form: kept for the session, read as what a study is designed from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mtl_core import registry, study_designs
from mtl_core.config.run import RunConfig
from mtl_core.config.study import DEFAULT_SEEDS, StudyConfig
from mtl_core.services import studies
from mtl_core.services.study_draft import Asked
from mtl_core.study_designs import StudyPreset
from pages.launch import form

FORM, KEPT = "study", "study_form"
DECIDED = ("name", "tasks", "seed", "start_from", "teachers")
"""Fields of RunConfig that a study decides by itself, with the methods."""
OWN = {
    "preset": studies.FIRST_PRESET,
    "seeds": ", ".join(map(str, DEFAULT_SEEDS)),
    "match": "target_updates",
    "margin": StudyConfig.model_fields["margin"].default,
    "title": "",
}


def key(name: str) -> str:
    """The widget that holds a value."""
    return form.key(name, FORM)


def get(name: str) -> Any:
    """One value."""
    return st.session_state[key(name)]


def setting_key(preset: str, name: str) -> str:
    """Where a preset's own setting stands."""
    return f"settings.{preset}.{name}"


def begin() -> None:
    """Gives every widget the value that it had when it was last seen, or its default.

    Set anew in every run: a browser that missed the first would show the widget's own default.
    """
    for name, value in {**_defaults(), **st.session_state.get(KEPT, {})}.items():
        st.session_state[key(name)] = st.session_state.get(key(name), value)
    keep()


def keep() -> None:
    """Remembers all values: a widget that is not drawn loses its own."""
    st.session_state[KEPT] = {name: st.session_state[key(name)] for name in _defaults()}


def forget() -> None:
    """Back to the defaults, once a study has begun."""
    st.session_state.pop(KEPT, None)
    for name in _defaults():
        st.session_state.pop(key(name), None)


def preset() -> type[StudyPreset]:
    """The chosen design."""
    return study_designs.load(get("preset"))


def take(name: str) -> None:
    """Chooses a design, with the tasks and the settings that go with it. In a callback."""
    before, chosen = preset(), study_designs.load(name)
    for field, value in before.suggested.items():
        if get(field) == value:
            st.session_state[key(field)] = RunConfig.model_fields[field].default
    for field, value in chosen.suggested.items():
        st.session_state[key(field)] = value
    fewest, most = chosen.tasks_wanted
    if not fewest <= len(get("tasks")) <= most:
        st.session_state[key("tasks")] = list(chosen.usual_tasks)
    st.session_state[key("preset")] = name


def asked() -> Asked:
    """What the form says by now."""
    chosen, tasks = get("preset"), get("tasks")
    settings = {
        name: _typed(get(setting_key(chosen, name)), schema) for name, schema in studies.settings_of(preset()).items()
    }
    return Asked(
        preset=chosen,
        settings={name: value for name, value in settings.items() if value is not None},
        tasks=tuple(sorted(tasks, key=lambda task: task != get("target"))),
        values=form.config_values(FORM),
        seeds=get("seeds"),
        match=get("match"),
        margin=get("margin"),
        name=get("title"),
    )


def _typed(value: Any, schema: Mapping[str, Any]) -> Any:
    """A list of numbers is typed as text: "0.1, 0.3"; what is no number stays text, for the preset to say so."""
    if schema.get("type") != "array" or not isinstance(value, str):
        return form.short(value)
    parts = [part for part in value.replace(";", ",").replace(" ", ",").split(",") if part]
    return [_number(part) for part in parts]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _defaults() -> dict[str, Any]:
    fields = RunConfig.model_fields.items()
    methods = ("sharing", "schedule", "balancing")
    common = {
        name: field.default for name, field in fields if name not in (*DECIDED, *methods) and "settings" not in name
    }
    own = {
        setting_key(one.name, name): _shown(schema)
        for one in studies.presets()
        for name, schema in studies.settings_of(one).items()
    }
    tasks = list(study_designs.load(OWN["preset"]).usual_tasks)
    known = [task for task in tasks if task in registry.names("tasks")]
    return {**common, **own, **OWN, "tasks": known, "target": known[0] if known else None}


def _shown(schema: Mapping[str, Any]) -> Any:
    default = schema.get("default")
    if schema.get("type") == "array" and "of" not in schema:
        return ", ".join(f"{value:g}" for value in default or ())
    return default
