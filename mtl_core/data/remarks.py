"""What to say of a task's data before anything trains: dev rows that are in training, labels that look alike."""

from __future__ import annotations

from collections import Counter, defaultdict

from mtl_core.data import own, sources
from mtl_core.data.examples import TaskData
from mtl_core.kinds import Task, kind_of


def of(task: Task, data: TaskData) -> list[str]:
    """Remarks in words, none where all is well."""
    seen = [f"dev: {note}" for note in sources.seen(data, data.dev.examples)]
    return [*seen, *_missing(task, data), *_alike(task)]


def _missing(task: Task, data: TaskData) -> list[str]:
    """Labels that one of the two splits lacks."""
    splits = {"training": data.train, "dev": data.dev}
    found = {name: own.labels_of(task, split.examples) for name, split in splits.items()}
    lacking = {
        name: [label for label in kind_of(task).options(task) if label not in counts]
        for name, counts in found.items()
        if set(counts) != {""}
    }
    return [f"no {name} row is labelled {' or '.join(labels)}" for name, labels in lacking.items() if labels]


def _alike(task: Task) -> list[str]:
    """Labels that differ in small and large letters alone."""
    plain: dict[str, list[str]] = defaultdict(list)
    for label in getattr(task, "labels", ()):
        plain[label.casefold()].append(label)
    return [
        f"the labels {' and '.join(labels)} differ in small and large letters alone, and count as {len(labels)} labels"
        for labels in plain.values()
        if len(labels) > 1
    ]


def tags(task: Task, data: TaskData) -> dict[str, dict[str, int]]:
    """Number of words by tag and split, the most frequent first, of tasks that tag words; else nothing."""
    if task.kind != "tagging":
        return {}
    names = getattr(task, "labels", ())
    splits = {"train": data.train, "dev": data.dev}
    return {
        name: dict(Counter(names[tag] for example in split.examples for tag in example.gold).most_common())
        for name, split in splits.items()
    }
