"""Waiting at a terminal for a study that the queue trains; Ctrl-C pauses it."""

from __future__ import annotations

import time

from mtl_core.cli.output import CommandOutput
from mtl_core.records import LIVE
from mtl_core.store import studies
from mtl_core.store.workspace import Workspace
from mtl_core.studies.members import Member, counts, members

LOOK = 0.5
"""Seconds between two looks at the runs."""


def wait(answer: CommandOutput, workspace: Workspace, study_id: str) -> bool:
    """Tells of each run that ends, until none is left; False where Ctrl-C has paused the study."""
    from mtl_core.jobs import studies as jobs

    try:
        _until_ended(answer, workspace, study_id)
    except KeyboardInterrupt:
        answer.say("pausing: runs stop after their step")
        jobs.pause(workspace, study_id)
        _until_ended(answer, workspace, study_id)
        return False
    return True


def _until_ended(answer: CommandOutput, workspace: Workspace, study_id: str) -> None:
    from mtl_core.jobs.liveness import sweep

    reported: set[tuple[str, int]] = set()
    while True:
        sweep(workspace)
        listed = members(workspace, studies.get(workspace, study_id))
        for member in listed:
            key = (member.arm, member.seed)
            if member.state not in LIVE and key not in reported:
                reported.add(key)
                answer.say(_line(member, len(reported), len(listed)))
        states = counts(listed)
        if not any(states[state] for state in LIVE):
            return
        time.sleep(LOOK)


def _line(member: Member, number: int, total: int) -> str:
    detail = f": {member.run.detail}" if member.run and member.run.detail else ""
    return f"{number} of {total}  {member.arm} · seed {member.seed}  {member.state}{detail}"
