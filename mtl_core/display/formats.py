"""The looks and words of states, tasks and times, the same on every page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING

from mtl_core import registry
from mtl_core.display.colors import FIRST as FIRST
from mtl_core.display.colors import LIGHT as LIGHT
from mtl_core.display.colors import task_color as task_color
from mtl_core.records import RunState

if TYPE_CHECKING:
    from mtl_core.store.runs import Run  # loaded only where runs are: `--help` stays quick


@dataclass(frozen=True, slots=True)
class StateLook:
    """The sign, the word and the tone of a state."""

    icon: str
    """A Material symbol in streamlit's form."""
    word: str
    tone: str
    """A colour name that streamlit's badges know; never the only difference."""


STATES: dict[str, StateLook] = {
    RunState.QUEUED: StateLook(":material/hourglass_empty:", RunState.QUEUED, "gray"),
    RunState.RUNNING: StateLook(":material/play_circle:", RunState.RUNNING, "blue"),
    RunState.STOPPED: StateLook(":material/stop_circle:", RunState.STOPPED, "gray"),
    RunState.FINISHED: StateLook(":material/check_circle:", RunState.FINISHED, "green"),
    RunState.FAILED: StateLook(":material/error:", RunState.FAILED, "orange"),
    RunState.LOST: StateLook(":material/link_off:", RunState.LOST, "orange"),
}


def task_title(task: str) -> str:
    """The title of a task, or its name where it is not registered any more."""
    return str(registry.load("tasks", task).title) if registry.has("tasks", task) else task


def state_text(run: Run, now: float | None = None) -> str:
    """A run's state in a few words: "running · step 120 of 250 · 2 min left", "finished 3 h ago"."""
    word = STATES[run.state].word
    if run.state == RunState.QUEUED:
        return word
    if run.state == RunState.RUNNING:
        return " · ".join(part for part in (_asked_to_stop(run, word), step_text(run), _left(run)) if part)
    return f"{word} {ago(run.ended, now)}" if run.ended else word


def _asked_to_stop(run: Run, word: str) -> str:
    return "stopping after this step" if run.stop_requested else word


def step_text(run: Run) -> str:
    """The progress of a run: "step 120 of 250", "preparing" before its first step, or "merging"."""
    if not run.total_steps:
        return "merging" if run.config.merging else "preparing"
    return f"step {run.step:,} of {run.total_steps:,}"


def _left(run: Run) -> str:
    return "" if run.seconds_left is None or run.stop_requested else remaining(run.seconds_left)


def progress(run: Run) -> float:
    """The share of a run's steps that is done, 0 to 1."""
    return min(1.0, run.step / run.total_steps) if run.total_steps else 0.0


def ago(timestamp: float, now: float | None = None) -> str:
    """The time since a moment (seconds since 1970): "3 h ago". Older than 30 days: its date."""
    seconds = max(0.0, (time.time() if now is None else now) - timestamp)
    if seconds < 10:
        return "just now"
    if seconds < 60:
        return f"{seconds:.0f} s ago"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min ago"
    if seconds < 48 * 3600:
        return f"{seconds // 3600:.0f} h ago"
    if seconds < 30 * 86400:
        return f"{seconds // 86400:.0f} days ago"
    return f"on {datetime.fromtimestamp(timestamp):%-d %b %Y}"


def exact(timestamp: float) -> str:
    """A moment (seconds since 1970) as local date and time, to the second."""
    return f"{datetime.fromtimestamp(timestamp):%Y-%m-%d %H:%M:%S}"


def remaining(seconds: float | None) -> str:
    """Time that is left: "2 min left"; "about to end" below two seconds."""
    if seconds is None or not isfinite(seconds):
        return "time left unknown"
    if seconds < 2:
        return "about to end"
    return f"{_coarse(seconds)} left"


def _coarse(seconds: float) -> str:
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))} s"
    if seconds < 3570:
        return f"{round(seconds / 60)} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def duration(seconds: float | None) -> str:
    """A duration: "0.4 s", "23 s", "1 min 20 s", "2 h 5 min"."""
    if seconds is None:
        return "–"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def rough_duration(seconds: float) -> str:
    """An estimate, rounded to 5 s, 10 s or a minute."""
    step = 5 if seconds < 60 else 10 if seconds < 300 else 60
    return duration(max(step, step * round(seconds / step)))


def size(count: float | None) -> str:
    """Bytes in the unit that fits, by thousands: "1.2 GB", "230 MB"."""
    if count is None:
        return "–"
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.1f} {unit}" if unit == "GB" else f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def cost_text(cost: Mapping[str, float] | None) -> str:
    """The cost of a method per step against the plain one, "" where it is the plain one or was not measured."""
    if not cost:
        return ""
    times = f"{cost['time']:.2f} × the time and {cost['memory']:.2f} × the memory"
    return f"Measured: a step takes {times} of the plain one."
