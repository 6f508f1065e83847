""" "Try it now": two models on the generated sample, how long they take here, how far they are, what came out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from mtl_core import devices
from mtl_core.config import run as configs
from mtl_core.config.run import RunConfig
from mtl_core.errors import TandemError
from mtl_core.jobs import queue
from mtl_core.records import RunState
from mtl_core.services import launch, machine, runs
from mtl_core.services.overview import Result, result_of
from mtl_core.store import choices, scores, throughput
from mtl_core.store import runs as run_rows
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace
from mtl_core.studies import estimate
from mtl_core.studies.estimate import Amount

TARGET, PARTNER = "sst2", "mnli"
EXAMPLES = 2000
"""Training examples a task."""
RATE = 1e-4
TOKENS = {TARGET: 38_496, PARTNER: 56_563}
"""Those of the drawn examples, as the runs count them."""
SELECTION, DEV = 200, 500
"""Examples a task that each evaluation, and the test at the end, read."""
USUAL_SECONDS = (39.0, 71.0)
"""Of each run on two idle CPU cores (docs/results.md)."""
BEFORE_STEPS = 0.05
"""The part of a run's time that passes before its first step; as much comes after its last one."""
LEAST_LEFT = 5.0
AS_EARLIER = "as fast as earlier runs here"


@dataclass(frozen=True, slots=True)
class Expected:
    """How long the try takes on this machine now, as far as that can be told."""

    seconds: tuple[float, ...]
    """Of each run; none where it can't be told."""
    basis: str
    """Where that is known from, and what slows it."""
    ahead: int = 0
    """Runs that train or wait on the device already."""

    @property
    def total(self) -> float | None:
        """Of both runs, one after the other."""
        return sum(self.seconds) if self.seconds else None


@dataclass(frozen=True, slots=True)
class FirstTry:
    """The latest "Try it now": its runs, the single-task one first."""

    runs: tuple[Run, ...]
    result: Result | None
    """What came out, once both have finished."""
    dismissed: bool = False
    """Whether somebody has put it away since."""

    @property
    def expected(self) -> tuple[float, ...]:
        """Seconds of each run, as they were estimated when it was queued."""
        return tuple(run.expected or usual for run, usual in zip(self.runs, USUAL_SECONDS, strict=True))

    @property
    def live(self) -> bool:
        """True if one of its runs still waits or trains."""
        return any(run.live for run in self.runs)

    @property
    def ended_early(self) -> tuple[Run, ...]:
        """Its runs that failed, died or were stopped."""
        return tuple(run for run in self.runs if not run.live and run.state != RunState.FINISHED)

    @property
    def stopping(self) -> bool:
        """True where every run that is left was asked to stop."""
        return self.live and all(run.stop_requested for run in self.runs if run.live)

    @property
    def progress(self) -> float:
        """The share of the work that is done, 0 to 1; of a run that ended early, what it had done."""
        shares = [seconds * _done(run) for run, seconds in zip(self.runs, self.expected, strict=True)]
        return sum(shares) / sum(self.expected)

    def seconds_left(self, now: float | None = None) -> float:
        """Until both runs have ended: as the one that trains says, else as was expected, less what has passed."""
        now = time.time() if now is None else now
        slower = self._slower(now)
        pairs = zip(self.runs, self.expected, strict=True)
        return sum(_left(run, slower * seconds, now) for run, seconds in pairs if run.live)

    def _slower(self, now: float) -> float:
        """How many times as long as expected the runs take whose end is known or foreseen; 1 where none is."""
        known = [
            (total, seconds)
            for run, seconds in zip(self.runs, self.expected, strict=True)
            if (total := _foreseen(run, now)) is not None
        ]
        return sum(total for total, _ in known) / sum(seconds for _, seconds in known) if known else 1.0


def _done(run: Run) -> float:
    if run.state == RunState.FINISHED:
        return 1.0
    return (1 - BEFORE_STEPS) * run.step / run.total_steps if run.total_steps else 0.0  # the dev set comes at the end


def _foreseen(run: Run, now: float) -> float | None:
    """Seconds from a run's start to its end, where that is known by now."""
    if run.state == RunState.FINISHED:
        return run.seconds
    if run.training and run.started and run.seconds_left is not None and run.step:
        return now - run.started + run.seconds_left
    return None


def _left(run: Run, expected: float, now: float) -> float:
    if run.training and run.step and run.seconds_left is not None:
        return run.seconds_left + BEFORE_STEPS * expected
    passed = now - run.started if run.training and run.started else 0.0
    return max(LEAST_LEFT, expected - passed)


