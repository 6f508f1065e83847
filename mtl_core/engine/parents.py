"""Runs that another run builds on: the one whose encoder it starts from, those that teach it, and those that it merges.
Loads no torch."""

from __future__ import annotations

from collections.abc import Callable

from mtl_core.config.run import TRAIN_FIRST, RunConfig
from mtl_core.config.trained_run import TrainedRun
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.records import RunState

FindRun = Callable[[str], TrainedRun | None]
"""Finds a run by its id; None where there is none."""

SAME = ("encoder", "max_length", "window_stride", "source", "data")
"""Settings that a teacher must have in common with its student, so that both read the same rows."""
MERGED_SAME = (*SAME, "limit_by", "selection_limit", "eval_limit", "head_layers", "pooling", "seed")
"""Settings that a merged run must have in common with the runs that it merges."""


def split(start_from: str) -> tuple[str, str]:
    """A run's id and the task whose encoder is meant, "" for its first: "ID" or "ID:task"."""
    run_id, _, task = start_from.partition(":")
    return run_id, task


def none(_run_id: str) -> TrainedRun | None:
    """Finds no run: for configs that build on none."""
    return None


def teachers_of(config: RunConfig, find_run: FindRun) -> dict[str, TrainedRun]:
    """Each task's teacher. Raises InvalidConfig with the faults that `faults` returns."""
    problems = faults(config, find_run)
    if problems:
        raise InvalidConfig(problems)
    teachers = [find_run(run_id) for run_id in config.teachers]
    return {teacher.config.tasks[0]: teacher for teacher in teachers if teacher}


def merged_runs(config: RunConfig, find_run: FindRun) -> dict[str, TrainedRun]:
    """The run of each task that a merge takes. Raises InvalidConfig with the faults that `faults` returns."""
    problems = faults(config, find_run)
    if problems:
        raise InvalidConfig(problems)
    by_task = {run.config.tasks[0]: run for run in map(find_run, config.merge_from) if run}
    return {task: by_task[task] for task in config.tasks}


def faults(config: RunConfig, find_run: FindRun) -> list[Fault]:
    """Faults in the runs that a config names."""
    problems = [*_start_faults(config, find_run)] if config.start_from else []
    for run_id in config.teachers:
        if run_id != TRAIN_FIRST:
            problems += _teacher_faults(config, find_run, run_id)
    if config.teachers and len(config.tasks) == 1:
        words = "a run of one task can only learn from itself. Leave the teachers out, or add a task."
        problems.append(Fault("teachers", words))
    if config.merge_from and TRAIN_FIRST not in config.merge_from:
        problems += _merge_faults(config, find_run)
    return problems


def _start_faults(config: RunConfig, find_run: FindRun) -> list[Fault]:
    run_id, task = split(config.start_from or "")
    run = find_run(run_id)
    if run is None:
        return [_unknown("start_from", run_id)]
    source = run.config
    if run.state != RunState.FINISHED:
        return [_unfinished("start_from", run)]
    if task and task not in source.tasks:
        words = f"the run {run_id} has not trained '{task}'. Name one of {', '.join(source.tasks)}."
        return [Fault("start_from", words)]
    if source.encoder != config.encoder:
        words = f"the run {run_id} has trained the encoder {source.encoder}, not {config.encoder}. Choose that one."
        return [Fault("start_from", words)]
    return []


def _teacher_faults(config: RunConfig, find_run: FindRun, run_id: str) -> list[Fault]:
    run = find_run(run_id)
    if run is None:
        return [_unknown("teachers", run_id)]
    teacher = run.config
    if len(teacher.tasks) > 1 or teacher.tasks[0] not in config.tasks:
        words = f"the run {run_id} has trained {' and '.join(teacher.tasks)}. "
        return [Fault("teachers", f"{words}A teacher has trained one of this run's tasks, and that alone.")]
    if run.state != RunState.FINISHED:
        return [_unfinished("teachers", run)]
    for name in SAME:
        mine, its = getattr(config, name), getattr(teacher, name)
        if mine != its:
            words = f"the run {run_id} has read its texts with {name} {its}, not {mine}."
            return [Fault("teachers", f"{words} A teacher must read its texts as the student does.")]
    return []


def _merge_faults(config: RunConfig, find_run: FindRun) -> list[Fault]:
    problems, given = list[Fault](), dict[str, str]()
    for run_id in config.merge_from:
        run = find_run(run_id)
        if run is None:
            problems.append(_unknown("merge_from", run_id))
            continue
        task = run.config.tasks[0]
        if len(run.config.tasks) > 1 or task not in config.tasks:
            words = f"the run {run_id} has trained {' and '.join(run.config.tasks)}. "
            problems.append(Fault("merge_from", f"{words}A merge takes runs of one of its tasks, and that alone."))
        elif task in given:
            words = f"the runs {given[task]} and {run_id} have both trained {task}. Name one run per task."
            problems.append(Fault("merge_from", words))
        elif run.state != RunState.FINISHED:
            problems.append(_unfinished("merge_from", run))
        else:
            problems += _unlike(config, run)
        given[task] = run_id
    missing = [task for task in config.tasks if task not in given]
    if missing and not problems:
        words = f"there is no run of {' and '.join(missing)} among them. Name one finished single-task run per task."
        problems.append(Fault("merge_from", words))
    return problems


def _unlike(config: RunConfig, run: TrainedRun) -> list[Fault]:
    """The first setting in which a run differs from the one that is to merge it."""
    for name in MERGED_SAME:
        mine, its = getattr(config, name), getattr(run.config, name)
        if mine != its:
            words = f"the run {run.id} has {name} {_shown(its)}, not {_shown(mine)}."
            return [Fault("merge_from", f"{words} A merge has the data, lengths, heads and seed of its runs.")]
    return []


def _shown(value: object) -> object:
    return "empty" if value is None else value


def _unknown(field: str, run_id: str) -> Fault:
    return Fault(field, f"there is no run '{run_id}'. `python -m mtl_core runs` lists them.")


def _unfinished(field: str, run: TrainedRun) -> Fault:
    return Fault(field, f"the run {run.id} is {run.state or 'not started yet'}. Choose one that has finished.")
