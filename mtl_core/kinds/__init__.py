"""Kinds of tasks: all that an answer is, a kind a file or folder. No file outside knows what an answer looks like.

A kind has two halves. The light half (`Kind`, no torch) reads rows, and shows answers, filters, exports and the Demo's
inputs. The model half (`KindModel` in `_model.py`, for the work side alone) encodes, makes the head, and computes loss
and answers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from mtl_core import metrics, registry
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.kinds._blocks import Block, Passage
from mtl_core.kinds._guessing import Columns, Guess
from mtl_core.kinds._reading import Reader, Row
from mtl_core.records import Answered, DevExample, Example, Prediction


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A labelled NLP problem: pure data. One file in mtl_core/tasks/ holds one, of the class that its kind gives."""

    kind: ClassVar[str]
    """Name of a file or folder in mtl_core/kinds/."""

    name: str
    """The file's name."""
    title: str
    """Its name for readers: "Sentiment (SST-2)"."""
    question: str
    """The question that it asks of its input, in one line."""
    hub: tuple[str, str | None]
    """Hub data set id and configuration."""
    hub_dev: str = "validation"
    """Name of the dev split on the hub."""
    hub_inputs: tuple[str, ...] = ()
    """The hub's names of `inputs`, where they are others."""
    folder: str
    """Path of the official file below the data folder, without its ending: "MNLI/{split}"."""
    folder_train: str = "train"
    folder_dev: str = "dev"
    """The official files' words for {split}."""
    other_files: tuple[tuple[str, str], ...] = ()
    """Training and dev file of other releases by their places below the data folder, with their endings."""
    columns: tuple[str, ...] = ()
    """Names of the official file's columns, in order, where it has no header line."""
    torn_rows: bool = False
    """True where line ends have torn rows of the official table in two: those are left out, and counted."""
    inputs: tuple[str, ...]
    """Columns that hold the text, in the order the encoder sees them."""
    input_titles: tuple[str, ...]
    """Titles over the Demo page's inputs."""
    clusters: tuple[tuple[str, str], ...] = ()
    """What several examples may be about, the coarsest unit first: its name and the column that tells it,
    (("article", "title"), ("paragraph", "context")). Empty: the input that the kind says, in tasks of several."""
    metrics: tuple[str, ...]
    """Names of files in mtl_core/metrics/: the scores that are reported, the main one first."""
    tries: tuple[tuple[str, ...], ...] = ()
    """Ready inputs for the Demo page, each as long as `inputs`."""
    source: str
    """Paper and address."""

    def __post_init__(self) -> None:
        """Raises InvalidConfig for a metric that is not there, or that compares answers of another form."""
        answers = kind_named(self.kind).answers
        for metric in map(metrics.load, self.metrics):
            if metric.takes != answers:
                words = (
                    f"the metric '{metric.name}' compares {metric.takes}, and answers to '{self.name}' are {answers}."
                )
                raise InvalidConfig([Fault("metrics", f"{words} Name another metric.")])
        if not self.metrics:
            raise InvalidConfig([Fault("metrics", f"'{self.name}' names no metric. Name one or more.")])

    @property
    def metric(self) -> str:
        """The main metric, which verdicts are about."""
        return self.metrics[0]

    @property
    def levels(self) -> tuple[tuple[str, str], ...]:
        """`clusters`, or what stands for them where the task names none."""
        return self.clusters or kind_named(self.kind).levels(self)


