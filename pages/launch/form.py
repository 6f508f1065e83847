"""The Launch form's own values: methods with their settings, which links and presets set too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtl_core.services import forms
from mtl_core.services.launch import METHOD_FIELDS, TRAIN_FIRST, Catalogue, changed
from pages.shared.form import Form, whole

FORM = Form("launch")
FIRST_TASKS = ("sst2", "mnli")
OWN = {"tasks": list(FIRST_TASKS), "target": FIRST_TASKS[0], "seeds": "1", "alone": True}
"""Values that are no field of RunConfig as it stands."""


def defaults(catalogue: Catalogue) -> dict[str, Any]:
    """Every value as it is at first."""
    settings = {
        f"{method.field}.{method.name}.{name}": schema.get("default")
        for family in catalogue.values()
        for method in family.values()
        for name, schema in method.properties.items()
    }
    return {**forms.defaults(), **settings, **OWN}


def put(values: Mapping[str, Any], catalogue: Catalogue) -> None:
    """Sets config fields, methods' settings too. Before their widgets are drawn, or in a callback."""
    for field, value in values.items():
        if field == "tasks":
            known = [task for task in value if task in forms.task_names()]
            FORM.put(tasks=known, target=known[0] if known else None)
        elif field == "seed":
            FORM.put(seeds=str(value))
        elif field in forms.SETTINGS:
            method = values.get(field.removesuffix("_settings"), FORM.get(field.removesuffix("_settings")))
            _put_settings(field, method, value, catalogue)
        elif field == "merge_from":
            FORM.put(merge_from=list(value) or [TRAIN_FIRST])
        elif FORM.has(field):
            FORM.put(**{field: forms.typed_text(value) if forms.is_typed(field) else value})


def values(catalogue: Catalogue) -> dict[str, Any]:
    """The fields of RunConfig as the form has them, but for the seed. The target comes first."""
    tasks = FORM.ordered_tasks()
    values = {**FORM.config_values(), "tasks": tasks}
    values["teachers"] = tuple(values["teachers"]) if len(tasks) > 1 else ()
    values["merge_from"] = tuple(values["merge_from"]) if values["merging"] else ()
    if len(tasks) < 2:
        methods = (*METHOD_FIELDS.values(), "merge_from")
        return {name: value for name, value in values.items() if name not in methods}
    if values["merging"]:  # the other methods are not on the page then
        values |= {field: forms.default(field) for field in METHOD_FIELDS.values() if field != "merging"}
    for family, field in METHOD_FIELDS.items():
        method = catalogue[family].get(values[field])
        if method:
            settings = {name: whole(FORM.get(f"{method.field}.{method.name}.{name}")) for name in method.properties}
            values[method.field] = changed(method, settings)
    return values


def _put_settings(field: str, name: str, settings: Mapping[str, Any], catalogue: Catalogue) -> None:
    family = next(family for family, own in METHOD_FIELDS.items() if field == f"{own}_settings")
    method = catalogue[family].get(name)
    for setting, schema in method.properties.items() if method else ():
        FORM.put(**{f"{field}.{name}.{setting}": settings.get(setting, schema.get("default"))})
