"""The few errors a user can meet, each saying what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

ENDLESS, REPEATED = re.compile(r"\S{600,}"), 120
"""A word that is longer than any name or path should be, and how many of its characters a message repeats."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with what was asked for."""

    field: str
    """The config's own field name, "" where no single field is at fault."""
    message: str
    """The fault and its remedy, in one or two sentences."""
    needed: bool = False
    """True where nothing was given yet: a form asks for it rather than calling it a mistake."""

    def __post_init__(self) -> None:
        """A message can be printed and stored, also where it repeats a text that can't."""
        object.__setattr__(self, "message", printable(self.message))

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class TandemError(Exception):
    """An error that the user can fix. Shown as it is, never with a traceback."""

    field = ""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(printable(message))
        self.faults: tuple[Fault, ...] = (Fault(self.field if field is None else field, message),)


class InvalidConfig(TandemError):
    """A config with faults, all of them reported at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class DataError(TandemError):
    """Examples that can't be read: a missing file or column, an unknown label, broken text."""

    field = "data"


class EncoderError(TandemError):
    """An encoder that is not there or can't be loaded."""

    field = "encoder"


class HubUnreachable(TandemError):
    """The Hugging Face hub does not answer."""

    field = "source"


class DeviceError(TandemError):
    """A device that this machine does not have."""

    field = "device"


class StoreError(TandemError):
    """A runs folder that can't be read or written."""

    field = "runs_dir"


class RunNotFound(TandemError):
    """No run has the id that was given."""

    field = "run"


class StudyNotFound(TandemError):
    """No study has the id that was given."""

    field = "study"


class PredictionError(TandemError):
    """An input that no prediction can be made for."""

    field = "text"


class Diverged(TandemError):
    """Training that diverged: the loss became NaN or infinite."""

    field = "learning_rate"


def printable(text: str) -> str:
    """The text with half characters as \\udc80 and NULs as \\x00, which every file and terminal takes; of words without
    end the beginning."""
    whole = text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    return ENDLESS.sub(lambda word: f"{word[0][:REPEATED]}…", whole)


def unknown_name(what: str, name: str, known: Iterable[str]) -> str:
    """The message that `name` is not a registered `what`, with the nearest name or all of them."""
    known = sorted(known)
    near = get_close_matches(name[:REPEATED], known, n=1, cutoff=0.5)
    hint = f"Did you mean '{near[0]}'?" if near else f"Choose from {', '.join(known)}."
    return f"no {what} called '{name}'. {hint}"
