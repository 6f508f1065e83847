"""The fields of Launch and New study: what a form draws, read off the config and the methods' schemas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from mtl_core import devices, registry
from mtl_core.config.fields import GROUPS, About, about
from mtl_core.config.places import REMEMBERED as REMEMBERED
from mtl_core.config.run import TRAIN_FIRST, RunConfig
from mtl_core.config.settings import field_text
from mtl_core.config.training_presets import TRAINING_PRESETS as TRAINING_PRESETS
from mtl_core.config.training_presets import TrainingPreset as TrainingPreset
from mtl_core.display import formats
from mtl_core.display.words import capital

Widget = Literal["choice", "switch", "number", "text", "task"]
UNDRAWN = ("task_sources", "definitions")
"""Fields that no form has: a run fills them with what is remembered of its tasks."""
FIELDS = tuple(name for name in RunConfig.model_fields if name not in UNDRAWN)
"""Names of the fields of a run's config that a form may have."""
SETTINGS = tuple(name for name in RunConfig.model_fields if name.endswith("_settings"))
"""Fields that hold the settings of a method: a form draws these one by one."""
NAMES = re.compile(rf"(?<![\w'-])({'|'.join(name for name in FIELDS if '_' in name)})(?![\w'-])")
"""Names of fields that stand in a message and are no ordinary words."""
LABELS = {
    "data": "Data folder",
    "what": "Data",
    "hold_out": "Held out as dev set",
    "source": "Examples from",
    "train_limit": "Training examples",
    "eval_limit": "Dev examples",
    "seed": "Seeds",
    "margin": "Margin, points",
    "match": "Baselines with",
    "tune": "Tuning trials",
    "most_seeds": "Seeds at most",
    "hours": "Hours at most",
    "runs_dir": "Runs folder",
}
"""Labels of fields that don't follow from their names."""
_SCHEMA_WIDGETS: dict[str, Widget] = {"boolean": "switch", "number": "number", "integer": "number"}


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form, and how it is drawn."""

    name: str
    widget: Widget
    help: str | None
    choices: tuple[Any, ...] = ()
    whole: bool = False
    """Of numbers: no fractions."""
    empty: bool = False
    """Of numbers: whether the field may be left empty."""
    about: About = field(default_factory=About)

    @property
    def label(self) -> str:
        """The name as people read it: "Batch size"."""
        return label(self.name)


def label(field: str) -> str:
    """A field as a form calls it: "Batch size" for `batch_size`; of a method's setting its own name."""
    name = field.rpartition(".")[2]
    return LABELS.get(name) or capital(field_text(name))


def worded(message: str) -> str:
    """A fault's message with the form's labels in the place of the config's names: "Max length" for max_length."""
    return NAMES.sub(lambda found: label(found[0]), message)


def config_field(name: str) -> FormField:
    """A field of RunConfig."""
    info = RunConfig.model_fields[name]
    kinds = get_args(info.annotation) or (info.annotation,)
    widget: Widget = "text"
    if get_origin(info.annotation) is Literal:
        widget = "choice"
    elif bool in kinds:
        widget = "switch"
    elif not is_typed(name) and {float, int} & set(kinds):
        widget = "number"
    choices = kinds if widget == "choice" else ()
    empty = info.default is None
    return FormField(name, widget, info.description, choices, int in kinds, empty, about(info))


def setting(name: str, schema: Mapping[str, Any]) -> FormField:
    """A setting of a method or a design, from its JSON schema."""
    words, kind = schema.get("description"), schema.get("type")
    if schema.get("of") == "tasks":
        return FormField(name, "task", words)
    if "enum" in schema:
        return FormField(name, "choice", words, tuple(schema["enum"]))
    return FormField(name, _SCHEMA_WIDGETS.get(str(kind), "text"), words, whole=kind == "integer")


def is_typed(name: str) -> bool:
    """True if a field of RunConfig is typed as on the command line: one number, or one per task."""
    kinds = get_args(RunConfig.model_fields[name].annotation)
    return any(get_origin(kind) is dict for kind in kinds)


def advanced() -> dict[str, list[str]]:
    """Headings of what is rarely changed, and the names of the fields under each."""
    groups = {name: about(info).group for name, info in RunConfig.model_fields.items()}
    return {group: [name for name, own in groups.items() if own == group] for group in GROUPS}


def defaults() -> dict[str, Any]:
    """RunConfig's fields but for the tasks, the seed and the settings of methods, with what they are at first."""
    left_out = ("tasks", "seed", *SETTINGS, *UNDRAWN)
    fields = {name: info.default for name, info in RunConfig.model_fields.items() if name not in left_out}
    remembered = {"source": REMEMBERED} if remembers_places() else {}
    return {**fields, **remembered, "teachers": [], "merge_from": [TRAIN_FIRST]}


def remembers_places() -> bool:
    """True where it is remembered for some task where its data lie."""
    shelf = registry.shelf()
    return bool(shelf and shelf.places())


def own_tasks(names: Sequence[str]) -> list[str]:
    """Those of the tasks that a user has added: they have data of their own, whatever source the form says."""
    return [name for name in names if name not in registry.own_names("tasks")]


def default(name: str) -> Any:
    """A field's default."""
    return RunConfig.model_fields[name].default


def typed_text(value: Any) -> str | None:
    """A limit as it is typed: "4000", or "sst2=8000,squad=4000"."""
    if isinstance(value, Mapping):
        return ",".join(f"{task}={number}" for task, number in value.items())
    return None if value is None else str(value)


def task_names() -> list[str]:
    """Names of all tasks, in the order in which readers know them."""
    return sorted(registry.names("tasks"), key=lambda name: (formats.FIRST.get(name, len(formats.FIRST)), name))


def device_names() -> list[str]:
    """`auto`, `cpu` and the GPUs of this machine."""
    return list(dict.fromkeys(["auto", "cpu", *devices.visible()]))
