"""A question is answered by a piece of its context."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from mtl_core.kinds import Kind, Task
from mtl_core.kinds._blocks import Bar, Block, Marked, Passage, Ranked, Texts
from mtl_core.kinds._guessing import Columns, Guess
from mtl_core.kinds._marks import pieces
from mtl_core.kinds._reading import Reader, Row
from mtl_core.metrics import _squad_rules
from mtl_core.records import Answered, DevExample, Example, Prediction

FOLLOWING = 4
"""Next best answers that are kept of a prediction."""
NEXT_BEST = "Next best answers"
NONE_KEPT = "None stored: runs of earlier versions kept their best answer alone. The Demo page asks the model again."
NONE_THERE = "None: this model gives one answer."
NO_ANSWER = "(no answer)"
UNANSWERABLE_METRICS = ("f1", "exact_match", "has_answer_f1", "has_answer_exact_match", "no_answer_accuracy")
"""As SQuAD 2.0 is scored."""
NextSpan = tuple[int, int, float]
"""First character, the one after the last, and the probability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(Task):
    """A question is answered by a piece of the context it is asked about, or has no answer there."""

    kind: ClassVar[str] = "span"

    unanswerable: bool = False
    """True where some questions have no answer in their context, and finding that out is a right answer."""
    inputs: tuple[str, ...] = ("question", "context")
    input_titles: tuple[str, ...] = ("Question", "Context")
    metrics: tuple[str, ...] = ("f1", "exact_match")


@dataclass(frozen=True, slots=True)
class Answer:
    """A gold answer. `start` counts characters of the context; -1 where the text is not found in it."""

    text: str
    start: int


class SpanReader(Reader):
    """Reads a question, its context, and answers with the place at which each begins."""

    gold_columns = ("answers",)

    def __init__(self, task: Span) -> None:
        super().__init__(task)
        self._moved = self._lost = 0

    def inputs(self, row: Row) -> tuple[str, ...]:
        """The texts as they are: answers count their characters."""
        return tuple(self.texts(row))

    def gold(self, value: Any, inputs: tuple[str, ...]) -> tuple[Answer, ...]:
        """Every gold answer, at its true place."""
        given = _answers(value)
        if not given and not self.task.unanswerable:
            raise ValueError("the question has no answer. SQuAD v1.1 has one for each.")
        answers = tuple([Answer(text, _locate(inputs[1], text, start)) for text, start in given])
        self._moved += sum(answer.start != start for answer, (_, start) in zip(answers, given, strict=True))
        self._lost += sum(answer.start < 0 for answer in answers)
        return answers

    def notes(self) -> tuple[str, ...]:
        """Answers that are not at their offset."""
        if not self._moved:
            return super().notes()
        return (
            *super().notes(),
            f"{self._moved:,} of the gold answers are not at their offset: {self._moved - self._lost:,} were found "
            f"elsewhere in their context, {self._lost:,} are not in it and train nothing",
        )


