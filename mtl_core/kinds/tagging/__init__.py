"""Every word of a text gets a tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any, ClassVar

from mtl_core.kinds import Kind, Task
from mtl_core.kinds._blocks import Block, Marked, Passage
from mtl_core.kinds._guessing import MOST_LABELS, Columns, Guess
from mtl_core.kinds._marks import Piece, Range, pieces
from mtl_core.kinds._numbered import own_labels, remarks
from mtl_core.kinds._reading import Reader, Row, indices, is_empty
from mtl_core.metrics import _entities
from mtl_core.records import Answered, DevExample, Example, Prediction

NONE = "none"
"""The answer in a word where no word has a tag of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging(Task):
    """Every word of a text gets a tag. Words are what blanks part."""

    kind: ClassVar[str] = "tagging"

    inputs: tuple[str, ...] = ("tokens",)
    input_titles: tuple[str, ...] = ("Sentence",)
    labels: tuple[str, ...]
    """Names of the tags; a tag in the data is such a name or its index."""
    label_columns: tuple[str, ...] = ("ner_tags", "tags")
    """Names that the column with the tags may have."""
    metrics: tuple[str, ...] = ("entity_f1", "tag_accuracy")


class TaggingReader(Reader):
    """Reads words and as many tags, both as lists or with blanks between them."""

    def __init__(self, task: Tagging) -> None:
        super().__init__(task)
        self.gold_columns = task.label_columns
        self._numbers = indices(task.labels)

    def unlabelled(self, value: Any) -> bool:
        """True for no tags at all."""
        return value is None or (isinstance(value, str) and is_empty(value))

    def texts(self, row: Row) -> list[str]:
        """The words with one blank between two. Raises ValueError for a word that is empty or has blanks in it."""
        names = self.task.inputs if self.task.inputs[0] in row else self.task.hub_inputs or self.task.inputs
        return [" ".join(_words(row[name])) for name in names]

    def gold(self, value: Any, inputs: tuple[str, ...]) -> tuple[int, ...]:
        """The tags' indices."""
        tags, words = value.split() if isinstance(value, str) else list(value or ()), inputs[0].split()
        if len(tags) != len(words):
            raise ValueError(f"{len(words):,} words and {len(tags):,} tags. Give each word one.")
        unknown = next((tag for tag in tags if str(tag) not in self._numbers), None)
        if unknown is not None:
            raise ValueError(f"unknown tag '{unknown}' for {self.task.name}. Tags are {', '.join(self.task.labels)}.")
        return tuple(self._numbers[str(tag)] for tag in tags)


