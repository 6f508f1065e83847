"""The pointer decoder's probabilities by hand, and what spelt answers become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast

from mtl_core import registry
from mtl_core.data.batches import collate
from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import NEVER, HeadShape
from mtl_core.errors import EncoderError, InvalidConfig
from mtl_core.kinds._model import Lengths
from mtl_core.kinds._spelling import end_of, text_of
from mtl_core.kinds.classification import model as labels
from mtl_core.kinds.classification._asked import LabelAsText, spelt_labels
from mtl_core.kinds.span import Answer
from mtl_core.kinds.span import model as spans
from mtl_core.kinds.span._asked import SpanAsText
from mtl_core.records import Example
from mtl_core.sharing import Sharing
from mtl_core.sharing._pointer_decoder import PointerDecoder, Read, mix
from tests import toy

SST2, MNLI, SQUAD = (registry.load("tasks", name) for name in ("sst2", "mnli", "squad"))
SEP = 102


def read(tokens: Any) -> str:
    return toy.tokenizer().decode([int(token) for token in tokens])


@pytest.fixture(scope="module")
def model() -> Sharing:
    return toy.model("pointer").eval()


def decoder_of(model: Sharing) -> PointerDecoder:
    decoder = model.head("sst2")
    assert isinstance(decoder, PointerDecoder)
    return decoder


def reading(model: Sharing, task: str) -> tuple[Batch, Read]:
    batch = toy.batch(model, task)
    return batch, decoder_of(model).read(model.states(task, batch), batch)


def test_a_label_is_spelt_as_it_stands_in_the_question() -> None:
    encoded = LabelAsText(labels.MODEL).encode(
        MNLI, [Example("x", ("It rains.", "It is wet."), 0)], toy.tokenizer(), Lengths(64, 20)
    )
    assert read(encoded.tokens) == "[CLS] entailment, neutral or contradiction? it is wet. [SEP] it rains. [SEP]"
    assert read(encoded.targets[0]) == "entailment [SEP]"
    assert read(encoded.tokens[encoded.offsets[:, 0] >= 0]) == "it rains."
    other = LabelAsText(labels.MODEL).encode(MNLI, [Example("x", ("a", "b"), 1)], toy.tokenizer(), Lengths(64, 20))
    assert other.targets.tolist() == [[8699, SEP, -1, -1]]  # neutral


def test_an_answer_is_spelt_and_a_window_without_it_ends_at_once() -> None:
    context = "nothing here " * 12 + "but Ada Lovelace wrote it."
    example = Example("x", ("Who wrote it?", context), (Answer("Ada Lovelace", context.index("Ada")),))
    encoded = SpanAsText(spans.MODEL).encode(SQUAD, [example], toy.tokenizer(), Lengths(32, 8))
    spelt = [read(row[row >= 0]) for row in encoded.targets]
    assert spelt[0] == "[SEP]"
    assert spelt[-1] == "ada lovelace [SEP]"


def test_a_mixture_by_hand() -> None:
    """gamma 0.25, lambda 0.6: what stands twice in the context and once in the question adds up."""
    ids = torch.tensor([[7, 5, 9, 5, 5]])  # question: 7 5, context: 9 5 5
    in_question, in_context = torch.tensor([[[0.3, 0.7, 0, 0, 0]]]), torch.tensor([[[0, 0, 0.5, 0.2, 0.3]]])
    generated = torch.tensor([[[0.1, 0.9]]])  # of the words 2 and 5
    gamma, into_context = torch.tensor([[[0.25]]]), torch.tensor([[[0.6]]])
    found = mix(gamma, into_context, generated, in_context, in_question)
    decoder = PointerDecoder(HeadShape(4), words=4, size=4, answers=[2, 5], end=2)
    here = Read(ids, ids, ids, ids, ids)
    whole = decoder.distribution(found, here, 10)[0, 0]
    expected = {
        5: 0.25 * 0.9 + 0.75 * (0.6 * (0.2 + 0.3) + 0.4 * 0.7),
        2: 0.25 * 0.1,
        7: 0.75 * 0.4 * 0.3,
        9: 0.75 * 0.6 * 0.5,
    }
    assert whole.tolist() == pytest.approx([expected.get(token, 0.0) for token in range(10)])
    assert sum(expected.values()) == pytest.approx(1)
    for token, share in expected.items():
        one = decoder.probability_of(found, here, torch.tensor([[token]]))
        assert one.item() == pytest.approx(share)


@torch.no_grad()
def test_probabilities_of_every_step_add_up_to_one(model: Sharing) -> None:
    decoder = decoder_of(model)
    for task in toy.TASKS:
        _, here = reading(model, task)
        state, words = decoder.begin(here, 1), torch.randn(8, 1, toy.WIDTH)
        for _ in range(3):
            mixture, state = decoder.step(here, state, words)
            whole = decoder.distribution(mixture, here, len(toy.tokenizer()))
            assert torch.allclose(whole.sum(dim=2), torch.ones(8, 1), atol=1e-5)


@torch.no_grad()
def test_an_answers_likelihood_is_the_product_of_its_steps(model: Sharing) -> None:
    decoder, embeddings = decoder_of(model), model.encoder_of("mnli").get_input_embeddings()  # type: ignore[operator]
    batch, here = reading(model, "mnli")
    found = decoder.log_likelihoods(here, batch.targets[:, None], embeddings)[:, 0]
    for row in range(len(batch.targets)):
        state, before, product = decoder.begin(here, 1), torch.full((8, 1), SEP), 1.0
        for token in [int(token) for token in batch.targets[row] if token >= 0]:
            mixture, state = decoder.step(here, state, embeddings(before))
            product *= float(decoder.distribution(mixture, here, len(toy.tokenizer()))[row, 0, token])
            before = torch.full((8, 1), token)
        assert float(found[row].sum().exp()) == pytest.approx(product, rel=1e-4)


@torch.no_grad()
def test_a_labels_probability_is_its_share_of_all_likelihoods(model: Sharing) -> None:
    decoder, embeddings = decoder_of(model), model.encoder_of("mnli").get_input_embeddings()  # type: ignore[operator]
    batch, here = reading(model, "mnli")
    shares = LabelAsText(labels.MODEL).summarise(model("mnli", batch), batch)
    likelihoods = []
    for answer in spelt_labels(MNLI, toy.tokenizer()):
        tokens = torch.tensor(answer).expand(8, 1, -1)
        likelihoods.append(decoder.log_likelihoods(here, tokens, embeddings).sum(dim=2).exp())
    every = torch.cat(likelihoods, dim=1)
    assert torch.allclose(shares, every / every.sum(dim=1, keepdim=True), atol=1e-5)


def test_the_loss_is_the_mean_over_each_answers_tokens() -> None:
    batch = replace(toy.batch(toy.model("pointer"), "sst2"), targets=torch.tensor([[4, 5, SEP], [SEP, -1, -1]]))
    output = torch.tensor([[-1.0, -2.0, -3.0, 99.0], [-4.0, 0.0, 0.0, 99.0]])
    assert float(LabelAsText(labels.MODEL).loss(output, batch)) == pytest.approx((2.0 + 4.0) / 2)


def test_one_decoder_knows_the_words_of_all_tasks_labels(model: Sharing) -> None:
    decoder = decoder_of(model)
    assert model.head("squad") is decoder
    assert model.counts()["task_only"] == 0
    words = {read([token]) for token in decoder.answers}
    assert words == {"[SEP]", "negative", "positive", "en", "##tail", "##ment", "neutral", "contradiction"}
    pair = toy.model("pointer", ("squad", "sst2"))
    assert decoder_of(pair).answers.tolist() == [SEP, 3893, 4997]


@torch.no_grad()
def test_padding_changes_nothing(model: Sharing) -> None:
    for task in ("mnli", "squad"):
        kind, found = model.kind_of(registry.load("tasks", task)), registry.load("tasks", task)
        encoded = kind.encode(found, toy.examples(task), toy.tokenizer(), Lengths(32, 8))
        alone, beside = (collate(encoded, np.array(rows, dtype=np.int32), 0) for rows in ([0], [0, 4, 1]))
        one, of_three = (kind.summarise(model(task, batch), batch) for batch in (alone, toy.padded(beside, 5)))
        assert torch.allclose(one[0], of_three[0], atol=1e-4)


def test_it_learns_to_spell() -> None:
    model = toy.model("pointer", ("squad",))
    toy.learn(model, ("squad",), steps=50)
    kind, examples = SpanAsText(spans.MODEL), toy.examples("squad")
    encoded = kind.encode(SQUAD, examples, toy.tokenizer(), Lengths(32, 8))
    batch = toy.batch(model, "squad")
    with torch.no_grad():
        summaries = kind.summarise(model("squad", batch), batch).numpy()
    said = kind.decode(SQUAD, examples, encoded, summaries)
    assert {one.prediction for one in said[:2]} <= {"Ada", "Kurt"}, "the one question with two answers"
    assert [one.prediction for one in said[2:]] == list(toy.NAMES[2:])
    assert all(one.correct and one.confidence > 0.5 for one in said[2:])
    assert {one.detail["start"] for one in said[2:]} == {13}


CONTEXT = "Ada wrote it, and Ada read it. Unaffable."


def context_row() -> Encoded:
    example = Example("x", ("Who?", CONTEXT), (Answer("Ada", 0),))
    return SpanAsText(spans.MODEL).encode(SQUAD, [example], toy.tokenizer(), Lengths(64, 20))


def places_of(encoded: Encoded, *words: str) -> list[int]:
    tokens = [read([token]) for token in encoded.tokens]
    return [tokens.index(word) for word in words]


def test_what_stands_in_the_context_is_given_in_its_own_characters() -> None:
    encoded = context_row()
    wrote = places_of(encoded, "wrote")[0]
    assert text_of(CONTEXT, encoded, 0, [wrote - 1, wrote]) == ("Ada wrote", (0, 9))
    read_it = places_of(encoded, "read")[0]
    assert text_of(CONTEXT, encoded, 0, [read_it - 1]) == ("Ada", (18, 21))  # where it pointed, not the first
    assert text_of(CONTEXT, encoded, 0, [wrote - 1, read_it]) == ("Ada read", (18, 26))  # found elsewhere in one piece


def test_what_does_not_stand_in_one_piece_is_put_together() -> None:
    encoded = context_row()
    wrote, comma, una = places_of(encoded, "wrote", ",", "una")
    assert text_of(CONTEXT, encoded, 0, [wrote, comma, una, una + 1]) == ("wrote, Unaffa", (0, 0))


def two_windows(*rows: list[float]) -> Any:
    context = "nothing here " * 4 + "but Ada wrote it here."
    example = Example("x", ("Who wrote it?", context), (Answer("Ada", context.index("Ada")),))
    encoded = SpanAsText(spans.MODEL).encode(SQUAD, [example], toy.tokenizer(), Lengths(16, 4))
    assert len(encoded.starts) - 1 >= 2
    blank = [NEVER, np.log(0.5), *[-1.0] * 30]
    summaries = np.array([*rows, *[blank] * (len(encoded.starts) - 1 - len(rows))], dtype=np.float32)
    [said] = SpanAsText(spans.MODEL).decode(SQUAD, [example], encoded, summaries)
    return said, len(encoded.starts) - 1


def test_the_best_window_is_the_likeliest_that_says_something() -> None:
    row = [np.log(0.01), np.log(0.01), 6.0, *[-1.0] * 29]
    said, _ = two_windows(row)
    assert (said.prediction, said.detail) == ("nothing", {"start": 0, "end": 7, "following": []})
    assert said.confidence == pytest.approx(0.01)
    assert not said.correct


def test_where_no_window_says_anything_there_is_no_answer() -> None:
    said, windows = two_windows()
    assert (said.prediction, said.detail, said.score) == ("", {"start": 0, "end": 0, "following": []}, 0.0)
    assert said.confidence == pytest.approx(0.5**windows)


def test_an_empty_answer_never_has_the_best_score() -> None:
    alone = toy.model("pointer", ("squad",)).eval()
    with torch.no_grad():
        head = alone.head("squad")
        assert isinstance(head, PointerDecoder)
        head.generates.bias.fill_(50.0)  # always generates, and the end is all there is
        batch = toy.batch(alone, "squad")
        summaries = SpanAsText(spans.MODEL).summarise(alone("squad", batch), batch)
    assert head.answers.tolist() == [SEP]
    assert (summaries[:, 0] == NEVER).all()
    assert summaries[:, 1].tolist() == pytest.approx([0.0] * 8, abs=1e-4)
    assert (summaries[:, 2:] == -1).all()


def test_labels_that_are_spelt_alike_are_refused() -> None:
    shouting = replace(SST2, labels=("Good", "good"))
    with pytest.raises(InvalidConfig) as caught:
        spelt_labels(shouting, toy.tokenizer())
    assert str(caught.value) == (
        "sharing: this encoder spells the labels 'Good' and 'good' of sst2 alike, so no answer could tell them apart. "
        "Use another sharing."
    )


def test_answers_need_a_token_that_ends_them() -> None:
    words = Tokenizer(WordLevel({"a": 0, "</s>": 1}, unk_token="a"))
    assert end_of(PreTrainedTokenizerFast(tokenizer_object=words, eos_token="</s>")) == 1
    with pytest.raises(EncoderError) as caught:
        end_of(PreTrainedTokenizerFast(tokenizer_object=words))
    assert str(caught.value) == ("this encoder has no token that ends a text, which answers need. Use another sharing.")
