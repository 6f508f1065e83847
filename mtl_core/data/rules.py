"""What may be wrong with the rows of a task, and the rules that leave such rows out. The files stay as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from mtl_core.data.examples import Split, TaskData
from mtl_core.errors import DataError, Fault, InvalidConfig, unknown_name
from mtl_core.kinds import Task
from mtl_core.records import Example

Key = tuple[str, ...]
Keys = Mapping[str, Key]


def plain(text: str) -> str:
    """A text as it is compared: small letters, single blanks."""
    return " ".join(text.casefold().split())


def key_of(example: Example) -> Key:
    """All texts of an example as they are compared."""
    return tuple([plain(text) for text in example.inputs])


def keys_of(data: TaskData) -> Keys:
    """The key of each example by id, which takes a while for many."""
    return {example.id: key_of(example) for example in (*data.train.examples, *data.dev.examples)}


def empty(data: TaskData, keys: Keys) -> set[str]:
    """Examples one of whose texts is empty."""
    return {
        one.id for one in (*data.train.examples, *data.dev.examples) if not all(text.strip() for text in one.inputs)
    }


def duplicates(data: TaskData, keys: Keys) -> set[str]:
    """Training examples that repeat an earlier one, texts and answer."""
    seen: set[tuple[Key, str]] = set()
    found = set()
    for example in data.train.examples:
        key = keys[example.id], str(example.gold)
        if key in seen:
            found.add(example.id)
        seen.add(key)
    return found


def contradictory(data: TaskData, keys: Keys) -> set[str]:
    """Training examples whose texts occur with another answer too."""
    answers: dict[Key, set[str]] = defaultdict(set)
    for example in data.train.examples:
        answers[keys[example.id]].add(str(example.gold))
    return {example.id for example in data.train.examples if len(answers[keys[example.id]]) > 1}


def in_dev(data: TaskData, keys: Keys) -> set[str]:
    """Training examples whose texts are in the dev set."""
    there = {keys[example.id] for example in data.dev.examples}
    return {example.id for example in data.train.examples if keys[example.id] in there}


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to leave rows out."""

    name: str
    title: str
    """What the rows are: "empty texts"."""
    find: Callable[[TaskData, Keys], set[str]] | None
    """Ids of examples; None for what is found once and kept by id, as it takes long."""


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("empty", "rows with an empty text", empty),
        Rule("duplicates", "training rows that repeat an earlier one", duplicates),
        Rule("contradictory", "training rows whose text has other labels too", contradictory),
        Rule("in_dev", "training rows that are in the dev set", in_dev),
        Rule("near_dev", "training rows that are nearly in the dev set", None),
    )
}


def checked(names: Sequence[str]) -> tuple[str, ...]:
    """The names, in the rules' order. Raises InvalidConfig for others."""
    unknown = [name for name in names if name not in RULES]
    if unknown:
        raise InvalidConfig([Fault("rules", unknown_name("rule", unknown[0], RULES))])
    return tuple(name for name in RULES if name in names)


def applied(task: Task, data: TaskData, names: Sequence[str], left_out: Collection[str] = frozenset()) -> TaskData:
    """The data without the rows that the rules are about, and without those `left_out` by id. Raises DataError where
    nothing is left."""
    if not names:
        return data
    notes, keys = [], keys_of(data)
    for name in checked(names):
        rule = RULES[name]
        found = rule.find(data, keys) if rule.find else left_out
        before = len(data.train.examples) + len(data.dev.examples)
        data = TaskData(_without(data.train, found), _without(data.dev, found))
        removed = before - len(data.train.examples) - len(data.dev.examples)
        notes += [f"{removed:,} {rule.title} are left out"] * bool(removed)
    if not data.train.examples or not data.dev.examples:
        raise DataError(f"{task.name}: its rules ({', '.join(names)}) leave no row. Take one of them back.")
    return TaskData(Split(data.train.examples, (*data.train.notes, *notes)), data.dev)


def _without(split: Split, ids: Collection[str]) -> Split:
    if not ids:
        return split
    return Split(tuple([example for example in split.examples if example.id not in ids]), split.notes)


def row_text(example: Example) -> str:
    """An example in a line, for a list of findings."""
    return " ‖ ".join(" ".join(text.split()) for text in example.inputs)
