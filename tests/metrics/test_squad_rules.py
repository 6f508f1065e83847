"""SQuAD's official rules, case by case worked by hand."""

from collections.abc import Callable

import pytest

from mtl_core.metrics import _squad_rules


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The  Eiffel Tower!", "eiffel tower"),
        ("an answer, a question", "answer question"),
        ("A.B.C.", "abc"),
        ("theatre", "theatre"),
        ("24–10", "24–10"),  # only ASCII punctuation goes
        ("U.S.-based", "usbased"),
        ("the", ""),
        ("", ""),
    ],
)
def test_normalise(text: str, plain: str) -> None:
    assert _squad_rules.normalise(text) == plain


@pytest.mark.parametrize(
    ("said", "gold", "match", "f1"),
    [
        ("the Denver Broncos", "Denver Broncos!", 1.0, 1.0),
        ("Denver", "Denver Broncos", 0.0, 2 / 3),
        ("Denver Denver", "Denver", 0.0, 2 / 3),  # 1 in common of 2 said and 1 gold
        ("a cat and a dog", "dog cat", 0.0, 0.8),  # 2 in common of 3 said and 2 gold
        ("Paris", "London", 0.0, 0.0),
        ("", "London", 0.0, 0.0),
        ("the", "a", 1.0, 0.0),  # both empty after normalisation: equal, yet no word in common
    ],
)
def test_single_answers(said: str, gold: str, match: float, f1: float) -> None:
    assert _squad_rules.exact_match(said, gold) == match
    assert _squad_rules.f1(said, gold) == pytest.approx(f1)


def test_the_best_gold_answer_counts() -> None:
    golds = ["Santa Clara, California", "Levi's Stadium", "Levi's Stadium in Santa Clara"]
    assert _squad_rules.best(_squad_rules.exact_match, "levis stadium", golds) == 1.0
    assert _squad_rules.best(_squad_rules.f1, "Stadium in Santa Clara", golds) == pytest.approx(8 / 9)


@pytest.mark.parametrize("metric", [_squad_rules.f1, _squad_rules.exact_match])
def test_where_there_is_no_answer_none_is_right(metric: Callable[[str, str], float]) -> None:
    assert _squad_rules.best(metric, "x", []) == 0.0
    assert _squad_rules.best(metric, "", []) == 1.0
    assert _squad_rules.best(metric, "the", []) == 1.0, "nothing is left of it"
    assert _squad_rules.best(metric, "", ["x"]) == 0.0
