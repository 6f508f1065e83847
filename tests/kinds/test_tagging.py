"""Tags: reading, words and tokens, windows, loss, decoding, and how they are shown."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from mtl_core import registry
from mtl_core.data.batches import collate
from mtl_core.data.examples import build
from mtl_core.display import blocks
from mtl_core.encoders.batch import Encoded
from mtl_core.encoders.heads import NEVER, HeadShape
from mtl_core.engine import scoring
from mtl_core.errors import DataError, InvalidConfig
from mtl_core.kinds import kind_of
from mtl_core.kinds._model import Lengths, model_of
from mtl_core.kinds.tagging.model import NO_WORD
from mtl_core.records import Answered, Example, Prediction
from tests import toy

CONLL = registry.load("tasks", "conll2003")
KIND, MODEL = kind_of(CONLL), model_of(CONLL)
TAGS = CONLL.labels


def where(number: int | None) -> str:
    return f"train.txt, line {number}"


def example(text: str, tags: str) -> Example:
    return Example("x", (text,), tuple(TAGS.index(tag) for tag in tags.split()))


def encode(examples: list[Example], most: int = 32, stride: int = 8) -> Encoded:
    return MODEL.encode(CONLL, examples, toy.tokenizer(), Lengths(most, stride))


def said(encoded: Encoded, row: int, token: int) -> tuple[str, int]:
    return toy.tokenizer().decode(encoded.tokens[encoded.starts[row] + token]), int(encoded.targets[row, token])


@pytest.mark.parametrize(
    "row",
    [
        {"tokens": ["EU", "rejects"], "ner_tags": ["B-ORG", "O"]},
        {"tokens": ["EU", "rejects"], "ner_tags": [3, 0]},
        {"tokens": "EU  rejects", "tags": "B-ORG O"},
    ],
)
def test_rows_become_words_and_tags(row: dict[str, object]) -> None:
    [found] = build(CONLL, [row], where).examples
    assert found.inputs == ("EU rejects",)
    assert [TAGS[index] for index in found.gold] == ["B-ORG", "O"]


def test_words_without_tags_are_left_out() -> None:
    rows = [{"tokens": ["a"], "ner_tags": ["O"]}, {"tokens": ["b"], "ner_tags": None}]
    split = build(CONLL, rows, where)
    assert [example.inputs for example in split.examples] == [("a",)]
    assert split.notes == ("1 of 2 rows have no label and are left out",)


def test_numbered_tags_go_by_the_names_of_their_schema() -> None:
    turned = [*TAGS[1:], "O"]
    row = KIND.with_names(CONLL, {"tokens": ["a", "b"], "ner_tags": [8, 0]}, {"ner_tags": turned})
    assert row["ner_tags"] == ["O", "B-PER"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"tokens": ["a", "b"], "ner_tags": ["O"]}, "2 words and 1 tags. Give each word one."),
        ({"tokens": ["a"], "ner_tags": ["X"]}, f"unknown tag 'X' for conll2003. Tags are {', '.join(TAGS)}."),
        (
            {"tokens": ["New York"], "ner_tags": ["O"]},
            "the word 'New York' is empty or has blanks in it. Give each word by itself.",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_their_place(row: dict[str, object], message: str) -> None:
    with pytest.raises(DataError) as caught:
        build(CONLL, [row], where)
    assert str(caught.value) == f"train.txt, line 0: {message}"


def test_a_word_is_tagged_at_its_first_token() -> None:
    encoded = encode([example("unbelievableness pleases Ada", "O O B-PER")])
    begun = [said(encoded, 0, token) for token in range(encoded.targets.shape[1]) if encoded.targets[0, token] >= 0]
    assert [tag for _, tag in begun] == [0, 0, TAGS.index("B-PER")]
    assert begun[1:] == [("please", 0), ("ada", TAGS.index("B-PER"))]
    assert (encoded.targets[0] == NO_WORD).sum() >= 3  # [CLS], [SEP] and the long word's rest


def test_a_token_that_holds_the_blank_before_its_word_begins_it() -> None:
    """As byte-level tokenizers of RoBERTa's kind have it."""
    from mtl_core.kinds.tagging.model import _Words

    words = _Words(example("EU rejects it .", "B-ORG O O O"))
    offsets = np.array([[-1, -1], [0, 2], [2, 6], [6, 10], [10, 13], [14, 15], [-1, -1]], np.int32)
    assert words.begun_by(offsets).tolist() == [-1, 0, 1, -1, 2, 3, -1]


def test_a_character_in_several_tokens_counts_once() -> None:
    from mtl_core.kinds.tagging.model import _Words

    offsets = np.array([[0, 1], [0, 1], [2, 3]], np.int32)
    assert _Words(example("\N{SNOWMAN} b", "O O")).begun_by(offsets).tolist() == [0, -1, 1]


