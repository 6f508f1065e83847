"""From files, or a data set of the hub, to the definition of a task: form, delimiter, columns, kind and labels.

Everything is guessed from the content, and each guess can be overridden by what the user says (`Said`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from mtl_core import registry
from mtl_core.config.definitions import SPLITS
from mtl_core.data import dialect, hub, packings, tables
from mtl_core.data.no_task import why_not
from mtl_core.data.tables import Numbered, Reading
from mtl_core.errors import DataError, Fault, InvalidConfig, unknown_name
from mtl_core.kinds import Task, kind_named
from mtl_core.kinds._column import Column
from mtl_core.kinds._definition import made
from mtl_core.kinds._guessing import Columns, Guess, titled
from mtl_core.kinds._reading import Unlabelled

PREVIEW = 8
ENCODINGS = ("utf-8", "cp1252", "latin-1")
SPLIT_WORDS = {"train": ("train", "training"), "dev": ("dev", "validation", "valid", "val", "eval", "test")}
"""Words in the names of files, for the split that each holds."""
SHARE = 0.1
"""Of the rows that are held out where there is no dev file."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the user says of a file; the rest is guessed."""

    name: str = ""
    kind: str = ""
    inputs: tuple[str, ...] = ()
    answer: str = ""
    """The column with the answers."""
    task: Mapping[str, Any] | None = None
    """Further fields of the task: title, question, labels, metrics."""
    reading: Mapping[str, Any] | None = None
    """Delimiter, quoting, encoding, header."""
    hold_out: float | None = None


@dataclass(frozen=True, slots=True)
class Guessed:
    """A filled definition, and what a reader needs to judge it."""

    definition: dict[str, Any]
    columns: tuple[Column, ...]
    rows: int
    weights: Mapping[str, float]
    """How likely each kind is that fits."""
    notes: tuple[str, ...]

    @property
    def task(self) -> Task:
        """The task that the definition makes."""
        return made(self.definition)


def of_files(train: Path, dev: Path | None = None, said: Said | None = None) -> Guessed:
    """A task out of one file or two. Raises DataError with file and line, and InvalidConfig for what was said."""
    said = said or Said()
    for path in (train, dev):
        if path is not None and not path.is_file():
            raise DataError(f"there is no file '{path}'. Give the path of one.")
    for path in (train, dev):
        if path is not None:
            packings.need_unpackable(path, path.name)
    reading = dialect.guessed(train, said.reading or {})
    reading, table, notes = _counted(train, reading, said)
    files = {split: path and {"path": str(path.absolute())} for split, path in zip(SPLITS, (train, dev), strict=True)}
    found = _definition(said.name or name_of(train), table, said, {**files}, notes)
    found.definition["reading"] = reading.document()
    return found


def of_hub(repository: str, configuration: str | None, said: Said | None = None) -> Guessed:
    """A task out of a data set of the hub. Raises HubUnreachable, DataError and InvalidConfig."""
    said = said or Said()
    splits, names = hub.raw(repository, configuration)
    train = next((name for name in splits if name in SPLIT_WORDS["train"]), next(iter(splits)))
    dev = next((name for word in SPLIT_WORDS["dev"][:-1] for name in splits if name == word), None)
    rows = ({**row, **_named(row, names)} for row in splits[train])
    table = _table((Numbered(n, row) for n, row in enumerate(rows, 1)), said, repository)
    data = {"hub": [repository, configuration], "train": train, "dev": dev}
    found = _definition(said.name or _plain_name(repository.split("/")[-1]), table, said, data, [])
    found.definition["task"] |= {"hub": [repository, configuration]}
    return found


def of_folder(folder: Path, said: Said | None = None) -> Guessed:
    """A task out of the files in a folder whose names say train and dev. Raises as `of_files` does."""
    known = [path for path in sorted(folder.iterdir()) if path.is_file() and dialect.form_ending(path)]
    found = {
        split: next((path for path in known if _is_split(path, words)), None) for split, words in SPLIT_WORDS.items()
    }
    train = found["train"] or (known[0] if len(known) == 1 else None)
    if train is None:
        names = ", ".join(path.name for path in known[:8]) or "no data file"
        raise DataError(f"'{folder}' has {names}, and none is called train. Name one 'train', or give the file itself.")
    said = said or Said()
    named = said.name or _plain_name(folder.name)
    return of_files(train, found["dev"], Said(**{**_values(said), "name": named}))


def _values(said: Said) -> dict[str, Any]:
    return {name: getattr(said, name) for name in Said.__dataclass_fields__}


def _is_split(path: Path, words: Sequence[str]) -> bool:
    return bool(set(re.split(r"[^a-z]+", path.name.lower())) & set(words))


def name_of(path: Path) -> str:
    """A name for a task out of a file's."""
    name = path.name
    for packing in dialect.PACKED:
        name = name.removesuffix(packing)
    stem = Path(name).stem
    return _plain_name(path.absolute().parent.name if stem.lower() in SPLIT_WORDS["train"] else stem)


def _plain_name(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:40]
    plain = plain if plain[:1].isalpha() else f"task_{plain}".rstrip("_")
    return f"my_{plain}" if plain in registry.own_names("tasks") else plain


# The columns


