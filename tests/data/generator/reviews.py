"""Short reviews, positive or negative, of the works, places and products of the world.

What comes last or in the main clause decides: after "but", before "although", against what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from random import Random

from tests.data.generator.aspects import Aspect, most
from tests.data.generator.conduct import conduct
from tests.data.generator.grammar import a, capital, lines, sentence, words
from tests.data.generator.kinds_of_things import PLACE, PRODUCT
from tests.data.generator.opinions import Voice
from tests.data.generator.world import Thing, World

RELATIVES = words("sister brother mother father aunt uncle cousin neighbour colleague dentist friend")
NOUNS = {
    True: ("a joy", "a treat", "a triumph", "a gem", "a pleasure", "a success", "a small miracle"),
    False: ("a mess", "a bore", "a failure", "a nuisance", "a letdown", "a waste of money", "a sorry sight"),
}
NOUN_TURNS = {
    False: ("is {}", "is {} from start to finish", "is simply {}", "turned out to be {}"),
    True: lines("""
        is hardly {}
        is anything but {}
        is far from being {}
        is by no means {}
        was supposed to be {} and is nothing of the kind
        is not {}, whatever the papers say
    """),
}
"""What is said with a noun; under True what says the opposite of it."""
BUT = lines("""
    {0}, but {1}
    {0}, yet {1}
    {0}. Still, {1}
    {0}; even so, {1}
    {0}. And yet {1}
    {0}, but then {1}
""")
ALTHOUGH = lines("""
    although {0}, {1}
    even if {0}, {1}
    though {0}, {1}
    {1}, although {0}
    {1}, even if {0}
    {1}, though {0}
