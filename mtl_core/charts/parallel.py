"""Parallel coordinates: a line a run through its settings to its scores, coloured by the score that matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

QUIET, TEXT = "#8A8F98", "#1C2530"
HEIGHT = 400
LETTER = 7
"""Pixels of a label's letter, about."""
LONGEST = 22
"""Letters of a label at most."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting or a score of all runs."""

    title: str
    values: tuple[float, ...]
    """A number a run; for words their places in `words`."""
    words: tuple[str, ...] = ()
    """What the places 0, 1, … stand for; empty: the values are numbers."""


def parallel(settings: Sequence[Axis], scores: Sequence[Axis], color: str) -> go.Figure:
    """Settings at the left, scores in percent at the right; the first score decides how strong a line's `color` is."""
    first = scores[0]
    trace = go.Parcoords(
        dimensions=[*(_words(axis) for axis in settings), *(_numbers(axis) for axis in scores)],
        line={
            "color": first.values,
            "colorscale": [[0, QUIET], [1, color]],
            "showscale": True,
            "colorbar": {"title": {"text": first.title, "side": "right"}, "thickness": 10, "outlinewidth": 0},
        },
        labelfont={"size": 13, "color": TEXT},
        tickfont={"size": 12, "color": TEXT},
        rangefont={"size": 1, "color": "rgba(0,0,0,0)"},
        unselected={"line": {"opacity": 0.06}},
    )
    left = max((len(_short(word)) for axis in settings[:1] for word in axis.words), default=6)
    return go.Figure(trace).update_layout(margin={"l": 24 + LETTER * left, "r": 30, "t": 48, "b": 24})


def _words(axis: Axis) -> dict[str, Any]:
    if not axis.words:
        return {"label": axis.title, "values": axis.values}
    places, most = list(range(len(axis.words))), len(axis.words) - 1
    labels = [_short(word) for word in axis.words]
    return {"label": axis.title, "values": axis.values, "tickvals": places, "ticktext": labels, "range": [0, most]}


def _numbers(axis: Axis) -> dict[str, Any]:
    return {"label": axis.title, "values": axis.values, "tickformat": ".1f"}


def _short(word: str) -> str:
    return word if len(word) <= LONGEST else f"{word[: LONGEST - 1]}…"


def alt(settings: Sequence[Axis], scores: Sequence[Axis]) -> str:
    """The lines in a sentence."""
    first = scores[0]
    names = ", ".join(axis.title for axis in settings)
    best = max(range(len(first.values)), key=first.values.__getitem__)
    settings_text = ", ".join(f"{axis.title} {_said(axis, best)}" for axis in settings)
    return (
        f"{len(first.values)} runs by {names}. Highest {first.title}: {first.values[best]:.1f}, with {settings_text}."
    )


def _said(axis: Axis, run: int) -> str:
    return axis.words[int(axis.values[run])] if axis.words else f"{axis.values[run]:g}"
