"""RunConfig: everything that a run does, checked once, before anything starts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from mtl_core import registry
from mtl_core.config.changed_defaults import said
from mtl_core.config.definitions import version
from mtl_core.config.faults import TRAIN_FIRST as TRAIN_FIRST
from mtl_core.config.faults import cross_faults, fault, limit_faults, name_faults
from mtl_core.config.fields import About
from mtl_core.config.places import fill_places
from mtl_core.config.run_data import RunData
from mtl_core.config.typed import split_names, whole
from mtl_core.config.unwritable import need_writable
from mtl_core.errors import InvalidConfig

GENERATED = "generated sample"
"""The source `sample` in words: it stands beside every number that comes from it."""
Precision = Literal["fp32", "bf16"]
Settings = dict[str, Any]
RUNS = About(example="runs' ids such as ab3de6fg,hj4kmn5p, or train", empty="none", placeholder="none")
NOT_MERGED: dict[str, Any] = {"merging": "", "merging_settings": {}, "merge_from": ()}
"""The fields of merging, in a run that trains."""


class RunConfig(RunData):
    """One experiment: which tasks share what, combined how, for how long."""

    encoder: Annotated[str, About(example="embedded, a hub id or a folder", speed="token")] = Field(
        "embedded", min_length=1
    )
    """A Hugging Face encoder id, a local folder in that format, or `embedded`: MiniLM-L6, which is built in."""
    max_length: Annotated[int, About(speed="step")] = Field(128, ge=16, le=8192)
    """Tokens per input at most; longer texts are cut, longer contexts split into windows."""
    stride: Annotated[
        int | None,
        About(
            example="a number of tokens such as 64, or leave it empty",
            empty="a third of max_length",
            placeholder="a third",
            group="Data",
        ),
    ] = Field(None, ge=1)
    """Tokens that neighbouring windows of a long context share. Empty: a third of max_length."""
    attention_dropout: Annotated[
        float | None,
        About(
            example="a share such as 0.1, or leave it empty",
            empty="the encoder's own",
            placeholder="its own",
            group="Data",
            step=0.05,
            speed="token",
        ),
    ] = Field(None, ge=0, lt=1)
    """Dropout inside attention, 0 to 1. Empty: the encoder's own. 0 is several times faster on
    long inputs on a CPU, and changes the training."""

    start_from: Annotated[
        str | None,
        About(
            example="a run's id such as ab3de6fg, ID:task for one task's encoder, or leave it empty",
            empty="the pretrained weights",
            placeholder="pretrained",
            group="Model",
        ),
    ] = None
    """A finished run whose trained encoder this one starts from, by id; `ID:task` where it has one per task.
    Empty: the pretrained weights."""
    head_layers: Annotated[
        Literal[1, 2], BeforeValidator(whole), About(example="1 or 2", group="Model", speed="step")
    ] = 1
    """Layers of a head: 1 is linear, 2 adds a hidden layer of the encoder's width."""
    pooling: Annotated[Literal["first", "mean"], About(example="first or mean", group="Model")] = "first"
    """How a text's token states become one vector: the `first` token's, or their `mean`."""
    freeze_layers: Annotated[
        int, About(example="a number of layers such as 3, or 0 to train all", group="Model", speed="token")
    ] = Field(0, ge=0)
    """Lowest encoder layers that are not trained, with the embeddings. 0: all are trained."""

    sharing: Annotated[str, About(speed="step")] = "hard"
    """Which parameters the tasks share. A run of one task is `single`."""
    sharing_settings: Annotated[Settings, About(speed="token")] = Field(default_factory=dict)
    """The sharing method's own settings."""
    schedule: Annotated[str, About(speed="step")] = "proportional"
    """Which task each step trains."""
    schedule_settings: Settings = Field(default_factory=dict)
    """The schedule's own settings."""
    balancing: Annotated[str, About(speed="token")] = "sum"
    """How the tasks' losses are combined into one update."""
    balancing_settings: Settings = Field(default_factory=dict)
    """The balancing's own settings."""

    epochs: Annotated[float, About(step=0.5)] = Field(1.0, gt=0, le=1000)
    """Passes over each task's training examples."""
    batch_size: Annotated[int, About(speed="step")] = Field(32, ge=1, le=4096)
    """Examples of a task that go through the encoder at once."""
    gradient_accumulation: Annotated[int, About(group="Steps", speed="step")] = Field(1, ge=1, le=1024)
    """Batches that make one optimisation step."""
    learning_rate: Annotated[float, About(step=1e-5, format="%e")] = Field(5e-5, gt=0, le=1)
    """AdamW's highest rate, reached after the warm-up."""
    warmup: Annotated[float, About(example="a share such as 0.06 for 6 %", group="Rates", step=0.01)] = Field(
        0.06, ge=0, lt=1
    )
    """Share of all steps spent warming up, 0 to 1; of each phase's steps where the schedule has rates by phase."""
    layer_decay: Annotated[float, About(example="a share such as 0.9, or 1 for none", group="Rates", step=0.05)] = (
        Field(1.0, gt=0, le=1)
    )
    """Each layer's rate as a share of the one above it, 0 to 1. 1: the same rate for all."""
    head_rate: Annotated[
        float | None,
        About(
            example="a rate such as 5e-4, or leave it empty",
            empty="the learning rate",
            placeholder="as the rest",
            group="Rates",
            step=1e-5,
            format="%e",
        ),
    ] = Field(None, gt=0, le=1)
    """Highest rate of newly initialised parameters: heads, adapters, mixing weights. Empty: the learning rate."""
    weight_decay: Annotated[float, About(group="Rates", step=0.01)] = Field(0.01, ge=0, lt=1)
    """AdamW's decay, for all but biases and normalisation."""
    max_grad_norm: Annotated[float, About(group="Steps")] = Field(1.0, gt=0)
    """Gradients with a larger norm are clipped to it."""
    eval_every: Annotated[
        int | None,
        About(
            example="a number of steps such as 100, or leave it empty",
            empty="four times per run",
            placeholder="4 per run",
            group="Steps",
        ),
    ] = Field(None, ge=1)
    """Steps between evaluations on the validation split. Empty: four per run."""
    early_stopping: Annotated[
        int | None,
        About(
            example="a number of scores such as 3, or leave it empty",
            empty="never",
            placeholder="never",
            group="Steps",
        ),
    ] = Field(None, ge=1)
    """Evaluations without improvement after which the run ends; its last phase alone, where each has its own rates.
    Empty: never."""
    teachers: Annotated[tuple[str, ...], BeforeValidator(split_names), RUNS] = ()
    """Finished single-task runs, by id, that teach this one; or `train`, to train one for each task first."""
    merging: Annotated[str, About(example="average, task_arithmetic or ties", empty="none")] = ""
    """How the encoders of single-task runs become one, without training. Empty: the run trains."""
    merging_settings: Settings = Field(default_factory=dict)
    """The merging's own settings."""
    merge_from: Annotated[tuple[str, ...], BeforeValidator(split_names), RUNS] = ()
    """Finished single-task runs that are merged, by id, one per task; or `train`, to train them first."""
    seed: int = Field(1, ge=0, lt=2**31)
    """Sets initial heads, order of examples and dropout."""
    precision: Annotated[Precision, About(example="fp32 or bf16", group="Machine", speed="token")] = "fp32"
    """`bf16` is faster on most GPUs and on CPUs made for it. Hold it constant in a comparison."""
    gradient_checkpointing: Annotated[
        bool, About(example="true or false", group="Machine", width=1.5, speed="token")
    ] = False
    """Recomputes activations instead of storing them: about half the memory, a third slower."""
    compile: Annotated[bool, About(example="true or false", group="Machine", width=0.8, speed="token")] = False
    """Compiles the encoder with torch.compile: pays off in long runs on GPUs, costs a minute at the start."""
    processes: Annotated[int, About(group="Machine", speed="token")] = Field(1, ge=1, le=64)
    """Processes that train side by side, one GPU each; every step takes batch_size examples in each of them."""
    device: Annotated[str, About(example="auto, cpu, cuda or cuda:0", speed="step")] = Field(
        "auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$"
    )
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
        return f"{' + '.join(self.tasks)} · {self.methods}"

    @property
    def methods(self) -> str:
        """The recipe without its tasks: "hard · pcgrad"."""
        if self.merging:
            return f"merged by {self.merging.replace('_', ' ')}"
        parts = [self.sharing]
        parts += [self.schedule] * (self.schedule != "proportional")
        parts += [self.balancing] * (self.balancing != "sum")
        return " · ".join(parts)

    def alone(self, task: str) -> RunConfig:
        """The single-task run that one of the tasks is compared with, or taught by."""
        name = f"{self.name} · {task} alone"[-120:] if self.name else ""
        own = {"tasks": (task,), "name": name, "train_limit": self.train_limit_of(task), "teachers": ()}
        return RunConfig.model_validate({**self.model_dump(), **own, **NOT_MERGED})

    @property
    def builds_on(self) -> tuple[str, ...]:
        """Ids of the runs that must have finished before this one can begin."""
        start = (self.start_from or "").partition(":")[0]
        named = (start, *self.teachers, *self.merge_from)
        return tuple(run_id for run_id in named if run_id and run_id != TRAIN_FIRST)

    @property
    def trained_first(self) -> tuple[str, ...]:
        """Fields that ask for the tasks' single-task runs to be trained first, and then take their ids."""
        return tuple(field for field in ("teachers", "merge_from") if getattr(self, field) == (TRAIN_FIRST,))

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
        unused = {"seed", "name", "device", "data_rules", *(() if self.merging else NOT_MERGED)}
        rest = self.model_dump(mode="json", exclude=unused)
        rest |= {"definitions": {name: version(one) for name, one in self.definitions.items()}}
        if all(task in self.definitions for task in self.tasks):
            rest |= {"source": "own", "data": None}  # whatever was said for tasks that it has none of
        rest = {name: value for name, value in rest.items() if value or name not in ("task_sources", "definitions")}
        if not self.leaves_overlap_out:
            del rest["overlap"]  # as it was before there was the field
        if self.limit_by == "first" or not self.limited:
            del rest["limit_by"]  # as it was before there was the field: runs of one config stay one arm
        return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:12]


def parse(values: Mapping[str, Any], *, stored: bool = False) -> RunConfig:
    """A checked RunConfig. Raises InvalidConfig with every fault, in the order of the fields.

    Settings whose default has changed are said in it, unless the values are those of a `stored` config.
    """
    need_writable(values)
    values = values if stored else fill_places(said(values))
    faults = name_faults(values)
    try:
        config = RunConfig.model_validate(dict(values))
        faults += limit_faults(config.train_limit, config.tasks)
    except ValidationError as error:
        faults += [fault(detail, RunConfig.model_fields) for detail in error.errors()]
        config = None
    faults += cross_faults(values)
    if faults or config is None:
        order = list(RunConfig.model_fields)
        unique = {(fault.field, fault.message): fault for fault in faults}
        raise InvalidConfig(sorted(unique.values(), key=lambda f: (*order, f.field).index(f.field)))
    return config
