"""What the grammar says is what it means: negation turns, doubled negation turns back."""

from __future__ import annotations

from random import Random

import pytest

from tests.data.generator.aspects import ASPECTS, BAD, EXTREME, GOOD, HELD_OUT, more, most
from tests.data.generator.grammar import a, listed, sentence
from tests.data.generator.opinions import Voice
from tests.data.generator.turns import TURNS, Turn

PLOT, STAFF = ASPECTS["plot"], ASPECTS["staff*"]


def turn(pattern: str) -> Turn:
    return next(turn for turn in TURNS if turn.pattern == pattern)


@pytest.mark.parametrize(
    ("pattern", "word", "said", "positive"),
    [
        ("{be} {word}", "clever", "is clever", True),
        ("{be} not {word}", "clever", "is not clever", False),
        ("{be} not {word}", "bad", "is not bad", True),
        ("{be} barely {word}", "clever", "is barely clever", False),
        ("{be} hardly {word}", "thin", "is hardly thin", True),
        ("{be} anything but {word}", "wonderful", "is anything but wonderful", False),
        ("{be} never less than {word}", "clever", "is never less than clever", True),
        ("could not have been {more}", "clever", "could not have been more clever", True),
        ("could not have been {more}", "thin", "could not have been thinner", False),
        ("could have been {more}", "good", "could have been better", False),
        ("{be} less {word} than I had feared", "stale", "is less stale than I had feared", True),
    ],
)
def test_a_turn_says_its_word_or_the_opposite(pattern: str, word: str, said: str, positive: bool) -> None:
    used = turn(pattern)
    word_is_good = word in (*GOOD, *PLOT.praise)
    assert used.fits(word_is_good, word)
    assert used.say(PLOT, word, other="bad") == said
    assert (word_is_good != used.flips) == positive


def test_both_sides_of_a_correction_are_named() -> None:
    assert turn("{be} not {other} but {word}").say(STAFF, "kind", other="rude", past=True) == "were not rude but kind"


def test_turns_refuse_words_that_english_does_not_have_with_them() -> None:
    assert not turn("{be} barely {word}").fits(False, "bad")
    assert not turn("{be} very {word}").fits(True, "superb")
    assert not turn("{be} absolutely {word}").fits(True, "good")
    assert not turn("{be} rather {word}").fits(True, "good")


def test_a_voice_says_what_it_is_asked_to() -> None:
    """Reads each phrase back: the side of its words, turned where the turn turns."""
    voice = Voice(Random(3), "dev")
    for number in range(500):
        wanted, aspect = number % 2 == 0, (PLOT, STAFF)[number // 2 % 2]
        said = voice.predicate(aspect, wanted)
        assert said in {text for text, positive in _readings(aspect) if positive == wanted}
        assert said not in {text for text, positive in _readings(aspect) if positive != wanted}


def _readings(aspect: object) -> set[tuple[str, bool]]:
    assert aspect in (PLOT, STAFF)
    chosen = PLOT if aspect is PLOT else STAFF
    sides = {side: (*chosen.words(side), *(GOOD if side else BAD)) for side in (True, False)}
    return {
        (turn.say(chosen, word, other=other), side != turn.flips)
        for turn in TURNS
        for side in (True, False)
        for word in sides[side]
        for other in (sides[not side] if "{other}" in turn.pattern else ("",))
        if turn.fits(side, word)
    }


def test_training_never_says_the_words_that_are_held_out() -> None:
    voice = Voice(Random(1), "train")
    said = {voice.word(number % 2 == 0, aspect) for aspect in ASPECTS.values() for number in range(60)}
    assert not said & HELD_OUT
    unseen = Voice(Random(1), "dev")
    assert {unseen.word(number % 2 == 0, aspect) for aspect in ASPECTS.values() for number in range(60)} & HELD_OUT


def test_no_word_is_on_both_sides() -> None:
    praise = {*GOOD, *(word for aspect in ASPECTS.values() for word in aspect.praise)}
    blame = {*BAD, *(word for aspect in ASPECTS.values() for word in aspect.blame)}
    assert not praise & blame - {"soft", "light"}
    assert praise | blame >= EXTREME | HELD_OUT


@pytest.mark.parametrize(
    ("word", "comparative", "superlative"),
    [
        ("good", "better", "best"),
        ("bad", "worse", "worst"),
        ("thin", "thinner", "thinnest"),
        ("nice", "nicer", "nicest"),
        ("funny", "funnier", "funniest"),
        ("gripping", "more gripping", "most gripping"),
    ],
)
def test_words_are_compared(word: str, comparative: str, superlative: str) -> None:
    assert (more(word), most(word)) == (comparative, superlative)


def test_small_grammar() -> None:
    assert a("oak chair") == "an oak chair"
    assert a("good one") == "a good one"
    assert sentence("it works") == "It works."
    assert sentence("does it work?") == "Does it work?"
    assert listed(["Ana", "Ben", "Cem"]) == "Ana, Ben and Cem"
