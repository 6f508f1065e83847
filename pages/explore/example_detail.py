"""One example opened: its texts, the gold answer, and each model's answer with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from mtl_core.display import blocks, colors
from mtl_core.display.numbers import probability
from mtl_core.services import explore
from mtl_core.services.explore import AnswerGroup, Prediction, Row
from pages.shared import parts


def detail(row: Row, names: Sequence[str]) -> None:
    """Draws the example. `names` are the models', in the order of the row's answers."""
    example = explore.detail(row, names)
    key = blocks.KEY * any(blocks.has_marks(group.blocks) for group in example.answers)
    answers = f"<div class='detail-answers'>{''.join(map(_group, example.answers))}</div>"
    body = f"{blocks.html(example.passages)}{blocks.html(example.gold)}{key}{answers}"
    st.html(f"<div class='detail' style='--task: {colors.task_color(example.task, parts.dark())}'>{body}</div>")


def _group(group: AnswerGroup) -> str:
    """The models that gave an answer, and the answer."""
    heads = [
        _headline(name, prediction, score)
        for (name, prediction), score in zip(group.models, group.score_texts, strict=True)
    ]
    following = map(blocks.html, group.following)
    lines = "".join(f"<div>{head}</div>{after}" for head, after in zip(heads, following, strict=True))
    return f"<div class='detail-model'>{lines}{blocks.html(group.blocks)}</div>"


def _headline(name: str, prediction: Prediction | None, score: str) -> str:
    if prediction is None:
        return f"<b>{escape(name)}</b> <span class='detail-quiet'>– did not predict this example</span>"
    sign = "<span class='right'>✓</span> right" if prediction.correct else "<span class='wrong'>✗</span> wrong"
    confidence = "" if prediction.confidence is None else f"confidence {probability(prediction.confidence)}"
    rest = " · ".join(part for part in (confidence, score) if part)
    return f"<b>{escape(name)}</b> {sign} <span class='detail-quiet'>{f'· {rest}' if rest else ''}</span>"
