"""The source of tasks that a user has added: the files, or the hub's data set, that a definition names."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from mtl_core.config.definitions import SPLITS, version
from mtl_core.data import hub, rules, tables
from mtl_core.data.examples import Split, TaskData, build
from mtl_core.errors import DataError
from mtl_core.kinds import Task, kind_of
from mtl_core.kinds._reading import Row
from mtl_core.records import Example


def read(task: Task, definition: Mapping[str, Any]) -> TaskData:
    """The examples as the definition's rules leave them; a dev share is held out where there is no dev file.

    Raises DataError with file and line, and where a file is gone or is not the one that the definition was made for.
    """
    whole = read_whole(task, definition)
    return rules.applied(task, whole, definition.get("rules", ()), frozenset(definition.get("left_out", ())))


def read_whole(task: Task, definition: Mapping[str, Any]) -> TaskData:
    """The same before any rule: every row that has an answer."""
    data = definition["data"]
    train: Split | None
    if "hub" in data:
        train, dev = hub.read_named(task, str(data.get("train") or "train"), data.get("dev"))
    else:
        seen: dict[bool, str] = {}
        train, dev = (_of_file(task, definition, split, seen) for split in SPLITS)
    if train is None:
        raise DataError(f"{task.name}: its definition names no training file. Add the task again.")
    return TaskData(train, dev) if dev else held_out(task, train, float(definition.get("hold_out") or 0.1))


def _of_file(task: Task, definition: Mapping[str, Any], split: str, seen: dict[bool, str]) -> Split | None:
    file = definition["data"].get(split)
    if not file:
        return None
    path, reading = Path(file["path"]), tables.Reading.of(definition["reading"])
    _need_same(task, definition, file)
    places: list[int] = []
    unit = tables.unit(path, reading)
    reader = kind_of(task).reader(task)

    def rows() -> Iterator[Row]:
        for one in tables.rows(path, path.name, reading):
            places.append(one.place)
            if (numbered := reader.numbered(one.row)) is not None:
                seen.setdefault(numbered, f"{path.name}, {unit} {one.place:,}")
                _need_one_writing(seen)
            yield one.row

    return build(task, rows(), lambda n: path.name if n is None else f"{path.name}, {unit} {places[n]:,}")


def _need_same(task: Task, definition: Mapping[str, Any], file: Mapping[str, Any]) -> None:
    """Raises DataError for a file that is gone, or has other content than the one the definition was made for."""
    path = Path(file["path"])
    try:
        there = path.stat()
        same = (there.st_size, there.st_mtime_ns) == (file.get("bytes"), file.get("changed"))
        if not same and there.st_size == file.get("bytes"):
            with path.open("rb") as opened:
                same = hashlib.file_digest(opened, "sha256").hexdigest() == file.get("sha256")
    except OSError as error:
        raise DataError(
            f"{task.name}: its data, {path}, can't be read ({error.strerror}). Put the file back, or say where it is "
            f"with `python -m mtl_core tasks add {path.name} --name {task.name} --replace`."
        ) from error
    if not same:
        raise DataError(
            f"{task.name}: {path} has changed since version {version(definition)} of the task, which this run is "
            "about. Start a new run for the data as they are now, or put the old file back."
        )


def _need_one_writing(seen: Mapping[bool, str]) -> None:
    """Raises DataError where some labels are written as names and some as numbers: which is which is not known."""
    if len(seen) > 1:
        raise DataError(
            f"{seen[True]}: the label is a number, and {seen[False]} has the label's name. "
            "Which number means which label is not known. Write the names in all files."
        )


def held_out(task: Task, train: Split, share: float) -> TaskData:
    """A dev set out of the training data: texts in the order of their hashes, as far as each brings the dev set nearer
    to its share of every label, so that it depends on neither the order nor, where texts differ, the other rows.
    Examples about the same text go together."""
    kind = kind_of(task)
    members: dict[bytes, list[int]] = defaultdict(list)
    for place, example in enumerate(train.examples):
        members[_hash(kind.group(example))].append(place)
    groups = sorted(members)
    labels = {key: Counter(kind.stratum(task, train.examples[place]) for place in members[key]) for key in groups}
    there = Counter(kind.stratum(task, example) for example in train.examples)
    taken: Counter[str] = Counter()
    chosen: set[bytes] = set()

    def leaves_some(key: bytes) -> bool:
        return all(taken[label] + count < there[label] for label, count in labels[key].items())

    def nearer(key: bytes) -> bool:
        far = ((share * there[label] - taken[label], count) for label, count in labels[key].items())
        return sum(abs(lacking - count) - abs(lacking) for lacking, count in far) <= 0

    for key in groups:
        if leaves_some(key) and nearer(key):
            chosen.add(key)
            taken.update(labels[key])
    for key in sorted(groups, key=lambda one: (len(members[one]), one)):  # a label that would be in training alone
        if key not in chosen and any(not taken[label] for label in labels[key]) and leaves_some(key):
            chosen.add(key)
            taken.update(labels[key])
    if not chosen:
        raise DataError(f"{task.name}: {_no_share(len(train.examples), len(members), len(there))}")
    places = {place for key in chosen for place in members[key]}
    dev = tuple([train.examples[place] for place in sorted(places)])
    rest = tuple([example for place, example in enumerate(train.examples) if place not in places])
    words = f"there is no dev file: {len(dev):,} of {len(train.examples):,} rows are held out by text hash"
    words += ", label by label" * (set(there) != {""})
    if len(members) < len(train.examples):
        title = task.input_titles[kind.shared_input].lower()
        largest = max(map(len, members.values()))
        words += f"; rows of one {title} stay together, {largest:,} at most"
    return TaskData(Split(rest, train.notes), Split(dev, (words,)))


def _no_share(rows: int, texts: int, strata: int) -> str:
    """Why no dev set can be held out."""
    if rows > 1 and texts == 1:
        return f"all {rows:,} rows are about the same text, which can't be in both sets. Give a dev file."
    if strata == texts and strata > 2:
        return (
            f"no two of the {texts:,} texts have the same answer, so that no share of each can be held out. If it is "
            "numbers, say --kind regression; if another column has the answers, --answer; or give a dev file."
        )
    return f"too few rows ({rows:,}) to hold out a dev set. Give a dev file."


def _hash(text: str) -> bytes:
    return hashlib.blake2b(f"dev:{rules.plain(text)}".encode(), digest_size=8).digest()


def answer_columns(task: Task) -> tuple[str, ...]:
    """Names that the column with the answers may have."""
    return tuple(kind_of(task).reader(task).gold_columns)


def labels_of(task: Task, examples: Collection[Example]) -> dict[str, int]:
    """Number of examples by label, or by part of the scale, the most frequent first."""
    kind = kind_of(task)
    return dict(Counter(kind.stratum(task, example) for example in examples).most_common())
