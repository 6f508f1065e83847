"""Encoders: the embedded one, local folders, the hub; and what is said of all that is no encoder."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mtl_core import encoders
from mtl_core.errors import EncoderError, HubUnreachable, TandemError
from tests import tiny
from tests.hub_server import Hub, serving

ROOT = Path(__file__).parents[2]
SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.encoder(tmp_path_factory.mktemp("made") / "bert", width=16)


@pytest.fixture
def local(made: Path, tmp_path: Path) -> Path:
    """A copy of the tiny encoder, to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / "bert"))


def fault(name: object, ask: Callable[..., Any] = encoders.check, **options: Any) -> str:
    with pytest.raises(TandemError) as raised:
        ask(str(name), **options)
    assert isinstance(raised.value, EncoderError | HubUnreachable)
    [one] = raised.value.faults
    fields = {"attention_dropout": "attention_dropout", "bf16": "precision"}
    assert one.field == fields.get(next(iter(options), ""), "encoder")
    return one.message


def configure(folder: Path, **changes: Any) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


class TestEmbedded:
    def test_facts_without_loading_it(self) -> None:
        encoders.check("embedded", attention_dropout=0.0)
        assert encoders.longest_input("embedded") == 512
        assert encoders.fingerprint("embedded") == encoders.fingerprint(str(tiny.EMBEDDED))

    def test_checks_need_no_torch(self) -> None:
        code = (
            "import sys; from mtl_core import encoders; encoders.check('embedded'); encoders.longest_input('embedded');"
            "encoders.fingerprint('embedded'); print([m for m in ('torch', 'transformers') if m in sys.modules])"
        )
        assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).strip() == "[]"

    def test_loads_without_noise_and_without_pooling(self, capfd: pytest.CaptureFixture[str]) -> None:
        import torch

        model = encoders.load_encoder("embedded")
        tokenizer = encoders.load_tokenizer("embedded")
        assert capfd.readouterr() == ("", "")
        assert gc.isenabled()
        assert model.pooler is None
        assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
        assert model.config.attention_probs_dropout_prob == 0.1
        assert tokenizer("A film.", "No?").input_ids == [101, 1037, 2143, 1012, 102, 2053, 1029, 102]
        empty = encoders.empty_encoder("embedded")
        assert {name: weight.shape for name, weight in empty.state_dict().items()} == {
            name: weight.shape for name, weight in model.state_dict().items()
        }


