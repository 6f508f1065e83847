"""The looks and words of verdicts, the same on every page, in every chart and export."""

from __future__ import annotations

from math import isfinite
from typing import Protocol

from mtl_core.display.numbers import signed as signed
from mtl_core.statistics import Verdict

UNDECIDED, PENDING = "not enough evidence", "no verdict yet"
"""A verdict's word where too little is known, and what stands in its place while the first runs train."""
SIGNS = {"helps": "▲", "hurts": "▼", "practically equal": "≈", UNDECIDED: "?", PENDING: "…"}
"""The sign that goes with a decision's word."""
TONES = {"helps": "blue", "hurts": "orange", "practically equal": "gray", UNDECIDED: "gray", PENDING: "gray"}
"""A colour name that streamlit's badges know; never the only difference."""
COLORS = {
    "helps": ("#0072B2", "#4CA6E8"),
    "hurts": ("#D55E00", "#F58345"),
    "practically equal": ("#5F6B76", "#AEB9C4"),
    UNDECIDED: ("#8A8F98", "#8F959E"),
    PENDING: ("#8A8F98", "#8F959E"),
}
"""The tones as #RRGGBB on a light and on a dark page."""


class Decided(Protocol):
    """Something with a verdict, or None where there can't be one."""

    @property
    def verdict(self) -> Verdict | None:
        """In points."""


def interval_text(low: float | None, high: float | None, digits: int = 1) -> str:
    """An interval in brackets, "[+0.2, +1.4]"; "" where there is none."""
    if low is None or high is None or not (isfinite(low) and isfinite(high)):
        return ""
    return f"[{signed(low, digits)}, {signed(high, digits)}]"


def effect_text(judged: Decided) -> str:
    """The effect in points with its interval, "+0.8 [+0.2, +1.4]"; "–" without a verdict."""
    verdict = judged.verdict
    if verdict is None:
        return "–"
    return f"{signed(verdict.effect)} {interval_text(verdict.low, verdict.high)}".rstrip()


def verdict_text(decision: str, *, provisional: bool = False) -> str:
    """Sign and word: "▲ helps"; before the first planned look "▲ helps (provisional)"."""
    return f"{SIGNS[decision]} {decision}{' (provisional)' * (provisional and decision != PENDING)}"