""")
"""{0} is given away, {1} counts."""
AGREES = {
    True: lines("""
        and I agree
        quite rightly
        and who would argue with that
        and I could not agree more
    """),
    False: lines("""
        and I disagree
        quite wrongly
        which only shows how wrong one can be
        and I could not disagree more
    """),
}


class Critic:
    """Writes reviews of one split's things. Each form is a way to arrive at an opinion."""

    def __init__(self, rng: Random, world: World) -> None:
        self.rng = rng
        self.world = world
        self.voice = Voice(rng, world.split)
        self.thing = world.things[0]
        self.past = False

    def review(self, positive: bool) -> str:
        """A review of a thing that is chosen at random."""
        self.about(self.rng.choice(self.world.things))
        return self.rng.choice(FORMS)(self, positive)

    def about(self, thing: Thing) -> None:
        """Turns to a thing; of places one speaks mostly in the past."""
        self.thing = thing
        self.past = thing.kind.sort is PLACE and self.rng.random() < 0.7

    def flat(self, positive: bool) -> str:
        """One thing said once."""
        return sentence(f"{self._at()}{self._clause(positive)}")

    def twice(self, positive: bool) -> str:
        """Two things said to the same effect."""
        said = [self._clause(positive, aspect) for aspect in self._two()]
        joint = self.rng.choice((", and ", "; ", ", and what is more, "))
        return sentence(self._at() + joint.join(said))

    def contrast(self, positive: bool) -> str:
        """The second half wins."""
        first, second = self._two()
        return self._joined(BUT, self._at() + self._clause(not positive, first), self._clause(positive, second))

    def concession(self, positive: bool) -> str:
        """The main clause wins, wherever it stands."""
        first, second = self._two()
        return self._joined(ALTHOUGH, self._clause(not positive, first), self._clause(positive, second))

    def despite(self, positive: bool) -> str:
        """A noun phrase is given away, the sentence counts."""
        first, second = self._two()
        given = f"{self.voice.word(not positive, first)} {first.noun.removeprefix('the ')}"
        opening = self.rng.choice(("Despite its {},", "For all its {},", "In spite of its {},", "Forget its {}:"))
        return sentence(f"{opening.format(given)} {self._judged(positive, second)}")

    def expected(self, positive: bool) -> str:
        """What was found counts, not what was expected."""
        name, noun = self.thing.name, self.thing.kind.noun
        hoped, found = self.voice.word(not positive), self.voice.word(positive)
        first, second = self._two()
        before = self.voice.clause(first, not positive, past=True, personal=False)
        forms = (
            f"I expected {a(f'{hoped} {noun}')} and got {a(f'{found} one')}",
            f"I had been promised {a(f'{hoped} {noun}')}; {self._clause(positive)}",
            f"from what I had read of {name} I thought that {before}. Not so",
            f"the advertisements call {name} {hoped}. {capital(self._clause(positive, second))}",
            f"I wanted to {'hate' if positive else 'love'} {name}, but {self._clause(positive)}",
            f"I was ready to {'complain' if positive else 'cheer'}, and then {self._clause(positive)}",
        )
        return sentence(self.rng.choice(forms))

    def reported(self, positive: bool) -> str:
        """Someone else's opinion, shared or not."""
        shared = self.rng.random() < 0.7
        word = self.voice.word(positive == shared)
        says = self.rng.choice(("calls {} {}", "finds {} {}", "says that {} is {}")).format(self.thing.name, word)
        return sentence(f"{self._someone()} {says}, {self.rng.choice(AGREES[shared])}")

    def superlative(self, positive: bool) -> str:
        """Not the worst, only the longest: both superlatives are on one side, and "not" turns neither."""
        noun, town, name = self.thing.kind.noun, self.thing.town, self.thing.name
        one, other = (most(word) for word in self.rng.sample(self.voice.mild_words(positive), 2))
        where = self.rng.choice((f"in {town}", "that I know", "of the year"))
        forms = (
            f"{name} is not the {one} {noun} {where}, only the {other}",
            f"perhaps not the {one} {noun} {where}, but surely the {other}",
            f"{name} is one of the {one} {noun}s {where}",
            f"there may be a {noun} {where} that is {self.voice.word(not positive)}; {name} is not it",
            f"of all the {noun}s {where}, {name} is the {other}",
        )
        return sentence(self.rng.choice(forms))

    def acted(self, positive: bool) -> str:
        """What someone did, and not a word of why."""
        does = self.rng.choice(conduct(self.thing.kind, positive))
        return sentence(f"{self._someone()} {self.thing.kind.used} {self.thing.name} and {does}")

    def acted_against(self, positive: bool) -> str:
        """What someone did in spite of what there was to say; the deed counts."""
        does = f"{self._someone()} {self.rng.choice(conduct(self.thing.kind, positive))}"
        return self._joined(BUT + ALTHOUGH, self._clause(not positive), does)

    def unlike(self, positive: bool) -> str:
        """Another thing of the kind is of the other sort."""
        kind = self.thing.kind
        others = [thing.name for thing in self.world.things if thing.kind is kind and thing is not self.thing]
        word, name = self.voice.word(not positive), self.rng.choice(others)
        openings = (
            f"unlike {name}, which is {word}",
            f"after {name}, {a(f'{word} {kind.noun}')}",
            f"compared with {a(word)} {kind.noun} like {name}",
        )
        return sentence(f"{self.rng.choice(openings)}, {self._judged(positive, self.rng.choice(kind.aspects))}")

    def noun(self, positive: bool) -> str:
        """A joy, or anything but a joy."""
        flips = self.rng.random() < 0.35
        said = self.rng.choice(NOUN_TURNS[flips]).format(self.rng.choice(NOUNS[positive != flips]))
        rest = f"; {self._clause(positive)}" if self.rng.random() < 0.4 else ""
        return sentence(f"{self.thing.name} {said}{rest}")

    def _two(self) -> list[Aspect]:
        return self.rng.sample(self.thing.kind.aspects, 2)

    def _someone(self) -> str:
        return f"my {self.rng.choice(RELATIVES)}"

    def _clause(self, positive: bool, aspect: Aspect | None = None) -> str:
        return self.voice.clause(aspect or self.rng.choice(self.thing.kind.aspects), positive, past=self.past)

    def _judged(self, positive: bool, aspect: Aspect) -> str:
        """The whole thing or one aspect of it."""
        if self.rng.random() < 0.5:
            return f"this {self.thing.kind.noun} is {self.voice.word(positive)}"
        return f"its {self.voice.clause(aspect, positive, past=self.past).removeprefix('the ')}"

    def _at(self) -> str:
        """Where we are, or nothing."""
        name, sort = self.thing.name, self.thing.kind.sort
        if self.rng.random() < 0.2:
            return ""
        if sort is PLACE:
            there = f"{name} in {self.thing.town}"
            return self.rng.choice((f"at {there}, ", f"at {name}, ", f"{there}: "))
        if sort is PRODUCT:
            return self.rng.choice((f"I bought {name}: ", f"on {name}, ", f"about {name}: "))
        made = f"{self.thing.maker.full} has {self.thing.kind.made_by} {a(self.thing.kind.noun)}, and "
        return self.rng.choice((f"in {name}, ", made, f"{name}: "))

    def _joined(self, patterns: tuple[str, ...], given: str, counts: str) -> str:
        text = self.rng.choice(patterns).format(given, counts)
        return sentence(". ".join(capital(part) for part in text.split(". ")))


WEIGHTS: dict[Callable[[Critic, bool], str], int] = {
    Critic.flat: 4,
    Critic.twice: 10,
    Critic.contrast: 3,
    Critic.concession: 1,
    Critic.despite: 2,
    Critic.expected: 2,
    Critic.reported: 2,
    Critic.superlative: 2,
    Critic.acted: 3,
    Critic.acted_against: 1,
    Critic.unlike: 1,
    Critic.noun: 3,
}
FORMS = tuple(form for form, weight in WEIGHTS.items() for _ in range(weight))


def rows(world: World, count: int, taken: Set[str] = frozenset()) -> Iterator[tuple[str, bool]]:
    """Reviews with their polarity, half of them positive, none twice and none of those `taken`."""
    rng, seen = Random(f"reviews {world.split}"), set(taken)
    critic = Critic(rng, world)
    polarities = [number % 2 == 0 for number in range(count)]
    rng.shuffle(polarities)
    for positive in polarities:
        text = critic.review(positive)
        while text in seen:
            text = critic.review(positive)
        seen.add(text)
        yield text, positive
