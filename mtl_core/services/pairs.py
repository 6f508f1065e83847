"""Runs that can be compared: they have seed, data and settings in common, and differ in how they were trained."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from mtl_core.config.run import RunConfig
from mtl_core.config.settings import PLACES, STEPS, flat, root
from mtl_core.services import arms
from mtl_core.store import runs as run_rows
from mtl_core.store import scores
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.studies.confounds import NOT_CONFOUNDING, TaskRun, confounds

TRIED = 20
"""Pairs of the same settings whose data is looked at before the search ends."""
NONE = "No two finished runs share seed, data and settings and differ in the method"
"""What to say where no pair can be chosen."""
LIMITS = ("train_limit", "limit_by")

Partners = Mapping[str, Sequence[Run]]


def partners(runs: Sequence[Run], task: str) -> Partners:
    """Run id → the other runs that trained the task in another way with the same seed and settings.

    In the order of `runs`. Whether their data is the same, too, `differences` says.
    """
    known: dict[tuple[str, bool], str] = {}  # an arm's settings are written once for all of its seeds
    alike: dict[tuple[str, int, bool], list[Run]] = defaultdict(list)
    keys: dict[str, list[tuple[str, int, bool]]] = {}
    for run in runs:
        if task not in run.config.tasks:
            continue
        for merged in (False, True):
            if (run.arm, merged) not in known:
                known[run.arm, merged] = _settings(run.config, task, STEPS if merged else ())
        keys[run.id] = [(known[run.arm, merged], run.seed, merged) for merged in (False, True)]
        for key in keys[run.id]:
            alike[key].append(run)
    return {
        run.id: [
            other
            for key in keys[run.id]
            for other in alike[key]
            if other.arm != run.arm and key[2] == bool(run.config.merging or other.config.merging)
        ]
        for run in runs
        if run.id in keys
    }


def _settings(config: RunConfig, task: str, left_out: Sequence[str]) -> str:
    """What two runs of the task must have in common besides the seed. Steps say nothing of a merged run."""
    leave = {*NOT_CONFOUNDING, *LIMITS, *PLACES, *left_out, "seed"}
    values = {name: value for name, value in flat(config).items() if root(name) not in leave}
    limit = config.train_limit_of(task)
    place = (*config.place_of(task), config.version_of(task))
    return json.dumps([values, place, limit, config.limit_by if limit or config.eval_limit else ""], sort_keys=True)


def pairs(workspace: Workspace, runs: Sequence[Run], task: str) -> Iterator[tuple[Run, Run]]:
    """Each multitask run with a run that learned the task alone and differs from it in the method only.

    In the order of `runs`, the newest first; beside each, the run of its own launch or else the newest.
    """
    by_id, tried = partners(runs, task), 0
    for run in runs:
        if arms.is_single_task(run, task):
            continue
        alone = [other for other in by_id.get(run.id, ()) if arms.is_single_task(other, task)]
        for other in sorted(alone, key=lambda other: other.launch != run.launch):
            if tried == TRIED:
                return
            tried += 1
            if not differences(workspace, run, other, task):
                yield other, run
                break


def alike(runs: Sequence[Run]) -> list[Run]:
    """Those of the runs, the newest first, that have partners among them and share settings with the newest such.

    Of each method the seeds that another method has, too.
    """
    tasks = dict.fromkeys(task for run in runs for task in run.config.tasks)
    found = [partners(runs, task) for task in tasks]
    beside = {run.id: [other for one in found for other in one.get(run.id, ())] for run in runs}
    paired = [run for run in runs if beside[run.id]]
    wanted, grown = set[str](), {run.arm for run in paired[:1]}
    while grown != wanted:  # from a run to its partners, and to the other seeds of both
        wanted = grown
        grown = wanted | {other.arm for run in paired if run.arm in wanted for other in beside[run.id]}
    return [run for run in paired if run.arm in wanted]


def differences(workspace: Workspace, run: Run, other: Run, task: str) -> tuple[str, ...]:
    """What two runs of a task differ in besides the method, data included: "seed 2 against 1"."""
    with workspace.read() as index:
        table = scores.table(index, [run.id, other.id])
    examples = table[table["task"] == task].set_index("run")["examples"].to_dict()
    sides = [
        TaskRun(one, int(examples.get(one.id, 0)), workspace.run(one.id).data_facts().get(task, {}))
        for one in (run, other)
    ]
    return confounds(*sides)


def unlike(workspace: Workspace, runs: Sequence[Run], task: str, names: Mapping[str, str]) -> list[str]:
    """What the runs differ in from the first besides the method, a sentence each."""
    first, *others = runs
    found = {run.id: differences(workspace, run, first, task) for run in others}
    return [
        f"Not the method alone: “{names[run]}” and “{names[first.id]}” differ in {'; '.join(texts)}."
        for run, texts in found.items()
        if texts
    ]


def interest(task: str, runs: Sequence[Run]) -> tuple[bool, bool]:
    """Sorts tasks: those of the user's own runs first, then those learned both alone and together."""
    mine = run_rows.own(runs)
    return all(run.example for run in mine), len({arms.is_single_task(run, task) for run in mine}) < 2