class TaggingKind(Kind):
    """Tags: gold is every word's tag by index; an answer keeps every word's tag and its probability."""

    name = "tagging"
    asks = "Which tag has each word?"
    answers = "tags"
    right_from = 1.0
    right_words = "the right tag for every word"
    score_title = "share of right tags"

    def reader(self, task: Tagging) -> TaggingReader:
        """A reader of tagged words."""
        return TaggingReader(task)

    def guess(self, table: Columns) -> Guess | None:
        """A list of words beside a list of as many tags, which are few."""
        lists = [column for column in table.columns if column.structured and column.parts]
        words = next((column for column in lists if column.name.lower() in ("tokens", "words")), None)
        tags = next((one for one in lists if one is not words and one.name == (table.answer or one.name)), None)
        if words is None or tags is None or len(tags.parts) > MOST_LABELS:
            return None
        if all(tag.isdecimal() for tag in tags.parts) and not table.labels:
            return None  # which of them is outside of every entity is not known
        labels = sorted(tags.parts, key=lambda tag: (tag != "O", tag))
        return Guess(0.98, {"inputs": [words.name], "labels": labels, "label_columns": [tags.name]})

    def with_names(self, task: Tagging, row: Row, names: Mapping[str, Sequence[str]]) -> Row:
        """The tags by name where the file's schema has the task's own names, as it may number them otherwise."""
        for column in task.label_columns:
            value, own = row.get(column), own_labels(names.get(column, ()), task.labels)
            if own and isinstance(value, (list, tuple)):
                return {**row, column: [own.get(one, one) if isinstance(one, int) else one for one in value]}
        return row

    def named(self, task: Tagging, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """Names that are not the task's: taken by their number, or refused."""
        return remarks(task.name, task.labels, task.label_columns, names)

    def unanswered(self, inputs: tuple[str, ...]) -> Example:
        """With the first tag as a placeholder."""
        return Example("typed", (" ".join(inputs[0].split()),), (0,) * len(inputs[0].split()))

    def show(self, task: Tagging, example: Example, position: int) -> DevExample:
        """Words and tags."""
        tags = [task.labels[index] for index in example.gold]
        label = in_words(example.inputs[0].split(), tags)
        return DevExample(example.id, task.name, position, example.inputs, [{"tags": tags}], label)

    def compared(
        self, task: Tagging, examples: Sequence[Example], predictions: Sequence[Prediction]
    ) -> tuple[list[list[str]], list[list[str]]]:
        """Every word's tag, by name."""
        golds = [[task.labels[index] for index in example.gold] for example in examples]
        return [one.detail["tags"] for one in predictions], golds

    def stored(self, task: Tagging | None, gold: list[Any]) -> list[str]:
        """Every word's tag, by name."""
        return [*gold[0]["tags"]]

    def recognises(self, gold: list[Any]) -> bool:
        """A gold answer is a list of tags."""
        return bool(gold) and isinstance(gold[0], dict) and "tags" in gold[0]

    def agree(self, answers: Sequence[Answered]) -> bool:
        """True where all gave every word the same tag."""
        return len({tuple(answer.detail["tags"]) for answer in answers}) == 1

    def passages(self, titles: Sequence[str], example: DevExample) -> list[Passage]:
        """None: the text is drawn with each answer in it."""
        return []

    def gold_blocks(self, example: DevExample) -> list[Block]:
        """Every entity, or every word's tag, in the text."""
        return [_marked(example.inputs[0].split(), example.gold[0]["tags"], (), "Gold")]

    def answer_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """What is tagged, marked in the text with its tags, beside what should be."""
        words = example.inputs[0].split()
        return [_marked(words, example.gold[0]["tags"], prediction.detail["tags"], "Predicted")]

    def same_answer(self, prediction: Prediction) -> object:
        """All tags."""
        return tuple(prediction.detail["tags"])

    def score_text(self, prediction: Prediction) -> str:
        """Share of right tags."""
        return f"{100 * prediction.score:.0f} % of the tags"

    def long_inputs(self, task: Tagging) -> frozenset[int]:
        """The text."""
        return frozenset({0})

    def reply_blocks(self, inputs: Sequence[str], answer: Answered) -> list[Block]:
        """What is tagged, marked in the text with its tags."""
        return [_marked(inputs[0].split(), (), answer.detail["tags"])]

    def reply_title(self, answer: Answered) -> str:
        """Nothing above the marked text, unless it has no mark."""
        return NONE if answer.prediction == NONE else ""

    def document(self, answer: Answered) -> dict[str, Any]:
        """Every word's tag and its probability."""
        return {"answer": answer.prediction, "tags": answer.detail["tags"], "probabilities": answer.detail["shares"]}

    def words(self, answer: Answered) -> str:
        """What is tagged, and every word's tag."""
        return f"{answer.prediction}  ({' '.join(answer.detail['tags'])})"


def judged(task: Tagging, example: Example, tags: Sequence[int], shares: Sequence[float]) -> Prediction:
    """Tags beside the right ones; the score is the share of right ones, the confidence that in
    the tag which is least sure."""
    names = [task.labels[tag] for tag in tags]
    right = sum(ours == theirs for ours, theirs in zip(tags, example.gold, strict=True))
    return Prediction(
        example=example.id,
        prediction=in_words(example.inputs[0].split(), names),
        correct=right == len(names),
        score=right / len(names) if names else 1.0,
        confidence=min(shares, default=1.0),
        detail={"tags": names, "shares": [round(share, 6) for share in shares]},
    )


def in_words(words: Sequence[str], tags: Sequence[str]) -> str:
    """What is tagged in a line: "EU ORG · German MISC"."""
    return " · ".join(listed(words, tags)) or NONE


def listed(words: Sequence[str], tags: Sequence[str]) -> tuple[str, ...]:
    """Every entity with its kind, or every word with its tag where tags name no entities."""
    if not _named(tags):
        return tuple(f"{word} {tag}" for word, tag in zip(words, tags, strict=True))
    found = _entities.entities(tags)
    return tuple(f"{' '.join(words[start:end])} {kind}".rstrip() for kind, start, end in found)


def marks(words: Sequence[str], tags: Sequence[str]) -> list[Range]:
    """Characters that entities cover in the words with blanks between them; none where tags name no entities."""
    starts = [0, *accumulate(len(word) + 1 for word in words)]
    found = _entities.entities(tags) if _named(tags) else []
    return [(starts[first], starts[end] - 1) for _, first, end in found]


def _marked(words: Sequence[str], golds: Sequence[str], tags: Sequence[str], title: str = "") -> Marked:
    """The text with its predicted `tags` beside the gold ones, or with whichever of them there are."""
    shown = tags or golds
    titled = f"{title}: {NONE}" if title and in_words(words, shown) == NONE else title
    if not _named(shown) or (golds and not _named(golds)):
        each = [
            Piece(word, gold=False, predicted=False, tag=tag)
            for word, tag in zip(words, _told(shown, golds), strict=True)
        ]
        blank = Piece(" ", gold=False, predicted=False)
        return Marked(tuple(piece for one in each for piece in (one, blank))[:-1], title=titled)
    found, place = [], 0
    kinds, others = ({end: kind for kind, _, end in _entities.entities(some)} for some in (shown, golds))
    ends = dict(zip([end for _, end in ranges(" ".join(words))], range(1, len(words) + 1), strict=True))
    for piece in pieces(" ".join(words), marks(words, golds), marks(words, tags)):
        place += len(piece.text)
        kind, other = kinds.get(ends.get(place, 0), ""), others.get(ends.get(place, 0), "")
        found.append(replace(piece, tag=kind if not other or kind in ("", other) else f"{kind}, not {other}"))
    return Marked(tuple(found), title=titled)


def _told(tags: Sequence[str], golds: Sequence[str]) -> list[str]:
    """Each tag, and the gold one where that is another."""
    pairs = zip(tags, golds or tags, strict=True)
    return [ours if ours == theirs else f"{ours}, not {theirs}" for ours, theirs in pairs]


def ranges(text: str) -> list[Range]:
    """Characters of each word of a text that has one blank between two."""
    starts = [0, *accumulate(len(word) + 1 for word in text.split())]
    return [(begin, end - 1) for begin, end in pairwise(starts)]


def _named(tags: Sequence[str]) -> bool:
    """True where these tags name entities, or none at all."""
    return _entities.are_entities([_entities.OUTSIDE, "B-", *tags])


def _words(value: Any) -> list[str]:
    """A row's words, given as a list or with blanks between them."""
    if value is None:
        return []
    if isinstance(value, str):
        return value.split()
    words = [str(word) for word in value]
    broken = next((word for word in words if len(word.split()) != 1), None)
    if broken is not None:
        raise ValueError(f"the word '{broken}' is empty or has blanks in it. Give each word by itself.")
    return words
