"""What Explore shows as files: every example of the selection with what each model said of it, as CSV or JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from mtl_core.display.tables import harmless
from mtl_core.records import DevExample, Prediction
from mtl_core.services.explore import input_titles
from mtl_core.store import explore as store
from mtl_core.store.explore import View
from mtl_core.store.workspace import Workspace

AT_ONCE = 500
"""Examples that are read together."""

Said = Mapping[tuple[str, str], Prediction]


def to_csv(workspace: Workspace, view: View, names: Mapping[str, str]) -> str:
    """A row an example, four columns a model. `names` are the runs' by id.

    No cell is one that a spreadsheet would calculate.
    """
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for number, (example, said) in enumerate(_rows(workspace, view)):
        titles = input_titles(view.task, len(example.inputs))
        if number == 0:
            asked = [f"{names[run]} · run {run}: {what}" for run in view.runs for what in _ANSWER]
            writer.writerow(map(harmless, ("place", "id", *titles, "gold", *asked)))
        answers = [value for run in view.runs for value in _answer(said.get((example.id, run)))]
        writer.writerow(
            [
                example.position + 1,
                harmless(example.id),
                *map(harmless, example.inputs),
                harmless(example.label),
                *answers,
            ]
        )
    return file.getvalue()


def to_json_lines(workspace: Workspace, view: View, names: Mapping[str, str]) -> str:
    """A JSON object an example, with every gold answer and all that is stored of each model's answer."""
    return "".join(
        json.dumps(_document(view, example, said, names), ensure_ascii=False) + "\n"
        for example, said in _rows(workspace, view)
    )


def _rows(workspace: Workspace, view: View) -> Iterator[tuple[DevExample, Said]]:
    """Every example of the view, in its order."""
    with workspace.read() as index:
        ids = store.ids(index, view)
        for start in range(0, len(ids), AT_ONCE):
            chosen = ids[start : start + AT_ONCE]
            said = store.said(index, view.task, view.runs, chosen)
            for example in store.examples(index, chosen):
                yield example, said


_ANSWER = ("answer", "right", "score", "confidence")


def _answer(prediction: Prediction | None) -> Sequence[str | int | float | None]:
    """The columns of one model; empty where it was not asked."""
    if prediction is None:
        return [None] * len(_ANSWER)
    return harmless(prediction.prediction), int(prediction.correct), prediction.score, prediction.confidence


def _document(view: View, example: DevExample, said: Said, names: Mapping[str, str]) -> dict[str, Any]:
    titles = input_titles(view.task, len(example.inputs))
    models = [
        {
            "run": run,
            "name": names[run],
            "answer": prediction.prediction,
            "right": prediction.correct,
            "score": prediction.score,
            "confidence": prediction.confidence,
            "detail": prediction.detail,
        }
        for run in view.runs
        if (prediction := said.get((example.id, run)))
    ]
    return {
        "task": view.task,
        "id": example.id,
        "place": example.position + 1,
        "inputs": dict(zip(titles, example.inputs, strict=False)),
        "gold": example.gold,
        "models": models,
    }
