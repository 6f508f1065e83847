"""What tasks learn to read from each other's layers, for a sharing that learns it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mtl_core.charts import mix as mix_charts
from mtl_core.services import Run, watch
from pages.shared import exports, parts
from pages.shared.chart import live_chart

MIX_HELP = "A task's own weight as a share of all weights by which it reads the layer; dotted: before the first step."
TABLE_STYLE = Path(__file__).parents[1] / "static" / "study_table.css"


def layer_mix(run: Run) -> None:
    """What tasks have learned to read from each other's layers, for a sharing that learns it."""
    mix = watch.layer_mix(parts.workspace(), run.id)
    if mix.empty:
        return
    st.subheader("Whose layers each task reads", anchor=False, help=MIX_HELP)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chart = mix_charts.own_layers(mix, watch.colors(run))
        live_chart(chart, f"mix-{run.id}", height=260, generated=run.generated)
    with right:
        table = watch.mix_table(mix, run.config.tasks)
        st.html(TABLE_STYLE)
        st.html(parts.scrolling(table.to_html(), "study-table"))
        exports.table_downloads(table, f"{run.id}-mix")
