"""What the Explore page asks: dev examples with what each chosen run said of them, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mtl_core import registry
from mtl_core.display.words import encoder_name, sources_text
from mtl_core.kinds import Kind, Task, kind_of, kind_of_stored
from mtl_core.kinds._blocks import Block
from mtl_core.records import DevExample
from mtl_core.records import Prediction as Prediction
from mtl_core.services import arms, pairs
from mtl_core.store import explore as store
from mtl_core.store import runs as run_rows
from mtl_core.store.explore import Place as Place
from mtl_core.store.explore import View as View
from mtl_core.store.runs import Run as Run
from mtl_core.store.workspace import Workspace, is_example

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
class Opened:
    """An example as it is read, with the answer of each model."""

    task: str
    passages: tuple[Block, ...]
    gold: tuple[Block, ...]
    answers: tuple[AnswerGroup, ...]


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """An answer and the models that gave it."""

    models: tuple[tuple[str, Prediction | None], ...]
    """Names of the runs with their predictions; None for a run that was not asked."""
    score_texts: tuple[str, ...]
    """Beside right or wrong, a model each."""
    following: tuple[tuple[Block, ...], ...]
    """The next best answers of each model, where its kind of task has more to say than the answer."""
    blocks: tuple[Block, ...]


def runs_by_task(workspace: Workspace) -> dict[str, list[Run]]:
    """The runs with predictions of each task, the newest first. Tasks in the order of their last use, those first
    that the user's own runs have learned both alone and together: there is something to compare."""
    with workspace.read() as index:
        by_id = {run.id: run for run in run_rows.listing(index)}
        found = store.runs_by_task(index)
    known = {task: [by_id[run] for run in runs if run in by_id] for task, runs in found.items()}
    return dict(sorted(known.items(), key=lambda item: pairs.interest(*item)))


def usual(workspace: Workspace, runs: Sequence[Run], task: str) -> list[Run]:
    """What to read unless someone chooses: the newest multitask run beside one that learned the task alone.

    Both have seed, data and settings in common; of the same launch where that has one. Without a pair, the newest run.
    Runs of the example only where the user has none.
    """
    runs = run_rows.own(runs)
    return list(next(pairs.pairs(workspace, runs, task), runs[:1]))


def unpaired(workspace: Workspace, runs: Sequence[Run], chosen: Sequence[Run], task: str) -> bool:
    """True where one of several runs is chosen because no two of them can be compared."""
    return len(chosen) == 1 < len(run_rows.own(runs)) and usual(workspace, runs, task) == list(chosen)


def ordered(runs: Sequence[Run], task: str, baseline: str = "") -> list[Run]:
    """The baseline first: the one asked for, else the first that learned the task alone."""
    return sorted(runs, key=lambda run: (run.id != baseline, not arms.is_single_task(run, task)))


def filters(workspace: Workspace, view: View, runs: Sequence[Run]) -> list[Filter]:
    """The buttons that make sense for the view's runs, with the examples that each would show."""
    with workspace.read() as index:
        counts = store.counts(index, view)
    names = ["all", "right", "wrong"] if len(runs) < 2 else ["all", "fixed", "broken", "wrong", "disagree", "right"]
    names += ["partial"] * (counts["partial"] > 0)
    if not kind(workspace, view.task).exact:  # numbers are never quite the same
        names = [name for name in names if name != "disagree"]
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
        "partial": "not predicted by all",
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
        "partial": "Some chosen models did not predict these: the runs used different dev sets.",
    }


def page(workspace: Workspace, view: View, number: int, size: int = PAGE) -> list[Row]:
    """Page `number` (from 1) of the view."""
    with workspace.read() as index:
        examples = store.page(index, view, limit=size, offset=(number - 1) * size)
        said = store.said(index, view.task, view.runs, [example.id for example in examples])
    return [_row(example, view, said) for example in examples]


def place(workspace: Workspace, view: View, example_id: str) -> Place | None:
    """The place of an example in the view and its neighbours, None where the view does not show it."""
    with workspace.read() as index:
        return store.place(index, view, example_id)


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


