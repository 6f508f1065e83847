"""Trains sst2 + mnli under every sharing and every balancing on real data, and prints the tables of docs/results.md.

    python benchmarks/methods.py --data DIR --runs-dir runs

Sharing methods go with `sum` and `proportional`, balancing methods with `hard` and `joint`; all else is the same. Runs
that the runs folder already holds are not trained again. `--at-once 2` trains two runs side by side, a thread each.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from real_runs import ROOT, trained


def main() -> None:
    from mtl_core import registry

    told = _options()
    sharing = {name: ["--sharing", name] for name in registry.names("sharing")}
    balancing = {name: ["--schedule", "joint", "--balancing", name] for name in registry.names("balancing")}
    with ThreadPoolExecutor(told.at_once) as side_by_side:
        jobs = [
            side_by_side.submit(_run, f"methods · {family} {name}", settings, told)
            for family, found in (("sharing", sharing), ("balancing", balancing))
            for name, settings in found.items()
        ]
        runs = [job.result() for job in jobs]
    _report("sharing", list(sharing), runs[: len(sharing)])
    _report("balancing", list(balancing), runs[len(sharing) :])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with SST-2 and MNLI")
    parser.add_argument("--runs-dir", default=str(ROOT / "runs"))
    parser.add_argument("--train-limit", default="4000")
    parser.add_argument("--eval-limit", default="2000")
    parser.add_argument("--precision", default="bf16")
    parser.add_argument("--learning-rate", default="1e-4")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--at-once", type=int, default=1)
    return parser.parse_args()


def _run(name: str, settings: list[str], told: argparse.Namespace) -> dict[str, Any]:
    own = ("train_limit", "eval_limit", "precision", "learning_rate", "seed", "data")
    same = [part for field in own for part in (f"--{field.replace('_', '-')}", getattr(told, field))]
    asked = ["--tasks", "sst2,mnli", "--source", "folder", "--limit-by", "first", *same, *settings]
    return trained(name, asked, told.workspace, one_thread=told.at_once > 1)


def _report(family: str, names: list[str], runs: list[dict[str, Any]]) -> None:
    print(f"\n| {family} | sst2 | mnli | steps | sst2 + mnli drawn |\n|---|---:|---:|---:|---:|")
    for name, run in zip(names, runs, strict=True):
        scores = [f"{100 * run['scores'][task]['accuracy']:.1f}" for task in ("sst2", "mnli")]
        drawn = " + ".join(f"{run['draws'][task]['actual']:,}" for task in ("sst2", "mnli"))
        print(f"| `{name}` | {' | '.join(scores)} | {run['step']:,} | {drawn} |")


if __name__ == "__main__":
    main()
