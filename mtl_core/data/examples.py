"""Examples with stable ids, made from rows of any source and checked on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mtl_core.errors import DataError
from mtl_core.kinds import Kind, Task, kind_of
from mtl_core.kinds._reading import Reader, Row, Unlabelled
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


def build(
    task: Task,
    rows: Iterable[Row],
    where: Where,
    *,
    names: Mapping[str, Sequence[str]] | None = None,
    notes: Sequence[str] = (),
) -> Split:
    """Checked examples of `rows`. Raises DataError for missing columns, unknown labels, or no rows at all.

    `names` are what the source's schema calls numbered answers, by column; `notes` its own remarks, which come first.
    """
    kind = kind_of(task)
    reader, names = kind.reader(task), names or {}
    examples: list[Example] = []
    left_out = 0
    for number, row in enumerate(rows):
        if not number:
            _need_columns(reader, row, where(None))
            notes = (*notes, *_named(kind, task, names, where(None)))
        try:
            examples.append(reader.example(kind.with_names(task, row, names) if names else row))
        except Unlabelled:
            left_out += 1
        except KeyError as error:
            raise DataError(f"{where(number)}: the row has no {error}.") from error
        except UnicodeEncodeError as error:
            raise DataError(f"{where(number)}: a text holds half a character (a lone surrogate).") from error
        except RecursionError as error:
            raise DataError(f"{where(number)}: a value is nested too deeply.") from error
        except ValueError as error:
            raise DataError(f"{where(number)}: {error}") from error
    if not examples:
        words = f"none of the {left_out:,} rows has a label" if left_out else "there are no examples"
        raise DataError(f"{where(None)}: {words}. Give at least one.")
    partial = reader.clusters.partial()
    if partial:
        examples = [replace(example, clusters=_without(partial, example.clusters)) for example in examples]
    unlabelled = f"{left_out:,} of {left_out + len(examples):,} rows have no label and are left out"
    notes = (*notes, *[unlabelled] * bool(left_out), *reader.notes(), *partial.values())
    return Split(tuple(examples), notes)


def _named(kind: Kind, task: Task, names: Mapping[str, Sequence[str]], where: str) -> tuple[str, ...]:
    try:
        return kind.named(task, names)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error


def _without(levels: Container[str], clusters: Mapping[str, str]) -> dict[str, str]:
    return {name: key for name, key in clusters.items() if name not in levels}


def digest_of(examples: Sequence[Example]) -> str:
    """Sixteen characters that change with any example, its label or the order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(f"{example.id}{example.gold}".encode())
    return digest.hexdigest()[:16]


def _need_columns(reader: Reader, row: Row, where: str) -> None:
    inputs, gold_columns = reader.needs[0], reader.gold_columns
    inputs_there = any(names and set(names) <= set(row) for names in reader.needs)
    missing = [] if inputs_there else [f"'{name}'" for name in inputs if name not in row]
    if not set(gold_columns) & set(row):
        missing.append(f"'{gold_columns[0]}'")
    if missing:
        expected = ", ".join((*inputs, " or ".join(gold_columns)))
        raise DataError(
            f"{where}: no column {' and no column '.join(missing)}. "
            f"Expected {expected}; found {', '.join(map(str, row)) or 'nothing'}."
        )
