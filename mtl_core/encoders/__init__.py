"""Loading a pretrained encoder and its tokenizer: the embedded one, a local folder, or one of the hub.

Only safetensors are read and no code of a model's author is run. Checks that need
an encoder's small files alone do without torch.
"""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from inspect import signature
from pathlib import Path
from typing import Any

from mtl_core.disk.json_text import parsed
from mtl_core.encoders.files import CONFIG, TOKENIZER_FILES, TOKENIZER_SETTINGS, folder_of, need_weights
from mtl_core.errors import EncoderError

PLAIN = (
    "albert",
    "bert",
    "big_bird",
    "convbert",
    "deberta",
    "deberta-v2",
    "distilbert",
    "electra",
    "ernie",
    "eurobert",
    "flaubert",
    "fnet",
    "funnel",
    "gte",
    "megatron-bert",
    "mobilebert",
    "modernbert",
    "nomic_bert",
    "rembert",
    "roc_bert",
    "roformer",
    "squeezebert",
    "xlm",
)
"""Text encoders whose positions count from 0."""
SHIFTED = (
    "camembert",
    "data2vec-text",
    "ibert",
    "longformer",
    "luke",
    "mpnet",
    "roberta",
    "roberta-prelayernorm",
    "xlm-roberta",
    "xlm-roberta-xl",
    "xmod",
)
"""Text encoders whose positions count from one after the padding's token id, as RoBERTa's do."""
LEAKING = {
    "convbert": "its convolutions read the padding after a text",
    "fnet": "its Fourier transform mixes the padding into a text",
    "funnel": "it pools texts together with the padding after them",
}
"""Types whose answers depend on the other texts of a batch, and why. Runs of earlier versions on them go on."""
NO_BF16 = ("deberta",)
"""Types whose code in transformers mixes precisions in a way that fails in bf16."""
SEGMENTS = "token_type_ids"
ATTENTION_DROPOUT = ("attention_probs_dropout_prob", "attention_dropout")
"""Names that transformers' encoders give the dropout inside attention."""


def check(name: str, *, attention_dropout: float | None = None, bf16: bool = False, rules: int = 2) -> None:
    """Checks from an encoder's small files that it can be trained here. `rules` are the config's `data_rules`.

    Raises EncoderError with what is wrong, HubUnreachable where the hub is needed and does not answer.
    """
    need_weights(name)
    _check_config(name, attention_dropout)
    kind = _config(name).get("model_type")
    if rules > 1 and kind in LEAKING:
        raise EncoderError(
            f"'{name}' is of the type '{kind}', whose answers depend on the batch that a text is in: {LEAKING[kind]}. "
            "Give another encoder, such as bert-base-uncased."
        )
    if bf16 and kind in NO_BF16:
        words = f"the encoder '{name}' is of the type '{kind}', which does not work in bf16. Use fp32."
        raise EncoderError(words, field="precision")


def longest_input(name: str) -> int:
    """Most tokens that the encoder's positions allow, special tokens among them. Raises as `check` does."""
    config = _config(name)
    positions = _whole(name, config, "max_position_embeddings", 512)
    if config.get("model_type") in SHIFTED:
        return positions - _whole(name, config, "pad_token_id", 1) - 1
    return positions


def fingerprint(name: str, *, segments: bool = True) -> str:
    """Sixteen characters that change with anything that could change token ids, and with `segments`: whether the
    tokenizer gives segment ids. Raises as `check` does."""
    folder = folder_of(name)
    told = "" if segments else " without segments"
    digest = hashlib.sha256(f"{version('transformers')} {version('tokenizers')}{told}".encode())
    for file in (*TOKENIZER_FILES, *TOKENIZER_SETTINGS):
        if (folder / file).is_file():
            digest.update(file.encode() + (folder / file).read_bytes())
    return digest.hexdigest()[:16]


def load_tokenizer(name: str, *, rules: int = 2) -> Any:
    """The encoder's fast tokenizer. Raises as `check` does.

    It tells the texts of a pair apart by segment ids where the encoder has several of them, whatever class saved it;
    by `rules` 1, which runs of earlier versions have, where its class says so.
    """
    folder = folder_of(name)
    with _calm():
        from transformers import AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(str(folder), trust_remote_code=False)
        except Exception as error:  # tokenizers raises a bare Exception for broken files
            raise EncoderError(f"the tokenizer of '{name}' can't be loaded: {_first_line(error)}") from error
    if not tokenizer.is_fast:
        raise EncoderError(f"the encoder '{name}' has no fast tokenizer, which is needed to find answers in texts.")
    if rules > 1:
        others = [one for one in tokenizer.model_input_names if one != SEGMENTS]
        several = _whole(name, _config(name), "type_vocab_size", 0) > 1
        tokenizer.model_input_names = [*others, *[SEGMENTS] * several]
    return tokenizer


