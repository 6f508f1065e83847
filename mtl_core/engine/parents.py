"""Runs that another run builds on: the one whose encoder it starts from, and those that teach it. Loads no torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mtl_core.config.run import TRAIN_FIRST, RunConfig
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.store.run_folder import RunFolder

SAME = ("encoder", "max_length", "window_stride", "source", "data")
"""What a teacher must have in common with its pupil, so that both read the same rows."""


def split(start_from: str) -> tuple[str, str]:
    """A run's id and the task whose encoder is meant, "" for its first: "ID" or "ID:task"."""
    run_id, _, task = start_from.partition(":")
    return run_id, task


def folder_of(runs_dir: Path | None, run_id: str) -> RunFolder | None:
    """The folder of a run that is there."""
    plain = run_id.isalnum() and run_id.isascii()
    folder = RunFolder(runs_dir, run_id) if runs_dir and plain else None
    return folder if folder and folder.config.exists() else None


def config_of(folder: RunFolder) -> RunConfig:
    """What a run was asked for."""
    return RunConfig.model_validate(json.loads(folder.config.read_text("utf-8")))


def teachers_of(config: RunConfig, runs_dir: Path | None) -> dict[str, RunFolder]:
    """Each task's teacher. Raises InvalidConfig as `faults` tells."""
    found = faults(config, runs_dir)
    if found:
        raise InvalidConfig(found)
    folders = [folder_of(runs_dir, run_id) for run_id in config.teachers]
    return {config_of(folder).tasks[0]: folder for folder in folders if folder}


def faults(config: RunConfig, runs_dir: Path | None) -> list[Fault]:
    """What is wrong with the runs that a config names."""
    found = [*_start_faults(config, runs_dir)] if config.start_from else []
    for run_id in config.teachers:
        if run_id != TRAIN_FIRST:
            found += _teacher_faults(config, runs_dir, run_id)
    if config.teachers and len(config.tasks) == 1:
        words = "a run of one task has nobody to learn from but itself. Leave the teachers out, or add a task."
        found.append(Fault("teachers", words))
    return found


def _start_faults(config: RunConfig, runs_dir: Path | None) -> list[Fault]:
    run_id, task = split(config.start_from or "")
    folder = folder_of(runs_dir, run_id)
    if folder is None:
        return [_unknown("start_from", run_id)]
    source = config_of(folder)
    if _state(folder) != "finished":
        return [_unfinished("start_from", folder)]
    if task and task not in source.tasks:
        words = f"the run {run_id} has not trained '{task}'. Name one of {', '.join(source.tasks)}."
        return [Fault("start_from", words)]
    if source.encoder != config.encoder:
        words = f"the run {run_id} has trained the encoder {source.encoder}, not {config.encoder}. Choose that one."
        return [Fault("start_from", words)]
    return []


def _teacher_faults(config: RunConfig, runs_dir: Path | None, run_id: str) -> list[Fault]:
    folder = folder_of(runs_dir, run_id)
    if folder is None:
        return [_unknown("teachers", run_id)]
    teacher = config_of(folder)
    if len(teacher.tasks) > 1 or teacher.tasks[0] not in config.tasks:
        words = f"the run {run_id} has trained {' and '.join(teacher.tasks)}. "
        return [Fault("teachers", f"{words}A teacher has trained one of this run's tasks, and that alone.")]
    if _state(folder) != "finished":
        return [_unfinished("teachers", folder)]
    for name in SAME:
        mine, its = getattr(config, name), getattr(teacher, name)
        if mine != its:
            words = (
                f"the run {run_id} has read its texts with {name} {its}, not {mine}. Teachers read as their pupils do."
            )
            return [Fault("teachers", words)]
    return []


def _unknown(field: str, run_id: str) -> Fault:
    return Fault(field, f"there is no run '{run_id}'. `python -m mtl_core runs` lists them.")


def _unfinished(field: str, folder: RunFolder) -> Fault:
    state = _state(folder) or "not started yet"
    return Fault(field, f"the run {folder.id} is {state}. Choose one that has finished.")


def _state(folder: RunFolder) -> str:
    report: dict[str, Any] = folder.read_json(folder.report)
    return str(report.get("state", ""))
