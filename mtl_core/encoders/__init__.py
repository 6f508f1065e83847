"""Loading a pretrained encoder and its tokenizer: the embedded one, a local folder, or one of the hub.

Only safetensors are read and no code of a model's author is run. Checks that need
an encoder's small files alone do without torch.
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from inspect import signature
from pathlib import Path
from typing import Any

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
ATTENTION_DROPOUT = ("attention_probs_dropout_prob", "attention_dropout")
"""Names that transformers' encoders give the dropout inside attention."""


def check(name: str, *, attention_dropout: float | None = None) -> None:
    """Checks from an encoder's small files that it can be trained here.

    Raises EncoderError with what is wrong, HubUnreachable where the hub is needed and does not answer.
    """
    need_weights(name)
    _check_config(name, attention_dropout)


def longest_input(name: str) -> int:
    """Most tokens that the encoder's positions allow, special tokens among them. Raises as `check` does."""
    config = _config(name)
    positions = config.get("max_position_embeddings") or 512
    if config.get("model_type") in SHIFTED:
        return int(positions) - int(config.get("pad_token_id", 1)) - 1
    return int(positions)


def fingerprint(name: str) -> str:
    """Sixteen characters that change with anything that could change token ids. Raises as `check` does."""
    folder = folder_of(name)
    digest = hashlib.sha256(f"{version('transformers')} {version('tokenizers')}".encode())
    for file in (*TOKENIZER_FILES, *TOKENIZER_SETTINGS):
        if (folder / file).is_file():
            digest.update(file.encode() + (folder / file).read_bytes())
    return digest.hexdigest()[:16]


def load_tokenizer(name: str) -> Any:
    """The encoder's fast tokenizer. Raises as `check` does."""
    folder = folder_of(name)
    with _calm():
        from transformers import AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(str(folder), trust_remote_code=False)
        except Exception as error:  # tokenizers raises a bare Exception for broken files
            raise EncoderError(f"the tokenizer of '{name}' can't be loaded: {_first_line(error)}") from error
    if not tokenizer.is_fast:
        raise EncoderError(f"the encoder '{name}' has no fast tokenizer, which is needed to find answers in texts.")
    return tokenizer


def load_encoder(name: str, *, attention_dropout: float | None = None) -> Any:
    """The pretrained encoder in fp32, without its pooling layer. Raises as `check` does.

    `attention_dropout` (a share) takes the place of the encoder's own.
    """
    check(name, attention_dropout=attention_dropout)
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
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EncoderError(f"the {CONFIG} of '{name}' can't be read: {_first_line(error)}") from error
    if not isinstance(config, dict):
        raise EncoderError(f"the {CONFIG} of '{name}' is not a set of settings.")
    return config


def _check_config(name: str, attention_dropout: float | None) -> None:
    config = _config(name)
    _refuse_what_is_no_encoder(name, config)
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
