"""Questions about the passages, with every span that answers them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from mtl_core.kinds.span import Answer
from tests.data.generator.conduct import MILD
from tests.data.generator.passages import Report, report, used, what_is_paid
from tests.data.generator.teller import Teller
from tests.data.generator.world import Opinion, Thing, World, at_or_of

A_PASSAGE = 5
"""Questions about each passage."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and which slot of the passage answers it."""

    text: str
    slot: str
    without: str = ""
    """A beginning that an answer may leave out: "the "."""
    before: str = ""
    """An end that an answer may leave out: " crowns"."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its passage, with every gold answer."""

    question: str
    context: str
    answers: tuple[Answer, ...]


def questions(teller: Teller, told: Report) -> list[Question]:
    """All that can be asked of a passage, in one wording each."""
    return [question for question in _all(teller, told) if question.slot in told.passage.places]


def unanswerable(teller: Teller, told: Report) -> list[Question]:
    """What a reader could ask and the passage does not say: of its things, of what people did not think, of another
    thing."""
    unsaid = [question for question in _all(teller, told) if question.slot not in told.passage.places]
    held = [*told.judged, *[told.other] * ("judge1" in told.passage.places)]
    turned = [Question(f"Who {teller.rng.choice(MILD[not one.positive])} {_aspect(one)}?", "") for one in held]
    return [*unsaid, *turned, *_of_facts(teller, teller.another(*told.things), 2)]


def _all(teller: Teller, told: Report) -> list[Question]:
    found = [question for number, thing in enumerate(told.things) for question in _of_facts(teller, thing, number)]
    return [*found, *_of_opinions(teller, told), *_of_deeds(told)]


def rows(world: World, count: int) -> Iterator[Asked]:
    """Questions about passages, a few about each; no passage twice."""
    teller = Teller(Random(f"passages {world.split}"), world)
    made = 0
    while made < count:
        told = report(teller)
        for question in teller.rng.sample(questions(teller, told), A_PASSAGE)[: count - made]:
            yield Asked(question.text, told.passage.text, answers(told, question))
            made += 1


def rows_with_none(world: World, count: int) -> Iterator[Asked]:
    """The same, on passages of their own, with two in five questions that the passage does not answer."""
    teller = Teller(Random(f"passages with no answer {world.split}"), world)
    made = 0
    while made < count:
        told = report(teller)
        without = teller.rng.sample(unanswerable(teller, told), A_PASSAGE * 2 // 5)
        asked = [*teller.rng.sample(questions(teller, told), A_PASSAGE - len(without)), *without]
        teller.rng.shuffle(asked)
        for question in asked[: count - made]:
            yield Asked(question.text, told.passage.text, () if question in without else answers(told, question))
            made += 1


def answers(told: Report, question: Question) -> tuple[Answer, ...]:
    """Gold answers: the whole slot, and the slot without what may be left out."""
    start, text = told.passage.places[question.slot].start, told.passage.at(question.slot)
    golds = [Answer(text, start)]
    if question.without and text.lower().startswith(question.without):
        cut = len(question.without)
        golds.append(Answer(text[cut:], start + cut))
    if question.before and text.endswith(question.before):
        golds.append(Answer(text.removesuffix(question.before), start))
    return tuple(golds)


def _of_facts(teller: Teller, thing: Thing, number: int) -> list[Question]:
    """Who, when, where, of what."""
    name, kind, asks = thing.name, thing.kind, thing.kind.sort.asks
    who = (f"Who {kind.made} {name}?", f"By whom was {name} {kind.made_by}?", f"Who is the {kind.maker} of {name}?")
    when = (asks["year"].format(thing=name), asks["year"].format(thing=name).replace("When", "In which year"))
    return [
        Question(teller.rng.choice(who), f"maker{number}"),
        Question(teller.rng.choice(when), f"year{number}"),
        Question(asks["town"].format(thing=name), f"town{number}"),
        Question(asks["feature"].format(thing=name), f"feature{number}", without=_article(thing.feature)),
    ]


def _of_opinions(teller: Teller, told: Report) -> list[Question]:
    """Who liked what, and what did they like?"""
    (one, two), other = told.judged, told.other
    found = [Question(f"Who {teller.rng.choice(MILD[other.positive])} {_aspect(other)}?", "judge1")]
    if one.positive != two.positive:
        good, bad = ("aspect0", "aspect1") if one.positive else ("aspect1", "aspect0")
        who, thing = one.person.full, one.thing.name
        found.append(Question(f"What did {who} like about {thing}?", good, without="the "))
        found.append(Question(f"What did {who} dislike about {thing}?", bad, without="the "))
    found.append(Question(f"Who {teller.rng.choice(MILD[two.positive])} {_aspect(two)}?", "judge0"))
    return found


def _of_deeds(told: Report) -> list[Question]:
    """Who did what and why, who paid how much?"""
    thing, what = told.things[0], what_is_paid(told.things[0])
    found = [
        Question(f"How much did {told.reason.person.full} pay for {what}?", "price", before=" crowns"),
        Question(f"Who paid for {what}?", "buyer"),
    ]
    if "did" in told.passage.places:
        did = told.passage.at("did")
        found.append(Question(f"Who {used(thing)} {thing.name} and {did}?", "visitor"))
        found.append(Question(f"What was the reason that {told.reason.person.full} {did}?", "reason"))
    return found


def _aspect(opinion: Opinion) -> str:
    return f"{opinion.aspect.noun} {at_or_of(opinion.thing)}"


def _article(text: str) -> str:
    """The words of a feature that an answer may leave out: "on a ", "a "."""
    words = text.split()
    for count in (2, 1):
        if len(words) > count and words[count - 1] in ("a", "an"):
            return " ".join(words[:count]) + " "
    return ""