class Kind(ABC):
    """The light half: everything about answers but the model. Stateless."""

    name: ClassVar[str]
    """The file's or folder's name, and `Task.kind`."""
    asks: ClassVar[str] = "What is the right answer for this input?"
    """The question of a task that says none itself."""
    answers: ClassVar[str]
    """The form in which metrics compare its answers: `labels`, `texts`, `numbers`, ..."""
    confident: ClassVar[bool] = True
    """True where answers come with a probability."""
    exact: ClassVar[bool] = True
    """True where answers are the same only if their texts are: not so for numbers."""
    right_from: ClassVar[float] = 0.5
    """A prediction counts as right in flips from this score on."""
    right_words: ClassVar[str]
    """The meaning of that, in words: "the right label"."""
    score_title: ClassVar[str] = "score"
    """Name of the score that a single example has."""
    shared_input: ClassVar[int] = 0
    """Place of the input that several examples may be about; -1 for the last."""

    @abstractmethod
    def reader(self, task: Any) -> Reader:
        """A reader that makes examples of the task's rows, and reports what is wrong with one that does not fit."""

    def guess(self, table: Columns) -> Guess | None:
        """The fields of a task of this kind that the columns of a file suggest, and how likely they are; or None."""
        return None

    def with_names(self, task: Any, row: Row, names: Mapping[str, Sequence[str]]) -> Row:
        """The row with answers by name, where the file's schema numbers them (`names` by column)."""
        return row

    def named(self, task: Any, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """Remarks on what the file's schema calls numbered answers (`names` by column). Raises ValueError where that
        and the task's own names contradict each other."""
        return ()

    def group(self, example: Example | DevExample) -> str:
        """The text that several examples may be about: those go to train or to the validation split together."""
        return example.inputs[self.shared_input]

    def levels(self, task: Any) -> tuple[tuple[str, str], ...]:
        """That input as a unit of clusters, for tasks that name none: (("premise", "sentence1"),)."""
        if len(task.inputs) < 2:
            return ()  # each example is about its own text
        return ((task.input_titles[self.shared_input].lower(), task.inputs[self.shared_input]),)

    def stratum(self, task: Any, example: Example) -> str:
        """What a limit keeps the proportions of: the label, say. "" for all examples alike."""
        return ""

    def trainable(self, example: Example) -> bool:
        """True for an example that can train: some have an answer that is not in their text."""
        return True

    @abstractmethod
    def unanswered(self, inputs: tuple[str, ...]) -> Example:
        """An example for typed inputs."""

    @abstractmethod
    def show(self, task: Any, example: Example, position: int) -> DevExample:
        """The example as it is stored and shown."""

    def shown(self, task: Any, example: Example, position: int) -> DevExample:
        """The same with its clusters."""
        return replace(self.show(task, example, position), clusters=example.clusters)

    @abstractmethod
    def compared(
        self, task: Any, examples: Sequence[Example], predictions: Sequence[Prediction]
    ) -> tuple[list[Any], list[Any]]:
        """Predicted and gold answers in the form `answers`, as metrics take them."""

    def stored(self, task: Any, gold: list[Any]) -> Any:
        """A stored gold answer (DevExample.gold) in the form `answers`. `task` is None where it is not registered."""
        return gold[0]

    @abstractmethod
    def recognises(self, gold: list[Any]) -> bool:
        """True for gold answers of a stored example that are of this kind, for tasks that are no longer registered."""

    def agree(self, answers: Sequence[Answered]) -> bool:
        """True where all models gave the same answer."""
        return len({answer.prediction for answer in answers}) == 1

    def options(self, task: Any) -> tuple[str, ...]:
        """The answers that there can be, in their order, where they are few: filters offer them. Else none."""
        return ()

    def has_options(self) -> bool:
        """True where stored answers are a few words that a filter can offer."""
        return False

    # How an example and its answers look

    def passages(self, titles: Sequence[str], example: DevExample) -> list[Passage]:
        """The example's texts that stand above all answers."""
        return [Passage(title, text) for title, text in zip(titles, example.inputs, strict=False)]

    def quiet(self, example: DevExample) -> frozenset[int]:
        """Places of inputs that a list shows in a quiet tone, as they are long and shared by many examples."""
        return frozenset()

    def gold_blocks(self, example: DevExample) -> list[Block]:
        """The gold answer."""
        return [Passage("Gold", example.label, gold=True)]

    @abstractmethod
    def answer_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """A model's answer beside the gold one."""

    def following_blocks(self, example: DevExample, prediction: Prediction) -> list[Block]:
        """The answers that the model held for likeliest after its own, where `answer_blocks` does not have them."""
        return []

    def same_answer(self, prediction: Prediction) -> object | None:
        """A key that the same answers have in common, to draw them once for all models; None: each by itself."""
        return None

    def score_text(self, prediction: Prediction) -> str:
        """Quality of an answer beside right or wrong, "" where that says it all."""
        return ""

    # The Demo and the command line

    def long_inputs(self, task: Any) -> frozenset[int]:
        """Places of inputs that need a large box to type in."""
        return frozenset()

    command_inputs: ClassVar[Mapping[str, str]] = {
        "text": "The sentence, or the first of two.",
        "text2": "The second sentence: the hypothesis, say.",
        "text3": "The third text, for tasks of so many.",
        "text4": "The fourth text.",
        "text5": "The fifth text.",
        "text6": "The sixth text.",
    }
    """Options of `predict` for a task's inputs, in their order, and the help that goes with each."""

    @abstractmethod
    def reply_blocks(self, inputs: Sequence[str], answer: Answered) -> list[Block]:
        """A model's answer to typed inputs."""

    def reply_title(self, answer: Answered) -> str:
        """The answer in large letters above that, "" for none."""
        return answer.prediction or "no answer"

    def reply_caption(self, answer: Answered) -> str:
        """A line under it, "" for none."""
        return ""

    @abstractmethod
    def document(self, answer: Answered) -> dict[str, Any]:
        """The answer as `predict --json` prints it."""

    @abstractmethod
    def words(self, answer: Answered) -> str:
        """The answer as `predict` prints it, in a line."""


def kind_named(name: str) -> Kind:
    """A kind's light half. Raises InvalidConfig where there is none of that name."""
    kind: Kind = registry.load("kinds", name)()
    return kind


def kind_of(task: Task) -> Kind:
    """The light half of a task's kind."""
    return kind_named(task.kind)


def kind_of_stored(task: str, examples: Sequence[DevExample]) -> Kind:
    """The kind of a task by its name, or by its stored examples where it is no longer registered."""
    return _kind_by(task, examples[0].gold if examples else [])


def stored_gold(task: str, golds: Sequence[list[Any]]) -> list[Any]:
    """Stored gold answers (DevExample.gold) of a task by its name, in the form in which metrics compare them."""
    known = registry.load("tasks", task) if registry.has("tasks", task) else None
    kind = _kind_by(task, golds[0] if golds else [])
    return [kind.stored(known, gold) for gold in golds]


def _kind_by(task: str, gold: list[Any]) -> Kind:
    if registry.has("tasks", task):
        return kind_of(registry.load("tasks", task))
    kinds = map(kind_named, registry.names("kinds"))
    return next((kind for kind in kinds if kind.recognises(gold)), kind_named("classification"))
