"""One of several texts is the right one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any, ClassVar

from mtl_core.kinds import Kind, Task
from mtl_core.kinds._blocks import Bar, Block, Passage, Ranked
from mtl_core.kinds._column import Column
from mtl_core.kinds._guessing import Columns, Guess, inputs_of, titled
from mtl_core.kinds._reading import Reader, Row, is_empty
from mtl_core.records import Answered, DevExample, Example, Prediction

OPTIONS = "Options"

OPTION = re.compile(r"(.*?)[_ -]?([0-9]+|[a-z])")
STEMS = ("choice", "option", "opt", "ending", "answer", "alternative", "candidate", "antwort", "wahl")
"""What columns of options are called, before a number or a letter."""
LISTS = ("choices", "options", "endings", "alternatives", "candidates")
"""What a column with a list of all options is called."""
ANSWERS = (
    "label",
    "answer",
    "answerkey",
    "answer_key",
    "correct",
    "correct_answer",
    "correct_option",
    "answer_index",
    "answer_idx",
    "gold",
    "target",
    "key",
    "solution",
    "antwort",
    "lösung",
    "richtig",
)
"""What the column with the right option is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Task):
    """One of several texts is the right one. The last `choices` of `inputs` hold the options."""

    kind: ClassVar[str] = "multiple_choice"

    choices: int = 2
    """Number of options that each example has, at least 2."""
    stem: str = ""
    """The text that each option is read beside, from the columns before the options: "{premise} What was the
    {question} of this?". Empty: those columns, one after the other."""
    label_columns: tuple[str, ...] = ("label",)
    """Names that the column with the right option's number may have."""
    first_choice: int = 0
    """The number that the data have for the first option."""
    choices_column: str = ""
    """The column that holds all options of a row: a list of texts, or of objects with text and label, or an object
    with lists of both. Empty: each option has a column of its own."""
    metrics: tuple[str, ...] = ("accuracy",)

    def stem_of(self, inputs: Sequence[str]) -> str:
        """The text that each option is read beside."""
        before = inputs[: -self.choices]
        return self.stem.format(**dict(zip(self.inputs, before, strict=False))) if self.stem else " ".join(before)


class MultipleChoiceReader(Reader):
    """Reads texts, options and the number of the right one."""

    def __init__(self, task: MultipleChoice) -> None:
        super().__init__(task)
        self.gold_columns = task.label_columns
        self._marks: list[str] = []

    @property
    def needs(self) -> tuple[tuple[str, ...], ...]:
        """The columns with the texts; the one with all options in their place."""
        task: MultipleChoice = self.task
        if not task.choices_column:
            return super().needs
        return ((*task.inputs[: -task.choices], task.choices_column),)

    def texts(self, row: Row) -> list[str]:
        """The texts, and each option. Raises ValueError for another number of options."""
        task: MultipleChoice = self.task
        if not task.choices_column or task.choices_column not in row:
            self._marks = []
            return super().texts(row)
        found, self._marks = _listed(row[task.choices_column])
        if len(found) != task.choices:
            raise ValueError(
                f"{len(found)} options in '{task.choices_column}', where {task.name} has {task.choices}. "
                "Each row needs as many."
            )
        before = [row[name] for name in task.inputs[: -task.choices]]
        return ["" if text is None else str(text) for text in (*before, *found)]

    def unlabelled(self, value: Any) -> bool:
        """True for no label, "-", and the -1 of the hub's data sets."""
        return is_empty(value) or str(value).strip() == "-1"

    def gold(self, value: Any, inputs: tuple[str, ...]) -> int:
        """The right option's place, from 0: by the label that the row has for it, its number, its letter or its own
        text."""
        task: MultipleChoice = self.task
        text, options = str(value).strip(), inputs[-task.choices :]
        if text in self._marks:
            return self._marks.index(text)
        places = {str(number + task.first_choice): number for number in range(task.choices)}
        letters = dict(zip(ascii_lowercase, range(task.choices), strict=False))
        number = places.get(text.removesuffix(".0"), letters.get(text.lower()))
        if options.count(text) == 1:
            number = options.index(text) if number is None else number
        if number is None:
            first, *_, last = places
            raise ValueError(
                f"'{value}' is no option of {task.name}. Options are numbered {first} to {last}, or A to "
                f"{ascii_lowercase[min(task.choices, 26) - 1].upper()}, or given by their text."
            )
        return number


