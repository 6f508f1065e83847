"""Curves of groups of runs over each other: the colour is the task, the line's style the group.

Of a group of several runs the mean is strong, each run faint, and a band is the interval of the mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtl_core.charts.compare import layout, styles
from mtl_core.charts.curves import X_TITLES, Array, Colors, End, curve_line, packed
from mtl_core.charts.theme import Chart, faint

RAW, SEED = 0.16, 0.35
"""How strong what was measured and a single run are, against a mean."""
ROOM = 0.25
"""How far the y axis follows a band out of the lines, as a share of their range."""

Line = tuple[Array, Array]
"""x and y: (N,) each."""


@dataclass(frozen=True, slots=True)
class Band:
    """A mean and its interval: (N,) each."""

    x: Array
    mean: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True)
class Course:
    """The course of one group of runs on one task."""

    task: str
    label: str
    arm: str
    """What the group's curves of other tasks have in common with this one: they have the same style."""
    alone: bool
    lines: tuple[Line, ...]
    """A line a run, smoothed where smoothing is asked for."""
    raw: tuple[Line, ...]
    """As they were measured; empty where that is the same."""
    band: Band | None
    """None for a single run."""
    count: str
    """How many runs these are, in words: "3 seeds"."""

    @property
    def strong(self) -> Line:
        """The line that stands for the group: its mean, or without one the run that went furthest."""
        return (self.band.x, self.band.mean) if self.band else max(self.lines, key=lambda line: float(line[0][-1]))

    @property
    def name(self) -> str:
        """Task and group."""
        return f"{self.task} {self.label}"


def losses(courses: Sequence[Course], colors: Colors, *, x: str) -> Chart:
    """Training loss, a curve a group."""
    return _chart(courses, colors, x, "loss (nats)", "Training loss", 2, "compare-loss")


def selection_scores(courses: Sequence[Course], colors: Colors, *, x: str, metrics: str) -> Chart:
    """Scores on the validation split, a curve a group. `metrics` are their names with units."""
    return _chart(courses, colors, x, metrics, "Score on the validation split", 1, "compare-selection")


def _chart(courses: Sequence[Course], colors: Colors, x: str, y_title: str, what: str, digits: int, name: str) -> Chart:
    drawn = list(zip(courses, styles([(course.arm, course.alone) for course in courses]), strict=True))
    behind = [trace for course, look in drawn for trace in _faint(course, colors[course.task], look)]
    strong = [_strong(course, colors[course.task], look, digits) for course, look in drawn]
    ends = [End(one.label, colors[one.task], float(one.strong[0][-1]), float(one.strong[1][-1])) for one in courses]
    arranged = layout(ends, _heights(courses), X_TITLES[x], y_title)
    return Chart([*behind, *strong], arranged, _told(what, courses, digits), name, x)


def _heights(courses: Sequence[Course]) -> list[Array]:
    """The values that the y axis shows: all lines, and the near part of bands: those of two seeds are wide."""
    lines = [ys for course in courses for _, ys in course.lines]
    if not lines:
        return []
    lowest, highest = min(float(ys.min()) for ys in lines), max(float(ys.max()) for ys in lines)
    room = ROOM * (highest - lowest)
    edges = [edge for course in courses if course.band for edge in (course.band.low, course.band.high)]
    return [*lines, *(np.clip(edge, lowest - room, highest + room) for edge in edges)]


def _faint(course: Course, color: str, look: dict[str, Any]) -> list[dict[str, Any]]:
    """Traces behind the strong line: the band and the runs of a group, what was measured of a single run."""
    if course.band is None:
        return [_behind(course.name, color, line, RAW) for line in course.raw]
    seeds = [_behind(course.name, color, line, SEED, dash=look["dash"]) for line in course.lines]
    return [_area(course.name, color, course.band), *seeds]


def _behind(name: str, color: str, line: Line, strength: float, dash: str = "solid") -> dict[str, Any]:
    x, y = line
    return curve_line(name, color, x, y, width=1, dash=dash, opacity=strength, hoverinfo="skip")


def _area(name: str, color: str, band: Band) -> dict[str, Any]:
    """One outline, along the upper edge and back along the lower, filled lightly where it is drawn."""
    outline = {"x": np.concatenate([band.x, band.x[::-1]]), "y": np.concatenate([band.high, band.low[::-1]])}
    base = {"type": "scatter", "mode": "lines", "name": name, "showlegend": False, "hoverinfo": "skip"}
    filled = {"fill": "toself", "fillcolor": faint(color, 0.15), "line": {"width": 0, "color": color}}
    return {**base, **filled, **{axis: packed(values) for axis, values in outline.items()}}


def _strong(course: Course, color: str, look: dict[str, Any], digits: int) -> dict[str, Any]:
    form, spread = f".{digits + 1}f" if digits > 1 else f".{digits}f", ""
    more: dict[str, Any] = {}
    if course.band:
        spread = f" ± %{{customdata:{form}}} ({course.count})"
        more = {"customdata": packed((course.band.high - course.band.low) / 2)}
    hover = f"<b>{course.task}</b> {course.label} %{{y:{form}}}{spread}<extra></extra>"
    x, y = course.strong
    width, dash = look["width"], look["dash"]
    return curve_line(course.name, color, x, y, width=width, dash=dash, hovertemplate=hover, **more)


def _told(what: str, courses: Sequence[Course], digits: int) -> str:
    """The chart in a sentence: where each curve ends."""
    latest = []
    for course in courses:
        reach = f" ± {(course.band.high[-1] - course.band.low[-1]) / 2:.{digits}f}" if course.band else ""
        seeds = f" ({course.count})" if course.band else ""
        latest.append(f"{course.name} {course.strong[1][-1]:.{digits}f}{reach}{seeds}")
    return f"{what}, latest values: {', '.join(latest)}." if latest else f"{what}: nothing yet."
