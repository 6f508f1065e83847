"""Places in the queue and times to come, in words."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.display.formats import rough_duration
from mtl_core.display.words import ordinal
from mtl_core.records import When

SOON = 2.0
"""Seconds below which something is about to happen."""


def waiting(
    device: str, number: int, waits_for: Sequence[str], start: When | None, end: When | None, *, no_device: bool
) -> str:
    """How a run waits: "3rd in the queue, starts in about 5 min, …", or which runs or which device it waits for."""
    if no_device:
        return f"waits for {device}, which this machine lacks"
    first = f"waits for {', '.join(waits_for)}" if waits_for else place(number)
    return f"{first}, {coming(start, end)}"


def place(number: int) -> str:
    """ "next in the queue", "3rd in the queue"."""
    return "next in the queue" if number == 1 else f"{ordinal(number)} in the queue"


def coming(start: When | None, end: When | None) -> str:
    """ "starts in about 5 min, ends in more than 9 min"; as much of it as is known."""
    if start and end == start and not end.exact:
        end = None  # how long it takes is not known, and that it ends after its start goes without saying
    moments = [("starts", start), ("ends", end)]
    known = [f"{word} {text}" for word, when in moments if when and (text := moment(when.seconds, exact=when.exact))]
    return ", ".join(known) or "start not known yet"


def moment(seconds: float, *, exact: bool) -> str:
    """ "in about 5 min", "in more than 5 min"; "" where it is not exact and nothing is known."""
    if not exact:
        return f"in more than {rough_duration(seconds)}" if seconds >= SOON else ""
    return f"in about {rough_duration(seconds)}" if seconds >= SOON else "now"
