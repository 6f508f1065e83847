"""One of several texts is the right one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mtl_core.kinds import Kind, Task
from mtl_core.kinds._blocks import Bar, Block, Passage, Ranked
from mtl_core.kinds._guessing import Columns, Guess, inputs_of
from mtl_core.kinds._reading import Reader, is_empty
from mtl_core.records import Answered, DevExample, Example, Prediction

OPTIONS = "Options"

OPTION = re.compile(r"(choice|option|ending|answer)_?([0-9]+|[a-z])")


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

    def unlabelled(self, value: Any) -> bool:
        """True for no label, "-", and the -1 of the hub's data sets."""
        return is_empty(value) or str(value).strip() == "-1"

    def gold(self, value: Any, inputs: tuple[str, ...]) -> int:
        """The right option's place, from 0."""
        task: MultipleChoice = self.task
        places = {str(number + task.first_choice): number for number in range(task.choices)}
        if str(value).strip() not in places:
            first, *_, last = places
            raise ValueError(f"'{value}' is no option of {task.name}. Options are numbered {first} to {last}.")
        return places[str(value).strip()]


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
        """Columns called choice1, choice2, ... or option_a, option_b, ... beside the number of the right one."""
        options = [column for column in table.columns if OPTION.fullmatch(column.name.lower())]
        right = table.label(lambda column: column.numeric and not column.fractions and len(column.counts or ()) > 1)
        if len(options) < 2 or right is None or not right.numeric:
            return None
        texts = [
            one for one in table.columns if one not in (*options, right) and not one.numeric and one.mean_words > 1
        ]
        fields = inputs_of([*(one for one in texts if one.name in (table.inputs or (one.name,))), *options])
        first = 0 if right.low <= 0 else 1
        return Guess(0.99, {**fields, "choices": len(options), "first_choice": first, "label_columns": [right.name]})

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
