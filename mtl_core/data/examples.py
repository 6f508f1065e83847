"""Examples with stable ids, made from rows of any source and checked on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mtl_core.errors import DataError
from mtl_core.kinds import Task, kind_of
from mtl_core.kinds._reading import Row
from mtl_core.records import Example

Where = Callable[[int | None], str]
"""Says where row n (from 0) stands, for error messages: "train.tsv, line 12". None: all of them, "train.tsv"."""


@dataclass(frozen=True, slots=True)
class Split:
    """The examples of one split of one task."""

    examples: tuple[Example, ...]
    notes: tuple[str, ...] = ()
    """Notes for the reader: answers that are not at their offset, for instance."""


@dataclass(frozen=True, slots=True)
class TaskData:
    """A task's data as its source gives it."""

    train: Split
    dev: Split


def build(task: Task, rows: Iterable[Row], where: Where) -> Split:
    """Checked examples of `rows`. Raises DataError for missing columns, unknown labels, or no rows at all."""
    reader = kind_of(task).reader(task)
    examples: list[Example] = []
    for number, row in enumerate(rows):
        if not number:
            _need_columns(task, reader.gold_columns, row, where(None))
        try:
            examples.append(reader.example(row))
        except KeyError as error:
            raise DataError(f"{where(number)}: the row has no {error}.") from error
        except UnicodeEncodeError as error:
            raise DataError(f"{where(number)}: a text holds half a character (a lone surrogate).") from error
        except ValueError as error:
            raise DataError(f"{where(number)}: {error}") from error
    if not examples:
        raise DataError(f"{where(None)}: there are no examples. Give at least one.")
    partial = reader.clusters.partial()
    if partial:
        examples = [replace(example, clusters=_without(partial, example.clusters)) for example in examples]
    return Split(tuple(examples), (*reader.notes(), *partial.values()))


def _without(levels: Container[str], clusters: Mapping[str, str]) -> dict[str, str]:
    return {name: key for name, key in clusters.items() if name not in levels}


def digest_of(examples: Sequence[Example]) -> str:
    """Sixteen characters that change with any example, its label or the order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(f"{example.id}{example.gold}".encode())
    return digest.hexdigest()[:16]


def _need_columns(task: Task, gold_columns: Sequence[str], row: Row, where: str) -> None:
    inputs_there = any(names and set(names) <= set(row) for names in (task.inputs, task.hub_inputs))
    missing = [] if inputs_there else [f"'{name}'" for name in task.inputs if name not in row]
    if not set(gold_columns) & set(row):
        missing.append(f"'{gold_columns[0]}'")
    if missing:
        expected = ", ".join((*task.inputs, " or ".join(gold_columns)))
        raise DataError(
            f"{where}: no column {' and no column '.join(missing)}. "
            f"Expected {expected}; found {', '.join(map(str, row)) or 'nothing'}."
        )
