"""RunConfig: everything that a run does, checked once, before anything starts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from mtl_core import registry
from mtl_core.config.faults import EXAMPLES, fault
from mtl_core.errors import Fault, InvalidConfig, unknown_name

Source = Literal["sample", "folder", "hub"]
Precision = Literal["fp32", "bf16"]
Settings = dict[str, Any]
TRAIN_FIRST = "train"
"""In the place of teachers: the single-task runs are to be trained first. A launch puts their ids there."""


def _split_names(value: object) -> object:
    """Lets the command line and links say "sst2,mnli"."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return value


def _whole(value: object) -> object:
    """Choices among numbers may be typed: "2" is 2."""
    return int(value) if isinstance(value, str) and value.strip().isdigit() else value


def _limits(value: object) -> object:
    """One number for all tasks, or one a task: "4000" or "sst2=8000,squad=4000"."""
    if isinstance(value, str) and "=" in value:
        value = dict(part.split("=", 1) for part in value.replace(" ", "").split(",") if "=" in part)
    numbers = value.values() if isinstance(value, Mapping) else [value]
    for number in numbers:
        if number is not None and (not str(number).isdigit() or int(str(number)) < 1):
            raise ValueError(f"{number} is no number of examples. Use {EXAMPLES['train_limit']}.")
    if isinstance(value, Mapping):
        return {str(task): int(str(number)) for task, number in value.items()}
    return None if value is None else int(str(value))


