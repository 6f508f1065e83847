"""Trade-off: what one task costs the other, over fixed weights and balancing methods."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from mtl_core.studies import trade_off, view_figures
from mtl_core.studies.seed_summary import LEAST_FOR_ELLIPSE
from mtl_core.studies.trade_off import TradeOff
from pages.studies.views import Context, _shown

TITLE, ORDER = "Trade-off", 50


def fits(context: Context) -> bool:
    """Whether several arms are compared with the same two tasks alone."""
    return bool(trade_off.pairs(context.study.config))


def show(context: Context) -> None:
    """Draws the view."""
    config = context.study.config
    pairs = trade_off.pairs(config)
    top = st.container()
    chosen = _shown.pick("Tasks", [" against ".join(pair) for pair in pairs], context, "trade_off_pair")
    found = trade_off.trade_off(config, context.judged, pairs[chosen])
    with top:
        _shown.head(f"What does {found.tasks[0]} cost {found.tasks[1]}? Up and right is better.", found.judged)
    if _shown.scored(found.judged):
        _shown.picture(view_figures.trade_off(config, found), f"trade-off-{'-'.join(found.tasks)}")
        st.caption(" ".join(_key(found, f"{100 * (1 - config.alpha):g} %")))
    _shown.table(trade_off.table(config, found), f"trade-off-{'-'.join(found.tasks)}")


def _key(found: TradeOff, share: str) -> Iterator[str]:
    """What the marks mean, of those that are there."""
    seeds = {len(point.scores[0]) for point in found.points}
    if any(point.weight is not None for point in found.points):
        yield f"Circles: fixed weights, {found.tasks[0]} : {found.tasks[1]}, joined in their order."
    if any(point.weight is None for point in found.points):
        yield "Diamonds: other methods."
    yield "Filled: on the front, where no other arm's means are as good in both. Dotted: each task alone."
    if max(seeds) >= LEAST_FOR_ELLIPSE:
        yield (
            f"Small dots: seeds; an ellipse's shadow on each axis is the {share} interval of that task's mean "
            "(Student's t)."
        )
    if 2 in seeds:
        yield "Two seeds are joined by a line."
