"""An arm seen from one of its tasks: who helps, and what the arm is called there."""

from __future__ import annotations

from mtl_core.config.study import Arm, Comparison, StudyConfig

SINGLE_TASK = "alone"


def helpers(arm: Arm, target: str) -> str:
    """The other tasks that it trains: "mnli", "mnli + squad", "" for none."""
    return " + ".join(task for task in arm.config.tasks if task != target)


def relation(arm: Arm, target: str) -> str:
    """The company that the target was trained in: "alone", "with mnli"."""
    others = helpers(arm, target)
    return f"with {others}" if others else SINGLE_TASK


def variant(arm: Arm) -> str:
    """The arm's name without its tasks: "sst2 + mnli · hard" is "hard", "sst2 alone · 2 epochs" is "2 epochs"."""
    tasks = " + ".join(arm.config.tasks)
    for known in (f"{tasks} {SINGLE_TASK}", tasks):
        if arm.name == known or arm.name.startswith(f"{known} · "):
            return arm.name.removeprefix(known).removeprefix(" · ")
    return arm.name


def against_single_task(config: StudyConfig) -> list[Comparison]:
    """The comparisons of a multitask arm with a single-task baseline, in the study's order."""
    return [one for one in config.comparisons if is_against_single_task(config, one)]


def is_against_single_task(config: StudyConfig, comparison: Comparison) -> bool:
    """True if several tasks together are held against the target by itself."""
    baseline, treatment = config.arm(comparison.baseline), config.arm(comparison.treatment)
    return baseline.baseline and baseline.config.tasks == (comparison.target,) and len(treatment.config.tasks) > 1
