"""What the Demo page asks: which models know a task, and what each says of a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from mtl_core import registry
from mtl_core.display import formats
from mtl_core.errors import Fault, TandemError
from mtl_core.jobs import model_client
from mtl_core.jobs.model_client import ModelServerAway
from mtl_core.kinds import Task as Task
from mtl_core.kinds import kind_of
from mtl_core.kinds._blocks import Block
from mtl_core.records import Answered, RunState
from mtl_core.services import pairs
from mtl_core.store import runs as run_rows
from mtl_core.store.runs import Run as Run
from mtl_core.store.workspace import Workspace

MOST_MODELS = 4
"""Models that answer beside each other."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer, or why there is none."""

    run: Run
    answer: Answered | None
    faults: tuple[Fault, ...] = ()
    away: bool = False
    """Whether the model server does not answer yet: asking again in a moment helps."""


def models(workspace: Workspace) -> list[Run]:
    """Runs that can answer, the newest first: those that finished; none of the example, which has no weights."""
    with workspace.read() as index:
        return [run for run in run_rows.listing(index, states=(RunState.FINISHED,)) if not run.example]


def tasks(runs: Iterable[Run]) -> tuple[str, ...]:
    """The registered tasks that some run knows, those that readers know best first."""
    known = {task for run in runs for task in run.config.tasks if registry.has("tasks", task)}
    return tuple(sorted(known, key=lambda task: (formats.FIRST.get(task, len(formats.FIRST)), task)))


def knowing(runs: Iterable[Run], task: str) -> list[Run]:
    """The runs whose model has a head for the task."""
    return [run for run in runs if task in run.config.tasks]


def usual(workspace: Workspace, runs: Sequence[Run], task: str) -> list[Run]:
    """The models to begin with, those of fewer tasks first: one seed of the newest launch, where that is several.

    Else the newest pair that differs in the method alone; without one, the newest model.
    """
    newest = [run for run in runs if (run.launch, run.seed) == (runs[0].launch, runs[0].seed)][:MOST_MODELS]
    chosen = newest if len(newest) > 1 else next(pairs.pairs(workspace, runs, task), newest)
    return sorted(chosen, key=lambda run: len(run.config.tasks))


def task_named(name: str) -> Task:
    """A registered task. Raises InvalidConfig, naming the nearest one."""
    task: Task = registry.load("tasks", name)
    return task


def missing(task: Task, inputs: Sequence[str]) -> list[str]:
    """Titles of the inputs that are still empty."""
    return [title for title, text in zip(task.input_titles, inputs, strict=True) if not text.strip()]


def ask(workspace: Workspace, task: str, inputs: Sequence[str], runs: Sequence[Run]) -> list[Reply]:
    """Every model's answer, in the order of the runs."""
    if not runs:
        return []
    with ThreadPoolExecutor(max_workers=len(runs)) as together:
        return list(together.map(partial(_reply, workspace, task, tuple(inputs)), runs))


def agreement(task: Task, replies: Sequence[Reply]) -> tuple[bool, str]:
    """Whether the models agree, and so in a few words; "" where fewer than two answered."""
    answers = [reply.answer for reply in replies if reply.answer]
    if len(answers) < 2:
        return True, ""
    if kind_of(task).agree(answers):
        return True, "Both models agree." if len(answers) == 2 else f"All {len(answers)} models agree."
    words = [answer.prediction for answer in answers]
    counts = ", ".join(f"{words.count(one)} × {one or 'no answer'}" for one in dict.fromkeys(words))
    return False, f"The models disagree: {counts}."


def differs(task: Task, reply: Reply, replies: Sequence[Reply]) -> bool:
    """Whether a model's answer is another than the first model's."""
    first = next((one.answer for one in replies if one.answer), None)
    return bool(reply.answer and first and not kind_of(task).agree([first, reply.answer]))


def answer_blocks(task: Task, inputs: Sequence[str], answer: Answered) -> list[Block]:
    """An answer, to be drawn."""
    return kind_of(task).reply_blocks(inputs, answer)


def title(task: Task, answer: Answered) -> str:
    """The answer in large letters, "" where its blocks say it all."""
    return kind_of(task).reply_title(answer)


def caption(task: Task, answer: Answered) -> str:
    """A line under an answer: its probability or scale, and the time that it took."""
    took = f"{answer.seconds * 1000:.0f} ms" if answer.seconds < 1 else formats.duration(answer.seconds)
    return " · ".join(part for part in (kind_of(task).reply_caption(answer), took) if part)


def long_inputs(task: Task) -> frozenset[int]:
    """Places of inputs that need a large box."""
    return kind_of(task).long_inputs(task)


def _reply(workspace: Workspace, task: str, inputs: tuple[str, ...], run: Run) -> Reply:
    try:
        answer = model_client.ask(workspace, "/predict", {"run": run.id, "task": task, "inputs": inputs})
    except ModelServerAway as error:
        return Reply(run, None, error.faults, away=True)
    except TandemError as error:
        return Reply(run, None, error.faults)
    return Reply(run, Answered(**{**answer, "notes": tuple(answer["notes"])}))
