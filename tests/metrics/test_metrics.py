"""Every metric: its value against other libraries and by hand, and contributions that are an honest jackknife."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats

from mtl_core import metrics, registry
from mtl_core.errors import InvalidConfig
from mtl_core.metrics import MeanMetric, Metric, _entities

DRAWN = np.random.default_rng(7)
NUMBERS = DRAWN.normal(size=60).round(1)
ANSWERS = {
    "labels": (DRAWN.integers(0, 3, 60).tolist(), DRAWN.integers(0, 3, 60).tolist()),
    "numbers": ((NUMBERS + DRAWN.normal(size=60)).round(1).tolist(), NUMBERS.tolist()),
    "label sets": ([[0, 1], [2], [], [1], [0, 2], [1]], [[0], [2, 1], [], [1], [3], [1, 2]]),
    "tags": (
        [row.split() for row in ("B-A I-A O", "O B-B", "B-A", "O O I-B", "B-B B-B")],
        [row.split() for row in ("B-A O O", "O B-B", "B-B", "O O O", "B-B I-B")],
    ),
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
def test_a_constant_answer_reaches_the_floor_and_none_reaches_more(metric: Metric) -> None:
    """Each of all constant answers that could be the best."""
    _, gold = ANSWERS[metric.takes]
    constants: dict[str, list[Any]] = {
        "labels": [0, 1, 2],
        "numbers": [0.0, 1.5],
        "label sets": [[*some] for many in range(5) for some in combinations(range(4), many)],
        "texts": ["", "Lisbon"],
    }
    if metric.takes == "tags":
        same: list[list[Any]] = [[[tag] * len(tags) for tags in gold] for tag in ("O", "B-A", "B-B")]
    else:
        same = [[one] * len(gold) for one in constants[metric.takes]]
    if metric.takes == "texts":
        gold = [*gold[:2], [], []]
    reached = [metric.value(predicted, gold) for predicted in same]
    if metric.takes == "tags":  # a constant tag is no constant answer where each word is an entity by itself
        reached = reached[:1]
    assert metric.floor(gold) == pytest.approx(max(reached))


def test_a_label_by_name_says_not_which_is_the_second() -> None:
    assert metrics.load("binary_f1").floor(["yes", "no"]) is None


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


def test_macro_f1_is_the_mean_over_labels_that_occur() -> None:
    gold, predicted = [0, 0, 0, 2, 2, 1], [0, 0, 2, 2, 1, 1]
    of_0, of_1, of_2 = 2 * 2 / (2 + 3), 2 * 1 / (2 + 1), 2 * 1 / (2 + 2)
    assert metrics.load("macro_f1").value(predicted, gold) == pytest.approx((of_0 + of_1 + of_2) / 3)
    assert metrics.load("macro_f1").value([2, 2], [2, 2]) == 1.0, "labels that never occur count for nothing"
    always_0 = metrics.load("macro_f1").value([0, 0, 0], [0, 0, 1])
    assert metrics.load("macro_f1").floor(["yes", "yes", "no"]) == pytest.approx(always_0) == pytest.approx(0.8 / 2)


def test_binary_f1_is_of_the_second_label() -> None:
    gold, predicted = [1, 1, 1, 0, 0], [1, 1, 0, 1, 0]
    precision, recall = 2 / 3, 2 / 3
    assert metrics.load("binary_f1").value(predicted, gold) == pytest.approx(
        2 * precision * recall / (precision + recall)
    )
    assert metrics.load("binary_f1").value([0, 0], [0, 0]) == 0.0


def test_scores_of_label_sets_by_hand() -> None:
    gold, predicted = [[0, 1], [1], [], [2]], [[0], [1, 2], [], []]
    assert metrics.load("micro_f1").value(predicted, gold) == pytest.approx(2 * 2 / (3 + 4))
    assert metrics.load("macro_f1_sets").value(predicted, gold) == pytest.approx((1.0 + 2 / 3 + 0.0) / 3)
    assert metrics.load("exact_set").value(predicted, gold) == 0.25
    assert metrics.load("exact_set").value([[1, 0]], [[0, 1]]) == 1.0
    assert metrics.load("exact_set").floor([[0, 1], [2], [1, 0], []]) == 0.5
    assert metrics.load("micro_f1").value([[], []], [[], []]) == 0.0


def test_macro_f1_of_labels_and_of_sets_of_one_agree() -> None:
    predicted, gold = ANSWERS["labels"]
    as_sets = metrics.load("macro_f1_sets").value([[one] for one in predicted], [[one] for one in gold])
    assert metrics.load("macro_f1").value(predicted, gold) == pytest.approx(as_sets)


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("B-PER I-PER O B-LOC", [("PER", 0, 2), ("LOC", 3, 4)]),
        ("B-PER B-PER", [("PER", 0, 1), ("PER", 1, 2)]),
        ("I-PER I-PER", [("PER", 0, 2)]),  # IOB1: an I begins one after a word outside
        ("I-PER B-PER I-PER", [("PER", 0, 1), ("PER", 1, 3)]),  # IOB1: a B where two of a kind meet
        ("B-PER I-LOC", [("PER", 0, 1), ("LOC", 1, 2)]),  # an I of another kind begins one
        ("O I-LOC O", [("LOC", 1, 2)]),
        ("B-PER O I-PER", [("PER", 0, 1), ("PER", 2, 3)]),
        ("S-LOC B-ORG I-ORG E-ORG S-LOC", [("LOC", 0, 1), ("ORG", 1, 4), ("LOC", 4, 5)]),  # IOBES
        ("B-ORG E-ORG I-ORG", [("ORG", 0, 2), ("ORG", 2, 3)]),
        ("E-ORG E-ORG", [("ORG", 0, 1), ("ORG", 1, 2)]),
        ("I-ORG E-ORG", [("ORG", 0, 2)]),
        ("B-long-name I-long-name", [("long-name", 0, 2)]),
        ("O O", []),
        ("", []),
    ],
)
def test_entities_are_those_of_conlleval(tags: str, found: list[tuple[str, int, int]]) -> None:
    assert _entities.entities(tags.split()) == found


def test_entity_f1_by_hand() -> None:
    """seqeval's own first example: of two entities in each the second is right, so precision and recall are a half."""
    gold = [["O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]]
    predicted = [["O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]]
    assert metrics.load("entity_f1").value(predicted, gold) == 0.5
    assert metrics.load("tag_accuracy").value(predicted, gold) == pytest.approx(8 / 10)
    assert metrics.load("entity_f1").value([["O"]], [["O"]]) == 0.0


def test_tags_that_name_entities_are_told_from_others() -> None:
    assert _entities.are_entities(["O", "B-PER", "I-PER"])
    assert not _entities.are_entities(["NN", "VB", "O"])
    assert not _entities.are_entities(["O"])


def test_names_of_metrics_load_no_library_of_statistics() -> None:
    code = (
        "import sys\nfrom mtl_core import metrics, registry\n"
        "for name in registry.names('metrics'): metrics.load(name)\nprint('scipy.stats' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