def test_long_texts_become_windows_and_every_word_is_answered() -> None:
    words = [f"word{number}" for number in range(40)]
    tags = ["B-LOC" if number % 3 == 0 else "O" for number in range(40)]
    long, short = example(" ".join(words), " ".join(tags)), example("Ada met Bo", "B-PER O B-PER")
    encoded = encode([short, long, short], most=24, stride=8)
    assert encoded.first_rows.tolist()[:2] == [0, 1]
    assert encoded.first_rows[2] - encoded.first_rows[1] > 2
    assert np.diff(encoded.starts).max() <= 24
    width = encoded.targets.shape[1]
    summaries = np.concatenate([np.maximum(encoded.targets, 0), np.full(encoded.targets.shape, 0.9)], axis=1)
    answers = MODEL.decode(CONLL, [short, long, short], encoded, summaries.astype(np.float32))
    assert [one.detail["tags"] for one in answers] == [["B-PER", "O", "B-PER"], tags, ["B-PER", "O", "B-PER"]]
    assert all(one.correct and one.score == 1.0 for one in answers)
    assert answers[0].confidence == pytest.approx(0.9)
    assert width <= 24


def test_loss_is_the_mean_over_words_and_padding_counts_for_nothing() -> None:
    pair = [example("Ada met Bo", "B-PER O B-PER"), example("a much longer sentence about nothing at all", "O " * 8)]
    encoded = encode(pair)
    head = MODEL.head(CONLL, HeadShape(8, dropout=0.0)).eval()
    head.renew(1)
    states = torch.randn(2, 32, 8, generator=torch.Generator().manual_seed(0)) * 20
    alone, beside = collate(encoded, np.array([0]), 0), collate(encoded, np.array([0, 1]), 0)
    with torch.no_grad():
        one = head(states[:1, : alone.input_ids.shape[1]], alone)
        both = head(states[:, : beside.input_ids.shape[1]], beside)
    assert torch.equal(MODEL.summarise(one, alone)[0], MODEL.summarise(both, beside)[0])
    each = [float(MODEL.loss(both[row : row + 1], collate(encoded, np.array([row]), 0))) for row in (0, 1)]
    assert float(MODEL.loss(one, alone)) == pytest.approx(each[0])
    assert float(MODEL.loss(both, beside)) == pytest.approx(sum(each) / 2)
    words = encoded.targets[0] >= 0
    shares = torch.log_softmax(one[0, :, : words.sum() + 2], dim=0)
    by_hand = [
        -float(shares[tag, place]) for place, tag in enumerate(encoded.targets[0][: shares.shape[1]]) if tag >= 0
    ]
    assert float(MODEL.loss(one, alone)) == pytest.approx(np.mean(by_hand))


def test_a_student_learns_from_a_teacher_s_words_alone() -> None:
    encoded = encode([example("Ada met Bo", "B-PER O B-PER")])
    batch = collate(encoded, np.array([0]), 0)
    length, words = batch.input_ids.shape[1], batch.targets[0] >= 0
    teacher = torch.full((1, len(TAGS), length), NEVER)
    teacher[0, :, words] = torch.randn(len(TAGS), 3, generator=torch.Generator().manual_seed(2))
    student = torch.randn(1, len(TAGS), length, generator=torch.Generator().manual_seed(3))
    wanted = teacher[0, :, words].softmax(0)
    by_hand = -(wanted * student[0, :, words].log_softmax(0)).sum(0).mean()
    assert float(MODEL.imitation(student, teacher)) == pytest.approx(float(by_hand))


def test_scores_of_entities() -> None:
    pair = [example("Ada Byron met Bo", "B-PER I-PER O B-PER"), example("In Rome", "O B-LOC")]
    encoded = encode(pair)
    summaries = np.concatenate([np.maximum(encoded.targets, 0), np.ones(encoded.targets.shape)], axis=1)
    summaries[0, 2] = 0  # Byron is left out
    answers = MODEL.decode(CONLL, pair, encoded, summaries.astype(np.float32))
    assert [one.prediction for one in answers] == ["Ada PER · Bo PER", "Rome LOC"]
    assert [(one.correct, one.score) for one in answers] == [(False, 0.75), (True, 1.0)]
    assert scoring.scores(CONLL, pair, answers) == {
        "entity_f1": pytest.approx(2 * 2 / (3 + 3)),
        "tag_accuracy": pytest.approx(5 / 6),
    }
    kept = scoring.with_contributions(CONLL, pair, answers)
    assert np.mean([one.contribution for one in kept]) == pytest.approx(2 / 3)


