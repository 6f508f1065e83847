"""A study out of runs: the form of a new study filled with what they share, and which of them it takes over."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtl_core import registry, study_designs
from mtl_core.config import recipes
from mtl_core.config.changed_defaults import said
from mtl_core.config.run import RunConfig
from mtl_core.config.settings import METHOD, differing
from mtl_core.config.study import StudyConfig
from mtl_core.errors import InvalidConfig, RunNotFound
from mtl_core.services.study_cost import existing
from mtl_core.store import runs as run_rows
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.studies.design import base_for
from mtl_core.studies.members import EMBEDDED, REUSABLE

FEWEST_SEEDS = 3
"""The practical minimum of a study."""
OWN = {"name", "tasks", "seed", "device", "train_limit", *METHOD}
"""Fields in which the runs of a study may differ, or which are told apart by themselves."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The values of a form of a new study."""

    runs: tuple[str, ...]
    """Ids of those that were asked for and are there."""
    preset: str
    settings: Mapping[str, Any]
    tasks: tuple[str, ...]
    """The target first."""
    values: Mapping[str, Any]
    """RunConfig's fields that all arms have in common."""
    seeds: tuple[int, ...]
    left_out: Mapping[str, str]
    """Id of a run that the study can't have → why."""
    titles: Mapping[str, str]
    gone: tuple[str, ...] = ()
    """Ids that were asked for and are not there."""


@dataclass(frozen=True, slots=True)
class _Design:
    """A design that some of the runs are arms of."""

    preset: str
    settings: Mapping[str, Any]
    tasks: tuple[str, ...]


def filled(workspace: Workspace, run_ids: Sequence[str]) -> Filled:
    """The form for these runs. Runs that do not fit most of the others are left out, with the reason.

    Raises RunNotFound where none of them is there.
    """
    with workspace.read() as index:
        found = {run.id: run for run in run_rows.of_ids(index, list(dict.fromkeys(run_ids)))}
    listed = [found[run_id] for run_id in dict.fromkeys(run_ids) if run_id in found]
    if not listed:
        raise RunNotFound("none of these runs is there any more. `python -m mtl_core runs` lists those that are.")
    left_out = {run.id: why for run in listed if (why := _never(run))}
    usable = [run for run in listed if run.id not in left_out] or listed
    alike, limits, others = _alike(usable)
    base = _base(alike, limits)
    question = _question(base, alike)
    arms = _arms(base, question)
    inside = [run for run in alike if run.config.arm in arms] or alike
    left_out |= others | {run.id: "it is no condition of this question" for run in alike if run not in inside}
    return Filled(
        runs=tuple(run.id for run in listed),
        preset=question.preset,
        settings=question.settings,
        tasks=question.tasks,
        values={**base.model_dump(), "device": _device(inside)},
        seeds=_seeds(inside),
        left_out=left_out,
        titles={run.id: run.title for run in listed},
        gone=tuple(run_id for run_id in dict.fromkeys(run_ids) if run_id not in found),
    )


def taken_over(workspace: Workspace, config: StudyConfig, asked: Filled) -> dict[str, str]:
    """Runs that were asked for and that the study, as it is designed, does not have → why."""
    there = {run for seeds in existing(workspace, config).values() for run in seeds.values()}
    with workspace.read() as index:
        known, taken = run_rows.of_ids(index, asked.runs), run_rows.of_ids(index, sorted(there))
    states, same = {run.id: run.state for run in known}, {(run.arm, run.seed) for run in taken}
    twins = {run.id for run in known if (run.arm, run.seed) in same}
    missing = [run_id for run_id in asked.runs if run_id not in there]
    return {run_id: _why_missing(run_id, states, twins, asked) for run_id in missing}


def _why_missing(run_id: str, states: Mapping[str, str], twins: set[str], asked: Filled) -> str:
    state = states.get(run_id)
    if run_id in twins:
        return "a newer run has the same settings and seed"
    if run_id in asked.left_out:
        return asked.left_out[run_id]
    if state not in REUSABLE:
        return f"it is {state}, and is trained again" if state else "it was deleted"
    return "the form asks for other settings by now"


def _never(run: Run) -> str:
    """Why no study that is made here has the run, "" where one may."""
    unknown = [task for task in run.config.tasks if not registry.has("tasks", task)]
    if unknown:
        return f"its task {unknown[0]} is not there any more"
    if run.example:
        return "it belongs to the example, and only own runs are taken over"
    if run.config.merging:
        return "it merges other runs: use the design Routes or Methods"
    return "it builds on other runs" if run.config.builds_on else ""


def _alike(listed: Sequence[Run]) -> tuple[list[Run], dict[str, int | None], dict[str, str]]:
    """The most runs that agree in all that a study has in common, their limits, and why others are out."""
    classes: dict[str, list[Run]] = {}
    for run in listed:
        classes.setdefault(_common(run.config), []).append(run)
    most = max(classes.values(), key=lambda own: (len(own), max(run.created for run in own)))
    out = {
        run.id: _difference(most[0].config, run.config) for own in classes.values() if own is not most for run in own
    }
    votes: dict[str, Counter[int | None]] = {}
    for run in most:
        for task in run.config.tasks:
            votes.setdefault(task, Counter())[run.config.train_limit_of(task)] += 1
    limits = {task: count.most_common(1)[0][0] for task, count in votes.items()}
    agree = [run for run in most if all(run.config.train_limit_of(task) == limits[task] for task in run.config.tasks)]
    kept = agree or most[:1]
    out |= {run.id: "it has another number of training examples" for run in most if run not in kept}
    return kept, limits, out


