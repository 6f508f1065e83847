"""Every metric: its value against other libraries and by hand, and contributions that are an honest jackknife."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from mtl_core import metrics, registry
from mtl_core.errors import InvalidConfig
from mtl_core.metrics import MeanMetric, Metric

DRAWN = np.random.default_rng(7)
NUMBERS = DRAWN.normal(size=60).round(1)
ANSWERS = {
    "labels": (DRAWN.integers(0, 3, 60).tolist(), DRAWN.integers(0, 3, 60).tolist()),
    "numbers": ((NUMBERS + DRAWN.normal(size=60)).round(1).tolist(), NUMBERS.tolist()),
    "texts": (["the Broncos", "Denver", "", "in Lisbon"], [["Broncos", "x"], ["Denver Broncos"], ["gold"], ["Lisbon"]]),
}


def each() -> list[Metric]:
    return [metrics.load(name) for name in registry.names("metrics")]


@pytest.mark.parametrize("metric", each(), ids=lambda metric: metric.name)
def test_contract(metric: Metric) -> None:
    predicted, gold = ANSWERS[metric.takes]
    low, high = metric.range
    value = metric.value(predicted, gold)
    assert low <= value <= high
    contributions = metric.contributions(predicted, gold)
    assert contributions.shape == (len(gold),)
    assert contributions.mean() == pytest.approx(value, abs=1e-12)
    assert metric.text(value).startswith(metric.number(value))
    assert metric.header.startswith(metric.title)
    if isinstance(metric, MeanMetric):
        assert contributions.tolist() == [metric.score(*pair) for pair in zip(predicted, gold, strict=True)]
    else:
        assert metric.without_each(predicted, gold) == pytest.approx(Metric.without_each(metric, predicted, gold))


@pytest.mark.parametrize("metric", each(), ids=lambda metric: metric.name)
def test_one_example_is_enough(metric: Metric) -> None:
    predicted, gold = ANSWERS[metric.takes]
    assert np.isfinite(metric.contributions(predicted[:1], gold[:1])).all()


def test_accuracy() -> None:
    assert metrics.load("accuracy").value([0, 1, 2, 2], [0, 1, 1, 2]) == 0.75


def test_span_scores_are_means_of_the_best() -> None:
    answers, golds = ["the Broncos", "Denver", ""], [["Broncos", "x"], ["Denver Broncos"], ["gold"]]
    assert metrics.load("exact_match").value(answers, golds) == pytest.approx(1 / 3)
    assert metrics.load("f1").value(answers, golds) == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_matthews_is_the_phi_coefficient_of_the_table() -> None:
    gold, predicted = [1] * 6 + [0] * 4, [1, 1, 1, 1, 0, 0, 0, 0, 0, 1]
    true, false_positives, false_negatives, negative = 4, 1, 2, 3
    below = np.sqrt((true + false_positives) * (true + false_negatives) * (negative + 1) * (negative + 2))
    by_hand = (true * negative - false_positives * false_negatives) / below
    assert metrics.load("matthews").value(predicted, gold) == pytest.approx(by_hand)


@pytest.mark.parametrize("one_class", [[1, 1, 1, 1], [0, 0, 0, 0]])
def test_matthews_of_one_class_alone_is_nought(one_class: list[int]) -> None:
    assert metrics.load("matthews").value(one_class, [0, 1, 0, 1]) == 0.0
    assert metrics.load("matthews").value([0, 1, 0, 1], one_class) == 0.0


def test_correlations_are_those_of_scipy() -> None:
    predicted, gold = ANSWERS["numbers"]
    assert metrics.load("pearson").value(predicted, gold) == pytest.approx(stats.pearsonr(predicted, gold)[0])
    assert metrics.load("spearman").value(predicted, gold) == pytest.approx(stats.spearmanr(predicted, gold)[0])


@pytest.mark.parametrize("name", ["pearson", "spearman"])
def test_a_model_that_always_says_the_same_has_no_correlation(name: str) -> None:
    assert metrics.load(name).value([0.1 + 0.2] * 5, [1.0, 2.0, 3.0, 4.0, 5.0]) == 0.0
    assert metrics.load(name).value([1e9] * 5, [1.0, 2.0, 3.0, 4.0, 5.0]) == 0.0


def test_pearson_keeps_its_digits_far_from_nought() -> None:
    x = np.linspace(0, 1, 50)
    assert metrics.load("pearson").value((1e6 + x).tolist(), x.tolist()) == pytest.approx(1.0, abs=1e-9)


def test_the_spread_of_contributions_is_the_sampling_error() -> None:
    """Over many data sets of one world the standard error from contributions is the spread of the values."""
    drawn, values, errors = np.random.default_rng(1), [], []
    metric = metrics.load("pearson")
    for _ in range(400):
        gold = drawn.normal(size=150)
        predicted = gold + drawn.normal(size=150)
        values.append(metric.value(predicted.tolist(), gold.tolist()))
        errors.append(metric.contributions(predicted.tolist(), gold.tolist()).std(ddof=1) / np.sqrt(150))
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.1)


def test_numbers_are_shown_in_the_metric_s_own_unit() -> None:
    assert metrics.load("accuracy").text(0.8841) == "88.4 %"
    assert metrics.load("matthews").header == "Matthews correlation (×100)"
    assert metrics.load("matthews").number(-0.052) == "\N{MINUS SIGN}5.2"


def test_a_metric_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(InvalidConfig) as caught:
        metrics.load("mathews")
    assert str(caught.value) == "metrics: no metric called 'mathews'. Did you mean 'matthews'?"


def test_names_are_unlike() -> None:
    titles = sorted(metric.title for metric in each())
    assert all(a != b for a, b in pairwise(titles))


def test_names_of_metrics_load_no_library_of_statistics() -> None:
    code = (
        "import sys\nfrom mtl_core import metrics, registry\n"
        "for name in registry.names('metrics'): metrics.load(name)\nprint('scipy.stats' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
