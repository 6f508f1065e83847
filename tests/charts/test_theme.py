from __future__ import annotations

import re

import numpy as np
import plotly.graph_objects as go

from mtl_core.charts import theme
from mtl_core.display import colors, verdicts


def test_a_figure_is_told_without_its_template() -> None:
    figure = go.Figure(go.Scatter(x=np.array([1.0, 2.0]), y=[0.5, float("nan")]), {"xaxis": {"title": {"text": "x"}}})
    told = theme.drawable(figure)
    assert told["layout"] == {"xaxis": {"title": {"text": "x"}}}
    assert told["data"][0]["y"] == [0.5, None]
    assert set(told["data"][0]["x"]) == {"dtype", "bdata"}


def test_every_color_of_a_light_page_has_a_dark_twin() -> None:
    assert set(colors.LIGHT) <= set(theme.TWINS)
    assert all(theme.TWINS[light] == dark for light, dark in verdicts.COLORS.values())
    for color in (*theme.TWINS, *theme.TWINS.values()):
        assert re.fullmatch("#[0-9A-F]{6}", color)


def test_a_saved_figure_says_that_its_numbers_are_of_the_sample() -> None:
    assert theme.drawable(theme.marked(go.Figure(), True))["layout"] == {"meta": {"saved": "generated sample"}}
    assert theme.drawable(theme.marked(go.Figure(), False))["layout"] == {}
