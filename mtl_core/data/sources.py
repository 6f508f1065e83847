"""One door to all sources, and the split that every run makes of what they give."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mtl_core.config.run import RunConfig
from mtl_core.data import drawing, folder, hub, own, sample
from mtl_core.data.examples import TaskData, digest_of
from mtl_core.errors import DataError
from mtl_core.kinds import Kind, Task, kind_of
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