class TestLocalFolders:
    def test_weights_are_the_saved_ones(self, made: Path) -> None:
        from safetensors.torch import load_file

        saved = load_file(made / "model.safetensors")
        loaded = encoders.load_encoder(str(made), attention_dropout=0.25)
        assert all(loaded.state_dict()[name].equal(weight) for name, weight in saved.items())
        assert loaded.config.attention_probs_dropout_prob == 0.25
        assert encoders.longest_input(str(made)) == 256

    def test_the_fingerprint_follows_the_tokenizer_alone(self, local: Path) -> None:
        before = encoders.fingerprint(str(local))
        configure(local, hidden_act="relu")
        assert encoders.fingerprint(str(local)) == before
        tokenizer = json.loads((local / "tokenizer.json").read_text())
        tokenizer["normalizer"]["lowercase"] = False
        (local / "tokenizer.json").write_text(json.dumps(tokenizer))
        assert encoders.fingerprint(str(local)) != before

    def test_an_empty_encoder_needs_no_weights(self, local: Path) -> None:
        (local / "model.safetensors").unlink()
        assert sum(weight.numel() for weight in encoders.empty_encoder(str(local)).parameters()) > 16 * 30_000
        assert encoders.load_tokenizer(str(local)).is_fast

    def test_what_is_missing_is_named(self, local: Path) -> None:
        whole = "Give a whole encoder, as save_pretrained writes it."
        (local / "model.safetensors").unlink()
        for ask in (encoders.check, encoders.load_encoder):
            assert fault(local, ask) == f"the folder '{local}' has no model.safetensors. {whole}"
        (local / "tokenizer.json").unlink()
        (local / "vocab.txt").unlink()
        assert fault(local) == (
            f"the folder '{local}' has no tokenizer (tokenizer.json or vocab.txt) and no model.safetensors. {whole}"
        )
        (local / "config.json").unlink()
        assert fault(local, encoders.fingerprint) == (
            f"the folder '{local}' has no config.json and no tokenizer (tokenizer.json or vocab.txt). {whole}"
        )

    def test_a_pickle_is_never_loaded(self, local: Path) -> None:
        (local / "model.safetensors").rename(local / "pytorch_model.bin")
        assert fault(local) == (
            f"the folder '{local}' has its weights as a pickle or in another old form, which is never loaded. "
            "Give an encoder with model.safetensors."
        )

    def test_broken_files(self, local: Path) -> None:
        weights = (local / "model.safetensors").read_bytes()
        (local / "model.safetensors").write_bytes(weights[: len(weights) // 2])
        assert fault(local, encoders.load_encoder).startswith(f"the weights of '{local}' can't be loaded: ")
        (local / "tokenizer.json").write_text("{")
        assert fault(local, encoders.load_tokenizer).startswith(f"the tokenizer of '{local}' can't be loaded: ")
        (local / "config.json").write_text("{")
        assert fault(local) == (
            f"the config.json of '{local}' can't be read: "
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
        )
        (local / "config.json").write_text("[]")
        assert fault(local) == f"the config.json of '{local}' is not a set of settings."

    def test_weights_of_another_shape(self, local: Path) -> None:
        configure(local, num_hidden_layers=3)
        assert fault(local, encoders.load_encoder) == (
            f"the weights of '{local}' don't fit its config.json: 16 are missing or of another shape, "
            "such as encoder.layer.2.attention.output.LayerNorm.bias."
        )


class TestArchitectures:
    def test_other_kinds_of_model_are_refused(self, local: Path) -> None:
        advice = "Give an encoder such as bert-base-uncased."
        configure(local, model_type="t5", is_encoder_decoder=True)
        assert fault(local) == f"'{local}' is an encoder-decoder (t5), which Tandem can't train. {advice}"
        configure(local, model_type="gpt2", is_encoder_decoder=False, architectures=["GPT2LMHeadModel"])
        assert fault(local) == f"'{local}' is a decoder (gpt2), which reads in one direction. {advice}"
        configure(local, model_type="vit", architectures=["ViTModel"])
        assert (
            fault(local) == f"'{local}' is of the type 'vit', which is not a text encoder that Tandem knows. {advice}"
        )

    def test_an_encoder_without_attention_has_no_dropout_in_it(self, local: Path) -> None:
        configure(local, model_type="fnet")
        encoders.check(str(local), rules=1)
        assert fault(local, attention_dropout=0.0) == (
            f"the encoder '{local}' has no attention and so no dropout inside it. Leave attention_dropout empty."
        )

    @pytest.mark.parametrize("kind", sorted(encoders.LEAKING))
    def test_types_whose_padding_leaks_are_refused(self, local: Path, kind: str) -> None:
        configure(local, model_type=kind)
        assert fault(local) == (
            f"'{local}' is of the type '{kind}', whose answers depend on the batch that a text is in: "
            f"{encoders.LEAKING[kind]}. Give another encoder, such as bert-base-uncased."
        )
        encoders.check(str(local), rules=1)  # runs of earlier versions go on

    def test_a_type_that_fails_in_bf16(self, local: Path) -> None:
        configure(local, model_type="deberta")
        encoders.check(str(local))
        assert fault(local, bf16=True) == (
            f"the encoder '{local}' is of the type 'deberta', which does not work in bf16. Use fp32."
        )

    @pytest.mark.parametrize("wrong", [None, "1", -1, 1.5, [1]])
    def test_a_padding_token_that_is_none(self, local: Path, wrong: object) -> None:
        configure(local, model_type="roberta", pad_token_id=wrong)
        words = (
            f"the config.json of '{local}' has pad_token_id {wrong!r}, which is no number of a token. "
            "Give the padding token's id, as the tokenizer has it."
        )
        assert fault(local) == words
        assert fault(local, encoders.longest_input) == words
        configure(local, model_type="bert", pad_token_id=None)
        encoders.check(str(local))
        assert encoders.longest_input(str(local)) > 0

    def test_a_config_that_is_nested_without_end(self, local: Path) -> None:
        (local / "config.json").write_text("[" * 3000 + "]" * 3000)
        assert fault(local) == (
            f"the config.json of '{local}' can't be read: values are nested too deeply: line 1 column 201 (char 200)"
        )

    def test_segment_ids_are_asked_for_where_there_are_several(self, local: Path) -> None:
        """Saved as a generic fast tokenizer, which says nothing of them."""
        settings = json.loads((local / "tokenizer_config.json").read_text())
        (local / "tokenizer_config.json").write_text(
            json.dumps({**settings, "tokenizer_class": "PreTrainedTokenizerFast", "model_input_names": ["input_ids"]})
        )
        pair = ("It rains.", "It is wet.")
        assert set(encoders.load_tokenizer(str(local))(*pair)["token_type_ids"]) == {0, 1}
        assert "token_type_ids" not in encoders.load_tokenizer(str(local), rules=1)(*pair)
        configure(local, type_vocab_size=1)
        assert "token_type_ids" not in encoders.load_tokenizer(str(local))(*pair)
        print_with, print_without = (encoders.fingerprint(str(local), segments=own) for own in (True, False))
        assert print_with != print_without

    @pytest.mark.parametrize("kind", sorted({*encoders.PLAIN, *encoders.SHIFTED}))
    def test_every_known_type_is_an_encoder_of_transformers(self, kind: str) -> None:
        from transformers import MODEL_MAPPING, AutoConfig

        config = AutoConfig.for_model(kind)
        assert type(config) in MODEL_MAPPING
        assert not config.is_encoder_decoder
        assert kind == "fnet" or any(hasattr(config, field) for field in encoders.ATTENTION_DROPOUT)

    @pytest.mark.parametrize("kind", ["bert", "roberta", "xlm-roberta", "mpnet", "distilbert", "electra", "camembert"])
    def test_the_longest_input_is_the_longest(self, kind: str, local: Path) -> None:
        import torch
        from transformers import MODEL_MAPPING, AutoConfig

        names = {"hidden_dim": 32, "dim": 16, "n_heads": 2, "n_layers": 1} if kind == "distilbert" else SMALL
        config = AutoConfig.for_model(kind, vocab_size=50, max_position_embeddings=20, **names)
        model = MODEL_MAPPING[type(config)](config)
        model.save_pretrained(local)
        longest = encoders.longest_input(str(local))
        loaded = encoders.load_encoder(str(local), attention_dropout=0.5).eval()
        with torch.inference_mode():
            assert loaded(input_ids=torch.full((1, longest), 7)).last_hidden_state.shape == (1, longest, 16)
            with pytest.raises((IndexError, RuntimeError)):
                loaded(input_ids=torch.full((1, longest + 1), 7))


class TestNames:
    def test_a_slip_of_the_pen(self) -> None:
        assert fault("embeded") == "no encoder called 'embeded'. Did you mean 'embedded'?"

    @pytest.mark.parametrize("name", ["./nowhere", "/nowhere", "~/nowhere", "a/b/c"])
    def test_folders_that_are_not_there(self, name: str) -> None:
        assert fault(name) == (f"there is no folder '{name}'. Give one that holds an encoder, a hub id or 'embedded'.")

    @pytest.mark.parametrize("name", ["bert base", "bert/", "bért", "a?b"])
    def test_what_can_be_no_id(self, name: str) -> None:
        assert fault(name) == (
            f"'{name}' is neither a folder nor a hub id. Give one like bert-base-uncased, or 'embedded'."
        )


ASK = """
import json, sys
from mtl_core import encoders
from mtl_core.encoders import hub_connection
from mtl_core.errors import TandemError

hub_connection.PATIENCE = hub_connection.LONGEST_SILENCE = 4.0
name, how = sys.argv[1:]
try:
    encoders.check(name)
    told = {"reachable": hub_connection.reachable(), "longest": encoders.longest_input(name)}
    told["print"] = encoders.fingerprint(name)
    if how == "load":
        model, tokenizer = encoders.load_encoder(name), encoders.load_tokenizer(name)
        told |= {"weights": sum(p.numel() for p in model.parameters()), "tokens": tokenizer("A film.").input_ids}
    print(json.dumps(told))
except TandemError as error:
    [fault] = error.faults
    print(json.dumps({"error": type(error).__name__, "field": fault.field, "message": fault.message}))
"""

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def hub(made: Path, tmp_path: Path) -> Iterator[Hub]:
    root = tmp_path / "hub/models/tandem"
    shutil.copytree(made, root / "tiny-bert")
    shutil.copytree(made, root / "pickled").joinpath("model.safetensors").rename(root / "pickled/pytorch_model.bin")
    with serving(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
def ask(tmp_path: Path, hub: Hub) -> Ask:
    def ask(name: str = "tandem/tiny-bert", how: str = "check") -> dict[str, Any]:
        environment = {**os.environ, "HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path / "home")}
        command = [sys.executable, "-c", ASK, name, how]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=240, check=False, cwd=ROOT
        )
        assert done.stderr == ""
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return ask


class TestHub:
    def refused(self, hub: Hub, why: str) -> dict[str, str]:
        message = (
            f"the Hugging Face hub at {hub.address} {why}, and the encoder 'tandem/tiny-bert' is not on this machine. "
            "Use 'embedded' or a local folder, or try again when the hub can be reached."
        )
        return {"error": "HubUnreachable", "field": "encoder", "message": message}

    def test_it_is_fetched_once_and_then_needs_no_hub(self, ask: Ask, hub: Hub, made: Path) -> None:
        checked = ask()
        assert checked == {"reachable": True, "longest": 256, "print": encoders.fingerprint(str(made))}
        assert not any("model.safetensors" in asked for asked in hub.asked)
        loaded = ask(how="load")
        assert loaded["tokens"] == [101, 1037, 2143, 1012, 102]
        hub.close()
        assert ask(how="load") == {**loaded, "reachable": False}

    def test_it_is_gone(self, ask: Ask, hub: Hub) -> None:
        hub.close()
        assert ask() == self.refused(hub, "can't be reached")

    @pytest.mark.parametrize(
        ("mood", "why"),
        [
            ("silent", "gave no answer within 4 seconds"),
            ("silent files", "broke off"),
            ("html", "answers, but not as a hub does"),
            ("error", "answers with error 500"),
        ],
    )
    def test_it_misbehaves(self, ask: Ask, hub: Hub, mood: str, why: str) -> None:
        hub.mood = mood
        assert ask() == self.refused(hub, why)

    def test_weights_that_arrive_broken_are_fetched_anew(self, ask: Ask, hub: Hub) -> None:
        hub.mood = "truncated"
        broken = "the weights of 'tandem/tiny-bert' came broken from the hub. Try again later."
        assert ask(how="load") == {"error": "EncoderError", "field": "encoder", "message": broken}
        hub.mood = "well"
        assert "tokens" in ask(how="load")

    def test_ids_that_the_hub_does_not_have(self, ask: Ask) -> None:
        assert ask("bert-base-uncasd")["message"] == (
            "the hub has no encoder called 'bert-base-uncasd'. Did you mean 'bert-base-uncased'?"
        )
        assert ask("tandem/nothing")["message"] == (
            "the hub has no encoder called 'tandem/nothing'. Check the id, or use 'embedded'."
        )

    def test_ids_with_old_weights_alone(self, ask: Ask, hub: Hub) -> None:
        assert ask("tandem/pickled")["message"] == (
            "the hub's 'tandem/pickled' has its weights as a pickle or in another old form, which is never loaded. "
            "Give an encoder with model.safetensors."
        )
        assert not any("resolve" in asked for asked in hub.asked)
