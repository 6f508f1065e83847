"""A run's relation to one of its tasks (alone, with mnli, …), and short names of runs side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mtl_core.config.settings import METHOD, field_text, flat, root, value_text
from mtl_core.store.runs import Run

ALONE = "alone"
LAST = ("data_fingerprint", "id")
"""What tells runs apart where no setting does: what they have read, and in the end their ids."""
UNTOLD = ("name", "tasks", "device")
"""Fields that never tell two runs apart: a name says nothing, and tasks are in the relation."""
SPEAKING = ("sharing", "schedule", "balancing", "encoder", "precision", "source")
"""Fields whose value speaks for itself, without the field's name."""

Told = Mapping[str, Mapping[str, str]]
"""Run id → field → the field in words."""


def is_single_task(run: Run, task: str) -> bool:
    """True if nothing of the run's model for the task was trained on another task."""
    return run.config.sharing == "single" or run.config.tasks == (task,)


def relation(run: Run, task: str) -> str:
    """The company of the task in training: "alone", "with mnli", "with mnli + squad"."""
    if is_single_task(run, task):
        return ALONE
    return "with " + " + ".join(other for other in run.config.tasks if other != task)


def labels(runs: Sequence[Run], tasks: Iterable[str]) -> dict[tuple[str, str], str]:
    """A short name for each (run id, task), unlike the others of that task.

    A relation alone where that is enough ("with mnli"), else with what tells the runs apart
    ("with mnli · phases", "alone · seed 2"), at the worst their ids.
    """
    by_relation: dict[str, dict[str, list[Run]]] = {}
    for task in tasks:
        for run in runs:
            if task in run.config.tasks:
                by_relation.setdefault(relation(run, task), {}).setdefault(task, []).append(run)
    facts, names = {run.id: _told(run) for run in runs}, {}
    for words, groups in by_relation.items():
        telling = _telling([[run.id for run in group] for group in groups.values() if len(group) > 1], facts)
        for task, group in groups.items():
            for run in group:
                more = [facts[run.id][field] for field in telling if field in facts[run.id]]
                names[run.id, task] = " · ".join([words, *more])
    return names


def _told(run: Run) -> dict[str, str]:
    """Settings that may tell the run from others, methods and seed first, its id last."""
    values = {field: value for field, value in flat(run.config).items() if root(field) not in UNTOLD}
    ordered = sorted(values, key=lambda field: (root(field) not in METHOD, field != "seed"))
    facts = {}
    for field in ordered:
        text = value_text(field, values[field])
        facts[field] = text if field in SPEAKING else f"{field_text(field)} {text}"
    data = {"data_fingerprint": f"data {run.data_fingerprint[:6]}"} if run.data_fingerprint else {}
    return {**facts, **data, "id": run.id}


def _telling(groups: Sequence[Sequence[str]], facts: Told) -> list[str]:
    """The first fields that together tell all runs of each group apart."""
    telling: list[str] = []
    fields = dict.fromkeys(field for group in groups for run in group for field in facts[run] if field not in LAST)
    for field in [*fields, *LAST]:
        parted = [_parted(group, telling, facts) for group in groups]
        if parted == [len(group) for group in groups]:
            break
        if [_parted(group, [*telling, field], facts) for group in groups] != parted:
            telling.append(field)
    return telling


def _parted(group: Sequence[str], fields: Sequence[str], facts: Told) -> int:
    """The number of classes that the fields part a group into."""
    return len({tuple(facts[run].get(field, "") for field in fields) for run in group})
