from __future__ import annotations

from dataclasses import dataclass

import pytest

from mtl_core.display.verdicts import COLORS, SIGNS, TONES, effect_text, interval_text, signed, verdict_text
from mtl_core.statistics import Verdict, compare_arms


@dataclass(frozen=True)
class One:
    verdict: Verdict | None


def test_every_decision_has_sign_tone_and_colours() -> None:
    assert set(SIGNS) == set(TONES) == set(COLORS)
    assert len(set(SIGNS.values())) == len(SIGNS)
    assert (verdict_text("helps"), verdict_text("hurts")) == ("▲ helps", "▼ hurts")
    assert (verdict_text("practically equal"), verdict_text("not enough evidence")) == (
        "≈ practically equal",
        "? not enough evidence",
    )


@pytest.mark.parametrize(
    ("value", "text"), [(0.84, "+0.8"), (-0.06, "−0.1"), (0.04, "±0.0"), (float("nan"), "–"), (None, "–")]
)
def test_differences_have_a_sign(value: float | None, text: str) -> None:
    assert signed(value) == text


def test_an_interval_stands_in_brackets() -> None:
    assert interval_text(0.21, 1.4) == "[+0.2, +1.4]"
    assert interval_text(-0.21, 1.4, 2) == "[−0.21, +1.40]"
    assert interval_text(float("nan"), 1.4) == ""
    assert interval_text(None, None) == ""


def test_an_effect_with_and_without_its_interval() -> None:
    one_seed = compare_arms([[0, 100, 0, 100]], [[0, 100, 100, 100]])
    assert effect_text(One(one_seed)) == "+25.0"
    several = compare_arms([[0, 100, 0, 100], [0, 100, 0, 0]], [[0, 100, 100, 100], [100, 100, 0, 0]])
    assert effect_text(One(several)).startswith("+25.0 [")
    assert effect_text(One(None)) == "–"
