"""What a study is given later: more seeds, and another arm."""

from __future__ import annotations

from mtl_core import study_designs
from mtl_core.config.study import StudyConfig
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.jobs import studies as jobs
from mtl_core.records import LIVE, RunState
from mtl_core.services.plans import Look, patiently
from mtl_core.services.studies import Absence, Entry, check
from mtl_core.store import studies
from mtl_core.store.workspace import Workspace
from mtl_core.studies.design import grown
from mtl_core.study_designs import Treatment


def more_seeds(workspace: Workspace, study_id: str, count: int) -> int:
    """Gives every arm so many seeds more and starts them; how many runs are new. Raises TandemErrors."""
    config = jobs.more_seeds(studies.get(workspace, study_id).config, count)
    return len(jobs.grow(workspace, study_id, config))


def go_on_words(entry: Entry) -> str:
    """What going on would do: "Train the deleted run again" where that is all that is missing."""
    missing = [one.state for one in entry.members if one.state not in (*LIVE, RunState.FINISHED)]
    if missing and set(missing) == {Absence.DELETED}:
        return "Train the deleted run again" if len(missing) == 1 else f"Train {len(missing)} deleted runs again"
    return "Go on" if entry.begun else "Start"


def beyond_plan(config: StudyConfig, count: int) -> str:
    """What so many seeds more do to verdicts, where they go beyond the last planned look; "" where they do not."""
    last = config.planned_looks[-1]
    if len(config.seeds) + count <= last:
        return ""
    return (
        f"The plan ends with {last} seed{'s' * (last != 1)}. More stand beside the verdict, as provisional, and do not "
        "change it: alpha is spent. To let a study grow, plan looks or Auto when it is made."
    )


def add_arm(workspace: Workspace, study_id: str, recipe: str, tasks: tuple[str, ...]) -> int:
    """Gives a study another recipe on tasks that it has, compared for each of its targets among them, and starts it;
    how many runs are new. Raises TandemErrors."""
    study = studies.get(workspace, study_id)
    wanted = _treatment(study.config, recipe.strip(), tasks)
    match = study.config.comparisons[0].match if study.config.comparisons else "target_updates"
    look = Look(workspace, patience=2.0)
    config = patiently(lambda: grown(study.config, [wanted], match, look))
    check(workspace, config, {arm.name for arm in config.arms} - {arm.name for arm in study.config.arms})
    return len(jobs.grow(workspace, study_id, config))


def _treatment(config: StudyConfig, recipe: str, tasks: tuple[str, ...]) -> Treatment:
    if not recipe:
        raise InvalidConfig(
            [Fault("recipe", "is empty. Write it as sharing/schedule/balancing, such as pal/annealed.")]
        )
    if len(tasks) < 2:
        raise InvalidConfig([Fault("tasks", "give two or more: the study has each of them alone already.")])
    like = next((arm for arm in config.arms if not arm.baseline and not arm.after and not arm.merges), config.arms[0])
    fields = study_designs.recipe(recipe, tasks)
    base = like.untuned.config.model_copy(update={"start_from": None})
    arm = study_designs.arm(study_designs.with_tasks(base, tasks, **fields))
    asked = {one.target for one in config.comparisons}
    return Treatment(arm, tuple(task for task in tasks if task in asked) or tasks[:1])


def tasks_of(config: StudyConfig) -> list[str]:
    """All tasks that it trains, targets first."""
    targets = [one.target for one in config.comparisons]
    return list(dict.fromkeys([*targets, *(task for arm in config.arms for task in arm.config.tasks)]))
