"""Runs that are looked at together: the seeds of one arm, or all runs with the same value of a setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mtl_core.config.settings import METHOD, field_text, flat, root, value_text
from mtl_core.records import RunState
from mtl_core.services import arms
from mtl_core.store import runs as run_rows
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

ARM, EACH = "arm", "each"
NOT_GROUPING = ("name", "tasks", "seed", "device", "start_from", "teachers", "merge_from")
"""Fields that say nothing of a group of runs, or have a value a seed."""
SEPARATE = 12
"""Runs that can be told apart by themselves; more are looked at in groups."""


@dataclass(frozen=True, slots=True)
class Group:
    """Runs that share a curve, a column and a mean, seen from one of their tasks."""

    task: str
    label: str
    runs: tuple[Run, ...]
    alone: bool
    """Whether they learned the task alone."""
    one_arm: bool
    """Whether they differ in nothing but the seed."""

    @property
    def count(self) -> str:
        """The number of runs in words: "3 seeds", "5 runs"."""
        return f"{len(self.runs)} {('seed' if self.one_arm else 'run') + 's' * (len(self.runs) > 1)}"


@dataclass(frozen=True, slots=True)
class Grouped:
    """All chosen runs, task by task."""

    groups: tuple[Group, ...]
    repeated: tuple[Run, ...] = ()
    """Runs of the same arm and the same seed as another chosen one, which is newer: they are not counted again."""

    @property
    def several(self) -> bool:
        """True if any group has more than one run."""
        return any(len(group.runs) > 1 for group in self.groups)


def choices(runs: Sequence[Run]) -> dict[str, str]:
    """By what the runs can be grouped, and each in words; the usual first."""
    configs = [flat(run.config) for run in runs]
    fields = dict.fromkeys(field for config in configs for field in config if root(field) not in NOT_GROUPING)
    differing = [field for field in fields if len({repr(config.get(field)) for config in configs}) > 1]
    ordered = sorted(differing, key=lambda field: root(field) not in METHOD)
    each = {EACH: "each run on its own"} if len(runs) <= SEPARATE else {}
    return {ARM: "condition: all seeds of one config", **{field: _field(field) for field in ordered}, **each}


def _field(field: str) -> str:
    """A setting of a method says whose it is: "share (schedule)"."""
    own = root(field)
    return f"{field_text(field)} ({own.removesuffix('_settings')})" if own != field else field_text(field)


def grouped(workspace: Workspace, runs: Sequence[Run], by: str = ARM) -> Grouped:
    """The runs' groups, task by task in the order of the runs, those that learned a task alone first.

    `by` is one of `choices`. Runs on other data never share a group, nor do runs that learned a task alone and others.
    """
    tasks = list(dict.fromkeys(task for run in runs for task in run.config.tasks))
    if by == EACH:
        names = arms.labels(runs, tasks)
        return Grouped(_sorted(_groups(runs, tasks, {run.id: run.id for run in runs}, names, one_arm=True)))
    known = _with_parents(workspace, runs)
    keys = _by_data(runs, _arm_keys(runs, known))
    kept, repeated = _each_seed_once(runs, keys)
    if by == ARM:
        firsts = {keys[run.id]: run for run in reversed(kept)}
        names = arms.labels([_told_by_its_arm(run, known) for run in firsts.values()], tasks)
        named = {(run.id, task): names[firsts[keys[run.id]].id, task] for run in kept for task in run.config.tasks}
        return Grouped(_sorted(_groups(kept, tasks, keys, named, one_arm=True)), repeated)
    labels = {(run.id, task): _value_label(run, task, by, runs) for run in kept for task in run.config.tasks}
    by_value = _groups(kept, tasks, None, labels, one_arm=False)
    same = [replace(group, one_arm=len({keys[run.id] for run in group.runs}) == 1) for group in by_value]
    return Grouped(_sorted(same), repeated)


def _groups(
    runs: Sequence[Run],
    tasks: Iterable[str],
    keys: Mapping[str, str] | None,
    labels: Mapping[tuple[str, str], str],
    *,
    one_arm: bool,
) -> list[Group]:
    """A group for each task and key; without keys, for each task and label."""
    members_of: dict[tuple[str, str], list[Run]] = {}
    for task in tasks:
        for run in runs:
            if task in run.config.tasks:
                key = keys[run.id] if keys else labels[run.id, task]
                members_of.setdefault((task, key), []).append(run)
    ordered = {key: sorted(members, key=lambda run: run.seed) for key, members in members_of.items()}
    return [
        Group(task, labels[members[0].id, task], tuple(members), arms.is_single_task(members[0], task), one_arm)
        for (task, _), members in ordered.items()
    ]


def _sorted(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Tasks in their order, within each those that learned it alone first."""
    listed = list(groups)
    order = list(dict.fromkeys(group.task for group in listed))
    return tuple(sorted(listed, key=lambda group: (order.index(group.task), not group.alone)))


