"""One door to all sources, and the split that every run makes of what they give."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from mtl_core.config.run import RunConfig, parse
from mtl_core.data import drawing, folder, hub, overlap, own, sample
from mtl_core.data.examples import Split, TaskData, digest_of
from mtl_core.errors import DataError
from mtl_core.kinds import Kind, Task, kind_of
from mtl_core.kinds._definition import task_of
from mtl_core.records import Example

HELD_OUT = 0.1
"""Share of the training data that the validation split takes at most."""


@dataclass(frozen=True, slots=True)
class Splits:
    """The part of a task's data that a run sees."""

    train: tuple[Example, ...]
    selection: tuple[Example, ...]
    """Held out of train, to choose the checkpoint by."""
    dev: tuple[Example, ...]
    """Used once, at the end."""
    notes: tuple[str, ...]

    def clusters(self) -> dict[str, dict[str, int]]:
        """Number of different clusters by level, of train and dev: {"dev": {"article": 48, "paragraph": 2067}}."""
        return {"train": counts(self.train), "dev": counts(self.dev)}

    def fingerprint(self) -> str:
        """Changes with any example, label or order in any of the three."""
        digest = hashlib.sha256()
        for part in (self.train, self.selection, self.dev):
            digest.update(digest_of(part).encode())
        return digest.hexdigest()[:16]


def counts(examples: Sequence[Example]) -> dict[str, int]:
    """Number of different clusters by level, the coarsest first; levels of clusters of one are left out."""
    levels = examples[0].clusters if examples else ()
    numbers = {name: len({example.clusters[name] for example in examples}) for name in levels}
    return {name: number for name, number in numbers.items() if number < len(examples)}


def read(task: Task, config: RunConfig) -> Splits:
    """The task's examples as the config limits them. Raises DataError and HubUnreachable."""
    data, kind = _from_source(task, config), kind_of(task)
    if config.leaves_overlap_out and task.name != config.tasks[0]:
        data = _without_overlap(task, data, config)
    train, selection = hold_out(data.train.examples, config.selection_limit, kind.group)
    trainable = [example for example in train if kind.trainable(example)]
    if not trainable or not selection:
        raise DataError(f"{task.name}: too few training examples ({len(data.train.examples)}). Give at least 2.")
    take = _first if config.limit_by == "first" else drawing.drawn
    used = {
        "train": take(task, kind, trainable, config.train_limit_of(task.name)),
        "dev": take(task, kind, data.dev.examples, config.eval_limit),
    }
    notes = {
        "train": [*data.train.notes, *_without_example(task, used["train"])],
        "dev": [*data.dev.notes, *_without_example(task, used["dev"])],
    }
    return Splits(
        train=used["train"],
        selection=tuple(selection),
        dev=used["dev"],
        notes=tuple(f"{split}: {note}" for split, own in notes.items() for note in own),
    )


def _first(task: Task, kind: Kind, examples: Sequence[Example], most: int | None) -> tuple[Example, ...]:
    """As limits were before they were drawn, for runs of that time."""
    return tuple(examples[:most])


def _without_example(task: Task, examples: Sequence[Example]) -> list[str]:
    """A note on labels that no example has: what is trained or scored on them says nothing of those."""
    kind = kind_of(task)
    there = {kind.stratum(task, example) for example in examples}
    lacking = [option for option in kind.options(task) if option not in there]
    if not lacking or there <= {""}:
        return []
    return [f"none of the {len(examples):,} examples is labelled {' or '.join(lacking)}"]


def _without_overlap(task: Task, data: TaskData, config: RunConfig) -> TaskData:
    """A helper's data without training rows whose texts occur in the target's dev set."""
    target = config.tasks[0]
    key = json.dumps([target, config.place_of(target), config.definitions.get(target)])
    seen = {example.id for example in overlap.touched(data.train.examples, _dev_units(key))}
    if not seen:
        return data
    left = tuple([example for example in data.train.examples if example.id not in seen])
    if not left:
        raise DataError(
            f"{task.name}: every training row has a text of {target}'s dev set. Keep them with overlap=keep."
        )
    note = f"{len(seen):,} rows with texts of {target}'s dev set are left out"
    return TaskData(Split(left, (*data.train.notes, note)), data.dev)


@lru_cache(maxsize=4)
def _dev_units(key: str) -> frozenset[int]:
    """What a task's dev set says, by its name, place and definition, as JSON."""
    name, (source, data), definition = json.loads(key)
    values = {"tasks": (name,), "source": "sample" if source == "own" else source, "data": data}
    alone = RunConfig.model_construct(**values, definitions={name: definition} if definition else {})
    examples = _from_source(task_of(alone.definitions, name), alone).dev.examples
    return frozenset(overlap.all_units(examples))


def whole(task: Task) -> TaskData:
    """All of a task's data, from where a new run without a source would read them. Raises as `read` does."""
    return _from_source(task, parse({"tasks": (task.name,)}))


def overlaps(splits: Mapping[str, Splits]) -> dict[str, dict[str, dict[str, int]]]:
    """Target → helper → what the target's dev set and the helper's training data have in common, where it is any."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for target, one in splits.items():
        for helper, other in splits.items():
            if target != helper and (both := overlap.between(one.dev, other.train)).dev:
                found.setdefault(target, {})[helper] = asdict(both)
    return found


def _from_source(task: Task, config: RunConfig) -> TaskData:
    if task.name in config.definitions:
        return own.read(task, config.definitions[task.name])
    source, data = config.place_of(task.name)
    if source == "folder":
        return folder.read(task, Path(data or "").expanduser())
    return hub.read(task) if source == "hub" else sample.read(task)


def hold_out(
    examples: Sequence[Example], most: int, group: Callable[[Example], str]
) -> tuple[list[Example], list[Example]]:
    """Train and selection. Examples about the same text go together, whatever limit or seed a run has.

    Groups are drawn in the order of their hash, so the first n training examples are the same for every n.
    """
    wanted = min(most, max(1, int(len(examples) * HELD_OUT)))
    groups: dict[bytes, int] = {}
    keys = [hashlib.blake2b(group(example).encode(), digest_size=8).digest() for example in examples]
    for key in keys:
        groups[key] = groups.get(key, 0) + 1
    held: set[bytes] = set()
    count = 0
    for key in sorted(groups):
        if count >= wanted or len(held) + 1 >= len(groups):
            break
        held.add(key)
        count += groups[key]
    train = [example for example, key in zip(examples, keys, strict=True) if key not in held]
    return train, [example for example, key in zip(examples, keys, strict=True) if key in held]
