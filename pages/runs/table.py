"""The table of runs: dense, sorted by its heads, with rows that are selected and names that open the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from mtl_core.display import formats, scores
from mtl_core.display.words import GENERATED, encoder_name, sources_text
from mtl_core.services.runs import RunRow

STATIC = Path(__file__).parents[1] / "static"

_component = st.components.v2.component(
    "runs_table",
    html="<div class='runs-frame'><div class='runs' role='group' aria-label='Table of runs'></div></div>",
    css=(STATIC / "runs_table.css").read_text("utf-8"),
    js=(STATIC / "runs_table.js").read_text("utf-8"),
    isolate_styles=False,
)

Cell = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Happened:
    """What the visitor has just done in the table; None where it was something else."""

    sort: str | None
    """The column whose head was clicked."""
    select: list[str] | None
    """Ids of all runs that are selected now."""
    open: dict[str, str] | None
    """What was opened: {"run": ID} or {"study": ID}."""


def runs_table(
    rows: Sequence[RunRow], columns: Sequence[str], *, order: str, selected: Sequence[str], epoch: int
) -> Happened:
    """Draws a page of runs. `order` as in the link; a new `epoch` puts `selected` in place of what was selected."""
    data = {
        "columns": [{"name": name, "head": HEADS[name], "number": name in NUMBERS} for name in columns],
        "rows": [{"id": row.run.id, "name": row.run.title, "cells": _cells(row, columns)} for row in rows],
        "order": order,
        "selected": list(selected),
        "epoch": epoch,
    }
    triggers = {f"on_{name}_change": _nothing for name in ("sort", "select", "open")}
    result = _component(data=data, key="runs_table", **triggers)
    return Happened(result.sort, result.select, result.open)


def _nothing() -> None:
    """Streamlit asks for a callback to know a trigger's name; the value is read off the result."""


def _cells(row: RunRow, columns: Sequence[str]) -> list[Cell]:
    return [CELLS[name](row) for name in columns]


def _state(row: RunRow) -> Cell:
    run, look = row.run, formats.STATES[row.run.state]
    course = f" {100 * formats.progress(run):.0f} %" if run.training and run.total_steps else ""
    hover = " · ".join(filter(None, (formats.state_text(run), run.detail)))
    icon = look.icon.removeprefix(":material/").removesuffix(":")
    return {"kind": "state", "text": look.word + course, "icon": icon, "tone": look.tone, "hover": hover}


def _name(row: RunRow) -> Cell:
    return {"kind": "link", "links": [_link(row.run.title, "watch", "run", row.run.id)], "hover": _about(row)}


def _about(row: RunRow) -> str:
    """A run's name in full, its id and its note."""
    return "\n".join(filter(None, (f"{row.run.title} · {row.run.id}", row.run.note)))


def _link(text: str, page: str, parameter: str, value: str) -> dict[str, str]:
    return {"text": text, "href": f"{page}?{parameter}={value}", "parameter": parameter, "value": value}


def _tasks(row: RunRow) -> Cell:
    return {"kind": "dotted", "parts": [{"text": task, **_colors(task)} for task in row.run.config.tasks]}


def _colors(task: str) -> dict[str, str]:
    return {"light": formats.task_color(task, False), "dark": formats.task_color(task, True)}


def _scores(row: RunRow) -> Cell:
    """Each task's score; the metric's name stands before the first one by it."""
    made, before = f" ({GENERATED})" if row.run.generated else "", ["", *(one.metric for one in row.scores)]
    return {
        "kind": "dotted",
        "parts": [
            {
                "text": scores.number(one.metric, one.value),
                "lead": scores.title(one.metric) if one.metric != last else "",
                "hover": f"{one.task} {scores.title(one.metric)} {scores.text(one.metric, one.value)} on "
                f"{one.examples:,} dev examples{made}",
                **_colors(one.task),
            }
            for one, last in zip(row.scores, before, strict=False)
        ],
    }


def _studies(row: RunRow) -> Cell:
    links = [_link(name, "studies", "study", study) for study, name in row.studies]
    return {"kind": "link", "links": links, "hover": "\n".join(name for _, name in row.studies)}


def _data(row: RunRow) -> Cell:
    run = row.run
    if run.source == "folder":
        path = ", ".join(run.config.folders)
        return _text(Path(path).name or path, path)
    return _text(sources_text(run.config))


def _encoder(encoder: str) -> str:
    """Its name; of a hub id or a folder the last part."""
    return encoder_name(encoder.rpartition("/")[2] or encoder)


def _text(text: str, hover: str = "") -> Cell:
    return {"kind": "text", "text": text, "hover": hover}


def _age(row: RunRow) -> Cell:
    ended = f"\nended {formats.exact(row.run.ended)}" if row.run.ended else ""
    return _text(formats.ago(row.run.created), f"launched {formats.exact(row.run.created)}{ended}")


def _duration(row: RunRow) -> Cell:
    return _text(formats.duration(row.run.seconds) if row.run.seconds is not None else "")


HEADS: Mapping[str, str] = {
    "state": "state",
    "name": "name",
    "score": "scores",
    "tasks": "tasks",
    "recipe": "recipe",
    "encoder": "encoder",
    "data": "data",
    "seed": "seed",
    "created": "age",
    "duration": "duration",
    "disk": "disk",
    "tags": "tags",
    "study": "study",
}
"""Column → its head. They are named as `services.runs.ORDERS` names them."""
NUMBERS = frozenset({"seed", "duration", "disk"})
CELLS: Mapping[str, Callable[[RunRow], Cell]] = {
    "state": _state,
    "name": _name,
    "tasks": _tasks,
    "recipe": lambda row: _text(row.run.config.methods),
    "encoder": lambda row: _text(_encoder(row.run.encoder), row.run.encoder),
    "data": _data,
    "seed": lambda row: _text(str(row.run.seed)),
    "score": _scores,
    "study": _studies,
    "tags": lambda row: {"kind": "tags", "parts": list(row.run.tags)},
    "created": _age,
    "duration": _duration,
    "disk": lambda row: _text(formats.size(row.disk_bytes)),
}
