"""Which half of a review counts."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest

from tests.data.generator import reviews
from tests.data.generator.aspects import ASPECTS, GOOD
from tests.data.generator.opinions import Voice
from tests.data.generator.reviews import FORMS, Critic
from tests.data.generator.world import make

PRAISE = {*GOOD, *(word for aspect in ASPECTS.values() for word in aspect.praise)}


@pytest.fixture
def critic(monkeypatch: pytest.MonkeyPatch) -> Critic:
    """Says of each aspect plainly GOOD or BAD, so that a review's shape can be read."""

    def plain(self: Voice, aspect: object, positive: bool, **_: bool) -> str:
        return "is GOOD" if positive else "is BAD"

    monkeypatch.setattr(Voice, "predicate", plain)
    monkeypatch.setattr(Voice, "word", lambda _self, positive, _aspect=None: "GOOD" if positive else "BAD")
    return Critic(Random(5), make("train"))


def said(text: str) -> list[str]:
    return re.findall("GOOD|BAD", text)


@pytest.mark.parametrize("positive", [True, False])
def test_after_but_the_second_half_wins(critic: Critic, positive: bool) -> None:
    wins, loses = ("GOOD", "BAD") if positive else ("BAD", "GOOD")
    for _ in range(50):
        assert said(critic.contrast(positive)) == [loses, wins]


@pytest.mark.parametrize("positive", [True, False])
def test_the_main_clause_beats_although_wherever_it_stands(critic: Critic, positive: bool) -> None:
    wins, loses = ("GOOD", "BAD") if positive else ("BAD", "GOOD")
    for _ in range(50):
        text = critic.concession(positive)
        first = text.startswith(("Although", "Even if", "Though"))
        assert said(text) == ([loses, wins] if first else [wins, loses])


@pytest.mark.parametrize("positive", [True, False])
def test_what_was_given_away_or_is_elsewhere_loses(critic: Critic, positive: bool) -> None:
    wins, loses = ("GOOD", "BAD") if positive else ("BAD", "GOOD")
    for _ in range(50):
        assert said(critic.despite(positive)) == [loses, wins]
        assert said(critic.unlike(positive)) == [loses, wins]


@pytest.mark.parametrize("positive", [True, False])
def test_what_was_found_beats_what_was_expected(critic: Critic, positive: bool) -> None:
    wins, loses = ("GOOD", "BAD") if positive else ("BAD", "GOOD")
    for _ in range(80):
        text = critic.expected(positive)
        if text.endswith("Not so."):
            assert said(text) == [loses]
        elif "I wanted to" in text or "I was ready" in text:
            assert said(text) == [wins]
            assert ("hate" in text or "complain" in text) == positive
        else:
            assert said(text) == [loses, wins]


@pytest.mark.parametrize("positive", [True, False])
def test_a_report_counts_as_far_as_it_is_shared(critic: Critic, positive: bool) -> None:
    for _ in range(50):
        text = critic.reported(positive)
        shared = text.endswith(("and I agree.", "quite rightly.", "argue with that.", "not agree more."))
        assert said(text) == ["GOOD" if positive == shared else "BAD"]


def test_not_the_worst_only_the_poorest_is_no_praise() -> None:
    critic = Critic(Random(2), make("train"))
    texts = [critic.superlative(False) for _ in range(300)]
    found = [text for text in texts if " is not the " in text]
    assert found
    for text in found:
        assert not PRAISE & set(re.findall(r"[a-z-]+", text.lower()))


def test_every_form_is_sayable_of_everything() -> None:
    critic = Critic(Random(4), make("dev"))
    for thing in critic.world.things:
        critic.about(thing)
        for form in dict.fromkeys(FORMS):
            text = form(critic, True)
            assert text[0].isupper()
            assert text.endswith(".")
            assert not re.search(r"[{}]|\.\.|  |, ,", text)


def test_rows_are_balanced_distinct_and_leave_out_what_is_taken() -> None:
    world = make("dev")
    first = list(reviews.rows(world, 200))
    assert Counter(positive for _, positive in first) == {True: 100, False: 100}
    taken = {text for text, _ in first}
    assert len(taken) == 200
    assert not taken & {text for text, _ in reviews.rows(world, 200, taken)}
