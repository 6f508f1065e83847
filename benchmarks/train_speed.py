"""Examples per second of a single-task run against Hugging Face's Trainer: same data, model, batch size, device.

    python benchmarks/train_speed.py --task sst2 --source folder --data DIR --examples 1920 --rounds 3

Three sides take turns, each in a process of its own: Tandem; Trainer with the settings of its example scripts
(padded to `--fixed` tokens); Trainer tuned by its own options (padded per batch, grouped by length, fused optimiser).
The rate counts training steps alone: no imports, no loading, no evaluation. The loss is the mean over the last
quarter of the steps.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SIDES = ("tandem", "trainer", "trainer tuned")


def main() -> None:
    options = _options()
    if options.side:
        print(json.dumps(_measure(options)))
        return
    found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for turn in range(options.rounds):
        for side in SIDES:
            found[side].append(_in_own_process(side, turn + 1))
            print(f"round {turn + 1}  {side:14} {found[side][-1]}", file=sys.stderr)
    _report(options, found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", default="sst2")
    parser.add_argument("--source", default="sample")
    parser.add_argument("--data")
    parser.add_argument("--encoder", default="embedded")
    parser.add_argument("--examples", type=int, default=1920)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--fixed", type=int, help="padded length of the example scripts; default: --max-length")
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--attention-dropout", type=float)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side", choices=SIDES, help="measure one side in this process")
    return parser.parse_args()


def _in_own_process(side: str, seed: int) -> dict[str, float]:
    command = [sys.executable, __file__, *sys.argv[1:], "--side", side, "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _report(options: argparse.Namespace, found: dict[str, list[dict[str, float]]]) -> None:
    ours = statistics.median(one["examples_per_second"] for one in found["tandem"])
    print(f"\n{options.task}, {options.examples} examples, batch {options.batch_size}, {options.precision}")
    print("| side | examples/s, median | range | Tandem is | last losses, by seed | peak memory |")
    print("|---|---:|---:|---:|---|---:|")
    for side, all_rounds in found.items():
        rates = [one["examples_per_second"] for one in all_rounds]
        losses = ", ".join(f"{one['loss']:.3f}" for one in all_rounds)
        peak = max(one["memory_bytes"] for one in all_rounds) / 1e9
        middle = statistics.median(rates)
        spread = f"{min(rates):.1f}–{max(rates):.1f}"
        print(f"| {side} | {middle:.1f} | {spread} | {ours / middle:.2f} × | {losses} | {peak:.2f} GB |")


def _measure(options: argparse.Namespace) -> dict[str, float]:
    from mtl_core.config import run as configs

    config = configs.parse(
        {
            "tasks": options.task,
            "source": options.source,
            "data": options.data,
            "encoder": options.encoder,
            "train_limit": options.examples,
            "limit_by": "first",  # as when the figures in the docs were measured
            "eval_limit": 1,
            "selection_limit": 1,
            "eval_every": 10**9,
            "batch_size": options.batch_size,
            "max_length": options.max_length,
            "precision": options.precision,
            "attention_dropout": options.attention_dropout,
            "device": options.device,
            "seed": options.seed,
        }
    )
    if options.side == "tandem":
        return _tandem(config)
    return _trainer(config, options, tuned=options.side == "trainer tuned")


def _tandem(config: Any) -> dict[str, float]:
    from mtl_core.engine.events import Finished, StepDone
    from mtl_core.engine.loop import train

    losses, rate, memory = [], 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        for event in train(config, Path(folder) / "run", cache=Path(folder) / "cache"):
            if isinstance(event, StepDone):
                losses.append(event.step.loss)
                memory = event.step.memory_bytes
            elif isinstance(event, Finished):
                rate = event.examples_per_second
    return {"examples_per_second": rate, "loss": _last_quarter(losses), "memory_bytes": memory}


def _trainer(config: Any, options: argparse.Namespace, *, tuned: bool) -> dict[str, float]:
    """The same heads and targets inside a model as Trainer wants it, fed by Trainer's own loader."""
    import torch
    from transformers import Trainer, TrainerCallback, TrainingArguments, default_data_collator

    from mtl_core.devices import resolve
    from mtl_core.engine.progress import peak_memory

    device = torch.device(resolve(config.device))
    rows, model, pad = _for_trainer(config, None if tuned else options.fixed or config.max_length)
    losses: list[float] = []
    clock: list[float] = []

    class Watch(TrainerCallback):  # type: ignore[misc]
        def on_step_begin(self, *_: Any, **__: Any) -> None:
            clock.append(time.perf_counter())

        def on_train_end(self, *_: Any, **__: Any) -> None:
            clock.append(time.perf_counter())

        def on_log(self, *_: Any, logs: dict[str, float], **__: Any) -> None:
            if "loss" in logs:
                losses.append(logs["loss"])

    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=config.batch_size,
            num_train_epochs=config.epochs,
            learning_rate=config.learning_rate,
            weight_decay=config.weight_decay,
            warmup_steps=config.warmup,
            max_grad_norm=config.max_grad_norm,
            seed=config.seed,
            bf16=config.precision == "bf16",
            use_cpu=device.type == "cpu",
            logging_steps=2,
            report_to=[],
            save_strategy="no",
            disable_tqdm=True,
            remove_unused_columns=False,
            optim="adamw_torch_fused" if tuned else "adamw_torch",
            train_sampling_strategy="group_by_length" if tuned else "random",
            length_column_name="length",
        )
        trainer = Trainer(
            model=model, args=arguments, train_dataset=rows, data_collator=pad if tuned else default_data_collator
        )
        trainer.add_callback(Watch())
        trainer.train()
    rate = options.examples / (clock[-1] - clock[0])
    return {"examples_per_second": rate, "loss": _last_quarter(losses), "memory_bytes": peak_memory(device)}


