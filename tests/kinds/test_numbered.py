"""Answers that a file numbers in an order of its own, in tasks of every kind with labels."""

from __future__ import annotations

import pytest

from mtl_core.kinds._numbered import own_labels, remarks
from mtl_core.kinds.tagging import TaggingKind
from mtl_core.tasks.conll2003 import CONLL2003


def test_names_however_they_are_spelt() -> None:
    assert own_labels(("no", "yes"), ("yes", "no")) == {0: "no", 1: "yes"}
    assert own_labels(("Not_Entailment", "ENTAILMENT"), ("entailment", "not entailment")) == {
        0: "not entailment",
        1: "entailment",
    }
    assert own_labels(("us", "US"), ("US", "us")) == {0: "us", 1: "US"}
    assert own_labels(("us", "uk"), ("US", "us")) == own_labels(("us", "Us"), ("us", "uk")) == {}
    assert own_labels((), ("a",)) == own_labels(("a",), ("a", "b")) == {}


def test_numbers_that_have_no_name_stay_to_be_refused() -> None:
    names = {"ner_tags": CONLL2003.labels[::-1]}
    row = TaggingKind().with_names(CONLL2003, {"tokens": ["a", "b", "c"], "ner_tags": [0, -1, 99]}, names)
    assert row["ner_tags"] == [CONLL2003.labels[-1], -1, 99]
    assert TaggingKind().named(CONLL2003, names) == ()


def test_names_that_contradict_the_tasks() -> None:
    with pytest.raises(ValueError, match=r"numbers the labels in 'label' as a, c, b\. Labels of x are a, b, d\."):
        remarks("x", ("a", "b", "d"), ("label",), {"label": ("a", "c", "b")})
    assert remarks("x", ("a", "b"), ("label",), {"label": ("0", "1")}) == ()
    assert remarks("x", ("a", "b"), ("label",), {"other": ("c", "d")}) == ()
