"""Blocks that examples and answers are shown in: a kind says which, a page draws them."""

from __future__ import annotations

from dataclasses import dataclass

from mtl_core.kinds._marks import Piece


@dataclass(frozen=True, slots=True)
class Passage:
    """A text under a title."""

    title: str
    text: str
    gold: bool = False
    """True for the gold answer."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Several short texts under a title."""

    title: str
    texts: tuple[str, ...]
    words: bool = False
    """True for single words, side by side."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An option and its probability."""

    label: str
    share: float
    """0 to 1."""
    gold: bool
    predicted: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Every option with its probability."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The likeliest of many answers, under a title."""

    title: str
    bars: tuple[Bar, ...]
    otherwise: str = ""
    """What to say where there are none."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A number on a scale, beside the gold one where that is known."""

    low: float
    high: float
    predicted: float
    gold: float | None


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in which answers are marked."""

    pieces: tuple[Piece, ...]
    quote: str = ""
    """The marked answer by itself, "" where it need not be repeated."""
    title: str = ""


Block = Passage | Texts | Bars | Ranked | Scale | Marked