def _for_trainer(config: Any, fixed: int | None) -> tuple[Any, Any, Any]:
    """Encoded rows as a data set, padded to `fixed` tokens or not at all; the model; a padding collator."""
    import torch
    from datasets import Dataset
    from torch import nn

    from mtl_core import encoders, registry
    from mtl_core.data.sources import read
    from mtl_core.encoders.batch import Batch
    from mtl_core.engine.model import build
    from mtl_core.kinds._model import Lengths, model_of

    task = registry.load("tasks", config.tasks[0])
    kind = model_of(task)
    tokenizer = encoders.load_tokenizer(config.encoder)
    encoded = kind.encode(task, read(task, config).train, tokenizer, Lengths(config.max_length, config.window_stride))
    cuts = [slice(encoded.starts[row], encoded.starts[row + 1]) for row in range(len(encoded.starts) - 1)]
    length = lambda cut: int(cut.stop - cut.start)  # noqa: E731
    filled = lambda values, cut: list(values[cut]) + [0] * (fixed - length(cut) if fixed else 0)  # noqa: E731
    columns = {
        "input_ids": [filled(encoded.tokens, cut) for cut in cuts],
        "token_type_ids": [filled(encoded.types, cut) for cut in cuts],
        "attention_mask": [[1] * length(cut) + [0] * (fixed - length(cut) if fixed else 0) for cut in cuts],
        "targets": encoded.targets.tolist(),
        "length": [length(cut) for cut in cuts],
    }

    class WithLoss(nn.Module):
        """The run's own model, answering with its loss as Trainer expects."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = build(
                config,
                encoders.load_encoder(config.encoder, attention_dropout=config.attention_dropout),
                tokenizer,
            )

        def forward(
            self, input_ids: Any, attention_mask: Any, token_type_ids: Any, targets: Any, length: Any = None
        ) -> Any:
            batch = Batch(input_ids, attention_mask, token_type_ids, None, targets, length)
            return {"loss": kind.loss(self.inner(task.name, batch), batch)}

    def pad(rows: list[dict[str, Any]]) -> dict[str, Any]:
        widest = max(row["length"] for row in rows)
        names = ("input_ids", "token_type_ids", "attention_mask")
        padded = {n: torch.tensor([row[n] + [0] * (widest - row["length"]) for row in rows]) for n in names}
        return {**padded, "targets": torch.tensor([row["targets"] for row in rows])}

    return Dataset.from_dict(columns), WithLoss(), pad


def _last_quarter(losses: list[float]) -> float:
    part = losses[-max(1, len(losses) // 4) :]
    return sum(part) / len(part)


if __name__ == "__main__":
    main()