def kind(workspace: Workspace, task: str) -> Kind:
    """The kind of a task, also of one that is not registered any more."""
    if registry.has("tasks", task):
        return kind_of(registry.load("tasks", task))
    with workspace.read() as index:
        example = store.first_example(index, task)
    return kind_of_stored(task, [example] if example else [])


def labels(workspace: Workspace, task: str, runs: Sequence[str]) -> list[str]:
    """The answers that a filter offers, in the task's order; none where there are too many."""
    if not kind(workspace, task).has_options():
        return []
    with workspace.read() as index:
        occurring = store.labels(index, task, runs)
    known = kind_of(registered).options(registered) if (registered := _registered(task)) else ()
    return sorted(occurring, key=lambda label: known.index(label) if label in known else len(known))


def _registered(task: str) -> Task | None:
    return registry.load("tasks", task) if registry.has("tasks", task) else None


def orders(workspace: Workspace, task: str, several: bool) -> dict[str, str]:
    """Orders that make sense for the task and for so many models, by name, in words."""
    named = {"position": "place in the dev set"}
    if kind(workspace, task).confident:
        named |= {"unsure": "least confident first", "sure": "most confident first"}
    if several:
        named |= {"gained": "largest gain first", "lost": "largest loss first"}
    return named


def order_help(workspace: Workspace, task: str) -> str:
    """The meaning of the orders."""
    one = kind(workspace, task)
    confidence = "Confidence: the lowest or the highest of any chosen model. " if one.confident else ""
    return (
        f"{confidence}Gain and loss: the mean {one.score_title} of the other models less the baseline's"
        f"{'; among equals, by their confidence in the answer' if one.confident else ''}."
    )


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
    source = sources_text(run.config)
    return f"{run.title} · encoder {encoder_name(run.encoder)} · {source} · {run.config.precision} · run {run.id}"


def input_titles(task: str, count: int) -> tuple[str, ...]:
    """What stands over each text of the task."""
    if registry.has("tasks", task):
        titles: tuple[str, ...] = registry.load("tasks", task).input_titles
        return titles
    return tuple(f"Text {place + 1}" for place in range(count))


def quiet_inputs(row: Row) -> frozenset[int]:
    """Places of the texts that a list shows in a quiet tone."""
    return kind_of_stored(row.example.task, [row.example]).quiet(row.example)


def detail(row: Row, names: Sequence[str]) -> Opened:
    """An example with each different answer once. `names` are those of the view's runs."""
    example = row.example
    kind = kind_of_stored(example.task, [example])
    groups: dict[object, list[tuple[str, Prediction | None]]] = {}
    for place, (name, prediction) in enumerate(zip(names, row.said, strict=True)):
        key = kind.same_answer(prediction) if prediction else None
        groups.setdefault((key,) if key is not None else place, []).append((name, prediction))
    titles = input_titles(example.task, len(example.inputs))
    return Opened(
        task=example.task,
        passages=tuple(kind.passages(titles, example)),
        gold=tuple(kind.gold_blocks(example)),
        answers=tuple(_group(kind, example, models) for models in groups.values()),
    )


def _group(kind: Kind, example: DevExample, models: Sequence[tuple[str, Prediction | None]]) -> AnswerGroup:
    first = models[0][1]
    return AnswerGroup(
        models=tuple(models),
        score_texts=tuple(kind.score_text(one) if one else "" for _, one in models),
        following=tuple(tuple(kind.following_blocks(example, one)) if one else () for _, one in models),
        blocks=tuple(kind.answer_blocks(example, first)) if first else (),
    )


def answer_text(prediction: Prediction) -> str:
    """The answer in words, also where it is none."""
    return prediction.prediction or "(no answer)"


def demo_link(row: Row, runs: Sequence[str]) -> dict[str, str]:
    """Query parameters that open the example on the Demo page, for the same runs; none where those have no weights."""
    if not (runs := [run for run in runs if not is_example(run)]):
        return {}
    texts = {f"text{place or ''}": text for place, text in zip((0, 2, 3, 4, 5, 6), row.example.inputs, strict=False)}
    return {"task": row.example.task, "runs": ",".join(runs), **texts}
