"""StudyConfig: a question, the arms and seeds that answer it, and which arm is compared with which."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from mtl_core.config import faults as config_words
from mtl_core.config.automation import USUAL_LOOKS, Auto, Tune, Tuned
from mtl_core.config.fields import About, Frozen
from mtl_core.config.run import RunConfig
from mtl_core.config.unwritable import need_writable
from mtl_core.errors import Fault, InvalidConfig, unknown_name

Spending = Literal["obrien_fleming", "pocock"]
Match = Literal["target_updates", "total_updates", "seconds"]
MATCHES: dict[Match, str] = {
    "target_updates": "same number of target updates",
    "total_updates": "same total updates",
    "seconds": "same seconds",
}
"""What a baseline has in common with what it is compared with."""
ARM = "arm:"
"""In `start_from` and `merge_from`: the run of another arm, by name, with the same seed."""
DEFAULT_SEEDS = (1, 2, 3)
MOST_RUNS = 500


def _without_seed(config: RunConfig) -> RunConfig:
    return config.model_copy(update={"seed": 1, "name": ""})


class Arm(Frozen):
    """A run's config without its seed."""

    name: str = Field(min_length=1, max_length=120)
    """What to call it: "sst2 alone", "sst2 + mnli · hard"."""
    config: Annotated[RunConfig, AfterValidator(_without_seed)]
    baseline: bool = False
    """Whether it is there to be compared with: a task by itself."""
    seed_shift: int = Field(0, ge=0, lt=2**20)
    """Added to the study's seeds: two arms of one config with different ones show what chance alone does."""
    seeds: tuple[int, ...] | None = None
    """The seeds that it is trained with, where Auto has stopped adding some to it. Empty: all of the study's."""
    tuned: Tuned | None = None
    """The settings that tuning has chosen; they stand in `config`. Empty: not tuned (yet)."""

    @property
    def untuned(self) -> Arm:
        """The arm as it was before it was tuned."""
        if self.tuned is None:
            return self
        return self.model_copy(update={"config": with_settings(self.config, self.tuned.base), "tuned": None})

    @property
    def after(self) -> str:
        """The arm whose run this one starts from, "" for none."""
        start = self.config.start_from or ""
        return start.removeprefix(ARM) if start.startswith(ARM) else ""

    @property
    def merges(self) -> tuple[str, ...]:
        """The arms whose runs this one merges, in the order of its tasks."""
        return tuple(name.removeprefix(ARM) for name in self.config.merge_from if name.startswith(ARM))


class Comparison(Frozen):
    """Two arms, seen from one task."""

    target: str
    baseline: str
    """Name of an arm."""
    treatment: str
    """Name of an arm."""
    match: Match = "target_updates"
    tuned: int = Field(0, ge=0)
    """Trials that both arms were tuned with, which is what they have in common then. 0: not tuned."""

    @property
    def matched(self) -> str:
        """What both arms have in common, in words."""
        return f"same tuning budget ({self.tuned} trials per condition)" if self.tuned else MATCHES[self.match]


