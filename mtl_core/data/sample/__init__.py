"""The generated sample: reviews, pairs and questions about one small world, the same at every call.

Dev speaks of people, places and things that training never names, and uses some words that it never has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mtl_core.data.examples import Split, TaskData, build
from mtl_core.data.sample import inference, questions, reviews
from mtl_core.data.sample.world import make
from mtl_core.errors import DataError
from mtl_core.tasks import Classification, Span, Task

SIZES = {"train": 4000, "dev": 500}
"""Examples of each kind."""
POLARITIES = ("negative", "positive")


def read(task: Task) -> TaskData:
    """The sample for a task of this shape. Raises DataError where there is none."""
    _check(task)
    return TaskData(train=_split(task, "train"), dev=_split(task, "dev"))


def _check(task: Task) -> None:
    if isinstance(task, Span) and len(task.inputs) == 2:
        return
    if isinstance(task, Classification) and (len(task.inputs), set(task.labels)) in (
        (1, set(POLARITIES)),
        (2, set(inference.LABELS)),
    ):
        return
    raise DataError(
        f"there is no generated sample for '{task.name}'. It has one text labelled {' or '.join(POLARITIES)}, "
        f"pairs labelled {', '.join(inference.LABELS[:-1])} or {inference.LABELS[-1]}, and questions on a context. "
        "Use the source 'folder' or 'hub' for this task.",
        field="source",
    )


def _split(task: Task, split: str) -> Split:
    def where(row: int | None) -> str:
        return f"generated sample, {split}" + ("" if row is None else f", example {row + 1}")

    return build(task, _rows(task, split), where)


def _rows(task: Task, split: str) -> Iterator[Mapping[str, Any]]:
    """Rows with the task's own column names."""
    world, count = make(split), SIZES[split]
    if isinstance(task, Classification) and len(task.inputs) == 1:
        for text, positive in reviews.rows(world, count, taken=_taken(split)):
            yield {task.inputs[0]: text, task.label_columns[0]: POLARITIES[positive]}
    elif isinstance(task, Classification):
        for pair, label in inference.rows(world, count):
            yield {**dict(zip(task.inputs, pair, strict=True)), task.label_columns[0]: label}
    else:
        for asked in questions.rows(world, count):
            golds = [{"text": answer.text, "answer_start": answer.start} for answer in asked.answers]
            yield {task.inputs[0]: asked.question, task.inputs[1]: asked.context, "answers": golds}


def _taken(split: str) -> frozenset[str]:
    """Reviews that need not name their thing may come out alike: dev leaves out those of train."""
    if split == "train":
        return frozenset()
    return frozenset(text for text, _ in reviews.rows(make("train"), SIZES["train"]))
