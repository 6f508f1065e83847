"""Which of `predict`'s texts a task wants, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtl_core import registry
from mtl_core.errors import Fault, InvalidConfig, PredictionError, unknown_name
from mtl_core.kinds import kind_of


def inputs_for(tasks: Sequence[str], name: str | None, texts: Mapping[str, str | None]) -> tuple[str, ...]:
    """The texts for a task of a run, in the task's order. `texts` are the options by name, None where not given.

    Raises PredictionError for a task that the run has not, InvalidConfig for texts that are missing or too many.
    """
    if name is None and len(tasks) > 1:
        raise PredictionError(f"the run has several tasks. Name one with --task: {', '.join(tasks)}.", field="task")
    if name is not None and name not in tasks:
        raise PredictionError(unknown_name("task in this run", name, tasks), field="task")
    task = registry.load("tasks", name or tasks[0])
    wanted = tuple(kind_of(task).command_inputs)[: len(task.inputs)]
    titles = dict(zip(wanted, task.input_titles, strict=True))
    faults = [
        Fault(option, f"is missing. {task.name} needs the {titles[option].lower()}.")
        for option in wanted
        if texts[option] is None
    ]
    needs = " and ".join(f"--{option}" for option in wanted)
    faults += [
        Fault(option, f"is not an input of {task.name}. It needs {needs}.")
        for option, text in texts.items()
        if text is not None and option not in wanted
    ]
    if faults:
        raise InvalidConfig(faults)
    return tuple(texts[option] or "" for option in wanted)