class StudyConfig(Frozen):
    """Arms × seeds, and the comparisons that they are made for."""

    name: Annotated[str, About(example="a shorter one")] = Field(min_length=1, max_length=120)
    """The question, or what to call it."""
    preset: str = ""
    """The preset that it was made from. Empty: none."""
    arms: tuple[Arm, ...] = Field(min_length=1)
    """Baselines first: a run that others start from stands before them."""
    comparisons: tuple[Comparison, ...] = ()
    seeds: tuple[int, ...] = Field(DEFAULT_SEEDS, min_length=1)
    """Each arm is trained once with each."""
    margin: float = Field(0.5, gt=0, le=100)
    """Differences smaller than this, in points, make no practical difference."""
    alpha: float = Field(0.05, gt=0, le=0.5)
    """How often a verdict may be wrong where there is no difference."""
    looks: tuple[int, ...] = ()
    """Seeds per condition after which a verdict is given while the study grows, such as 3, 5, 10; alpha is spent over
    them.
    Empty: one verdict, with all seeds."""
    spending: Spending = "obrien_fleming"
    """How alpha is spent over the looks: `obrien_fleming` keeps nearly all of it for the last ones, `pocock` gives
    each about the same."""
    tune: Tune | None = None
    """The tuning of every arm before its seeds are trained. Empty: none."""
    auto: Auto | None = None
    """How far seeds are added by themselves. Empty: not at all."""
    tags: tuple[str, ...] = ()
    notes: str = Field("", max_length=20_000)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = list(_arm_faults(self.arms)) + list(_comparison_faults(self))
        if len(set(self.seeds)) < len(self.seeds):
            faults.append("the same seed is given twice. Name each seed once.")
        if self.looks and (self.looks[0] < 2 or list(self.looks) != sorted(set(self.looks))):
            faults.append(
                f"looks are {', '.join(map(str, self.looks))}: give rising numbers of seeds, such as 3, 5, 10."
            )
        runs = len(self.arms) * max(len(self.seeds), self.auto.most_seeds if self.auto else 0)
        if runs > MOST_RUNS:
            faults.append(f"{runs} runs are too many for a study, {MOST_RUNS} are the most.")
        if self.auto and self.auto.most_seeds < len(self.seeds):
            faults.append(f"it has {len(self.seeds)} seeds already, and Auto may have {self.auto.most_seeds} at most.")
        if faults:
            raise ValueError(" ".join(faults))
        return self

    def arm(self, name: str) -> Arm:
        """The arm of that name. Raises KeyError."""
        named = next((arm for arm in self.arms if arm.name == name), None)
        if named is None:
            raise KeyError(name)
        return named

    @property
    def from_sample(self) -> bool:
        """True if a comparison is about a task of the generated sample."""
        sides = {(name, one.target) for one in self.comparisons for name in (one.baseline, one.treatment)}
        return any(self.arm(name).config.from_sample(target) for name, target in sides)

    def pairs_seeds(self, comparison: Comparison) -> bool:
        """True if a seed of one arm belongs to the same seed of the other."""
        return self.arm(comparison.baseline).seed_shift == self.arm(comparison.treatment).seed_shift

    @property
    def planned_looks(self) -> tuple[int, ...]:
        """Seeds per condition after which a verdict is planned; without looks that is once, with all seeds."""
        return self.looks or (len(self.seeds),)

    def more_seeds(self, count: int) -> tuple[int, ...]:
        """Its seeds and so many more, the lowest that it does not have."""
        free = (seed for seed in itertools.count(1) if seed not in self.seeds)
        return (*self.seeds, *itertools.islice(free, count))

    def runs(self) -> Iterator[tuple[Arm, int, RunConfig]]:
        """Every arm with every seed of its own and the run's config, seed by seed: the first answers come early."""
        for seed in self.seeds:
            for arm in self.arms:
                if arm.seeds is not None and seed not in arm.seeds:
                    continue
                name = f"{arm.name} · seed {seed + arm.seed_shift}"[-120:]
                yield arm, seed, arm.config.model_copy(update={"seed": seed + arm.seed_shift, "name": name})


def with_auto(config: StudyConfig, auto: Auto) -> StudyConfig:
    """The study with Auto. A plan of looks that goes on beyond its seeds stays; else it gets the usual looks from its
    seeds to the most that it may have. Raises InvalidConfig."""
    first, most = len(config.seeds), auto.most_seeds
    looks = config.looks
    if not looks or looks[-1] <= first:
        looks = tuple(sorted({look for look in (first, *USUAL_LOOKS, most) if max(first, 2) <= look <= most}))
    return parse({**config.model_dump(), "auto": auto.model_dump(), "looks": looks})


def with_settings(config: RunConfig, values: Mapping[str, Any]) -> RunConfig:
    """The config with other values of flat settings ("learning_rate", "balancing_settings.c"), checked.

    None in the place of a method's setting stands for its default. Raises ValueError.
    """
    changed: dict[str, Any] = config.model_dump()
    for name, value in values.items():
        field, _, setting = name.partition(".")
        if not setting:
            changed[field] = value
        else:
            others = {key: one for key, one in changed[field].items() if key != setting}
            changed[field] = others if value is None else {**others, setting: value}
    return RunConfig.model_validate(changed)


def parse(values: Mapping[str, Any]) -> StudyConfig:
    """A checked StudyConfig. Raises InvalidConfig with every fault, said of the field it is in."""
    need_writable(values)
    try:
        return StudyConfig.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidConfig([_fault(detail) for detail in error.errors()]) from None


def _fault(detail: ErrorDetails) -> Fault:
    if detail["type"] == "too_short":
        return Fault(str(detail["loc"][0]), "is empty. Give one or more.")
    if len(detail["loc"]) == 1:
        return config_words.fault(detail, StudyConfig.model_fields)
    place = ".".join(str(part) for part in detail["loc"]) or "study"
    return Fault(place, f"{detail['msg'].removeprefix('Value error, ')}".rstrip(".") + ".")


def _arm_faults(arms: tuple[Arm, ...]) -> Iterator[str]:
    seen: set[str] = set()
    for arm in arms:
        if arm.name in seen:
            yield f"two conditions are called '{arm.name}'. Give each a name of its own."
        if arm.after and arm.after not in seen:
            yield f"the condition '{arm.name}' starts from '{arm.after}', which is not an earlier condition."
        for name in arm.merges:
            if name not in seen:
                yield f"the condition '{arm.name}' merges '{name}', which is not an earlier condition."
        seen.add(arm.name)


def _comparison_faults(study: StudyConfig) -> Iterator[str]:
    tasks = {arm.name: arm.config.tasks for arm in study.arms}
    for comparison in study.comparisons:
        for name in (comparison.baseline, comparison.treatment):
            if name not in tasks:
                yield unknown_name("condition", name, list(tasks))
            elif comparison.target not in tasks[name]:
                yield f"the condition '{name}' has not trained '{comparison.target}', so nothing can be compared there."
