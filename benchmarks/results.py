"""Trains the single models and the three pairs of the paper on real data and prints the tables of docs/results.md.

    python benchmarks/results.py --data DIR --runs-dir runs

Runs that a runs folder already holds are not trained again. Same domain (sst2, mnli): hard sharing, proportional;
cross domain (with squad): hard sharing, phases that begin and end with squad. Everything else is the same for all.
"""

from __future__ import annotations

import argparse
from typing import Any

from real_runs import ROOT, trained

CROSS = ["--schedule", "phases", "--schedule-settings", '{"first": "squad"}']
RUNS = {
    "sst2": [],
    "mnli": [],
    "squad": [],
    "sst2,mnli": [],
    "sst2,squad": CROSS,
    "mnli,squad": CROSS,
}
METRICS = [("sst2", "accuracy"), ("mnli", "accuracy"), ("squad", "f1"), ("squad", "exact_match")]


def main() -> None:
    options, passed = _options()
    found = {tasks: _run(tasks, options, passed) for tasks in RUNS}
    print("\n| task | metric | alone | with sst2 | with mnli | with squad |\n|---|---|---:|---:|---:|---:|")
    for task, metric in METRICS:
        cells = [_cell(found, task, metric, other) for other in ("", "sst2", "mnli", "squad")]
        print(f"| {task} | {metric} | {' | '.join(cells)} |")
    print("\n| run | steps | drawn | seconds | examples/s |\n|---|---:|---|---:|---:|")
    for tasks, one in found.items():
        drawn = ", ".join(f"{task} {draw['actual']:,}" for task, draw in one["draws"].items())
        name = tasks.replace(",", " + ")
        print(f"| {name} | {one['step']:,} | {drawn} | {one['seconds']:.0f} | {one['examples_per_second']:.1f} |")


def _options() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with SST-2, MNLI and SQuAD")
    parser.add_argument("--runs-dir", default=str(ROOT / "runs"))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--learning-rate", default="1e-4")
    parser.add_argument("--train-limit", default="sst2=8000,mnli=8000,squad=4000")
    return parser.parse_known_args()


def _run(tasks: str, options: argparse.Namespace, passed: list[str]) -> dict[str, Any]:
    limits = [part for part in options.train_limit.split(",") if part.split("=")[0] in tasks.split(",")]
    settings = ["--tasks", tasks, "--source", "folder", "--data", options.data, "--train-limit", ",".join(limits)]
    settings += ["--limit-by", "first"]  # as when the figures in the docs were measured
    settings += ["--eval-limit", "2000", "--max-length", "384", "--attention-dropout", "0", "--seed", options.seed]
    settings += ["--precision", options.precision, "--learning-rate", options.learning_rate, *RUNS[tasks], *passed]
    name = f"results · {tasks.replace(',', ' + ')} · {options.precision} · seed {options.seed}"
    return trained(name, settings, options.workspace)


def _cell(found: dict[str, dict[str, Any]], task: str, metric: str, other: str) -> str:
    tasks = task if not other else next((t for t in RUNS if set(t.split(",")) == {task, other}), "")
    if not tasks or other == task:
        return "–"
    value = 100 * found[tasks]["scores"][task][metric]
    if not other:
        return f"{value:.1f}"
    return f"{value:.1f} ({value - 100 * found[task]['scores'][task][metric]:+.1f})"


if __name__ == "__main__":
    main()
