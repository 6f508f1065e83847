"""Size curve: how much a helper adds, over the size of the target's own data."""

from __future__ import annotations

import streamlit as st

from mtl_core.studies import size_curve, view_figures
from pages.studies.views import Context, _shown

TITLE, ORDER = "Size curve", 60


def fits(context: Context) -> bool:
    """Whether a target has a helper at several sizes of its data."""
    return size_curve.fits(context.study.config)


def show(context: Context) -> None:
    """Draws the view."""
    config = context.study.config
    curves = size_curve.curves(config, context.judged)
    top = st.container()
    names = [f"{curve.target} {curve.label}" for curve in curves]
    curve = curves[_shown.pick("Curve", names, context, "size_curve")]
    with top:
        _shown.head(f"How much of its own data must {curve.target} have before help ends?", curve.judged)
    if _shown.scored(curve.judged):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.subheader("Effect", anchor=False)
            _shown.picture(view_figures.effects(config, curve), f"size-effect-{curve.target}")
        with right:
            st.subheader("Scores", anchor=False)
            _shown.picture(view_figures.scores(curve), f"size-scores-{curve.target}")
        st.caption(
            f"Shaded: within the margin of {config.margin:g} points. ▲ helps, ▼ hurts, ≈ practically equal, ? not "
            "enough evidence."
        )
    _shown.table(size_curve.table(config, curve), f"size-curve-{curve.target}")