def _counted(path: Path, reading: Reading, said: Said) -> tuple[Reading, Columns, list[str]]:
    """One pass over the file; a second one with the next encoding where the first did not hold to the end."""
    given = (said.reading or {}).get("encoding")
    tries = [reading.encoding] if given or reading.form == "rows" else [reading.encoding, *ENCODINGS]
    for encoding in dict.fromkeys(tries):
        one = Reading(
            **{**{name: getattr(reading, name) for name in Reading.__dataclass_fields__}, "encoding": encoding}
        )
        try:
            table = _table(tables.rows(path, path.name, one), said, path.name)
        except DataError as error:
            if not isinstance(error.__cause__, UnicodeError) or encoding == tries[-1]:
                raise
            continue
        notes = [] if encoding == "utf-8" or reading.form == "rows" else [f"{path.name} is read as {encoding}"]
        return one, table, notes
    raise DataError(f"{path.name}: no encoding fits. Save the file as UTF-8.")


def _table(rows: Iterable[Numbered], said: Said, source: str) -> Columns:
    columns: dict[str, Column] = {}
    count = 0
    for one in rows:
        count += 1
        for name, value in one.row.items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = Column(name)
            column.add(value, one.place)
    if not count:
        raise DataError(f"{source}: the file has columns and no row. Give one with at least one row.")
    for name in (*said.inputs, *([said.answer] if said.answer else [])):
        if name not in columns:
            raise InvalidConfig([Fault("columns", unknown_name("column", name, columns))])
    return Columns(tuple(columns.values()), count, said.inputs, said.answer, tuple((said.task or {}).get("labels", ())))


def _definition(name: str, table: Columns, said: Said, data: dict[str, Any], notes: list[str]) -> Guessed:
    guesses = {kind: one for kind in registry.names("kinds") if (one := kind_named(kind).guess(table))}
    if said.kind and said.kind not in registry.names("kinds"):
        raise InvalidConfig([Fault("kind", unknown_name("kind of task", said.kind, registry.names("kinds")))])
    likely = said.kind or max(guesses, key=lambda kind: guesses[kind].weight, default="")
    if likely not in guesses:
        raise DataError(why_not(table, likely, _source(data)))
    guess: Guess = guesses[likely]
    title = titled(name)
    usual = {"kind": likely, "title": title, "question": kind_named(likely).asks}
    task = {**usual, **guess.task, **(said.task or {})}
    if said.inputs:
        task["input_titles"] = (said.task or {}).get("input_titles") or [titled(one) for one in task["inputs"]]
    definition: dict[str, Any] = {"name": name, "task": task, "data": data}
    if not data.get("dev"):
        definition["hold_out"] = said.hold_out or SHARE
    made(definition)  # tells what is wrong with what was said
    weights = {kind: one.weight for kind, one in guesses.items()}
    return Guessed(
        definition, tuple(table.columns), table.rows, weights, (*notes, *guess.notes, *_without(table, task))
    )


def _without(table: Columns, task: Mapping[str, Any]) -> list[str]:
    """Of rows whose answer is a word for none."""
    if table.labels:
        return []
    label = ". Where it is a label, name all: --labels" if task["kind"] == "classification" else ""
    return [
        f"{column.missing:,} of {table.rows:,} rows have NA, nan or the like in '{column.name}': no answer{label}"
        for column in table.columns
        if column.missing and column.name in task.get("label_columns", ())
    ]


def _source(data: Mapping[str, Any]) -> str:
    return Path(data["train"]["path"]).name if "hub" not in data else str(data["hub"][0])


# The first rows, as the model will see them


def preview(guessed: Guessed, count: int = PREVIEW) -> list[dict[str, Any]]:
    """The first rows as examples: texts by title and the answer. Raises DataError with the line that can't be one."""
    task = guessed.task
    data = guessed.definition["data"]
    kind = kind_named(task.kind)
    reader, shown = kind.reader(task), []
    for one in islice(_first_rows(guessed.definition, data), count):
        try:
            example = reader.example(one.row)
        except Unlabelled:
            continue
        except (KeyError, ValueError) as error:
            shown.append({"place": one.place, "fault": str(error)})
            continue
        dev = kind.show(task, example, len(shown))
        texts = dict(zip(task.input_titles, example.inputs, strict=False))
        shown.append({"place": one.place, "inputs": texts, "answer": dev.label})
    return shown


def _first_rows(definition: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Numbered]:
    if "hub" in data:
        splits, names = hub.raw(*data["hub"])
        return (Numbered(n, {**row, **_named(row, names)}) for n, row in enumerate(splits[data["train"]], 1))
    path = Path(data["train"]["path"])
    return tables.rows(path, path.name, Reading.of(definition["reading"]))


def _named(row: Mapping[str, Any], names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Numbers of classes by name, also those in lists."""
    return {column: named for column, known in names.items() if (named := _by_name(row.get(column), known)) is not None}


def _by_name(value: Any, known: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [known[one] if isinstance(one, int) and one >= 0 else one for one in value]
    return known[value] if isinstance(value, int) and value >= 0 else None


def document(guessed: Guessed) -> dict[str, Any]:
    """A guess as JSON, for a page."""
    columns = [
        {
            "name": column.name,
            "filled": column.filled,
            "mean_words": round(column.mean_words, 1),
            "different": None if column.counts is None else len(column.counts),
            "examples": list(column.counts)[:5] if column.counts else [],
        }
        for column in guessed.columns
    ]
    return {
        "definition": guessed.definition,
        "rows": guessed.rows,
        "columns": columns,
        "kinds": dict(sorted(guessed.weights.items(), key=lambda item: -item[1])),
        "notes": list(guessed.notes),
        "preview": preview(guessed),
    }


def dumped(guessed: Guessed) -> str:
    """The same as text."""
    return json.dumps(document(guessed), ensure_ascii=False)