def _value_label(run: Run, task: str, field: str, runs: Sequence[Run]) -> str:
    """A group by a setting in words: "hard", "alone · 5e-5"; with the source where runs on several are chosen."""
    value = value_text(field, flat(run.config).get(field))
    text = value if field in arms.SPEAKING else f"{field_text(field)} {value}"
    parts = [arms.ALONE] if arms.is_single_task(run, task) else []
    if not (parts and root(field) in METHOD):  # a method shares nothing where there is one task
        parts.append(text)
    if field != "source" and len({one.source for one in runs}) > 1:
        parts.append(run.source)
    return " · ".join(parts)


def _arm_keys(runs: Sequence[Run], known: Mapping[str, Run]) -> dict[str, str]:
    """Run id → what all seeds of its arm have in common.

    A run that starts from another, or is taught by it, is of one arm with those that build on another seed of that one.
    """

    def key(run_id: str) -> str:
        run = known.get(run_id)
        if run is None or not run.config.builds_on:
            return run.arm if run else run_id
        start, _, task = (run.config.start_from or "").partition(":")
        changed = {
            "start_from": f"{key(start)}:{task}" if start else None,
            "teachers": tuple(key(teacher) for teacher in run.config.teachers),
            "merge_from": tuple(key(merged) for merged in run.config.merge_from),
        }
        return run.config.model_copy(update=changed).arm

    return {run.id: key(run.id) for run in runs}


def _by_data(runs: Sequence[Run], keys: Mapping[str, str]) -> dict[str, str]:
    """The same with the data's fingerprint, where runs of an arm have read different data: files can change."""
    prints: dict[str, set[str]] = {}
    for run in runs:
        prints.setdefault(keys[run.id], set()).update([run.data_fingerprint] if run.data_fingerprint else [])
    several = {key for key, found in prints.items() if len(found) > 1}
    return {run.id: f"{key}:{run.data_fingerprint}" if (key := keys[run.id]) in several else key for run in runs}


def _with_parents(workspace: Workspace, runs: Sequence[Run]) -> dict[str, Run]:
    """The runs and all that they build on, by id, as far as they are there."""
    known = {run.id: run for run in runs}
    wanted = {name for run in runs for name in run.config.builds_on} - set(known)
    while wanted and workspace.index_file.exists():
        with workspace.read() as index:
            parents = run_rows.of_ids(index, sorted(wanted))
        known |= {run.id: run for run in parents}
        wanted = {name for run in parents for name in run.config.builds_on} - set(known)
    return known


def _each_seed_once(runs: Sequence[Run], keys: Mapping[str, str]) -> tuple[list[Run], tuple[Run, ...]]:
    """The best run of each arm and seed: one that has finished, else the newest; and the others."""
    best: dict[tuple[str, int], Run] = {}
    for run in sorted(runs, key=lambda run: (run.state != RunState.FINISHED, -run.created)):
        best.setdefault((keys[run.id], run.seed), run)
    kept = {run.id for run in best.values()}
    return [run for run in runs if run.id in kept], tuple(run for run in runs if run.id not in kept)


def _told_by_its_arm(run: Run, known: Mapping[str, Run]) -> Run:
    """The run as one of its arm: with the seed that all have, and for what it builds on the recipes of these."""
    start = known.get((run.config.start_from or "").partition(":")[0])
    merged = tuple(known[name].config.recipe if name in known else name for name in run.config.merge_from)
    changed = {"seed": 1, "merge_from": merged} | ({"start_from": start.config.recipe} if start else {})
    return replace(run, config=run.config.model_copy(update=changed))


def siblings(runs: Sequence[Run], begun: Sequence[Run]) -> list[Run]:
    """Other seeds of the runs' arms among those that have begun, each once, in the order of their seeds.

    Only runs that have made a step or come to their end: others have nothing to compare.
    """
    chosen = {(run.arm, run.seed) for run in runs}
    others: dict[tuple[str, int], Run] = {}
    made = [run for run in begun if run.finished or run.step]
    for run in sorted(made, key=lambda run: (run.state != RunState.FINISHED, -run.created)):
        if run.arm in {arm for arm, _ in chosen} and (run.arm, run.seed) not in chosen:
            others.setdefault((run.arm, run.seed), run)
    return sorted(others.values(), key=lambda run: (run.arm, run.seed))
