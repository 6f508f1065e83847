"""From a preset and its settings to a study: treatments, the baselines that they need, and the comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mtl_core.config import study as study_config
from mtl_core.config.run import RunConfig
from mtl_core.config.study import ARM, DEFAULT_SEEDS, Arm, Comparison, Match, StudyConfig
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.studies.baselines import DrawsOf, baseline, single_task
from mtl_core.study_designs import StudyPreset, Treatment, check_tasks


def design(
    preset: StudyPreset,
    base: RunConfig,
    tasks: tuple[str, ...],
    draws_of: DrawsOf,
    *,
    name: str = "",
    match: Match = "target_updates",
    seeds: Sequence[int] = DEFAULT_SEEDS,
    margin: float = 0.5,
) -> StudyConfig:
    """The whole study. `base` has what all arms have in common; `draws_of` answers what a run would draw.

    Raises InvalidConfig, and what `draws_of` raises for data or an encoder that is not there.
    """
    check_tasks(preset, tasks)

    def size(task: str) -> int:
        return draws_of(single_task(base_for(base, task), task))[task].size

    arms, comparisons = compared(list(preset.treatments(base, tasks, size)), match, draws_of)
    return study_config.parse(
        {
            "name": name or preset.question(tasks),
            "preset": preset.name,
            "arms": tuple(arms),
            "comparisons": tuple(comparisons),
            "seeds": tuple(seeds),
            "margin": margin,
        }
    )


def base_for(base: RunConfig, task: str) -> RunConfig:
    """`base` with the task as its only one."""
    return base.model_copy(update={"tasks": (task,), "train_limit": base.train_limit_of(task)})


def grown(study: StudyConfig, treatments: Iterable[Treatment], match: Match, draws_of: DrawsOf) -> StudyConfig:
    """The study with more arms, each with its baselines and comparisons. Raises InvalidConfig for names in use."""
    added = list(treatments)
    taken = {arm.name for arm in study.arms} & {one.arm.name for one in added}
    if taken:
        raise InvalidConfig(
            [Fault("arms", f"the study has a condition '{taken.pop()}' already. Choose another recipe.")]
        )
    arms, comparisons = compared(added, match, draws_of, study.arms)
    values = {"arms": tuple(arms), "comparisons": (*study.comparisons, *comparisons)}
    return study_config.parse({**study.model_dump(), **values})


def compared(
    treatments: Sequence[Treatment], match: Match, draws_of: DrawsOf, there: Sequence[Arm] = ()
) -> tuple[list[Arm], list[Comparison]]:
    """All arms, baselines before what is compared with them or merges them, and the comparisons of `treatments`."""
    by_name = {one.arm.name: one.arm for one in treatments}
    known = {arm.untuned.config.arm: arm for arm in there if arm.baseline}
    new, comparisons = list[Arm](), list[Comparison]()

    def alone(arm: Arm, task: str) -> str:
        """The name of the arm's baseline, which is added where it is not there yet."""
        wanted = baseline(arm, task, match, by_name, draws_of)
        if wanted.config.arm not in known:
            names = {other.name for other in (*there, *new, *by_name.values())}
            known[wanted.config.arm] = _called(wanted, names)
            new.append(known[wanted.config.arm])
        return known[wanted.config.arm].name

    for one in treatments:
        for target in one.targets:
            against = alone(one.arm, target)
            comparisons.append(Comparison(target=target, baseline=against, treatment=one.arm.name, match=match))
            comparisons += [
                Comparison(target=target, baseline=other, treatment=one.arm.name, match=match)
                for other in one.against
                if target in by_name[other].config.tasks
            ]
    for name, arm in by_name.items():
        if arm.config.merging:
            by_name[name] = _merging(arm, [alone(arm, task) for task in arm.config.tasks])
    return [*there, *new, *by_name.values()], comparisons


def _merging(arm: Arm, baselines: Sequence[str]) -> Arm:
    """The arm with the baselines, one per task, that it merges. What serves training stays with them."""
    no_training = {"start_from": None, "teachers": (), "processes": 1}
    merged = {"merge_from": tuple(f"{ARM}{name}" for name in baselines), **no_training}
    return arm.model_copy(update={"config": arm.config.model_copy(update=merged)})


def _called(arm: Arm, taken: set[str]) -> Arm:
    """The arm under a name that no other has."""
    if arm.name not in taken:
        return arm
    number = next(n for n in range(2, 1000) if f"{arm.name} ({n})" not in taken)
    return arm.model_copy(update={"name": f"{arm.name} ({number})"})
