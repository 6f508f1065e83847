"""How much of its own layers a task reads, layer by layer, where a sharing learns it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mtl_core.charts.curves import Colors, End, axes, curve_line, end_labels
from mtl_core.charts.theme import Chart

LEAST_RANGE = 0.2
"""Share that the axis spans at least."""


def own_shares(mix: pd.DataFrame) -> pd.DataFrame:
    """The share of its own layer in what a task reads there: |own weight| / sum of all |weights|.

    `mix` has the columns of `store.mixes.curve`; the result has step, layer, task, share (0 to 1).
    """
    sizes = mix.assign(size=mix["weight"].abs())
    total = sizes.groupby(["step", "layer", "task"], sort=True)["size"].sum()
    own = sizes[sizes["task"] == sizes["source"]].set_index(["step", "layer", "task"])["size"]
    return (own / total).fillna(1.0).rename("share").reset_index()


def own_layers(mix: pd.DataFrame, colors: Colors) -> Chart:
    """A line a task over the layers: its own share now, and dotted at first."""
    shares = own_shares(mix)
    first, last = int(shares["step"].min()), int(shares["step"].max())
    traces, ends = [], []
    for task in (task for task in colors if task in set(shares["task"])):
        rows = shares[shares["task"] == task]
        for step in dict.fromkeys((first, last)):
            now = rows[rows["step"] == step].sort_values("layer")
            xs, ys = now["layer"].to_numpy(dtype=float), now["share"].to_numpy(dtype=float)
            if step == last:
                hover = f"<b>{task}</b> %{{y:.3f}} its own<extra></extra>"
                dots: dict[str, Any] = {"mode": "lines+markers", "marker": {"size": 7, "color": colors[task]}}
                traces.append(curve_line(task, colors[task], xs, ys, width=2, hovertemplate=hover, **dots))
                ends.append(End(task, colors[task], float(xs[-1]), float(ys[-1])))
            else:
                traces.append(curve_line(task, colors[task], xs, ys, width=1, dash="dot", hoverinfo="skip"))
    lowest = min(float(shares["share"].min()) - 0.02, 1 - LEAST_RANGE)
    layout = axes("layer", "share of its own layer", end_labels(ends, lowest, 1.0))
    layout["xaxis"] |= {"rangemode": "normal", "dtick": 1}
    layout["yaxis"]["range"] = [lowest, 1.01]
    spoken = ", ".join(f"{task} {_range(shares, task, last)}" for task in (end.task for end in ends))
    return Chart(traces, layout, f"Share of its own layer that each task reads, by layer: {spoken}.", "layer-mix")


def _range(shares: pd.DataFrame, task: str, step: int) -> str:
    now = shares[(shares["task"] == task) & (shares["step"] == step)]["share"]
    return f"{now.min():.2f} to {now.max():.2f}"
