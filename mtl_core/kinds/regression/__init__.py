"""One text or a pair of texts gets a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mtl_core.kinds import Kind, Task
from mtl_core.kinds._blocks import Block, Scale
from mtl_core.kinds._column import comma_number
from mtl_core.kinds._guessing import Columns, Guess, inputs_of
from mtl_core.kinds._reading import Reader, is_empty
from mtl_core.records import Answered, DevExample, Example, Prediction

BINS = 5
"""Parts of the scale whose proportions a limit keeps."""
NEAR = 0.1
"""A number is called right up to this share of the scale beside the gold one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression(Task):
    """One text, or a pair of texts, gets a number on a scale."""

    kind: ClassVar[str] = "regression"

    low: float
    high: float
    """Ends of the scale that gold numbers lie on."""
    label_columns: tuple[str, ...] = ("score", "label")
    """Names that the number's column may have."""
    decimal_comma: bool = False
    """Numbers in the data are written as 1.234,50."""
    metrics: tuple[str, ...] = ("pearson", "spearman")


class RegressionReader(Reader):
    """Reads texts and a number."""

    def __init__(self, task: Regression) -> None:
        super().__init__(task)
        self.gold_columns = task.label_columns

    def unlabelled(self, value: Any) -> bool:
        """True for no number, "-", and the -1 of the hub's data sets, where it is not on the task's scale."""
        return is_empty(value) or (str(value).strip() in ("-1", "-1.0") and not self.task.low <= -1 <= self.task.high)

    def gold(self, value: Any, inputs: tuple[str, ...]) -> float:
        """The number, which must lie on the task's scale."""
        task: Regression = self.task
        try:
            number = comma_number(value) if task.decimal_comma and isinstance(value, str) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not task.low <= number <= task.high:
            raise ValueError(
                f"'{value}' is not a score for {task.name}. Scores are numbers from {task.low:g} to {task.high:g}."
            )
        return number


class RegressionKind(Kind):
    """Numbers: gold is one; an answer keeps the number and the ends of its scale."""

    name = "regression"
    asks = "Which number is the right one?"
    answers = "numbers"
    confident = False
    exact = False
    right_from = 1.0 - NEAR
    right_words = f"a number within {NEAR:.0%} of the scale around the gold one"
    score_title = "closeness"

    def reader(self, task: Regression) -> RegressionReader:
        """A reader of scored texts."""
        return RegressionReader(task)

    def guess(self, table: Columns) -> Guess | None:
        """A column of many different numbers beside one or two texts."""
        score = table.label(
            lambda column: column.numeric and (column.fractions or len(column.counts or range(99)) > 20)
        )
        inputs = table.texts(score)
        if score is None or not score.numeric or not inputs or score.low == score.high:
            return None
        low, high = math.floor(score.low), math.ceil(score.high)
        weight = 0.75 if score.fractions else 0.65
        fields = {**inputs_of(inputs), "low": low, "high": high, "label_columns": [score.name]}
        if not score.decimal_comma:
            return Guess(weight, fields)
        words = f"the numbers in '{score.name}' are read with a decimal comma"
        return Guess(weight, {**fields, "decimal_comma": True}, (words,))

    def stratum(self, task: Regression, example: Example) -> str:
        """The part of the scale, of BINS equal ones: "1 to 2"."""
        share, width = (example.gold - task.low) / (task.high - task.low), (task.high - task.low) / BINS
        part = min(int(share * BINS), BINS - 1)
        return f"{task.low + part * width:g} to {task.low + (part + 1) * width:g}"

    def unanswered(self, inputs: tuple[str, ...]) -> Example:
        """With a placeholder number."""
        return Example("typed", inputs, 0.0)

    def show(self, task: Regression, example: Example, position: int) -> DevExample:
        """Texts and number."""
        return DevExample(example.id, task.name, position, example.inputs, [example.gold], f"{example.gold:g}")

    def compared(
        self, task: Regression, examples: Sequence[Example], predictions: Sequence[Prediction]
    ) -> tuple[list[float], list[float]]:
        """The numbers."""
        return [one.detail["value"] for one in predictions], [example.gold for example in examples]

    def recognises(self, gold: list[Any]) -> bool:
        """A gold answer is a number."""
        return bool(gold) and all(isinstance(one, (int, float)) for one in gold)

    def agree(self, answers: Sequence[Answered]) -> bool:
        """True where the numbers are as near to each other as a right one is to the gold one."""
        values = [answer.detail["value"] for answer in answers]
        detail = answers[0].detail
        return bool(max(values) - min(values) <= NEAR * (detail["high"] - detail["low"]))

    def answer_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """The number on its scale, beside the gold one."""
        detail = prediction.detail
        return [Scale(detail["low"], detail["high"], detail["value"], float(example.gold[0]))]

    def score_text(self, prediction: Prediction) -> str:
        """Distance from the gold number."""
        return f"off by {(1 - prediction.score) * (prediction.detail['high'] - prediction.detail['low']):.2f}"

    def reply_blocks(self, inputs: Sequence[str], answer: Answered) -> list[Block]:
        """The number on its scale."""
        return [Scale(answer.detail["low"], answer.detail["high"], answer.detail["value"], None)]

    def reply_caption(self, answer: Answered) -> str:
        """The scale."""
        return f"on a scale from {answer.detail['low']:g} to {answer.detail['high']:g}"

    def document(self, answer: Answered) -> dict[str, Any]:
        """The number and its scale."""
        return {name: answer.detail[name] for name in ("value", "low", "high")}

    def words(self, answer: Answered) -> str:
        """The same in a line."""
        return f"{answer.prediction}  ({self.reply_caption(answer)})"


def judged(task: Regression, example: Example, value: float) -> Prediction:
    """A number beside the gold one; its score falls from 1 by the share of the scale that it is off."""
    score = max(0.0, 1.0 - abs(value - example.gold) / (task.high - task.low))
    detail = {"value": value, "low": task.low, "high": task.high}
    return Prediction(example.id, f"{value:.2f}", score >= RegressionKind.right_from, score, None, detail)
