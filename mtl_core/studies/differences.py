"""Differences between the runs of two arms besides those that a study asks about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mtl_core.config.run import RunConfig
from mtl_core.config.settings import METHOD, STEPS, setting_differences
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.studies import data_changes

ASKED = (*METHOD, "tasks", "name", "seed", "device", "epochs", "start_from", "train_limit", "overlap")
"""Fields that two arms of a study may differ in: the method, and how the baseline is matched."""


def differences(
    workspace: Workspace,
    task: str,
    baseline: Mapping[int, Run],
    treatment: Mapping[int, Run],
    tuned: Collection[str] = (),
) -> tuple[str, ...]:
    """In words, the treatment's own value first: "precision bf16 against fp32". Empty: nothing known.

    `tuned`: settings that both arms were given by equal tuning, which are no difference of this kind.
    """
    if not baseline or not treatment:
        return ()
    ours, theirs = (next(iter(side.values())) for side in (treatment, baseline))
    return (
        *_settings(ours.config, theirs.config, tuned),
        *_data(workspace, task, baseline, treatment),
        *_device(ours, theirs),
    )


def _settings(ours: RunConfig, theirs: RunConfig, tuned: Collection[str]) -> list[str]:
    asked = (*ASKED, *STEPS) if ours.merging or theirs.merging else ASKED
    return setting_differences(ours, theirs, asked, names=tuned)


def _data(workspace: Workspace, task: str, *sides: Mapping[int, Run]) -> list[str]:
    """A difference in the task's examples, by the fingerprints in the runs' reports."""
    baseline, treatment = ({seed: _facts(workspace, run, task) for seed, run in side.items()} for side in sides)
    return list(filter(None, [data_changes.between(baseline, treatment)]))


def _facts(workspace: Workspace, run: Run, task: str) -> dict[str, Any]:
    folder = workspace.run(run.id)
    return folder.data_facts().get(task, {})


def _device(ours: Run, theirs: Run) -> list[str]:
    kinds = [run.device.split(":")[0] for run in (ours, theirs)]
    return [f"device {kinds[0]} against {kinds[1]}"] if kinds[0] != kinds[1] else []
