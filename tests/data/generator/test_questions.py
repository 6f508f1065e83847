"""Answers stand where they are said to stand, and answer."""

from __future__ import annotations

from random import Random

from tests.data.generator import questions
from tests.data.generator.conduct import FOND
from tests.data.generator.passages import Passage, report
from tests.data.generator.questions import Question
from tests.data.generator.teller import Teller
from tests.data.generator.world import make


def told(seed: int) -> tuple[Teller, questions.Report]:
    teller = Teller(Random(seed), make("train"))
    return teller, report(teller)


def test_a_passage_remembers_its_slots() -> None:
    passage = Passage()
    passage.add("{maker} made {_thing}.", maker="Mira Lind", _thing="the Tarn kettle")
    passage.add("{price} is the price.", price="12 crowns")
    assert passage.text == "Mira Lind made the Tarn kettle. 12 crowns is the price."
    assert passage.at("maker") == "Mira Lind"
    assert passage.at("price") == "12 crowns"
    assert set(passage.places) == {"maker", "price"}


def test_answers_are_at_their_offsets_and_may_leave_an_article_out() -> None:
    seen = set()
    for row in questions.rows(make("dev"), 200):
        for answer in row.answers:
            assert row.context[answer.start : answer.start + len(answer.text)] == answer.text
        seen.add(tuple(answer.text for answer in row.answers))
    assert any(len(golds) == 2 and golds[0] == f"the {golds[1]}" for golds in seen)
    assert any(len(golds) == 2 and golds[0] == f"{golds[1]} crowns" for golds in seen)


def test_facts_are_those_of_the_world() -> None:
    for seed in range(40):
        teller, passage = told(seed)
        thing = passage.things[0]
        found = {question.slot: question for question in questions.questions(teller, passage)}
        assert passage.passage.at("maker0") == thing.maker.full
        assert passage.passage.at("year0") == str(thing.year)
        assert thing.name in found["maker0"].text


def test_what_was_liked_is_the_aspect_that_was_praised() -> None:
    asked = 0
    for seed in range(60):
        teller, passage = told(seed)
        for question in questions.questions(teller, passage):
            if question.text.startswith("What did") and " like about " in question.text:
                liked = [opinion.aspect.noun for opinion in passage.judged if opinion.positive]
                assert liked == [passage.passage.at(question.slot).lower()]
                asked += 1
    assert asked > 10


def test_a_capital_at_the_head_of_a_sentence_is_the_answers_own() -> None:
    passage = Passage()
    passage.add("{reason}: so it was.", reason="the rooms were cold")
    assert passage.at("reason") == "The rooms were cold"


def test_every_question_names_what_it_is_about() -> None:
    for seed in range(40):
        teller, passage = told(seed)
        names = (*(thing.name for thing in passage.things), passage.judged[0].person.full, passage.reason.person.full)
        for question in questions.questions(teller, passage):
            assert isinstance(question, Question)
            assert any(name in question.text for name in names)
            assert passage.passage.at(question.slot)


def test_the_judge_said_what_the_world_says() -> None:
    for seed in range(60):
        _, passage = told(seed)
        one = passage.judged[0]
        start = f"{one.person.full} "
        for verb in FOND[not one.positive]:
            assert f"{start}{verb} {one.aspect.noun} " not in passage.passage.text
