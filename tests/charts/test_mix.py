"""How much of its own layers a task reads."""

from __future__ import annotations

import pandas as pd
import pytest

from mtl_core.charts import mix as charts
from tests.charts.test_curves import COLORS, unpacked

MIX = pd.DataFrame(
    [
        (step, layer, task, source, weight)
        for step, by in ((0, 0.1), (30, -0.3))
        for layer in (1, 2)
        for task, source, weight in (
            ("sst2", "sst2", 0.9),
            ("sst2", "mnli", by * layer),
            ("mnli", "mnli", 1.0),
            ("mnli", "sst2", 0.0),
        )
    ],
    columns=["step", "layer", "task", "source", "weight"],
)


def test_a_share_is_of_all_weights_by_their_size() -> None:
    """0.9 of 0.9 + 0.3 and of 0.9 + 0.6 where the other's layer counts against; all of it where nothing is read."""
    shares = charts.own_shares(MIX).set_index(["step", "task", "layer"])["share"].sort_index()
    assert shares[0, "sst2", 1] == pytest.approx(0.9)
    assert list(shares[30, "sst2"]) == pytest.approx([0.75, 0.6])
    assert list(shares[30, "mnli"]) == [1.0, 1.0]


def test_a_line_a_task_over_the_layers_now_and_dotted_at_first() -> None:
    chart = charts.own_layers(MIX, COLORS)
    drawn = [(trace["name"], trace["line"]["dash"], trace["line"]["color"]) for trace in chart.traces]
    assert drawn == [(task, dash, COLORS[task]) for task in ("sst2", "mnli") for dash in ("dot", "solid")]
    assert unpacked(chart.traces[1]["x"]).tolist() == [1.0, 2.0]
    assert unpacked(chart.traces[1]["y"]).tolist() == pytest.approx([0.75, 0.6])
    assert chart.alt == "Share of its own layer that each task reads, by layer: sst2 0.60 to 0.75, mnli 1.00 to 1.00."
    lowest, highest = chart.layout["yaxis"]["range"]
    assert lowest < 0.6 < 1.0 < highest
    assert len(charts.own_layers(MIX[MIX["step"] == 0], COLORS).traces) == 2, "before the first step there is no more"