class Frozen(BaseModel):
    """A record that is checked when it is made and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class RunConfig(Frozen):
    """One experiment: which tasks share what, combined how, for how long."""

    name: str = Field("", max_length=120)
    """What to call the run. Left empty, its tasks, sharing and seed are its name."""
    tasks: Annotated[tuple[str, ...], BeforeValidator(_split_names)] = Field(min_length=1)
    """Names of tasks, the target first."""
    source: Source = "sample"
    """Where examples come from: `sample` comes with the project, `folder` holds the official files,
    `hub` is the Hugging Face hub."""
    data: str | None = None
    """The folder that holds the official files; for the source `folder` alone."""
    train_limit: Annotated[int | dict[str, int] | None, BeforeValidator(_limits)] = None
    """Most training examples a task, or `sst2=8000,squad=4000` for a limit of its own each. Empty: all."""
    eval_limit: int | None = Field(None, ge=1)
    """Most dev examples a task. Empty: all."""
    selection_limit: int = Field(500, ge=1)
    """Examples a task that are held out of the training data to choose the checkpoint by;
    never more than a tenth of them."""

    encoder: str = Field("embedded", min_length=1)
    """A Hugging Face encoder id, a local folder in that format, or `embedded`."""
    max_length: int = Field(128, ge=16, le=8192)
    """Most tokens an input; longer texts are cut, longer contexts split into windows."""
    stride: int | None = Field(None, ge=1)
    """Tokens that neighbouring windows of a long context have in common. Empty: a third of max_length."""
    attention_dropout: float | None = Field(None, ge=0, lt=1)
    """Dropout inside attention, 0 to 1. Empty: the encoder's own. 0 is several times faster on
    long inputs on a CPU, and changes the training."""

    start_from: str | None = None
    """A finished run whose trained encoder this one begins with, by id; `ID:task` where it has one a task.
    Empty: the pretrained weights."""
    head_layers: Annotated[Literal[1, 2], BeforeValidator(_whole)] = 1
    """Layers of a head: 1 is linear, 2 puts one of the encoder's width before it."""
    pooling: Literal["first", "mean"] = "first"
    """How a text's states become one for labels: the `first` token's, or their `mean`."""
    freeze_layers: int = Field(0, ge=0)
    """Lowest layers of the encoder that stay as they are, its embeddings with them. 0: all are trained."""

    sharing: str = "hard"
    """Which parameters the tasks share. A run of one task is `single`."""
    sharing_settings: Settings = Field(default_factory=dict)
    """The sharing method's own settings."""
    schedule: str = "proportional"
    """Which task each step trains."""
    schedule_settings: Settings = Field(default_factory=dict)
    """The schedule's own settings."""
    balancing: str = "sum"
    """How several losses become one update."""
    balancing_settings: Settings = Field(default_factory=dict)
    """The balancing's own settings."""

    epochs: float = Field(1.0, gt=0, le=1000)
    """Passes over each task's training examples."""
    batch_size: int = Field(32, ge=1, le=4096)
    """Examples of a task that go through the encoder at once."""
    gradient_accumulation: int = Field(1, ge=1, le=1024)
    """Batches that make one optimisation step."""
    learning_rate: float = Field(5e-5, gt=0, le=1)
    """AdamW's highest rate, reached after the warm-up."""
    warmup: float = Field(0.06, ge=0, lt=1)
    """Share of all steps spent warming up, 0 to 1."""
    layer_decay: float = Field(1.0, gt=0, le=1)
    """Each layer's rate as a share of the one above it, 0 to 1. 1: all learn alike."""
    head_rate: float | None = Field(None, gt=0, le=1)
    """Highest rate of what starts from nothing: heads, adapters, mixing weights. Empty: the learning rate."""
    weight_decay: float = Field(0.01, ge=0, lt=1)
    """AdamW's decay, for all but biases and normalisation."""
    max_grad_norm: float = Field(1.0, gt=0)
    """Gradients longer than this are cut to it."""
    eval_every: int | None = Field(None, ge=1)
    """Steps between scores on the selection split. Empty: four times a run."""
    early_stopping: int | None = Field(None, ge=1)
    """Scores on the selection split without a better one after which the run ends. Empty: it goes to its end."""
    teachers: Annotated[tuple[str, ...], BeforeValidator(_split_names)] = ()
    """Finished single-task runs, by id, that teach this one; or `train`, to train one for each task first."""
    seed: int = Field(1, ge=0, lt=2**31)
    """Decides initial heads, order of examples and dropout."""
    precision: Precision = "fp32"
    """`bf16` is faster on most GPUs and on CPUs made for it. Hold it constant in a comparison."""
    gradient_checkpointing: bool = False
    """Computes each layer twice instead of keeping its states: about half the memory, a third slower."""
    compile: bool = False
    """Lets torch compile the encoder: pays on GPUs in long runs, costs a minute at the start."""
    processes: int = Field(1, ge=1, le=64)
    """Processes that train side by side, a GPU each; every step takes batch_size examples in each of them."""
    device: str = Field("auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$")
    """`auto` takes a GPU where there is one; or `cpu`, `cuda`, `cuda:1`."""

    @model_validator(mode="after")
    def _one_task_shares_nothing(self) -> Self:
        if len(self.tasks) == 1 and self.sharing in registry.names("sharing"):
            for field in ("sharing_settings", "schedule_settings", "balancing_settings"):
                object.__setattr__(self, field, {})
            object.__setattr__(self, "sharing", "single")
            object.__setattr__(self, "schedule", "proportional")
            object.__setattr__(self, "balancing", "sum")
        return self

    @property
    def title(self) -> str:
        """The run's name, or one made of what matters: "sst2 + mnli · hard · seed 1"."""
        return self.name or f"{self.recipe} · seed {self.seed}"

    @property
    def recipe(self) -> str:
        """Tasks and methods in a few words; what is usual goes without saying."""
        parts = [" + ".join(self.tasks), self.sharing]
        parts += [self.schedule] * (self.schedule != "proportional")
        parts += [self.balancing] * (self.balancing != "sum")
        return " · ".join(parts)

    def alone(self, task: str) -> RunConfig:
        """The single-task run that one of the tasks is compared with, or taught by."""
        name = f"{self.name} · {task} alone"[-120:] if self.name else ""
        own = {"tasks": (task,), "name": name, "train_limit": self.train_limit_of(task), "teachers": ()}
        return RunConfig.model_validate({**self.model_dump(), **own})

    def train_limit_of(self, task: str) -> int | None:
        """Most training examples of one task; None for all."""
        return self.train_limit.get(task) if isinstance(self.train_limit, dict) else self.train_limit

    @property
    def builds_on(self) -> tuple[str, ...]:
        """Ids of the runs that must have finished before this one can begin."""
        start = (self.start_from or "").partition(":")[0]
        return tuple(run_id for run_id in (start, *self.teachers) if run_id and run_id != TRAIN_FIRST)

    @property
    def step_examples(self) -> int:
        """Examples of a task that one optimisation step takes."""
        return self.batch_size * self.gradient_accumulation * self.processes

    @property
    def window_stride(self) -> int:
        """Tokens that neighbouring windows share."""
        return self.stride or self.max_length // 3

    @property
    def arm(self) -> str:
        """Twelve characters that all seeds of one config have in common."""
        rest = self.model_dump(mode="json", exclude={"seed", "name", "device"})
        return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:12]


