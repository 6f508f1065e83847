"""Scores, times and tables as the terminal prints them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mtl_core.display.scores import words as score_words
from mtl_core.display.words import GENERATED
from mtl_core.records import RunState


def duration(seconds: float | None) -> str:
    """ "1 min 20 s"; "" where it is not known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * (not hours)
    return " ".join(parts)


def progress(run: Mapping[str, Any]) -> str:
    """The progress of a run: "step 120 of 250, 1 min left"."""
    total, left = run["total_steps"], run["seconds_left"]
    if run["state"] == RunState.QUEUED:
        return "waits for its device"
    if not total:
        return ("merging" if total == 0 else "preparing") if run["state"] == RunState.RUNNING else ""
    words = f"step {run['step']:,} of {total:,}"
    return f"{words}, {duration(left)} left" if left and run["state"] == RunState.RUNNING else words


def scores(run: Mapping[str, Any]) -> str:
    """Each task's scores, with the sample marked: "sst2 accuracy 88.0 % (generated sample)"."""
    found = [f"{task} {score_words(reached)}" for task, reached in run["scores"].items()]
    return "; ".join(found) + f" ({GENERATED})" * bool(found and run["generated"])


def data_notes(run: Mapping[str, Any]) -> list[str]:
    """What is to be known of the data that a run has read, a line each."""
    return [f"  {task}: {note}" for task, notes in run["data_notes"].items() for note in notes]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns that line up, without trailing blanks."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (header, *rows))
    return "\n".join(line.rstrip() for line in lines)