def test_answers_are_marked_in_their_text() -> None:
    shown = KIND.show(CONLL, example("Ada met <b> Bo", "B-PER O O B-PER"), 0)
    [answer] = MODEL.decode(CONLL, [example("Ada met <b> Bo", "B-PER O O B-PER")], *_answered([1, 0, 0, 0]))
    drawn = blocks.html([*KIND.gold_blocks(shown), *KIND.answer_blocks(shown, answer)])
    assert "<mark class='gold said'>Ada<sub>PER</sub></mark>" in drawn
    assert "<mark class='gold'>Bo<sub>PER</sub></mark>" in drawn  # the gold answer's own line
    assert drawn.endswith("&lt;b&gt; <mark class='gold'>Bo</mark></div>")
    assert shown.label == "Ada PER · Bo PER"
    assert KIND.recognises(shown.gold)


def _answered(tags: list[int]) -> tuple[Encoded, np.ndarray]:
    encoded = encode([example("Ada met <b> Bo", "B-PER O O B-PER")])
    summaries = np.concatenate([np.zeros(encoded.targets.shape), np.ones(encoded.targets.shape)], axis=1)
    summaries[0, np.flatnonzero(encoded.targets[0] >= 0)] = tags
    return encoded, summaries.astype(np.float32)


def test_tags_that_name_no_entities_are_shown_word_by_word() -> None:
    from mtl_core.kinds.tagging import in_words, marks

    assert in_words(["Ada", "met"], ["NN", "VB"]) == "Ada NN · met VB"
    assert marks(["Ada", "met"], ["NN", "VB"]) == []
    assert in_words(["Ada", "met"], ["O", "O"]) == "none"


def drawn(golds: str, tags: str) -> str:
    """As in Explore, without the surroundings."""
    words = example("Ada Byron met Bo", "B-PER I-PER O B-PER")
    shown = replace(KIND.show(CONLL, words, 0), gold=[{"tags": golds.split()}])
    said = Prediction("x", "", correct=False, score=0.0, confidence=None, detail={"tags": tags.split()})
    return re.sub(r"<div[^>]*>|</div>", "|", blocks.html(KIND.answer_blocks(shown, said)))


def test_tags_stand_in_the_text_and_wrong_ones_say_what_is_right() -> None:
    assert drawn("B-PER I-PER O B-PER", "B-LOC I-LOC O O") == (
        "|Predicted||<mark class='gold said'>Ada Byron<sub>LOC, not PER</sub></mark> met <mark class='gold'>Bo</mark>|"
    )
    assert drawn("O O O O", "O B-PER O O") == "|Predicted||Ada <mark class='said'>Byron<sub>PER</sub></mark> met Bo|"
    assert drawn("B-PER O O O", "O O O O").startswith("|Predicted: none||<mark class='gold'>Ada</mark>")
    assert drawn("NN NN VB NN", "NN VB VB NN") == (
        "|Predicted||Ada<sub>NN</sub> Byron<sub>VB, not NN</sub> met<sub>VB</sub> Bo<sub>NN</sub>|"
    )


def test_models_agree_where_all_tags_are_the_same() -> None:
    answer = Answered("Bo PER", 0.9, {"tags": ["B-PER", "O"], "shares": [1.0, 1.0]}, 0.9, 0.1, ())
    other = replace(answer, detail={"tags": ["I-PER", "O"], "shares": [1.0, 1.0]})
    assert KIND.agree([answer, answer])
    assert not KIND.agree([answer, other])
    assert KIND.words(answer) == "Bo PER  (B-PER O)"


def test_typed_texts_are_parted_at_blanks() -> None:
    assert KIND.unanswered(("  Ada\n met  Bo ",)).inputs == ("Ada met Bo",)


@pytest.mark.parametrize(("sharing", "way"), [("span", "as a span of text"), ("pointer", "in words that are spelt")])
def test_other_ways_to_ask_are_refused_with_the_reason(sharing: str, way: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        registry.load("sharing", sharing).kind_of(CONLL)
    assert str(caught.value) == (
        f"sharing: a task of the kind tagging ('conll2003') can't be answered {way}: it has an answer for each word, "
        "and not one for the text. Use hard, or leave the task out."
    )


def test_a_tokenizer_of_roberta_s_kind(tmp_path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(special_tokens=special, vocab_size=400, show_progress=False)
    made.train_from_iterator(["Ada met Bo in Rome"] * 3, trainer)
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=False)
    PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<s>", eos_token="</s>", sep_token="</s>", cls_token="<s>", pad_token="<pad>"
    ).save_pretrained(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    encoded = MODEL.encode(CONLL, [example("Ada met Bo", "B-PER O I-PER")], tokenizer, Lengths(32, 8))
    assert encoded.targets[0][encoded.targets[0] >= 0].tolist() == [1, 0, 2]