def plan() -> list[RunConfig]:
    """Two models on the generated sample: the target alone, and together with a second task."""
    common = {"source": "sample", "encoder": "embedded", "train_limit": EXAMPLES, "learning_rate": RATE}
    return [
        configs.parse({**common, "tasks": (TARGET,), "sharing": "single"}),
        configs.parse({**common, "tasks": (TARGET, PARTNER), "sharing": "hard"}),
    ]


def amount(tasks: Sequence[str]) -> Amount:
    """The tokens that a run on these tasks reads."""
    trained = sum(TOKENS[task] for task in tasks)
    rest = (estimate.USUAL_TIMES * SELECTION + DEV) / EXAMPLES
    return Amount(trained, rest * trained, trained / (EXAMPLES * len(tasks)))


def expected(workspace: Workspace) -> Expected:
    """How long the try would take if it were started now. Takes a quarter of a second; nothing is trained for it."""
    planned = plan()
    try:
        device = devices.resolve(planned[0].device)
    except TandemError as error:
        return Expected((), str(error))
    ahead, earlier = launch.ahead(workspace, device), _from_earlier(workspace, planned, device)
    if device != "cpu":
        return Expected(earlier, AS_EARLIER if earlier else f"nothing was trained on {device} yet", ahead)
    now = machine.load()
    if ahead:
        now = now.without_a_run()  # it is over before the try begins
    speed = machine.relative_speed(now.cores)
    seconds, basis = tuple(one / speed for one in USUAL_SECONDS), "by the speed of this machine's CPU"
    if earlier and sum(earlier) < sum(seconds):  # slower ones did not have the cores to themselves
        seconds, basis = earlier, AS_EARLIER
    return Expected(tuple(now.slowdown * one for one in seconds), "; ".join(filter(None, (basis, now.words))), ahead)


def _from_earlier(workspace: Workspace, runs: Sequence[RunConfig], device: str) -> tuple[float, ...]:
    """Seconds of each run as the fastest of earlier ones on this machine was: the least disturbed; none without."""
    found = []
    for config in runs:
        wanted = amount(config.tasks)
        with workspace.read() as index:
            past = throughput.earlier(index, config, device)
        costs = [cost for one in past if (cost := estimate.from_earlier(config, wanted, [one]))]
        if not costs:
            return ()
        found.append(min(cost.seconds(wanted) for cost in costs))
    return tuple(found)


def latest(workspace: Workspace) -> FirstTry | None:
    """The latest launch of `plan`, None where there was none."""
    arms = [config.arm for config in plan()]
    with workspace.read() as index:
        tries = run_rows.of_arms(index, arms)
        launched = [run for run in tries if run.launch == _launched_whole(tries, arms)]
        if not launched:
            return None
        ordered = sorted(launched, key=lambda run: arms.index(run.arm))
        reached = {run.id: scores.of_run(index, run.id) for run in ordered}
        dismissed = choices.get(index, choices.DISMISSED_TRY) == ordered[0].launch
    return FirstTry(tuple(ordered), _result(ordered, reached), dismissed)


def halves(workspace: Workspace) -> set[str]:
    """Ids of the runs of tries that ended early: half of an answer is none."""
    arms = [config.arm for config in plan()]
    with workspace.read() as index:
        tries = run_rows.of_arms(index, arms)
    early = {run.launch for run in tries if run.state.resumable}
    whole = {launch for launch in early if sorted(arms) == sorted(run.arm for run in tries if run.launch == launch)}
    return {run.id for run in tries if run.launch in whole}


def _launched_whole(runs: Sequence[Run], arms: Sequence[str]) -> str:
    """The newest launch that holds exactly one run of each arm; "" where there is none."""
    for run in runs:
        together = sorted(other.arm for other in runs if other.launch == run.launch)
        if together == sorted(arms):
            return run.launch
    return ""


def _result(runs: Sequence[Run], reached: dict[str, dict[str, dict[str, float]]]) -> Result | None:
    finished = [run for run in runs if run.state == RunState.FINISHED]
    return result_of(finished[1], finished[0], reached) if len(finished) == 2 else None


def start(workspace: Workspace) -> list[str]:
    """Launches the try, or finds the one that is still under way; the ids of its runs. Raises TandemError."""
    last = latest(workspace)
    if last and last.live:
        return [run.id for run in last.runs]
    seconds, planned = expected(workspace).seconds, plan()
    return queue.submit(workspace, planned, {run.arm: one for run, one in zip(planned, seconds, strict=False)})


def stop(workspace: Workspace, last: FirstTry) -> None:
    """Stops both runs, each with a checkpoint. One that has ended meanwhile is as good."""
    runs.stop(workspace, last.runs)


def dismiss(workspace: Workspace, last: FirstTry) -> None:
    """Puts the latest try away: its runs stay, the Overview speaks of it no more."""
    with workspace.write() as index:
        choices.keep(index, choices.DISMISSED_TRY, last.runs[0].launch)
