"""The forecast of a launch, as far as it is known by now: examples, steps, parameters, time, memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mtl_core.config.run import RunConfig
from mtl_core.errors import Fault, TandemError
from mtl_core.jobs import model_client
from mtl_core.jobs.model_client import ModelServerAway
from mtl_core.records import DevExample as DevExample
from mtl_core.records import Draw
from mtl_core.services import launch
from mtl_core.store import throughput as throughput
from mtl_core.store.scores import remarks
from mtl_core.store.workspace import Workspace
from mtl_core.studies import estimate
from mtl_core.studies.estimate import Amount, RunCost

WHILE_TRAINING = "by the speed of the run that trains now"


@dataclass(frozen=True, slots=True)
class TaskForecast:
    """The runs' use of one task."""

    task: str
    train: int
    """Examples to train on."""
    draw: Draw
    """How much of them the main run is to draw, all epochs together."""
    remark: str
    """That the task is starved or repeated, "" where neither."""
    selection: int
    dev: int
    tokens: float
    """Mean of a training example."""
    rows: float
    """Mean windows of a training example."""
    glance: tuple[DevExample, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The known facts of a launch. Everything but `runs` may be missing."""

    runs: int
    working: bool
    """Whether more will be known if one asks again."""
    away: str = ""
    """Why nothing can be known at the moment."""
    faults: tuple[Fault, ...] = ()
    device: str = ""
    ahead: int = 0
    """Runs that train or wait on the device already."""
    steps: tuple[int, ...] = ()
    """Of each different run, ascending."""
    tasks: tuple[TaskForecast, ...] = ()
    parameters: Mapping[str, int] | None = None
    """Of the main run: shared, task_only, frozen, total."""
    encoder_shares: Mapping[str, float] = field(default_factory=dict)
    """How much of the encoder a step of each task trains in the main run, 0 to 1."""
    seconds: float | None = None
    """Of all runs, one after the other."""
    expected: Mapping[str, float] = field(default_factory=dict)
    """Seconds of one run by arm, where they are known."""
    memory_bytes: int | None = None
    basis: str = ""
    """Where time and memory are known from, or why they aren't."""


def forecast(workspace: Workspace, runs: Sequence[RunConfig]) -> Forecast:
    """The known facts of these runs; the first is the main one. Takes at most about a second."""
    unusable = launch.folder_faults(workspace)
    if unusable:
        return Forecast(len(runs), working=False, faults=unusable)
    arms = list({config.arm: config for config in runs}.values())
    try:
        plans = [_ask(workspace, "/plan", config) for config in arms]
    except ModelServerAway as error:
        return Forecast(len(runs), working=True, away=str(error))
    except TandemError as error:
        return Forecast(len(runs), working=False, faults=error.faults)
    main = plans[0]
    if main is None:
        return Forecast(len(runs), working=True)
    known = [plan for plan in plans if plan is not None]
    ahead = launch.ahead(workspace, main["device"])
    known_costs = costs(workspace, arms, known, busy=ahead > 0) if len(known) == len(arms) else RunCosts((), "", True)
    seeds = len(runs) / len(arms)
    return Forecast(
        runs=len(runs),
        working=known_costs.working,
        device=main["device"],
        ahead=ahead,
        steps=tuple(sorted({plan["steps"] for plan in known})),
        tasks=tuple(_task(name, facts) for name, facts in main["tasks"].items()),
        parameters=main["parameters"],
        encoder_shares=main["encoder_shares"],
        seconds=seeds * sum(seconds for _, seconds in known_costs.each) if known_costs.each else None,
        expected={config.arm: taken for config, (_, taken) in zip(arms, known_costs.each, strict=False)},
        memory_bytes=max((cost.memory_bytes or 0 for cost, _ in known_costs.each), default=0) or None,
        basis=known_costs.basis,
    )


@dataclass(frozen=True, slots=True)
class RunCosts:
    """The cost and the seconds of each different run; none where one of them is unknown."""

    each: tuple[tuple[RunCost, float], ...]
    basis: str
    working: bool = False


def costs(
    workspace: Workspace, arms: Sequence[RunConfig], plans: Sequence[Mapping[str, Any]], *, busy: bool
) -> RunCosts:
    """The time that a run of each arm takes, from earlier runs or from a few steps timed now; `plans` are theirs."""
    amounts = [estimate.amount_of(config, plan) for config, plan in zip(arms, plans, strict=True)]
    device = plans[0]["device"]
    known = [_earlier(workspace, config, device, wanted) for config, wanted in zip(arms, amounts, strict=True)]
    known_costs = [cost for cost in known if cost is not None]
    if len(known_costs) == len(arms):
        return _of(known_costs, amounts)
    if busy:
        return _beside(workspace, arms, amounts, known, device)
    try:
        measured = _ask(workspace, "/pace", arms[0])
    except TandemError as error:
        return RunCosts((), f"no estimate: {error}")
    if measured is None:
        return RunCosts((), "being measured on a few steps", working=True)
    return _of([estimate.from_measurement(measured)] * len(arms), amounts)


def _beside(
    workspace: Workspace,
    arms: Sequence[RunConfig],
    amounts: Sequence[Amount],
    known: Sequence[RunCost | None],
    device: str,
) -> RunCosts:
    """What is not known from earlier runs by the speed of the run that trains on the device: nothing can be timed."""
    with workspace.read() as index:
        past = throughput.training(workspace, index, device)
    found = [
        cost or estimate.from_earlier(config, wanted, [one for one in past if _same_device_work(one, config)])
        for config, wanted, cost in zip(arms, amounts, known, strict=True)
    ]
    if all(found):
        costs = [replace(one, basis=WHILE_TRAINING) for one in found if one is not None]
        return _of(costs, amounts)
    when = "once it has made some steps" if not past else "once the device is free, as the run there is of another kind"
    return RunCosts((), f"no estimate yet: the speed on {device} is known {when}", working=not past)


def _same_device_work(run: throughput.Past, config: RunConfig) -> bool:
    """Whether a run's steps cost on a device what the config's do, as `throughput.earlier` asks too."""
    return all(run.config.get(name) == getattr(config, name) for name in ("encoder", "precision", "attention_dropout"))


def _of(known_costs: Sequence[RunCost], amounts: Iterable[Amount]) -> RunCosts:
    each = tuple((cost, cost.seconds(wanted)) for cost, wanted in zip(known_costs, amounts, strict=True))
    return RunCosts(each, known_costs[0].basis)


def _earlier(workspace: Workspace, config: RunConfig, device: str, wanted: Amount) -> RunCost | None:
    with workspace.read() as index:
        return estimate.from_earlier(config, wanted, throughput.earlier(index, config, device))


def _ask(workspace: Workspace, path: str, config: RunConfig) -> Any:
    return model_client.ask(workspace, path, {"config": config.model_dump(mode="json")})


def _task(name: str, plan: Mapping[str, Any]) -> TaskForecast:
    draw = Draw(**plan["draw"])
    return TaskForecast(
        task=name,
        train=plan["train"],
        draw=draw,
        remark=remarks([draw]).get(name, ""),
        selection=plan["selection"],
        dev=plan["dev"],
        tokens=plan["tokens"],
        rows=plan["rows"],
        glance=tuple(DevExample(**{**shown, "inputs": tuple(shown["inputs"])}) for shown in plan["glance"]),
        notes=tuple(plan["notes"]),
    )
