"""Descriptions of methods for forms and checks, without loading one: names, first lines, settings.

The work side reads it off the registries (engine/methods.py), and jobs/catalogue.py keeps it on disk, so no name is
listed twice and the web process never loads torch to draw a form.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from mtl_core import registry
from mtl_core.errors import Fault, unknown_name

FIELDS = {"sharing": "sharing", "schedules": "schedule", "balancing": "balancing", "merging": "merging"}
"""Families of methods, and the config's field that names one of each."""


@dataclass(frozen=True, slots=True)
class Method:
    """One way of sharing, scheduling, balancing or merging, as a form shows it."""

    family: str
    name: str
    title: str
    """Its name as people write it: "Round robin"."""
    summary: str
    """The first line of its docstring."""
    docstring: str
    """All of it: formula, source, and how it differs from the source."""
    layers: tuple[float, ...]
    """Sharing alone: what part of each encoder layer two tasks share, 0 to 1, the embeddings first."""
    settings: Mapping[str, Any]
    """JSON schema of its settings."""
    head: float = 0
    """A sharing: what part of the heads two tasks share, 0 to 1."""
    linked: bool = False
    """A sharing: layers that are not shared are mixed, or kept near each other."""
    every_task: bool = False
    """A schedule: each step trains all tasks. A balancing: each step must."""
    needs_shared: bool = False
    """A balancing: it looks at the tasks' gradients of shared parameters."""
    on_gradients: bool = False
    """A balancing: it weighs gradients, not losses."""
    shares: bool = True
    """A sharing: tasks have parameters in common."""
    needs_layers: bool = False
    """A sharing: it works on the encoder's single layers."""
    cost: Mapping[str, float] | None = None
    """What a step took against the plain method's where it was measured: times as much `time` and `memory`."""

    @property
    def field(self) -> str:
        """The config's field that holds the settings."""
        return f"{FIELDS[self.family]}_settings"

    @property
    def properties(self) -> dict[str, dict[str, Any]]:
        """Each setting's own schema by name."""
        return dict(self.settings.get("properties", {}))


COSTS = registry.ROOT / "config" / "method_costs.json"
"""Measured by benchmarks/method_cost.py: family → name → times the plain method's time and memory."""

Catalogue = Mapping[str, Mapping[str, Method]]
"""Family → name → method."""


def from_document(document: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Catalogue:
    """The catalogue in the document that `python -m mtl_core methods --json` prints."""
    return {family: {name: method(family, facts) for name, facts in document[family].items()} for family in FIELDS}


def method(family: str, facts: Mapping[str, Any]) -> Method:
    """One method from its facts in such a document."""
    return Method(family=family, **{**facts, "layers": tuple(facts["layers"])})


def config_faults(catalogue: Catalogue, config: Mapping[str, Any]) -> list[Fault]:
    """Faults of the settings of a config's methods; methods that nobody knows are left to `config.parse`."""
    faults = []
    for family, field in FIELDS.items():
        method = catalogue[family].get(str(config.get(field)))
        if method:
            settings = config.get(method.field) or {}
            faults += settings_faults(method, settings) + _strangers(method, settings, config.get("tasks") or ())
    return faults + _misfits(catalogue, config)


def settings_faults(method: Method, settings: Mapping[str, Any]) -> list[Fault]:
    """Faults of a method's settings; each fault's field is like "schedule_settings.share"."""
    unknown = [name for name in settings if name not in method.properties]
    faults = [Fault(f"{method.field}.{name}", _unknown(method, name)) for name in unknown]
    for name, schema in method.properties.items():
        if name in settings:
            message = _wrong(schema, settings[name])
            faults += [Fault(f"{method.field}.{name}", message)] * bool(message)
    return faults


def changed(method: Method, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that differ from the method's defaults: what a config needs to say."""
    return {
        name: value
        for name, value in settings.items()
        if name not in method.properties or value != method.properties[name].get("default")
    }


def _strangers(method: Method, settings: Mapping[str, Any], tasks: Iterable[str]) -> list[Fault]:
    """Settings that name a task (their schema says `"of": "tasks"`) which is none of the run's."""
    tasks = list(tasks)
    asked = [(name, settings.get(name)) for name, schema in method.properties.items() if schema.get("of") == "tasks"]
    return [
        Fault(f"{method.field}.{name}", unknown_name("task of this run", str(task), tasks))
        for name, task in asked
        if task and task not in tasks
    ]


def _misfits(catalogue: Catalogue, config: Mapping[str, Any]) -> list[Fault]:
    """Methods that do not go together."""
    axes = ("sharing", "schedules", "balancing")
    sharing, schedule, balancing = (catalogue[family].get(str(config.get(FIELDS[family]))) for family in axes)
    faults = []
    if balancing and schedule and balancing.every_task and not schedule.every_task:
        joint = " or ".join(one.name for one in catalogue["schedules"].values() if one.every_task)
        words = f"'{balancing.name}' compares all tasks in each step, and '{schedule.name}' trains one at a time."
        faults.append(Fault("balancing", f"{words} Use the schedule {joint}."))
    if balancing and sharing and balancing.needs_shared and not sharing.shares:
        words = f"'{balancing.name}' weighs the gradients of shared parameters, and '{sharing.name}' shares none."
        faults.append(Fault("balancing", f"{words} Use another sharing, or the balancing sum."))
    return faults


def _unknown(method: Method, name: str) -> str:
    if not method.properties:
        return f"'{method.name}' has no settings. Leave '{name}' out."
    return unknown_name(f"setting of '{method.name}'", name, method.properties)


def _wrong(schema: Mapping[str, Any], value: Any) -> str:
    """The fault of one value, and what to use; "" where it fits."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not a number. {_advice(schema)}"
    errors: Iterable[ValidationError] = Draft202012Validator(schema).iter_errors(value)
    for error in errors:
        return f"{json.dumps(value)} {_why(error)}. {_advice(schema)}"
    return ""


def _why(error: ValidationError) -> str:
    limit = error.validator_value
    words = {
        "minimum": "is too small, the minimum is {}",
        "exclusiveMinimum": "is too small, it must be above {}",
        "maximum": "is too large, the maximum is {}",
        "exclusiveMaximum": "is too large, it must be below {}",
    }.get(str(error.validator))
    if words:
        return words.format(f"{limit:g}")
    kinds = {"number": "a number", "integer": "a whole number", "boolean": "true or false", "string": "a text"}
    if error.validator == "type":
        return f"is not {kinds.get(str(limit), str(limit))}"
    return "is not a choice" if error.validator in ("enum", "const") else "does not fit"


def _advice(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return f"Use {' or '.join(map(str, schema['enum']))}."
    return f"Use a value such as {json.dumps(schema.get('default'))}."