def load_encoder(name: str, *, attention_dropout: float | None = None, rules: int = 2) -> Any:
    """The pretrained encoder in fp32, without its pooling layer. Raises as `check` does.

    `attention_dropout` (a share) takes the place of the encoder's own.
    """
    check(name, attention_dropout=attention_dropout, rules=rules)
    folder = folder_of(name, weights=True)
    with _calm():
        from safetensors import SafetensorError
        from transformers import AutoModel

        settings = _settings(folder, attention_dropout)
        try:
            model, report = AutoModel.from_pretrained(
                str(folder), use_safetensors=True, output_loading_info=True, **settings
            )
        except (OSError, ValueError, KeyError, RuntimeError, TypeError, SafetensorError) as error:
            raise EncoderError(f"the weights of '{name}' can't be loaded: {_first_line(error)}") from error
    _need_all_weights(name, report)
    return model


def empty_encoder(name: str, *, attention_dropout: float | None = None) -> Any:
    """The same model with weights not set: to count them, or to fill them from a checkpoint. Raises as `check` does."""
    _check_config(name, attention_dropout)
    with _calm():
        from transformers import AutoModel
        from transformers.initialization import no_init_weights

        settings = _settings(folder_of(name), attention_dropout)
        with no_init_weights():
            return AutoModel.from_config(settings.pop("config"), **settings)


def _config(name: str) -> dict[str, Any]:
    path = folder_of(name) / CONFIG
    try:
        config = parsed(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EncoderError(f"the {CONFIG} of '{name}' can't be read: {_first_line(error)}") from error
    if not isinstance(config, dict):
        raise EncoderError(f"the {CONFIG} of '{name}' is not a set of settings.")
    return config


def _whole(name: str, config: dict[str, Any], field: str, default: int) -> int:
    """A whole number of the config, 0 or more; the default where it does not say one."""
    value = config.get(field, default)
    if type(value) is int and value >= 0:
        return value
    if value is None and field != "pad_token_id":
        return default
    hint = "Give the padding token's id, as the tokenizer has it" if field == "pad_token_id" else "Correct the file"
    raise EncoderError(f"the {CONFIG} of '{name}' has {field} {value!r:.40}, which is no number of a token. {hint}.")


def _check_config(name: str, attention_dropout: float | None) -> None:
    config = _config(name)
    _refuse_what_is_no_encoder(name, config)
    if config.get("model_type") in SHIFTED:
        _whole(name, config, "pad_token_id", 1)  # positions are counted from it
    if attention_dropout is not None:
        _need_attention_dropout(name, config)


def _refuse_what_is_no_encoder(name: str, config: dict[str, Any]) -> None:
    kind = config.get("model_type")
    advice = "Give an encoder such as bert-base-uncased."
    if config.get("is_encoder_decoder"):
        raise EncoderError(f"'{name}' is an encoder-decoder ({kind}), which Tandem can't train. {advice}")
    made_for = " ".join(map(str, config.get("architectures") or []))
    if config.get("is_decoder") or re.search(r"ForCausalLM|LMHeadModel|GPT", made_for):
        raise EncoderError(f"'{name}' is a decoder ({kind}), which reads in one direction. {advice}")
    if kind not in (*PLAIN, *SHIFTED):
        raise EncoderError(f"'{name}' is of the type '{kind}', which is not a text encoder that Tandem knows. {advice}")


def _need_attention_dropout(name: str, config: dict[str, Any]) -> None:
    if config.get("model_type") == "fnet":
        raise EncoderError(
            f"the encoder '{name}' has no attention and so no dropout inside it. Leave attention_dropout empty.",
            field="attention_dropout",
        )


def _settings(folder: Path, attention_dropout: float | None) -> dict[str, Any]:
    """Arguments that build the model: its config, in fp32, without a pooling layer where its class can leave it out."""
    import torch
    from transformers import MODEL_MAPPING, AutoConfig

    try:
        config = AutoConfig.from_pretrained(str(folder), trust_remote_code=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"the {CONFIG} in '{folder}' can't be read: {_first_line(error)}") from error
    if attention_dropout is not None:
        field = next(field for field in ATTENTION_DROPOUT if hasattr(config, field))
        setattr(config, field, attention_dropout)
    settings = {"config": config, "dtype": torch.float32, "trust_remote_code": False}
    if "add_pooling_layer" in signature(MODEL_MAPPING[type(config)].__init__).parameters:
        settings["add_pooling_layer"] = False
    return settings


def _need_all_weights(name: str, report: dict[str, Any]) -> None:
    missing = sorted(map(str, report["missing_keys"])) + sorted(str(key[0]) for key in report["mismatched_keys"])
    if missing:
        raise EncoderError(
            f"the weights of '{name}' don't fit its {CONFIG}: {len(missing)} are missing or of another shape, "
            f"such as {missing[0]}."
        )


@contextmanager
def _calm() -> Iterator[None]:
    """Imports transformers a quarter faster, as nothing is garbage yet, and keeps its reports out of a run's log."""
    collected = gc.isenabled()
    gc.disable()
    try:
        from transformers.utils import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        yield
    finally:
        if collected:
            gc.enable()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
