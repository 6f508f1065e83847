"""The common part of `train` and `resume`: a run in this process with its bar, or one in the background."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from mtl_core.cli.output import CommandOutput
from mtl_core.cli.words import data_notes, duration
from mtl_core.display.scores import words as score_words
from mtl_core.display.words import GENERATED, examples_text
from mtl_core.records import RunState
from mtl_core.store.workspace import Workspace

if TYPE_CHECKING:
    from mtl_core.jobs.foreground import Foreground

EXIT = {RunState.FINISHED: 0, RunState.STOPPED: 130}


def foreground(answer: CommandOutput, workspace: Workspace, registration: AbstractContextManager[Foreground]) -> int:
    """Trains a run to its end, tells what came of it, and gives the exit code."""
    return tell(answer, workspace, *carried_out(workspace, registration))


def carried_out(workspace: Workspace, registration: AbstractContextManager[Foreground]) -> tuple[str, RunState]:
    """Trains a run in this process, or in several that this one watches; its id and the state that it ended in."""
    from mtl_core.cli import several
    from mtl_core.workers import torchrun
    from mtl_core.workers.one_run import carry_out
    from mtl_core.workers.progress_bar import ProgressBar
    from mtl_core.workers.stop import Stop

    with registration as mine, ProgressBar() as bar:
        run, stop = mine.run, Stop(notify=bar.write)
        bar.write(f"run {run.id}: {run.title}")
        if run.slot is None:
            bar.write(f"another run has {run.device}; this one trains beside it, and both take longer")
        if torchrun.wanted(run.config.processes):
            return run.id, several.watch(workspace, run, stop)
        return run.id, carry_out(workspace, run, mine.lock, stop, bar)


def tell(answer: CommandOutput, workspace: Workspace, run_id: str, state: RunState) -> int:
    """Prints the outcome of a run; its exit code."""
    from mtl_core.store import describe

    document = describe.document(workspace, run_id)
    if state in EXIT:
        short = ("id", "state", "scores", "draws", "examples_per_second", "seconds")
        answer.give({name: document[name] for name in short}, _words(document))
        return EXIT[state]
    return _failed(answer, document, workspace)


def background(answer: CommandOutput, workspace: Workspace, run_id: str) -> int:
    """Tells of a run that has just been put into the queue."""
    from mtl_core.store import describe

    state = describe.result(workspace, run_id)["state"]
    waits = " It waits until its device is free." if state == RunState.QUEUED else ""
    words = f"run {run_id} is {state}.{waits} `python -m mtl_core show {run_id}` shows its progress."
    answer.give({"id": run_id, "state": state}, words)
    return 0


def _failed(answer: CommandOutput, document: dict[str, Any], workspace: Workspace) -> int:
    message = f"run {document['id']} has {document['state']}: {document['detail']}"
    answer.say(f"{message}\n{workspace.path / document['id'] / 'log.txt'} has the log.")
    answer.give({**document, "error": document["detail"], "faults": []}, "")
    return 1


def _words(run: dict[str, Any]) -> str:
    speed = f", {run['examples_per_second'] or 0.0:.0f} examples a second" * (not run["config"]["merging"])
    lines = [f"run {run['id']} {run['state']} after {duration(run['seconds'])}{speed}"]
    for task, found in run["scores"].items():
        shown = score_words(found)
        dev = examples_text(run["dev"][task]["examples"], run["dev"][task]["clusters"], "dev examples")
        lines.append(f"  {task}: {shown} on {dev}" + f"  ({GENERATED})" * run["generated_for"].get(task, False))
    lines += data_notes(run)
    lines += [f"  {draw['remark']}" for draw in run["draws"].values() if draw["remark"]]
    return "\n".join(
        lines + [f"  `python -m mtl_core resume {run['id']}` resumes it"] * (run["state"] == RunState.STOPPED)
    )