def _common(config: RunConfig) -> str:
    """All that the runs of a study have in common, as text."""
    same = config if config.limited else config.model_copy(update={"limit_by": "hash"})
    if config.encoder == EMBEDDED:
        same = same.model_copy(update={"data_rules": 2})  # its tokens are the same by all
    return same.model_dump_json(exclude=OWN)


def _difference(ours: RunConfig, theirs: RunConfig) -> str:
    """The settings in which a run is unlike the others, with its own values."""
    blank = {"tasks": ours.tasks, "seed": ours.seed, "train_limit": ours.train_limit}
    other = theirs.model_copy(update={**blank, **{field: getattr(ours, field) for field in METHOD}})
    told = [
        f"its {field} is {values[1]}, here {values[0]}"
        for field, values in differing([ours, other])
        if field != "device"
    ]
    return "; ".join(told) or "its texts were read by the rules of an earlier version"


def _base(alike: Sequence[Run], limits: Mapping[str, int | None]) -> RunConfig:
    """What all arms have in common; limits as the multitask runs say them, one number or one a task."""
    together = [run.config for run in alike if len(run.config.tasks) > 1]
    each = any(isinstance(config.train_limit, dict) for config in together) or len(set(limits.values())) > 1
    known = {task: limit for task, limit in limits.items() if limit is not None}
    single = next(iter(limits.values()), None)
    return alike[0].config.model_copy(update={"train_limit": (known or None) if each else single, "name": ""})


def _question(base: RunConfig, alike: Sequence[Run]) -> _Design:
    """The question that has most of the runs as arms, and of these the one with the fewest arms besides."""
    ranked = []
    for question in _questions(alike):
        try:
            arms = _arms(base, question)
        except InvalidConfig:
            continue
        ranked.append((sum(run.config.arm in arms for run in alike), -len(arms), question))
    if not ranked:
        return _Design("question", {}, tuple(dict.fromkeys(task for run in alike for task in run.config.tasks)))
    return max(ranked, key=lambda one: one[:2])[2]


def _questions(alike: Sequence[Run]) -> Iterator[_Design]:
    """Questions that may fit: one target with helpers, one at a time or together; all pairs; single tasks alone."""
    together = {(run.config.tasks, _recipe(run.config)): run for run in alike if len(run.config.tasks) > 1}
    for target in dict.fromkeys(tasks[0] for tasks, _ in together):
        pairs = [(tasks, text) for tasks, text in together if tasks[0] == target and len(tasks) == 2]
        if pairs:
            helpers = dict.fromkeys(tasks[1] for tasks, _ in pairs)
            yield _own_question((target, *helpers), [text for _, text in pairs], together=False)
    for tasks in dict.fromkeys(tasks for tasks, _ in together if len(tasks) > 2):
        yield _own_question(tasks, [text for own, text in together if own == tasks], together=True)
    for text in dict.fromkeys(text for _, text in together):
        ordered = _in_order([tasks for tasks, own in together if own == text and len(tasks) == 2])
        if len(ordered) > 2:
            yield _Design("all_pairs", {"recipe": text}, ordered)
    alone = dict.fromkeys(run.config.tasks[0] for run in alike if len(run.config.tasks) == 1)
    if alone and not together:
        yield _own_question(tuple(alone), [study_designs.RECIPE], together=False)


def _own_question(tasks: tuple[str, ...], texts: Sequence[str], *, together: bool) -> _Design:
    return _Design("question", {"recipes": list(dict.fromkeys(texts)), "together": together}, tasks)


def _recipe(config: RunConfig) -> str:
    """With settings whose default has changed as the run meant them."""
    return recipes.text_of(config.model_copy(update=said(config.model_dump(), stored=True)))


def _in_order(pairs: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Tasks in an order in which each pair's first stands before its second, as far as there is one."""
    tasks = list(dict.fromkeys(task for pair in pairs for task in pair))
    for _ in tasks:
        for first, second in pairs:
            if tasks.index(first) > tasks.index(second):
                tasks.remove(first)
                tasks.insert(tasks.index(second), first)
    return tuple(tasks)


def _arms(base: RunConfig, question: _Design) -> set[str]:
    """The arms that the question has, with the usual baselines. Raises InvalidConfig."""
    preset = study_designs.parsed(question.preset, question.settings)
    found = list(preset.treatments(base, question.tasks, lambda task: 0)) if len(question.tasks) > 1 else []
    targets = dict.fromkeys(itertools.chain(question.tasks[:1], *(one.targets for one in found)))
    alone = [base_for(base, task).alone(task) for task in targets]
    return {config.arm for config in [*(one.arm.config for one in found), *alone]}


def _device(listed: Sequence[Run]) -> str:
    asked = {run.config.device for run in listed}
    return asked.pop() if len(asked) == 1 else "auto"


def _seeds(listed: Sequence[Run]) -> tuple[int, ...]:
    """The runs' seeds; a single one with the lowest others, as one seed gives no verdict."""
    seeds = sorted({run.seed for run in listed})
    if len(seeds) > 1:
        return tuple(seeds)
    others = (seed for seed in itertools.count(1) if seed not in seeds)
    return (*seeds, *itertools.islice(others, FEWEST_SEEDS - 1))
