"""What the Explore page asks: dev examples with what each chosen run said of them, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mtl_core import registry
from mtl_core.display.words import GENERATED
from mtl_core.kinds._marks import Piece, pieces
from mtl_core.records import DevExample, Prediction
from mtl_core.services import arms
from mtl_core.store import explore as store
from mtl_core.store import runs as run_rows
from mtl_core.store.explore import View
from mtl_core.store.runs import Run
from mtl_core.store.workspace import Workspace

MOST = 4
"""Runs that are read side by side."""
PAGE = 20
"""Examples a page."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One of the buttons over the examples."""

    name: str
    """A name in `store.explore.SHOWS`."""
    words: str
    count: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Row:
    """An example and what each run of the view said of it, in the view's order; None where it was not asked."""

    example: DevExample
    said: tuple[Prediction | None, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer to a span example in its context."""

    by: tuple[tuple[str, Prediction], ...]
    """Who gave it: the runs' names, and what each said."""
    pieces: tuple[Piece, ...]


def runs_by_task(workspace: Workspace) -> dict[str, list[Run]]:
    """The runs with predictions of each task, the newest first. Tasks in the order of their last use, those first
    that were learned both alone and together: there is something to compare."""
    with workspace.read() as index:
        by_id = {run.id: run for run in run_rows.listing(index)}
        found = store.runs_by_task(index)
    known = {task: [by_id[run] for run in runs if run in by_id] for task, runs in found.items()}
    return dict(sorted(known.items(), key=lambda item: len({arms.is_single_task(run, item[0]) for run in item[1]}) < 2))


def usual(runs: Sequence[Run], task: str) -> list[Run]:
    """What to read unless someone chooses: the newest multitask run beside one that learned the task alone.

    Best one of the same launch, else one on the same source; without a pair, the newest run.
    """
    alone = [run for run in runs if arms.is_single_task(run, task)]
    for together in (run for run in runs if not arms.is_single_task(run, task)):
        like = [run for run in alone if run.source == together.source]
        if like:
            return [min(like, key=lambda run: run.launch != together.launch), together]
    return list(runs[:1])


def ordered(runs: Sequence[Run], task: str, baseline: str = "") -> list[Run]:
    """The baseline first: the one asked for, else the first that learned the task alone."""
    return sorted(runs, key=lambda run: (run.id != baseline, not arms.is_single_task(run, task)))


def filters(workspace: Workspace, view: View, runs: Sequence[Run]) -> list[Filter]:
    """The buttons that make sense for the view's runs, with the examples that each would show."""
    with workspace.read() as index:
        counts = store.counts(index, view)
    names = ["all", "right", "wrong"] if len(runs) < 2 else ["all", "fixed", "broken", "wrong", "disagree", "right"]
    names += ["partial"] * (counts["partial"] > 0)
    words, meanings = _words(runs, view.task), _meanings(runs, view.task)
    return [Filter(name, words[name], counts[name], meanings[name]) for name in names]


def _others(runs: Sequence[Run], task: str) -> str:
    """What the runs after the baseline are called together."""
    multitask = arms.is_single_task(runs[0], task) and not any(arms.is_single_task(run, task) for run in runs[1:])
    return "multitask" if multitask else "the other" if len(runs) == 2 else "the others"


def _words(runs: Sequence[Run], task: str) -> dict[str, str]:
    group = {1: "", 2: "both "}.get(len(runs), "all ")
    others = _others(runs, task)
    return {
        "all": "all",
        "fixed": f"fixed by {others}",
        "broken": f"broken by {others}",
        "wrong": f"{group}wrong",
        "right": f"{group}right",
        "disagree": "disagree",
        "partial": "not asked of all",
    }


def _meanings(runs: Sequence[Run], task: str) -> dict[str, str]:
    first = arms.labels(runs, [task])[runs[0].id, task]
    rest = "the other model" if len(runs) == 2 else "every other model"
    return {
        "all": "Every example that a chosen model has predicted.",
        "fixed": f"“{first}” is wrong and {rest} is right.",
        "broken": f"“{first}” is right and {rest} is wrong.",
        "wrong": "No chosen model is right." if len(runs) > 1 else "The model is wrong.",
        "right": "Every chosen model is right." if len(runs) > 1 else "The model is right.",
        "disagree": "At least two models gave different answers, right or wrong.",
        "partial": "Not every chosen model was asked these: the runs used different dev sets.",
    }


def page(workspace: Workspace, view: View, number: int, size: int = PAGE) -> list[Row]:
    """Page `number` (from 1) of the view."""
    with workspace.read() as index:
        examples = store.page(index, view, limit=size, offset=(number - 1) * size)
        said = store.said(index, view.task, view.runs, [example.id for example in examples])
    return [_row(example, view, said) for example in examples]


def page_number(asked: str, pages: int) -> int:
    """The page that a link asks for, as one of the pages that there are."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    return min(max(1, number), pages)


def opened(workspace: Workspace, view: View, example_id: str) -> Row | None:
    """One example with all that was said of it, None where the id belongs to no example of the task."""
    with workspace.read() as index:
        example = store.example(index, view.task, example_id)
        said = store.said(index, view.task, view.runs, [example_id])
    return _row(example, view, said) if example else None


def _row(example: DevExample, view: View, said: Mapping[tuple[str, str], Prediction]) -> Row:
    return Row(example, tuple(said.get((example.id, run)) for run in view.runs))


def labels(workspace: Workspace, task: str, runs: Sequence[str]) -> list[str]:
    """The labels of a classification task, in the task's order; none for a span task."""
    with workspace.read() as index:
        found = store.labels(index, task, runs)
    known = getattr(registry.load("tasks", task), "labels", ()) if task in registry.names("tasks") else ()
    return sorted(found, key=lambda label: known.index(label) if label in known else len(known))


def predicted_options(labels: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """Choices of a predicted label: value → words. `names` are the runs' by id; "" is any label."""
    options = {"": "any"}
    for label in labels:
        options[f"{label}@"] = f"{label} · any model" if len(names) > 1 else label
        if len(names) > 1:
            options |= {f"{label}@{run}": f"{label} · {name}" for run, name in names.items()}
    return options


def predicted_choice(value: str) -> tuple[str | None, str | None]:
    """The label and the run (None for any) that a value of `predicted_options` stands for."""
    label, _, run = value.rpartition("@")
    return label or None, run or None


def showing(view: View, show: str) -> View:
    """The view with another filter. Raises ValueError for one that there is not."""
    if show not in store.SHOWS:
        raise ValueError(f"there is no filter '{show}'")
    return replace(view, show=show)


def facts(run: Run) -> str:
    """What belongs to a model's answers: the run and where it comes from."""
    source = GENERATED if run.generated else run.source
    return f"{run.title} · encoder {run.encoder} · {source} · {run.config.precision} · run {run.id}"


def input_titles(task: str, count: int) -> tuple[str, ...]:
    """What stands over each text of the task."""
    if task in registry.names("tasks"):
        titles: tuple[str, ...] = registry.load("tasks", task).input_titles
        return titles
    return tuple(f"Text {place + 1}" for place in range(count))


def is_span(example: DevExample) -> bool:
    """Whether the answer is a piece of the example's last text."""
    return any(isinstance(gold, dict) for gold in example.gold)


def in_context(row: Row, names: Sequence[str]) -> list[Said]:
    """Each different answer to a span example marked in its context. `names` are those of the view's runs."""
    context = row.example.inputs[-1]
    golds = [(gold["start"], gold["start"] + len(gold["text"])) for gold in row.example.gold]
    by_span: dict[tuple[int, int], list[tuple[str, Prediction]]] = {}
    for name, said in zip(names, row.said, strict=True):
        if said:
            by_span.setdefault((said.detail["start"], said.detail["end"]), []).append((name, said))
    return [Said(tuple(group), tuple(pieces(context, golds, [span]))) for span, group in by_span.items()]


def probabilities(said: Prediction) -> dict[str, float]:
    """Every label's probability, 0 to 1; none for a span."""
    found: dict[str, float] = said.detail.get("probabilities", {})
    return found


def answer_text(said: Prediction) -> str:
    """What was said, also where it was nothing."""
    return said.prediction or "(no answer)"


def demo_link(row: Row, runs: Sequence[str]) -> dict[str, str]:
    """Query parameters that open the example on the Demo page, for the same runs."""
    texts = {f"text{place or ''}": text for place, text in zip((0, 2), row.example.inputs, strict=False)}
    return {"task": row.example.task, "runs": ",".join(runs), **texts}
