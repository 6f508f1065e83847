from __future__ import annotations

from math import nan

from mtl_core.charts import effects
from mtl_core.charts.effects import Effect
from mtl_core.display.verdicts import COLORS

HELPS = Effect("sst2: with mnli", 1.2, 0.4, 2.0, (0.9, 1.5), "helps")
NOTHING = Effect("mnli: with a name that is much longer than what fits in front of a row", nan, nan, nan, (), "hurts")


def test_a_row_has_interval_seeds_and_mean_in_the_colour_of_its_verdict() -> None:
    figure = effects.effects([HELPS], 0.5)
    interval, seeds, mean = figure.data
    assert list(interval.x) == [0.4, 2.0, None]
    assert list(seeds.x) == [0.9, 1.5]
    assert list(mean.x) == [1.2]
    assert {interval.line.color, seeds.marker.color, mean.marker.color} == {COLORS["helps"][0]}
    assert figure.layout.yaxis.ticktext == ("▲ sst2: with mnli",)
    assert figure.layout.xaxis.title.text == "effect (points); grey: the margin"


def test_many_rows_take_few_traces() -> None:
    figure = effects.effects([HELPS] * 30, 0.5)
    assert len(figure.data) == 3
    assert list(figure.data[2].y) == list(range(30))
    assert figure.data[2].customdata[0] == "+1.2 [+0.4, +2.0] points"


def test_the_margin_is_shaded_and_always_in_sight() -> None:
    figure = effects.effects([HELPS], 5)
    band = figure.layout.shapes[0]
    assert (band.x0, band.x1) == (-5, 5)
    low, high = figure.layout.xaxis.range
    assert low < -5
    assert high > 5


def test_what_has_no_result_yet_keeps_its_row() -> None:
    figure = effects.effects([HELPS, NOTHING], 0.5)
    assert len(figure.data) == 3
    assert figure.layout.yaxis.ticktext[1] == "▼ mnli: with a name that is much longer than …"
    assert effects.height(2) - effects.height(1) == effects.ROW


def test_the_figure_in_words() -> None:
    assert effects.alternative([HELPS, NOTHING], 0.5) == (
        "Effects in points, margin 0.5: sst2: with mnli: helps, +1.2 [+0.4, +2.0] points; "
        "mnli: with a name that is much longer than what fits in front of a row: hurts, no result yet."
    )
