"""The `evaluate` metrics against the rules that they apply."""

import pytest

from mtl_core.metrics import Accuracy, SpanScores


def test_accuracy() -> None:
    assert Accuracy().compute(predictions=[0, 1, 2, 2], references=[0, 1, 1, 2]) == {"accuracy": 0.75}


def test_span_scores_are_means_of_the_best() -> None:
    found = SpanScores().compute(
        predictions=["the Broncos", "Denver", ""], references=[["Broncos", "x"], ["Denver Broncos"], ["gold"]]
    )
    assert found["exact_match"] == pytest.approx(1 / 3)
    assert found["f1"] == pytest.approx((1 + 2 / 3 + 0) / 3)
