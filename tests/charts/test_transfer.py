from __future__ import annotations

from math import nan

import pytest

from mtl_core.charts import transfer
from mtl_core.charts.transfer import Cell


def cell(decision: str, effect: float, text: str = "+1.0 [+0.5, +1.5]") -> Cell:
    return Cell(decision, effect, text, "told")


def test_colour_grows_with_the_effect_and_only_verdicts_have_it() -> None:
    assert transfer.color(cell("helps", 2.0), 2.0) == "rgba(0,114,178,0.60)"
    assert transfer.color(cell("helps", 1.0), 2.0) == "rgba(0,114,178,0.38)"
    assert transfer.color(cell("hurts", -2.0), 2.0) == "rgba(213,94,0,0.60)"
    assert transfer.color(cell("practically equal", 0.1), 2.0) == transfer.GREY
    assert transfer.color(cell("not enough evidence", nan), 2.0) == transfer.GREY


@pytest.mark.parametrize(
    ("decision", "sign"), [("helps", "▲"), ("hurts", "▼"), ("practically equal", "≈"), ("not enough evidence", "?")]
)
def test_every_cell_has_its_sign_effect_and_interval(decision: str, sign: str) -> None:
    figure = transfer.heat(("mnli",), ("sst2",), {("mnli", "sst2"): cell(decision, 1.0)})
    [note] = figure.layout.annotations
    assert note.text == f"<b>{sign} +1.0</b><br><span style='font-size:12px'>[+0.5, +1.5]</span>"


def test_what_was_not_compared_is_a_dash_that_cannot_be_clicked() -> None:
    figure = transfer.heat(("sst2", "mnli"), ("sst2",), {("mnli", "sst2"): cell("helps", 1.0)})
    assert figure.layout.annotations[0].text == "–"
    assert figure.data[0].z == ([None], [0])
    assert len(figure.layout.shapes) == 1
    assert transfer.height(("sst2", "mnli")) == transfer.HEAD + 2 * transfer.ROW
