"""A pair under hard sharing against the same batches trained by two single runs: seconds in training steps.

    python benchmarks/pair_cost.py --data DIR

The pair's steps are those of both single runs together: the same examples in the same batches.
"""

from __future__ import annotations

import side_by_side


def main() -> None:
    parser = side_by_side.options(__doc__)
    parser.add_argument("--tasks", default="sst2,mnli")
    parser.add_argument("--max-length", type=int, default=128)
    told = parser.parse_args()
    both = {**side_by_side.base(told), "max_length": told.max_length}
    tasks = told.tasks.split(",")
    sides = {task: {**both, "tasks": task} for task in tasks} | {"pair": {**both, "tasks": told.tasks}}
    found = side_by_side.in_turn(sides, told.rounds)
    print(f"\n{told.tasks}, batch {told.batch_size}, {told.precision}\n")
    print("| run | seconds a step, median | range |\n|---|---:|---:|")
    for side, measured in found.items():
        print(
            f"| {side} | {side_by_side.middle(measured, 'seconds'):.3f} | {side_by_side.spread(measured, 'seconds')} |"
        )
    alone = [sum(found[task][turn]["seconds"] for task in tasks) / len(tasks) for turn in range(told.rounds)]
    ratios = sorted(found["pair"][turn]["seconds"] / alone[turn] for turn in range(told.rounds))
    middle = ratios[len(ratios) // 2]
    print(f"\nThe pair takes {middle:.3f} × the time of the two runs ({ratios[0]:.3f}–{ratios[-1]:.3f}).")


if __name__ == "__main__":
    main()