def parse(values: Mapping[str, Any]) -> RunConfig:
    """A checked RunConfig. Raises InvalidConfig with every fault, in the order of the fields."""
    found = list(_name_faults(values))
    try:
        config = RunConfig.model_validate(dict(values))
        found += _limit_faults(config)
    except ValidationError as error:
        found += [fault(detail, RunConfig.model_fields) for detail in error.errors()]
        config = None
    found += _cross_faults(values)
    if found or config is None:
        order = list(RunConfig.model_fields)
        position = {field: place for place, field in enumerate(order)}
        unique = {(fault.field, fault.message): fault for fault in found}
        raise InvalidConfig(sorted(unique.values(), key=lambda f: position.get(f.field, len(order))))
    return config


def _name_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Names that are not registered, each with the nearest one that is."""
    asked = [("tasks", "tasks", task) for task in _tasks(values)]
    asked += [
        (field, family, values[field])
        for field, family in (("sharing", "sharing"), ("schedule", "schedules"), ("balancing", "balancing"))
        if isinstance(values.get(field), str)
    ]
    return [
        Fault(field, unknown_name(registry.SINGULAR[family], str(name), registry.names(family)))
        for field, family, name in asked
        if name not in registry.names(family)
    ]


def _cross_faults(values: Mapping[str, Any]) -> list[Fault]:
    """What single fields can't know of each other."""
    found = []
    tasks = _tasks(values)
    if len(set(tasks)) < len(tasks):
        found.append(Fault("tasks", "the same task stands twice. Name each task once."))
    teachers = _split_names(values.get("teachers", ()))
    if isinstance(teachers, (tuple, list)) and TRAIN_FIRST in teachers and len(teachers) > 1:
        words = f"'{TRAIN_FIRST}' trains a teacher for every task. Leave the other teachers out."
        found.append(Fault("teachers", words))
    source, data = values.get("source", "sample"), values.get("data")
    if source == "folder" and not data:
        found.append(Fault("data", "the source 'folder' needs a folder. Give the one that holds the files."))
    if source == "folder" and data and not Path(str(data)).expanduser().is_dir():
        found.append(Fault("data", f"there is no folder '{data}'. Give the one that holds the files."))
    if source != "folder" and data:
        found.append(Fault("data", f"the source '{source}' reads no folder. Leave data empty or use 'folder'."))
    stride, length = values.get("stride"), values.get("max_length", 128)
    if stride is not None and _is_number(stride) and _is_number(length) and float(stride) > float(length) / 3:
        most = int(float(length) / 3)
        found.append(Fault("stride", f"{stride} is more than a third of max_length ({length}). Use {most} or less."))
    return found


def _limit_faults(config: RunConfig) -> list[Fault]:
    limited = config.train_limit if isinstance(config.train_limit, dict) else {}
    words = f"is none of the run's tasks. Name one of {', '.join(config.tasks)}."
    return [Fault("train_limit", f"'{task}' {words}") for task in limited if task not in config.tasks]


def _tasks(values: Mapping[str, Any]) -> list[str]:
    tasks = _split_names(values.get("tasks"))
    return [str(task) for task in tasks] if isinstance(tasks, (tuple, list)) else []


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, str) and value.replace(".", "", 1).isdigit())
