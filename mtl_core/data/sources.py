"""One door to all sources, and the split that every run makes of what they give."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from mtl_core import registry
from mtl_core.config.run import RunConfig, parse
from mtl_core.data import drawing, folder, hub, overlap, own, sample
from mtl_core.data.examples import Split, TaskData, digest_of
from mtl_core.errors import DataError
from mtl_core.kinds import Kind, Task, _layout, kind_of
from mtl_core.kinds._definition import task_of
from mtl_core.records import Example

HELD_OUT = 0.1
"""Share of the training data that the validation split takes at most."""
FEWEST = 2
"""Training examples: one to train on, and one to choose the checkpoint by."""


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

    def parts(self) -> dict[str, list[str]]:
        """Fingerprints of texts and of answers by part, which tell what changed where `fingerprint` did."""
        each = {"training": self.train, "validation": self.selection, "dev": self.dev}
        return {name: [_print(e.id for e in some), _print(str(e.gold) for e in some)] for name, some in each.items()}

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
    train, selection = hold_out(data.train.examples, config.selection_limit, kind.group, rules=config.data_rules)
    trainable = [example for example in train if kind.trainable(example)]
    if not trainable or not selection:
        raise DataError(_why_too_few(task, kind, data.train.examples))
    take = _first if config.limit_by == "first" else drawing.drawn
    used = {
        "train": take(task, kind, trainable, config.train_limit_of(task.name)),
        "dev": take(task, kind, data.dev.examples, config.eval_limit),
    }
    notes = {
        "train": [*data.train.notes, *_without_example(task, used["train"])],
        "validation": _divided(task, kind, trainable, selection),
        "dev": [*data.dev.notes, *_without_example(task, used["dev"]), *seen(data, used["dev"])],
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


def need(task: Task, source: str, data: str | None) -> None:
    """Raises DataError where a task's files are not where its data are said to lie, or are another task's."""
    if source == "sample":
        sample.need(task)
    if source != "folder" or data is None:
        return
    place = Path(data).expanduser()
    folder.need(task, place)
    others = (registry.load("tasks", name) for name in registry.own_names("tasks"))
    if not _layout.named(task, place) and (other := next((one for one in others if _layout.named(one, place)), None)):
        raise DataError(f"'{data}' holds the files of {other.name}, not of {task.name}. Give the folder of its own.")


def overlaps(splits: Mapping[str, Splits]) -> dict[str, dict[str, dict[str, int]]]:
    """Target → helper → what the target's dev set and the helper's training data have in common, where it is any."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for target, one in splits.items():
        for helper, other in splits.items():
            if target != helper and (both := overlap.between(one.dev, other.train)).dev:
                found.setdefault(target, {})[helper] = asdict(both)
    return found


def _divided(task: Task, kind: Kind, train: Sequence[Example], selection: Sequence[Example]) -> list[str]:
    """A note on texts that had to be divided between training and validation, as too many examples are about each."""
    shared = {kind.group(example) for example in train} & {kind.group(example) for example in selection}
    if not shared:
        return []
    title = task.input_titles[kind.shared_input].lower()
    return [
        f"too many examples are about one {title} to hold them out together: {len(shared):,} "
        f"{'is' if len(shared) == 1 else 'are'} in training and validation, which makes the validation loss too low"
    ]


def seen(data: TaskData, dev: Sequence[Example]) -> list[str]:
    """A note on dev examples that are training examples too."""
    train = {example.id for example in data.train.examples}
    seen = sum(example.id in train for example in dev)
    if not seen:
        return []
    if seen == len(dev):
        return [f"all {seen:,} examples are in the training file too, so scores tell nothing of new texts"]
    return [f"{seen:,} of {len(dev):,} examples have the texts of a training example"]


def _why_too_few(task: Task, kind: Kind, examples: Sequence[Example]) -> str:
    """The true reason why there is nothing to train on, or nothing to hold out."""
    if len(examples) < FEWEST:
        return f"{task.name}: too few training examples ({len(examples)}). Give at least {FEWEST}."
    if not any(map(kind.trainable, examples)):
        return f"{task.name}: none of the {len(examples):,} training examples has its answer in its text."
    title = task.input_titles[kind.shared_input].lower()
    texts = len({kind.group(example) for example in examples})
    return (
        f"{task.name}: the {len(examples):,} training examples are about {texts:,} different "
        f"{title}{'s' * (texts != 1)}, so none can be held out for validation. Give examples about others."
    )


def _from_source(task: Task, config: RunConfig) -> TaskData:
    if task.name in config.definitions:
        return own.read(task, config.definitions[task.name])
    source, data = config.place_of(task.name)
    if source == "folder":
        return folder.read(task, Path(data or "").expanduser())
    return hub.read(task) if source == "hub" else sample.read(task)


def hold_out(
    examples: Sequence[Example], most: int, group: Callable[[Example], str], *, rules: int = 2
) -> tuple[list[Example], list[Example]]:
    """Train and selection. Examples about the same text go together, whatever limit or seed a run has.

    Groups are drawn in the order of their hash, so the first n training examples are the same for every n. One that is
    larger than all that is wanted stays in train; where each is, examples are drawn one by one. By `rules` 1, which
    runs of earlier versions have, any group was taken, and none where there is but one.
    """
    wanted = min(most, max(1, int(len(examples) * HELD_OUT)))
    keys = [_key(group(example)) for example in examples]
    sizes = Counter(keys)
    largest = wanted if rules > 1 else len(examples)
    if rules > 1 and (len(sizes) == 1 or min(sizes.values(), default=0) > largest):
        keys = [_key(example.id) for example in examples]
        sizes = Counter(keys)
    held: set[bytes] = set()
    count = 0
    for key in sorted(sizes):
        if count >= wanted or len(held) + 1 >= len(sizes):
            break
        if sizes[key] <= largest:
            held.add(key)
            count += sizes[key]
    train = [example for example, key in zip(examples, keys, strict=True) if key not in held]
    return train, [example for example, key in zip(examples, keys, strict=True) if key in held]


def _print(texts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()
