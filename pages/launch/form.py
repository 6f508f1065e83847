"""The Launch form's values: kept for the session, read and set by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mtl_core import registry
from mtl_core.config.methods import FIELDS, Catalogue, changed
from mtl_core.config.run import RunConfig

KEPT = "launch_form"
FIRST_TASKS = ("sst2", "mnli")
OWN = {"tasks": list(FIRST_TASKS), "target": FIRST_TASKS[0], "seeds": "1", "alone": True}
"""Values that are no field of RunConfig as it stands."""

TEXTS = ("train_limit",)
"""Fields that are typed as on the command line."""


def key(name: str, of: str = "launch") -> str:
    """The widget that holds a value; `of` is the form, for pages that have the same fields."""
    return f"{of}.{name}"


def begin(catalogue: Catalogue) -> None:
    """Gives every widget the value that it had when it was last seen, or its default.

    Set anew in every run: a browser that missed the first would show the widget's own default.
    """
    kept = {**_defaults(catalogue), **st.session_state.get(KEPT, {})}
    for name, value in kept.items():
        st.session_state[key(name)] = st.session_state.get(key(name), value)
    keep(catalogue)


def keep(catalogue: Catalogue) -> None:
    """Remembers all values: a widget that is not drawn, or whose page is left, loses its own."""
    st.session_state[KEPT] = {name: st.session_state[key(name)] for name in _defaults(catalogue)}


def get(name: str, of: str = "launch") -> Any:
    """One value."""
    return st.session_state[key(name, of)]


def config_values(of: str = "launch") -> dict[str, Any]:
    """The fields of RunConfig that a form has, as they are typed; the folder where it is read alone."""
    found = {name: short(get(name, of)) for name in RunConfig.model_fields if key(name, of) in st.session_state}
    found |= {name: found[name] or None for name in TEXTS}
    return {**found, "data": found["data"] if found["source"] == "folder" else None}


def put(values: Mapping[str, Any], catalogue: Catalogue) -> None:
    """Sets config fields, methods' settings too. Before their widgets are drawn, or in a callback."""
    for field, value in values.items():
        if field == "tasks":
            known = [task for task in value if task in registry.names("tasks")]
            _put(tasks=known, target=known[0] if known else None)
        elif field == "seed":
            _put(seeds=str(value))
        elif field.endswith("_settings"):
            method = values.get(field.removesuffix("_settings"), get(field.removesuffix("_settings")))
            _put_settings(field, method, value, catalogue)
        elif field in TEXTS:
            _put(**{field: _text(value)})
        elif key(field) in st.session_state:
            _put(**{field: value})


def values(catalogue: Catalogue) -> dict[str, Any]:
    """The fields of RunConfig as the form has them, but for the seed. The target comes first."""
    tasks, target = get("tasks"), get("target")
    found = config_values()
    found["tasks"] = tuple(sorted(tasks, key=lambda task: task != target))
    found["teachers"] = tuple(found["teachers"]) if len(tasks) > 1 else ()
    if len(tasks) < 2:
        return {name: value for name, value in found.items() if name not in FIELDS.values()}
    for family, field in FIELDS.items():
        method = catalogue[family].get(found[field])
        if method:
            settings = {name: short(get(f"{method.field}.{method.name}.{name}")) for name in method.properties}
            found[method.field] = changed(method, settings)
    return found


def short(value: Any) -> Any:
    """A whole number as one: number fields give 6.0 for a typed 6."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _text(value: Any) -> str | None:
    """A limit as it is typed: "4000", or "sst2=8000,squad=4000"."""
    if isinstance(value, Mapping):
        return ",".join(f"{task}={number}" for task, number in value.items())
    return None if value is None else str(value)


def _put(**values: Any) -> None:
    for name, value in values.items():
        st.session_state[key(name)] = value


def _put_settings(field: str, name: str, settings: Mapping[str, Any], catalogue: Catalogue) -> None:
    family = next(family for family, own in FIELDS.items() if field == f"{own}_settings")
    method = catalogue[family].get(name)
    for setting, schema in method.properties.items() if method else ():
        _put(**{f"{field}.{name}.{setting}": settings.get(setting, schema.get("default"))})


def _defaults(catalogue: Catalogue) -> dict[str, Any]:
    fields = RunConfig.model_fields.items()
    own = {name: field.default for name, field in fields if name not in ("tasks", "seed") and "settings" not in name}
    settings = {
        f"{method.field}.{method.name}.{name}": schema.get("default")
        for family in catalogue.values()
        for method in family.values()
        for name, schema in method.properties.items()
    }
    return {**own, **settings, **OWN, "teachers": []}
