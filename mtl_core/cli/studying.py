"""Waiting at a terminal for a study that the queue trains; Ctrl-C pauses it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from mtl_core.cli.output import CommandOutput
from mtl_core.errors import StoreError
from mtl_core.records import LIVE
from mtl_core.store import studies
from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import Absence, Member, counts, members
from mtl_core.studies.tuning import TrialRun, state_of, trial_runs, values_text
from mtl_core.workers.stop import Stop

LOOK = 0.5
"""Seconds between two looks at the runs."""


def listen(*, background: bool) -> Stop:
    """Lets the first Ctrl-C pause a study that is waited for, from before its first run starts; true once it came."""
    stop = Stop()
    if not background:
        stop.listen(signal.SIGINT)
    return stop


def wait(answer: CommandOutput, workspace: Workspace, study_id: str, stop: Stop) -> bool:
    """Tells of each run that ends, until none is left; False where Ctrl-C has paused the study.

    The first Ctrl-C is noticed between two looks: an exception in the middle of one could leave a lock taken.
    """
    from mtl_core.jobs import studies as jobs

    if _until_ended(answer, workspace, study_id, stop):
        return True
    answer.say("pausing: runs stop after their step")
    jobs.pause(workspace, study_id)
    _until_ended(answer, workspace, study_id, lambda: False)
    return False


def _until_ended(answer: CommandOutput, workspace: Workspace, study_id: str, asked: Callable[[], bool]) -> bool:
    """False where someone asked to stop before the last run had ended."""
    from mtl_core.jobs.advance import advance
    from mtl_core.jobs.liveness import sweep

    reported, tried = set[tuple[str, int]](), set[tuple[str, int]]()
    while not asked():
        sweep(workspace)
        with suppress(StoreError):  # another process lets it go on just now
            advance(workspace, study_id)
        study = studies.get(workspace, study_id)
        listed, trials = members(workspace, study), trial_runs(workspace, study)
        for words in _ended_trials(trials, tried):
            answer.say(words)
        for member in listed:
            key = (member.arm, member.seed)
            if member.state not in (*LIVE, Absence.NOT_STARTED) and key not in reported:
                reported.add(key)
                answer.say(_line(member, len(reported), len(listed)))
        states = counts(listed)
        if not (study.automation.going or state_of(trials) or any(states[state] for state in LIVE)):
            return True
        time.sleep(LOOK)
    return False


def _ended_trials(listed: Sequence[TrialRun], tried: set[tuple[str, int]]) -> Iterator[str]:
    """A line a trial that has ended, each once."""
    for one in listed:
        key = (one.arm, one.trial.number)
        if one.trial.ended and key not in tried:
            tried.add(key)
            how = f"loss {one.trial.loss:.4f}" if one.trial.loss is not None else f"failed: {one.trial.failed}"
            yield f"{one.arm} · trial {one.trial.number}  {values_text(one.trial.values)}  {how}"


def _line(member: Member, number: int, total: int) -> str:
    detail = f": {member.run.detail}" if member.run and member.run.detail else ""
    return f"{number} of {total}  {member.arm} · seed {member.seed}  {member.state}{detail}"
