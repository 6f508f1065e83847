"""Forms that remember: the values of an open form, and those that a new one begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtl_core.services import forms
from mtl_core.store import open_forms
from mtl_core.store.open_forms import OpenForm as OpenForm
from mtl_core.store.workspace import Workspace

NAMES = ("name", "title")
"""Fields that name one launch or study: a new form does not take them over."""


def opened(workspace: Workspace, kind: str, form_id: str) -> OpenForm | None:
    """The form that a link names, or None."""
    return open_forms.read(workspace, kind, form_id)


def last_used(workspace: Workspace, kind: str) -> OpenForm | None:
    """What a new form begins with: the values of the one that was changed last; None where they are the defaults."""
    found = open_forms.newest(workspace, kind)
    values = {name: value for name, value in found.values.items() if name not in NAMES} if found else {}
    return OpenForm("", values, "", found.kept) if found and values else None


def keep(workspace: Workspace, kind: str, form: OpenForm | None, values: Mapping[str, Any]) -> OpenForm | None:
    """Keeps a form's values under its id, or under one of its own; None where the folder can't be written."""
    try:
        return open_forms.keep(workspace, kind, form.id if form else "", values, form.stamp if form else "")
    except OSError:
        return None  # the page says so itself: no run could be kept there either


def changed(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The values that differ from the defaults, as they are kept."""
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {name: value for name, value in plain.items() if value != defaults.get(name)}


def usable(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The kept values that this version's form can show; what it does not know stays at its default."""
    found = {name: value for name, value in values.items() if name in defaults and _fits(name, value, defaults[name])}
    for name in ("tasks", "target"):
        if isinstance(found.get(name), list):
            found[name] = [task for task in found[name] if task in forms.task_names()]
    return found


def _fits(name: str, value: Any, default: Any) -> bool:
    """True for a value of the field's type and, where there are some, among its choices."""
    field = forms.config_field(name) if name in forms.FIELDS else None
    if field and field.choices:
        return value in field.choices
    if field and field.widget == "number":
        return _is_number(value) or value is None
    if isinstance(default, (list, tuple)):
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if isinstance(default, bool) or not _is_number(default):
        return value is None or default is None or isinstance(value, type(default))
    return _is_number(value) or value is None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
