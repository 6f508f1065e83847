"""Examples and answers as HTML: draws the blocks that a kind of task gives, and all markup in texts as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import singledispatch
from html import escape

from mtl_core.display.numbers import probability
from mtl_core.kinds._blocks import Bar, Bars, Block, Marked, Passage, Ranked, Scale, Texts
from mtl_core.kinds._marks import Piece, around

KEY = (
    "<div class='detail-key'><mark class='gold'>gold</mark> <mark class='said'>predicted</mark> "
    "<mark class='gold said'>both</mark></div>"
)
"""The meaning of marks in a text."""


def html(blocks: Iterable[Block]) -> str:
    """The blocks, one under the other, for `pages/static/results.css`."""
    return "".join(map(_block, blocks))


def has_marks(blocks: Iterable[Block]) -> bool:
    """True if a block marks answers in a text, so that KEY explains something."""
    return any(isinstance(block, Marked) for block in blocks)


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(f"there is no way to draw {type(block).__name__}")


@_block.register
def _passage(block: Passage) -> str:
    text = f"<mark class='gold'>{escape(block.text)}</mark>" if block.gold else escape(block.text)
    return f"<div class='detail-title'>{escape(block.title)}</div><div class='detail-text' dir='auto'>{text}</div>"


@_block.register
def _texts(block: Texts) -> str:
    listed = "".join(f"<li dir='auto'>{escape(text)}</li>" for text in block.texts)
    style = "detail-words" if block.words else "detail-golds"
    return f"<div class='detail-title'>{escape(block.title)}</div><ul class='{style}'>{listed}</ul>"


@_block.register
def _bars(block: Bars) -> str:
    spoken = ", ".join(f"{bar.label} {100 * bar.share:.1f} %" for bar in block.bars)
    return f"<div role='img' aria-label='{escape(spoken)}'>{''.join(map(_bar, block.bars))}</div>"


@_block.register
def _ranked(block: Ranked) -> str:
    title = f"<div class='detail-title'>{escape(block.title)}</div>"
    if not block.bars:
        return f"{title}<div class='detail-quiet detail-small'>{escape(block.otherwise)}</div>"
    return f"{title}{''.join(_bar(bar, 'detail-bar detail-ranked') for bar in block.bars)}"


def _bar(bar: Bar, style: str = "detail-bar") -> str:
    name = f"<mark class='gold'>{escape(bar.label)}</mark>" if bar.gold else escape(bar.label)
    return (
        f"<div class='{style}'><span class='label' dir='auto' title='{escape(bar.label)}'>{name}</span>"
        f"{_track(bar.share, bar.predicted)}<span class='share'>{probability(bar.share)}</span></div>"
    )


def _track(share: float, strong: bool, mark: str = "") -> str:
    width = f"{100 * min(max(share, 0.0), 1.0):.1f}%"
    return f"<span class='track'><span class='fill{' said' * strong}' style='width:{width}'></span>{mark}</span>"


@_block.register
def _scale(block: Scale) -> str:
    share, mark = _share(block, block.predicted), ""
    spoken = f"{block.predicted:.2f} on a scale from {block.low:g} to {block.high:g}"
    if block.gold is not None:
        mark = f"<span class='gold-mark' style='left:{100 * _share(block, block.gold):.1f}%'></span>"
        spoken += f", gold {block.gold:g}"
    return (
        f"<div class='detail-bar' role='img' aria-label='{spoken}'><span class='label'>{block.low:g} to {block.high:g}"
        f"</span>{_track(share, strong=True, mark=mark)}<span class='share'>{block.predicted:.2f}</span></div>"
    )


def _share(block: Scale, value: float) -> float:
    return min(max((value - block.low) / (block.high - block.low), 0.0), 1.0)


@_block.register
def _marked(block: Marked) -> str:
    """The text around the marks, and the whole of it on demand where that is more."""
    near, whole = around(block.pieces), list(block.pieces)
    title = f"<div class='detail-title'>{escape(block.title)}</div>" if block.title else ""
    quote = f"<div class='detail-answer' dir='auto'>“{escape(block.quote)}”</div>" if block.quote else ""
    shown = f"{title}{quote}<div class='detail-text' dir='auto'>{_pieces(near)}</div>"
    if near == whole:
        return shown
    unfolded = f"<summary>Whole text</summary><div class='detail-text' dir='auto'>{_pieces(whole)}</div>"
    return f"{shown}<details>{unfolded}</details>"


def _pieces(found: Sequence[Piece]) -> str:
    return "".join(map(_piece, found))


def _piece(piece: Piece) -> str:
    classes = " ".join(["gold"] * piece.gold + ["said"] * piece.predicted)
    tag = f"<sub>{escape(piece.tag)}</sub>" if piece.tag else ""
    return f"<mark class='{classes}'>{escape(piece.text)}{tag}</mark>" if classes else f"{escape(piece.text)}{tag}"
