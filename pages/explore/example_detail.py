"""One example opened: its texts, what each model said with all probabilities, the answer marked in its context."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from mtl_core.display import formats
from mtl_core.kinds import _marks
from mtl_core.kinds._marks import Piece
from mtl_core.records import Prediction
from mtl_core.services import explore
from mtl_core.services.explore import Row
from pages.shared import parts

KEY = (
    "<div class='detail-key'><mark class='gold'>gold</mark> <mark class='said'>predicted</mark> "
    "<mark class='gold said'>both</mark></div>"
)


def detail(row: Row, names: Sequence[str]) -> None:
    """Draws the example. `names` are the models', in the order of the row's answers."""
    span = explore.is_span(row.example)
    color = formats.task_color(row.example.task, parts.dark())
    body = _texts(row, but_last=span) + (_contexts(row, names) if span else _answers(row, names))
    st.html(f"<div class='detail' style='--task: {color}'>{body}</div>")


def _texts(row: Row, *, but_last: bool) -> str:
    titles = explore.input_titles(row.example.task, len(row.example.inputs))
    pairs = list(zip(titles, row.example.inputs, strict=False))
    return "".join(
        f"<div class='detail-title'>{escape(title)}</div><div class='detail-text' dir='auto'>{escape(text)}</div>"
        for title, text in (pairs[:-1] if but_last else pairs)
    )


def _answers(row: Row, names: Sequence[str]) -> str:
    """A block of bars for each model: every label with its probability, the gold one underlined."""
    gold = f"<div class='detail-title'>Gold</div><div><mark class='gold'>{escape(row.example.label)}</mark></div>"
    blocks = [
        f"<div class='detail-model'>{_headline(name, said)}{_bars(said, row.example.label) if said else ''}</div>"
        for name, said in zip(names, row.said, strict=True)
    ]
    return gold + "".join(blocks)


def _headline(name: str, said: Prediction | None, *, score: bool = False) -> str:
    if said is None:
        return f"<b>{escape(name)}</b> <span class='detail-quiet'>– was not asked this example</span>"
    sign = "<span class='right'>✓</span> right" if said.correct else "<span class='wrong'>✗</span> wrong"
    reached = f" · best F1 {formats.percent(said.score)}" if score else ""
    return f"<b>{escape(name)}</b> {sign} <span class='detail-quiet'>· confidence {said.confidence:.2f}{reached}</span>"


def _bars(said: Prediction, gold: str) -> str:
    return "".join(
        _bar(label, share, gold=label == gold, said=label == said.prediction)
        for label, share in explore.probabilities(said).items()
    )


def _bar(label: str, share: float, *, gold: bool, said: bool) -> str:
    name = f"<mark class='gold'>{escape(label)}</mark>" if gold else escape(label)
    width = f"{100 * min(max(share, 0.0), 1.0):.1f}%"
    strong = " said" if said else ""
    return (
        f"<div class='detail-bar'><span class='label' dir='auto'>{name}</span>"
        f"<span class='track'><span class='fill{strong}' style='width:{width}'></span></span>"
        f"<span class='share'>{share:.2f}</span></div>"
    )


def _contexts(row: Row, names: Sequence[str]) -> str:
    """The context once for each different answer, with the models that gave it."""
    golds = dict.fromkeys(gold["text"] for gold in row.example.gold)
    gold = "".join(f"<li dir='auto'>{escape(text)}</li>" for text in golds)
    blocks = [f"<div class='detail-title'>Gold answers</div><ul class='detail-golds'>{gold}</ul>", KEY]
    for one in explore.in_context(row, names):
        heads = "".join(f"<div>{_headline(name, said, score=True)}</div>" for name, said in one.by)
        answer = f"<div class='detail-answer' dir='auto'>“{escape(explore.answer_text(one.by[0][1]))}”</div>"
        blocks.append(f"<div class='detail-model'>{heads}{answer}{_context(one.pieces)}</div>")
    blocks += [
        f"<div class='detail-model'>{_headline(name, None)}</div>"
        for name, said in zip(names, row.said, strict=True)
        if said is None
    ]
    return "".join(blocks)


def _context(pieces: Sequence[Piece]) -> str:
    """What stands around the marks, and the whole of it on demand where that is more."""
    near, whole = _marks.around(pieces), list(pieces)
    shown = f"<div class='detail-text' dir='auto'>{''.join(map(_piece, near))}</div>"
    if near == whole:
        return shown
    text = "".join(map(_piece, whole))
    unfolded = f"<summary>Whole context</summary><div class='detail-text' dir='auto'>{text}</div>"
    return f"{shown}<details>{unfolded}</details>"


def _piece(piece: Piece) -> str:
    classes = " ".join(["gold"] * piece.gold + ["said"] * piece.predicted)
    return f"<mark class='{classes}'>{escape(piece.text)}</mark>" if classes else escape(piece.text)
