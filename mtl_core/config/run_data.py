"""The first fields of a run's config: which tasks, where their examples come from, and how many of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mtl_core import registry
from mtl_core.config.definitions import version
from mtl_core.config.fields import About, Frozen
from mtl_core.config.places import PLACES, Source, kept_places, place_text, places, split_place
from mtl_core.config.typed import LIMITS, limits, split_names, whole

LimitBy = Literal["hash", "first"]


class RunData(Frozen):
    """The tasks of a run and their examples."""

    name: Annotated[str, About(example="a shorter one")] = Field("", max_length=120)
    """What to call the run. Left empty, its tasks, sharing and seed are its name."""
    tasks: Annotated[
        tuple[str, ...], BeforeValidator(split_names), About(example="one or more of {tasks}", speed="step")
    ] = Field(min_length=1)
    """Names of tasks, the target first."""
    source: Annotated[Source, About(example="sample, folder or hub", speed="step")] = "sample"
    """Where examples come from: `sample` comes with the project, `folder` holds the official files,
    `hub` is the Hugging Face hub. Not said on the command line: where each task's data lie, as it was remembered
    (`tasks add`), else the sample. Own tasks have their own data."""
    data: Annotated[str | None, About(speed="step")] = None
    """The folder that holds the official files; for the source `folder` alone."""
    task_sources: Annotated[
        dict[str, str], BeforeValidator(places), About(example=PLACES, empty="source", speed="step")
    ] = Field({})
    """Tasks whose examples come from elsewhere, such as `mnli=hub,cola=folder:/data/glue`. Empty: all from `source`."""
    definitions: Annotated[dict[str, dict[str, Any]], About(speed="step")] = Field({})
    """Own tasks among `tasks`, as they were when the run was made: columns, labels, files and their hashes, rules.
    Filled by itself."""
    train_limit: Annotated[
        int | dict[str, int] | None, BeforeValidator(limits), About(example=LIMITS, empty="all", placeholder="all")
    ] = None
    """Training examples per task at most, or `sst2=8000,squad=4000` for a limit each. Empty: all."""
    eval_limit: Annotated[
        int | None,
        About(example="a number of examples such as 1000, or leave it empty for all", empty="all", placeholder="all"),
    ] = Field(None, ge=0)
    """Dev examples per task at most. Empty: all. 0: the run is not scored on any, as the trials of a tuning."""
    limit_by: Annotated[LimitBy, About(example="hash or first", group="Data")] = "hash"
    """Which examples a limit takes: `hash` draws them, in the proportions of labels and of articles, premises
    or the like, the same for every seed and arm; `first` takes the first ones of the file, as version 0.1 did."""
    data_rules: Annotated[Literal[1, 2], BeforeValidator(whole), About(example="2")] = 2
    """How rows become splits and tokens. Stored runs of earlier versions have 1, so that they go on as they began."""
    overlap: Annotated[Literal["keep", "leave_out"], About(example="keep or leave_out", group="Data", speed="step")] = (
        "keep"
    )
    """Training rows of the helpers whose texts occur in the target's dev set: `leave_out` trains without them."""
    selection_limit: Annotated[int, About(label="validation examples", group="Data")] = Field(500, ge=1)
    """The validation split: examples per task that are held out of the training data to choose the checkpoint by;
    never more than a tenth of them."""

    @model_validator(mode="after")
    def _own_tasks(self) -> Self:
        """Keeps the definitions of the run's own tasks, and sources in one form, however they were said."""
        shelf = registry.shelf()
        found = {name: self.definitions.get(name) or (shelf and shelf.definition(name)) for name in self.tasks}
        object.__setattr__(self, "definitions", {name: one for name, one in found.items() if one})
        other = [task for task in self.tasks if task not in self.definitions]
        source, data, own = kept_places(other, self.source, self.data, self.task_sources)
        for field, value in (("source", source), ("data", data), ("task_sources", own)):
            object.__setattr__(self, field, value)
        return self

    def place_of(self, task: str) -> tuple[str, str | None]:
        """Where a task's examples come from: source and folder; ("own", None) for an own task."""
        if task in self.definitions:
            return "own", None
        return split_place(self.task_sources[task]) if task in self.task_sources else (self.source, self.data)

    @property
    def leaves_overlap_out(self) -> bool:
        """True where helpers train without what the target is tested on."""
        return self.overlap == "leave_out" and len(self.tasks) > 1

    def from_sample(self, task: str) -> bool:
        """True where a task's examples are the generated sample."""
        return self.place_of(task)[0] == "sample"

    def version_of(self, task: str) -> str:
        """The version of an own task's definition; "" for any other task."""
        return version(self.definitions[task]) if task in self.definitions else ""

    @property
    def origin(self) -> str:
        """The source of all tasks; "mixed" where they have several."""
        return next(iter(self.sources)) if len(self.sources) == 1 else "mixed"

    @property
    def sources(self) -> frozenset[str]:
        """The sources of its tasks."""
        return frozenset(self.place_of(task)[0] for task in self.tasks)

    @property
    def folders(self) -> tuple[str, ...]:
        """The data folders that the run reads."""
        found = (self.place_of(task) for task in self.tasks)
        return tuple(dict.fromkeys(folder for source, folder in found if source == "folder" and folder))

    @property
    def origin_text(self) -> str:
        """The same for people: "hub", "folder /data", or task by task where they differ."""
        texts = {task: place_text(*self.place_of(task)) for task in self.tasks}
        if len(set(texts.values())) == 1:
            return next(iter(texts.values()))
        return ", ".join(f"{task}: {text}" for task, text in texts.items())

    def train_limit_of(self, task: str) -> int | None:
        """Most training examples of one task; None for all."""
        return self.train_limit.get(task) if isinstance(self.train_limit, dict) else self.train_limit

    @property
    def limited(self) -> bool:
        """True where a limit may leave examples out."""
        return bool(self.train_limit or self.eval_limit)
