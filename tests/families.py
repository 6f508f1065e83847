"""A tiny encoder of each family, with drawn weights and a tokenizer of the family's own making, on disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

SIZES = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 140,
}
DISENTANGLED = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_biased_input": False}
FAMILIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "bert": ("bert", "pieces", {}),
    "distilbert": ("distilbert", "pieces", {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32}),
    "electra": ("electra", "pieces", {"embedding_size": 8}),
    "mpnet": ("mpnet", "roberta pieces", {}),
    "roberta": ("roberta", "bytes", {"type_vocab_size": 1}),
    "xlm-roberta": ("xlm-roberta", "sentencepiece roberta", {"type_vocab_size": 1}),
    "albert": ("albert", "sentencepiece", {"embedding_size": 8}),
    "deberta-v2": ("deberta-v2", "sentencepiece", {**DISENTANGLED, "norm_rel_ebd": "layer_norm"}),
    "deberta-v3": (
        "deberta-v2",
        "sentencepiece",
        {**DISENTANGLED, "norm_rel_ebd": "layer_norm", "position_buckets": 16, "share_att_key": True},
    ),
    "modernbert": ("modernbert", "bytes with blanks", {"local_attention": 8, "global_attn_every_n_layers": 2}),
}
"""Family → type in transformers, tokenizer, settings of its own."""
BERTS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTAS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def encoder(folder: Path, family: str, **changes: Any) -> Path:
    """Writes the family's tiny encoder, with other settings than its own where `changes` say so; its folder."""
    import torch
    from transformers import AutoConfig, AutoModel

    kind, words, own = FAMILIES[family]
    tokenizer = _tokenizer(words)
    tokenizer.save_pretrained(folder)
    ids = {name: getattr(tokenizer, name) for name in ("pad_token_id", "bos_token_id", "eos_token_id")}
    ids |= {"cls_token_id": tokenizer.cls_token_id, "sep_token_id": tokenizer.sep_token_id}
    sizes = {} if kind == "distilbert" else SIZES
    settings = {"vocab_size": len(tokenizer), **sizes, "max_position_embeddings": 140, **ids, **own, **changes}
    torch.manual_seed(0)
    model = AutoModel.from_config(AutoConfig.for_model(kind, **settings))
    model.save_pretrained(folder)
    return folder


def _tokenizer(words: str) -> Any:
    """A generic fast tokenizer, trained on the sample's texts: no class says that it tells texts apart."""
    import tokenizers
    from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = ROBERTAS if "roberta" in words or words == "bytes" else BERTS
    cls, sep, pad, unknown = (
        (special[0], special[2], special[1], special[3])
        if special is ROBERTAS
        else (
            "[CLS]",
            "[SEP]",
            "[PAD]",
            "[UNK]",
        )
    )
    if "pieces" in words:
        made = tokenizers.Tokenizer(models.WordPiece(unk_token=unknown))
        made.normalizer = normalizers.BertNormalizer(lowercase=True)
        made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer: Any = trainers.WordPieceTrainer(vocab_size=400, special_tokens=special, show_progress=False)
    elif "bytes" in words:
        made = tokenizers.Tokenizer(models.BPE())
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        made.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer = trainers.BpeTrainer(
            vocab_size=500, special_tokens=special, initial_alphabet=alphabet, show_progress=False
        )
    else:
        made = tokenizers.Tokenizer(models.Unigram())
        made.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=400, special_tokens=special, unk_token=unknown, show_progress=False
        )
    made.train_from_iterator(_texts(), trainer)
    first, last = (cls, made.token_to_id(cls)), (sep, made.token_to_id(sep))
    if special is ROBERTAS:
        made.post_processor = processors.RobertaProcessing(last, first, trim_offsets="bytes" in words)
    else:
        made.post_processor = processors.TemplateProcessing(
            single=f"{cls} $A {sep}", pair=f"{cls} $A {sep} $B:1 {sep}:1", special_tokens=[first, last]
        )
    names = {"cls_token": cls, "sep_token": sep, "pad_token": pad, "unk_token": unknown, "bos_token": cls}
    return PreTrainedTokenizerFast(tokenizer_object=made, eos_token=sep, mask_token=special[4], **names)


def _texts() -> Iterable[str]:
    from mtl_core import registry
    from mtl_core.data import sample

    for name in ("mnli", "squad"):
        examples = sample.read(registry.load("tasks", name)).train.examples[:150]
        yield from (text for example in examples for text in example.inputs)