class MultipleChoiceKind(Kind):
    """Options: gold is the right one's place; an answer keeps the probabilities of all."""

    name = "multiple_choice"
    asks = "Which option is the right one?"
    answers = "labels"
    right_words = "the right option"

    def reader(self, task: MultipleChoice) -> MultipleChoiceReader:
        """A reader of options."""
        return MultipleChoiceReader(task)

    def guess(self, table: Columns) -> Guess | None:
        """Columns called choice1, choice2, ... or option_a, option_b, ... or A, B, C, ..., or one with lists of as
        many texts, beside the number or the letter of the right one."""
        options, listed = _series(table.columns), _list_of_options(table)
        count = len(options) or (max(listed.lengths, key=listed.lengths.__getitem__) if listed else 0)
        right = _right(table, options, listed, count)
        if count < 2 or right is None:
            return None
        texts = [
            one
            for one in table.columns
            if one not in (*options, listed, right) and not one.numeric and not one.structured
            if one.mean_words > (1.5 if listed else 1)
        ]
        chosen = [one for one in texts if one.name in (table.inputs or (one.name,))]
        fields = inputs_of([*chosen, *options])
        if listed and not options:
            names = [f"{listed.name} {number}" for number in range(1, count + 1)]
            fields = {key: [*value, *names] for key, value in fields.items()}
            fields |= {"input_titles": [titled(one) for one in fields["inputs"]], "choices_column": listed.name}
        first = 0 if not right.numeric or right.low <= 0 else 1
        return Guess(0.99, {**fields, "choices": count, "first_choice": first, "label_columns": [right.name]})

    def stratum(self, task: MultipleChoice, example: Example) -> str:
        """The right option's number."""
        return str(example.gold + task.first_choice)

    def unanswered(self, inputs: tuple[str, ...]) -> Example:
        """With the first option as a placeholder."""
        return Example("typed", inputs, 0)

    def show(self, task: MultipleChoice, example: Example, position: int) -> DevExample:
        """Texts, and the right option by place and text."""
        text = example.inputs[len(example.inputs) - task.choices + example.gold]
        gold = {"choice": example.gold, "of": task.choices}
        return DevExample(example.id, task.name, position, example.inputs, [gold], text)

    def compared(
        self, task: MultipleChoice, examples: Sequence[Example], predictions: Sequence[Prediction]
    ) -> tuple[list[int], list[int]]:
        """Places of options."""
        return [one.detail["choice"] for one in predictions], [example.gold for example in examples]

    def stored(self, task: MultipleChoice | None, gold: list[Any]) -> int:
        """The right option's place."""
        return int(gold[0]["choice"])

    def recognises(self, gold: list[Any]) -> bool:
        """A gold answer is a place among options."""
        return bool(gold) and all(isinstance(one, dict) and "choice" in one for one in gold)

    def agree(self, answers: Sequence[Answered]) -> bool:
        """True where all chose the same place: two options may have one text."""
        return len({answer.detail["choice"] for answer in answers}) == 1

    def passages(self, titles: Sequence[str], example: DevExample) -> list[Passage]:
        """The texts before the options, which stand with each answer."""
        return super().passages(titles, example)[: -example.gold[0]["of"]]

    def quiet(self, example: DevExample) -> frozenset[int]:
        """The options."""
        return frozenset(range(len(example.inputs) - example.gold[0]["of"], len(example.inputs)))

    def gold_blocks(self, example: DevExample) -> list[Block]:
        """None: the right option is marked in each answer."""
        return []

    def answer_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """Every option with its probability, the right one marked."""
        return [_ranked(example.inputs, prediction.detail, example.gold[0]["choice"])]

    def long_inputs(self, task: MultipleChoice) -> frozenset[int]:
        """The first text, where there are others before the options."""
        return frozenset({0}) if len(task.inputs) == task.choices + 1 else frozenset()

    def reply_blocks(self, inputs: Sequence[str], answer: Answered) -> list[Block]:
        """Every option with its probability."""
        return [_ranked(inputs, answer.detail, None)]

    def document(self, answer: Answered) -> dict[str, Any]:
        """The option, its place from 1, and all probabilities."""
        shares = answer.detail["probabilities"]
        return {"choice": answer.detail["choice"] + 1, "text": answer.prediction, "probabilities": shares}

    def words(self, answer: Answered) -> str:
        """The option and the probabilities of all in percent."""
        shares = ", ".join(f"{100 * share:.1f} %" for share in answer.detail["probabilities"])
        return f"{answer.detail['choice'] + 1}. {answer.prediction}  ({shares})"


