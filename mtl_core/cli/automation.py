"""Tuning and Auto from a terminal: their options, and what they cost before they begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from mtl_core.config import automation, study
from mtl_core.config.automation import TUNERS, USUAL_MOST_SEEDS, Auto, Tune
from mtl_core.config.study import Spending, StudyConfig
from mtl_core.errors import Fault, InvalidConfig, TandemError
from mtl_core.store.workspace import Workspace

if TYPE_CHECKING:
    from mtl_core.config.run import RunConfig

Command = TypeVar("Command", bound=Callable[..., Any])
OPTIONS = ("tune", "tuner", "looks", "spending", "auto", "most_seeds", "hours")


def automation_options(command: Command) -> Command:
    """`--tune`, `--auto` and what goes with them."""
    options = (
        click.option(
            "--tune", type=int, metavar="TRIALS", help="Tune every condition, baselines too, with so many trials."
        ),
        click.option("--tuner", type=click.Choice([*TUNERS]), help="How trials are proposed.  [default: tpe]"),
        click.option(
            "--looks",
            metavar="NUMBER,NUMBER",
            help="Seeds after which verdicts are planned while it grows, such as 3,5,10.  [default: once, with all]",
        ),
        click.option(
            "--spending",
            type=click.Choice([*get_args(Spending)]),
            help="How alpha is spent over the looks.  [default: obrien_fleming]",
        ),
        click.option("--auto", is_flag=True, help="Add seeds until every comparison is settled."),
        click.option("--most-seeds", type=int, metavar="NUMBER", help=f"Seeds at most.  [default: {USUAL_MOST_SEEDS}]"),
        click.option("--hours", type=float, help="Hours of training at most, with --auto; tuning is not counted."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def with_looks(config: StudyConfig, looks: str | None, spending: str | None) -> StudyConfig:
    """The study with planned looks. Raises InvalidConfig."""
    if looks is None and spending is None:
        return config
    parts = [part.strip() for part in (looks or "").split(",") if part.strip()]
    if not all(part.isdecimal() for part in parts):
        raise InvalidConfig(
            [Fault("looks", f"'{looks}' is no list of numbers. Give numbers of seeds, such as 3,5,10.")]
        )
    given = {"looks": tuple(map(int, parts))} if parts else {}
    return study.parse({**config.model_dump(), **given, **({"spending": spending} if spending else {})})


def limits_of(*, auto: bool, most_seeds: int | None, hours: float | None) -> Auto | None:
    """Auto as the options ask for it, None where they do not. Raises InvalidConfig."""
    given = {name: value for name, value in (("most_seeds", most_seeds), ("hours", hours)) if value is not None}
    if given and not auto:
        raise InvalidConfig([Fault(name, "is a limit of --auto. Give --auto too.") for name in given])
    return automation.checked(Auto, given) if auto else None


def with_wishes(config: StudyConfig, *, tune: int | None, tuner: str | None, limits: Auto | None) -> StudyConfig:
    """The study with the tuning and the Auto that were asked for. Raises InvalidConfig."""
    values = config.model_dump()
    if tuner is not None and tune is None and config.tune is None:
        raise InvalidConfig([Fault("tuner", "says how --tune proposes trials. Give --tune too.")])
    if tune is not None or tuner is not None:
        known = config.tune.model_dump() if config.tune else {}
        given = {name: value for name, value in (("trials", tune), ("tuner", tuner)) if value is not None}
        values["tune"] = automation.checked(Tune, {**known, **given})
    found = study.parse(values)
    return study.with_auto(found, of_preset(limits, config.preset)) if limits is not None else found


def of_preset(limits: Auto, preset: str) -> Auto:
    """Auto as it is for studies of a preset: some drop the worse half of their arms at each look."""
    from mtl_core import registry, study_designs

    halves = preset in registry.names("study_designs") and study_designs.load(preset).halves
    return limits.model_copy(update={"halve": halves})


def cost_lines(workspace: Workspace, config: StudyConfig) -> list[str]:
    """What tuning costs before the study's own runs begin, and how far Auto goes."""
    from mtl_core.display.formats import rough_duration
    from mtl_core.studies.tuning import planned_trials, untuned

    lines, trials, auto = [], planned_trials(config), config.auto
    if trials and config.tune:
        arms = untuned(config)
        words = f"tuning: {trials} runs first, {config.tune.trials} trials for each of {len(arms)} conditions"
        seconds = [_seconds(workspace, arm.untuned.config) for arm in arms]
        known = [taken for taken in seconds if taken is not None]
        time = f"about {rough_duration(config.tune.trials * sum(known))}" if len(known) == len(arms) else ""
        lines.append(f"{words}, {time or 'for how long no earlier run tells'}; judged on the validation split alone")
    if config.looks:
        seeds = ", ".join(map(str, config.looks))
        lines.append(
            f"looks: verdicts are planned with {seeds} seeds per condition; "
            f"alpha is spent over them ({config.spending})"
        )
    if auto:
        most = len(config.arms) * (auto.most_seeds - len(config.seeds))
        limit = f" and {auto.hours:g} h of training" if auto.hours else ""
        lines.append(f"auto: up to {most} runs more, to {auto.most_seeds} seeds{limit}, while it is not settled")
    return lines


def _seconds(workspace: Workspace, config: RunConfig) -> float | None:
    """What a run of the config takes here, by earlier runs like it; None where that is not known."""
    from mtl_core.engine.plan import plan
    from mtl_core.store import throughput
    from mtl_core.studies import estimate
    from mtl_core.studies.baselines import without_arm

    try:
        planned = asdict(plan(without_arm(config), workspace.find_run))
        wanted = estimate.amount_of(config, planned)
        with workspace.read() as index:
            cost = estimate.from_earlier(config, wanted, throughput.earlier(index, config, planned["device"]))
    except TandemError:
        return None
    return cost.seconds(wanted) if cost else None
