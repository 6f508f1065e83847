"""What a task is: pure data. Its kind (mtl_core/kinds) carries the behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A labelled NLP problem. One file in this folder holds one."""

    kind: ClassVar[str]
    """Name of a file in mtl_core/kinds."""

    name: str
    title: str
    """What people call it: "Sentiment (SST-2)"."""
    question: str
    """What it asks of its input, in one line."""
    hub: tuple[str, str | None]
    """Hub data set id and configuration."""
    hub_dev: str = "validation"
    """Name of the dev split on the hub."""
    hub_inputs: tuple[str, ...] = ()
    """What the hub's copy calls `inputs`, where it has names of its own."""
    folder: str
    """Path of the official file below the data folder, without its ending: "MNLI/{split}"."""
    folder_train: str = "train"
    folder_dev: str = "dev"
    """What {split} is in the official files' names."""
    inputs: tuple[str, ...]
    """Columns that hold the text, in the order the encoder sees them."""
    input_titles: tuple[str, ...]
    """What the Demo page writes over each input."""
    metrics: tuple[str, ...]
    """Scores that are reported, the main one first. All are shares of 1, higher is better."""
    tries: tuple[tuple[str, ...], ...] = ()
    """Ready inputs for the Demo page, each as long as `inputs`."""
    source: str
    """Paper and address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification(Task):
    """One text, or a pair of texts, gets one of a few labels."""

    kind: ClassVar[str] = "classification"

    labels: tuple[str, ...]
    """Names of the classes; a label in the data is such a name or its index."""
    label_columns: tuple[str, ...] = ("label", "gold_label")
    """Names that the label's column may have."""
    metrics: tuple[str, ...] = ("accuracy",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(Task):
    """A question is answered by a piece of the context it is asked about."""

    kind: ClassVar[str] = "span"

    inputs: tuple[str, ...] = ("question", "context")
    input_titles: tuple[str, ...] = ("Question", "Context")
    metrics: tuple[str, ...] = ("f1", "exact_match")
