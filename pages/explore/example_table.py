"""The table of examples: whole texts that wrap, marks beside them, rows that open. Streamlit's own grid cuts texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from mtl_core.display.numbers import probability
from mtl_core.services import explore
from mtl_core.services.explore import Place, Prediction, Row

STATIC = Path(__file__).parents[1] / "static"
LONGEST = 600
"""Characters of a text that the table is sent; it shows two lines of it."""

_component = st.components.v2.component(
    "example_table",
    html="<div class='examples'></div>",
    css=(STATIC / "example_table.css").read_text("utf-8"),
    js=(STATIC / "example_table.js").read_text("utf-8"),
    isolate_styles=False,
)


def example_table(
    rows: Sequence[Row], heads: Sequence[tuple[str, str]], *, opened: str, place: Place | None, key: str
) -> str | None:
    """Draws a page of examples; the id of the example that was just opened, "" if one was closed, None if none was.

    `heads` are each model's name and what to say of it on hover, in the order of the rows' answers. `opened` is the
    example that is open, and `place` where: its neighbours may be on other pages.
    """
    columns = [("#", "Place in the dev set", "examples-place"), ("text", "", ""), ("gold", "The right answer", "")]
    data = {
        "heads": [
            {"text": text, "hint": hint, "className": name}
            for text, hint, name in [*columns, *((*h, "") for h in heads)]
        ],
        "rows": [_row(row) for row in rows],
        "open": opened,
        "before": place.before if place else None,
        "after": place.after if place else None,
    }
    result = _component(data=data, key=key, on_open_change=_nothing)
    found: str | None = result.open
    return found


def _nothing() -> None:
    """Streamlit asks for a callback to know the trigger's name; the value is read off the result."""


def _row(row: Row) -> dict[str, Any]:
    example, quiet = row.example, explore.quiet_inputs(row)
    texts = [{"value": text[:LONGEST], "quiet": place in quiet} for place, text in enumerate(example.inputs)]
    place = f"{example.position + 1:,}"
    return {"id": example.id, "place": place, "texts": texts, "gold": example.label, "said": [*map(_said, row.said)]}


def _said(said: Prediction | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "right": said.correct,
        "answer": explore.answer_text(said),
        "confidence": "" if said.confidence is None else probability(said.confidence),
    }
