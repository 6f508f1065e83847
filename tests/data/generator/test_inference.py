"""Labels of pairs, worked by hand."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.data.generator import facts, inference, pairs_of_deeds, pairs_of_facts, pairs_of_visits
from tests.data.generator.conduct import MILD
from tests.data.generator.inference import FORMS, LABELS
from tests.data.generator.teller import Pair, Teller
from tests.data.generator.world import make


@pytest.fixture
def teller() -> Teller:
    return Teller(Random(7), make("train"))


def pairs(form: object, teller: Teller, label: str) -> list[Pair]:
    assert form in FORMS
    return [form(teller, label) for _ in range(150)]  # type: ignore[operator]


def done(text: str) -> bool:
    return "did not" not in text


@pytest.mark.parametrize(
    ("verb", "was_done"),
    [("managed to", True), ("did not forget to", True), ("failed to", False), ("did not bother to", False)],
)
def test_implicative_verbs_say_whether_it_was_done(teller: Teller, verb: str, was_done: bool) -> None:
    for label in ("entailment", "contradiction"):
        found = [pair for pair in pairs(pairs_of_deeds.outcome, teller, label) if f" {verb} " in pair[0]]
        assert found
        for _, hypothesis in found:
            assert (done(hypothesis) == was_done) == (label == "entailment")


def test_hopes_and_promises_say_nothing(teller: Teller) -> None:
    verbs = [pattern.split(" {}")[0] for pattern in pairs_of_deeds.OUTCOMES[None]]
    for premise, _ in pairs(pairs_of_deeds.outcome, teller, "neutral"):
        assert any(f" {verb} " in premise for verb in verbs)


@pytest.mark.parametrize(
    ("told", "hypothesis", "label"),
    [
        ("has stopped selling", "used to sell", "entailment"),
        ("has stopped selling", "does not sell", "entailment"),
        ("has stopped selling", " today", "either"),
        ("still sells", "does not sell", "contradiction"),
        ("has started selling", "used to sell", "contradiction"),
    ],
)
def test_what_stopped_was_so_before(teller: Teller, told: str, hypothesis: str, label: str) -> None:
    found = {
        given
        for given in ("entailment", "contradiction")
        for _ in range(8)
        for premise, asked in pairs(pairs_of_deeds.change, teller, given)
        if told in premise and hypothesis in asked
    }
    assert found == ({"entailment", "contradiction"} if label == "either" else {label})


def test_who_lends_still_owns_and_who_buys_pays(teller: Teller) -> None:
    for premise, hypothesis in pairs(pairs_of_deeds.transfer, teller, "entailment"):
        giver_first = any(verb in premise for verb in (" sold ", " gave ", " lent "))
        names = [person.full for person in teller.world.people if person.full in premise]
        names.sort(key=premise.index)
        giver, taker = names if giver_first else names[::-1]
        if "is the owner" in hypothesis:
            assert hypothesis.startswith(giver if " lent " in premise or " borrowed " in premise else taker)
        if " paid for " in hypothesis:
            assert " sold " in premise or " bought " in premise
            assert hypothesis.startswith(taker)


def test_everyone_but_one(teller: Teller) -> None:
    for label in ("entailment", "contradiction"):
        for premise, hypothesis in pairs(pairs_of_deeds.company, teller, label):
            liked = any(f" {verb} " in hypothesis for verb in MILD[True])
            if "everyone but" in premise and " praised it" in premise:
                exception = premise.split("everyone but ")[1].split()[0]
                assert (liked == (exception != hypothesis.split()[0])) == (label == "entailment")


def test_a_class_follows_from_its_member(teller: Teller) -> None:
    thing = next(thing for thing in teller.world.things if thing.feature == "brass")
    claims = {facts.claim(teller, thing, "feature", true=True) for _ in range(50)}
    assert f"{thing.name} is made of metal" in claims
    assert f"{thing.name} is not made of wood" in claims
    assert f"{thing.name} is made of wood" not in claims
    assert f"{thing.name} is not made of metal" not in claims


@pytest.mark.parametrize("year", [1924, 1960, 1969, 2023])
def test_years_lie_in_the_times_that_are_named(year: int) -> None:
    rng = Random(year)
    for right in (True, False):
        for _ in range(100):
            said = facts.time(rng, year, right=right)
            when, number = said.rsplit(" ", 1)
            holds = {
                "before": lambda n: year < int(n),
                "after": lambda n: year > int(n),
                "in the": lambda n: year // 10 == int(n[:-2]),
            }[when](number)
            assert holds == right, said


def test_comparisons_turn_round(teller: Teller) -> None:
    older = ("is older than", "is not as new as")
    newer = ("is newer than", "is not as old as")
    for label in ("entailment", "contradiction"):
        for premise, hypothesis in pairs(pairs_of_facts.comparison, teller, label):
            if not any(words in premise for words in older + newer):
                continue
            same_way = any(words in premise for words in older) == any(words in hypothesis for words in older)
            same_order = (
                premise.lower()[:8] == hypothesis.lower()[:8] or premise.split(" is ")[0] == hypothesis.split(" is ")[0]
            )
            assert (same_way == same_order) == (label == "entailment")


def test_visits_alone_and_in_company(teller: Teller) -> None:
    for _, hypothesis in pairs(pairs_of_visits.visit, teller, "neutral"):
        assert "refused" not in hypothesis
    for premise, hypothesis in pairs(pairs_of_visits.visit, teller, "contradiction"):
        if "had company" in hypothesis:
            assert "alone" in premise or "without" in premise


@pytest.mark.parametrize("label", LABELS)
def test_every_form_is_sayable(teller: Teller, label: str) -> None:
    for form in dict.fromkeys(FORMS):
        for premise, hypothesis in pairs(form, teller, label):
            for text in (premise, hypothesis):
                assert text[0].isupper()
                assert text.endswith(".")
                assert "{" not in text
                assert "  " not in text


def test_rows_are_balanced_and_distinct() -> None:
    rows = list(inference.rows(make("dev"), 300))
    assert Counter(label for _, label in rows) == dict.fromkeys(LABELS, 100)
    assert len({pair for pair, _ in rows}) == 300
    assert all(premise != hypothesis for (premise, hypothesis), _ in rows)