class SpanKind(Kind):
    """Pieces of a context: gold is every gold answer; an answer keeps the characters that it covers."""

    name = "span"
    asks = "Which words of the text answer the question?"
    answers = "texts"
    right_words = "an F1 of at least 0.5 for an answer in a text"
    score_title = "F1"
    shared_input = -1
    command_inputs: ClassVar[Mapping[str, str]] = {
        "question": "The question to look an answer up for.",
        "context": "The text that holds the answer.",
    }

    def reader(self, task: Span) -> SpanReader:
        """A reader of questions."""
        return SpanReader(task)

    def guess(self, table: Columns) -> Guess | None:
        """Answers with their places, beside a question and a context."""
        question, context, answers = table.named("question", "context", "answers")
        if question is None or context is None or answers is None or not answers.structured:
            return None
        fields = {"inputs": [question.name, context.name], "input_titles": ["Question", "Context"]}
        some = {"unanswerable": True, "metrics": list(UNANSWERABLE_METRICS)} if answers.vacant else {}
        return Guess(0.95, {**fields, "unanswerable": False, **some})

    def stratum(self, task: Span, example: Example) -> str:
        """Whether it has an answer, where some have none."""
        return ("answer" if example.gold else "no answer") if task.unanswerable else ""

    def trainable(self, example: Example) -> bool:
        """True where an answer has a place in the context, or where there is none."""
        return not example.gold or any(answer.start >= 0 for answer in example.gold)

    def unanswered(self, inputs: tuple[str, ...]) -> Example:
        """With an empty answer."""
        return Example("typed", inputs, (Answer("", 0),))

    def show(self, task: Span, example: Example, position: int) -> DevExample:
        """Question, context and every gold answer."""
        golds = [{"text": answer.text, "start": answer.start} for answer in example.gold]
        label = example.gold[0].text if example.gold else NO_ANSWER
        return DevExample(example.id, task.name, position, example.inputs, golds, label)

    def compared(
        self, task: Span, examples: Sequence[Example], predictions: Sequence[Prediction]
    ) -> tuple[list[str], list[list[str]]]:
        """Answers in words, and all gold answers of each question."""
        golds = [[answer.text for answer in example.gold] for example in examples]
        return [one.prediction for one in predictions], golds

    def stored(self, task: Span | None, gold: list[Any]) -> list[str]:
        """All gold answers in words; none where there is no answer."""
        return [answer["text"] for answer in gold]

    def recognises(self, gold: list[Any]) -> bool:
        """A gold answer is a text and where it starts."""
        return any(isinstance(one, dict) and "start" in one for one in gold)

    def passages(self, titles: Sequence[str], example: DevExample) -> list[Passage]:
        """The question; the context is drawn with each answer in it."""
        return super().passages(titles, example)[:-1]

    def quiet(self, example: DevExample) -> frozenset[int]:
        """The context."""
        return frozenset({len(example.inputs) - 1})

    def gold_blocks(self, example: DevExample) -> list[Block]:
        """Every different gold answer."""
        return [Texts("Gold answers", tuple(dict.fromkeys(gold["text"] for gold in example.gold)) or (NO_ANSWER,))]

    def answer_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """The answer marked in its context, beside the gold ones."""
        context = example.inputs[-1]
        golds = [(gold["start"], gold["start"] + len(gold["text"])) for gold in example.gold]
        marked = pieces(context, golds, [(prediction.detail["start"], prediction.detail["end"])])
        return [Marked(tuple(marked), prediction.prediction or NO_ANSWER)]

    def following_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """The next best answers with their probabilities."""
        golds = {gold["text"] for gold in example.gold}
        return [_ranked(example.inputs[-1], prediction.detail, golds)]

    def same_answer(self, prediction: Prediction) -> object:
        """The characters that it covers."""
        return prediction.detail["start"], prediction.detail["end"]

    def score_text(self, prediction: Prediction) -> str:
        """F1 against the gold answer that suits it best."""
        return f"best F1 {100 * prediction.score:.1f}"

    def long_inputs(self, task: Span) -> frozenset[int]:
        """The context."""
        return frozenset({len(task.inputs) - 1})

    def reply_blocks(self, inputs: Sequence[str], answer: Answered) -> list[Block]:
        """The answer marked in its context, and the next best."""
        marked = Marked(tuple(pieces(inputs[-1], [], [(answer.detail["start"], answer.detail["end"])])))
        return [marked, _ranked(inputs[-1], answer.detail, frozenset())]

    def reply_caption(self, answer: Answered) -> str:
        """Probability and score."""
        return f"probability {100 * (answer.confidence or 0.0):.3g} % · score {answer.score:.2f}"

    def document(self, answer: Answered) -> dict[str, Any]:
        """The answer, the characters that it covers, and its score."""
        place = {"start": answer.detail["start"], "end": answer.detail["end"]}
        return {"answer": answer.prediction, **place, "score": answer.score}

    def words(self, answer: Answered) -> str:
        """The same in a line."""
        place = f"characters {answer.detail['start']} to {answer.detail['end']}"
        share = f"{100 * (answer.confidence or 0.0):.1f} %"
        return f"{answer.prediction or NO_ANSWER}  ({place}, score {answer.score:.2f}, {share})"


def judged(
    example: Example, answer: str, place: tuple[int, int], confidence: float, following: Sequence[NextSpan] = ()
) -> Prediction:
    """An answer beside the gold ones. `place` is its place in the context, in characters; (0, 0) for nowhere."""
    golds = [gold.text for gold in example.gold]
    return Prediction(
        example=example.id,
        prediction=answer,
        correct=bool(_squad_rules.best(_squad_rules.exact_match, answer, golds)),
        score=_squad_rules.best(_squad_rules.f1, answer, golds),
        confidence=confidence,
        detail={"start": place[0], "end": place[1], "following": [list(one) for one in following]},
    )


def _ranked(context: str, detail: Mapping[str, Any], golds: Collection[str]) -> Ranked:
    following: list[NextSpan] | None = detail.get("following")
    if not following:
        return Ranked(NEXT_BEST, (), NONE_KEPT if following is None else NONE_THERE)
    answers = [(context[start:end], share) for start, end, share in following]
    return Ranked(NEXT_BEST, tuple(Bar(text, share, text in golds, predicted=False) for text, share in answers))


def _answers(value: Any) -> list[tuple[str, int]]:
    """Answers in either form that SQuAD is distributed in: a list of pairs or a pair of lists."""
    try:
        if isinstance(value, Mapping):
            pairs = list(zip(map(str, value["text"]), map(int, value["answer_start"]), strict=True))
        else:
            pairs = [(str(answer["text"]), int(answer["answer_start"])) for answer in value]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError("an answer needs 'text' and 'answer_start', a whole number.") from error
    return list(dict.fromkeys(pairs))


def _locate(context: str, text: str, start: int) -> int:
    """The true start of an answer: at its offset, at the occurrence nearest to it, or nowhere (-1)."""
    if text and context[start : start + len(text)] == text and start >= 0:
        return start
    places, place = [], context.find(text) if text else -1
    while place >= 0:
        places.append(place)
        place = context.find(text, place + 1)
    return min(places, key=lambda p: abs(p - start), default=-1)
