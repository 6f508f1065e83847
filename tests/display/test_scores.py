"""Scores in the words and units of their metrics."""

from __future__ import annotations

import pytest

from mtl_core.display import scores


@pytest.mark.parametrize(
    ("share", "text"), [(0.88, "88.0"), (1.0, "100.0"), (0.0, "0.0"), (None, "–"), (float("nan"), "–")]
)
@pytest.mark.parametrize("metric", ["accuracy", "matthews", "gone"])
def test_numbers_have_one_decimal(metric: str, share: float | None, text: str) -> None:
    assert scores.number(metric, share) == text


@pytest.mark.parametrize(
    ("difference", "text"), [(0.012, "+1.2"), (-0.0049, "−0.5"), (0.0004, "±0.0"), (-0.0004, "±0.0"), (None, "–")]
)
def test_differences_have_their_sign(difference: float | None, text: str) -> None:
    assert scores.difference("accuracy", difference) == text


def test_every_metric_has_its_own_words() -> None:
    assert scores.header("exact_match") == "exact match (%)"
    assert scores.header("matthews") == "Matthews correlation (×100)"
    assert scores.header("gone_one") == "gone one (%)"
    assert scores.ends("pearson") == (-100.0, 100.0)
    assert scores.words({"matthews": 0.52, "accuracy": 0.8, "loss": 0.5}) == (
        "matthews 52.0 ×100, accuracy 80.0 %, loss 0.500"
    )
