"""The cost of a study before it starts: which runs exist already, and how long the others take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from mtl_core.config.run import RunConfig
from mtl_core.config.study import Arm, StudyConfig
from mtl_core.services import launch
from mtl_core.services.forecast import costs
from mtl_core.services.plans import Look
from mtl_core.store.studies import Study
from mtl_core.store.workspace import Workspace
from mtl_core.studies.baselines import without_arm
from mtl_core.studies.members import Member, resolved, reusable
from mtl_core.studies.tuning import untuned


@dataclass(frozen=True, slots=True)
class ArmCost:
    """One arm: its seeds, and what one of its runs takes."""

    arm: Arm
    seeds: tuple[int, ...]
    """As its runs have them."""
    reused: tuple[int, ...]
    """Those of the seeds whose run exists already, finished or under way."""
    steps: int
    seconds: float | None
    """Of one run; None where it is not known."""
    trials: int = 0
    """Runs of its tuning, before those of its seeds."""


@dataclass(frozen=True, slots=True)
class Cost:
    """All arms, in the order in which they train."""

    arms: tuple[ArmCost, ...]
    device: str
    ahead: int
    """Runs that train or wait on the device already."""
    basis: str
    """The source of the times, or why there are none."""
    working: bool
    """True if more will be known if one asks again."""

    @property
    def expected(self) -> dict[str, float]:
        """Seconds of one run by arm, where they are known."""
        return {one.arm.name: one.seconds for one in self.arms if one.seconds is not None}

    @property
    def runs(self) -> int:
        """Of the whole study."""
        return sum(len(one.seeds) for one in self.arms)

    @property
    def reused(self) -> int:
        """Runs that need not be trained again."""
        return sum(len(one.reused) for one in self.arms)

    @property
    def trials(self) -> int:
        """Runs of tuning."""
        return sum(one.trials for one in self.arms)

    @property
    def tuning_seconds(self) -> float | None:
        """Of all trials, as if each took as long as the arm does as designed; None where that is not known."""
        if any(one.seconds is None for one in self.arms if one.trials):
            return None
        return sum(one.trials * one.seconds for one in self.arms if one.seconds is not None)

    @property
    def seconds(self) -> float | None:
        """Of all runs that are to be trained, one after the other; None where one of them is not known."""
        left = [(one.seconds, len(one.seeds) - len(one.reused)) for one in self.arms]
        if any(seconds is None for seconds, count in left if count):
            return None
        return sum(seconds * count for seconds, count in left if seconds is not None)


def cost(config: StudyConfig, look: Look) -> Cost:
    """The cost of a designed study; `look` knows the plans of its arms. Takes at most about a second."""
    tuned = {arm.name for arm in untuned(config)}
    changing = tuned | {arm.name for arm in config.arms if tuned & {*arm.merges}}
    reused = {arm: runs for arm, runs in existing(look.workspace, config).items() if arm not in changing}
    wanted = [without_arm(arm.config) for arm in config.arms]
    plans = [look.plan(one) for one in wanted]
    device = str(plans[0]["device"])
    ahead = launch.ahead(look.workspace, device)
    new = [place for place, arm in enumerate(config.arms) if len(reused.get(arm.name, {})) < len(config.seeds)]
    times = costs(look.workspace, [wanted[n] for n in new], [plans[n] for n in new], busy=ahead > 0) if new else None
    seconds = dict(zip(new, (taken for _, taken in times.each), strict=False)) if times else {}
    arms = tuple(
        ArmCost(
            arm=arm,
            seeds=tuple(seed + arm.seed_shift for seed in config.seeds),
            reused=tuple(seed + arm.seed_shift for seed in config.seeds if seed in reused.get(arm.name, {})),
            steps=int(plans[place]["steps"]),
            seconds=seconds.get(place),
            trials=config.tune.trials if config.tune and arm.name in tuned else 0,
        )
        for place, arm in enumerate(config.arms)
    )
    return Cost(arms, device, ahead, times.basis if times else "", times.working if times else False)


def existing(workspace: Workspace, config: StudyConfig) -> dict[str, dict[int, str]]:
    """Runs that the study would take over: arm → seed → id."""
    ids: dict[str, dict[int, str]] = {}
    with workspace.read() as index:
        for arm, seed, wanted in config.runs():
            ready: RunConfig | None = resolved(arm, seed, wanted, ids)
            run = reusable(workspace, index, ready) if ready else None
            if run:
                ids.setdefault(arm.name, {})[seed] = run.id
    return ids


def seconds_of_seeds(study: Study, listed: Sequence[Member], count: int) -> float | None:
    """The time that `count` more seeds of every arm take; None where an arm's time is not known."""
    taken = _seconds(study, listed)
    arms = {one.arm for one in listed}
    return count * sum(taken[arm] for arm in arms) if arms <= taken.keys() else None


@dataclass(frozen=True, slots=True)
class Left:
    """Until a study's runs that wait or train are done, one after the other."""

    seconds: float
    complete: bool
    """False where some run's time is not known and left out."""


def left(study: Study, listed: Sequence[Member]) -> Left:
    """As its runs that train say, as finished ones of the same arm took, or as was expected."""
    taken = _seconds(study, listed)
    live = [(one.arm, one.run.seconds_left) for one in listed if one.run and one.run.live]
    known = [taken.get(arm) if own is None else own for arm, own in live]
    there = [seconds for seconds in known if seconds is not None]
    return Left(sum(there), len(there) == len(known))


def _seconds(study: Study, listed: Sequence[Member]) -> Mapping[str, float]:
    """A run's time by arm: the mean of its finished runs, or what was expected, put right by how those came out."""
    known: dict[str, list[float]] = {}
    for one in listed:
        if one.done and one.run and one.run.seconds:
            known.setdefault(one.arm, []).append(one.run.seconds)
    taken = {arm: fmean(values) for arm, values in known.items()}
    both = [arm for arm in taken if study.expected.get(arm)]
    slower = sum(taken[arm] for arm in both) / sum(study.expected[arm] for arm in both) if both else 1.0
    return {arm: slower * seconds for arm, seconds in study.expected.items()} | taken