def judged(task: MultipleChoice, example: Example, shares: Sequence[float]) -> Prediction:
    """The likeliest option beside the right one. `shares` are the options' probabilities, in their order."""
    best = max(range(task.choices), key=shares.__getitem__)
    right = best == example.gold
    text = example.inputs[len(example.inputs) - task.choices + best]
    return Prediction(example.id, text, right, float(right), shares[best], {"choice": best, "probabilities": [*shares]})


def _ranked(inputs: Sequence[str], detail: Mapping[str, Any], gold: int | None) -> Ranked:
    shares: Sequence[float] = detail.get("probabilities", ())
    texts = inputs[len(inputs) - len(shares) :]
    bars = [
        Bar(text, share, place == gold, place == detail["choice"])
        for place, (text, share) in enumerate(zip(texts, shares, strict=True))
    ]
    return Ranked(OPTIONS, tuple(bars))


def _series(columns: Sequence[Column]) -> list[Column]:
    """Columns of options, one after the other: their names have one stem, and 1, 2, ... or a, b, ... behind it."""
    found: dict[str, dict[str, Column]] = {}
    for column in columns:
        parts = OPTION.fullmatch(column.name.lower().strip())
        if parts and not column.structured:
            found.setdefault(parts[1], {})[parts[2]] = column
    for stem, members in found.items():
        least = 2 if stem in STEMS else 3
        for order in (ascii_lowercase, [*map(str, range(len(members)))], [*map(str, range(1, len(members) + 1))]):
            if len(members) >= least and [*members] == [*order[: len(members)]] and _are_options(stem, order):
                return [*members.values()]
    return []


def _are_options(stem: str, order: Sequence[str]) -> bool:
    """True for a known stem, or for letters behind any other or none: A, B, C."""
    return stem in STEMS or order == ascii_lowercase


def _list_of_options(table: Columns) -> Column | None:
    """The column with a list of options in each row."""
    lists = [column for column in table.named(*LISTS) if column and column.structured and column.lengths]
    return next((column for column in lists if max(column.lengths) > 1), None)


def _right(table: Columns, options: Sequence[Column], listed: Column | None, count: int) -> Column | None:
    """The column that says which option is right: the one that was said, or a known name, or one of whole numbers."""
    if table.answer:
        return next((column for column in table.columns if column.name == table.answer), None)
    known = [column for column in table.named(*ANSWERS) if column and column.filled and column not in options]
    letters = {*ascii_lowercase[:count], *([*map(str, range(1, count + 1))] if listed else [])}
    for column in known:
        lettered = column.counts is not None and {one.lower() for one in column.counts} <= letters
        numbered = column.numeric and not column.fractions and 0 <= column.low <= column.high <= count
        if not column.structured and (lettered or numbered or ((options or listed) and column.longest > 1)):
            return column
    return table.label(
        lambda one: one.numeric and not one.fractions and one.high <= count and len(one.counts or ()) > 1
    )


def _listed(value: Any) -> tuple[list[Any], list[str]]:
    """A row's options and what it calls each: A, B, ... Nothing for what is no list of options."""
    if isinstance(value, Mapping):
        return list(value.get("text") or ()), [str(one) for one in value.get("label") or ()]
    options = list(value) if isinstance(value, (list, tuple)) else []
    if options and all(isinstance(one, Mapping) for one in options):
        marks = [str(one["label"]) for one in options if "label" in one]
        return [one.get("text", "") for one in options], marks if len(marks) == len(options) else []
    return options, []
