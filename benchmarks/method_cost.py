"""What each method costs a step: every balancing against `sum`, every sharing against `hard`; sst2 + mnli, joint.

    python benchmarks/method_cost.py --data DIR

A step takes a batch of both tasks, so that all methods are asked for the same work. The ratio is the median over
rounds of a method's seconds a step over the plain one's of the same round.
"""

from __future__ import annotations

import statistics

import side_by_side
from side_by_side import Measured

from mtl_core import registry

PLAIN = {"balancing": "sum", "sharing": "hard"}


def main() -> None:
    parser = side_by_side.options(__doc__)
    parser.add_argument("--family", choices=("sharing", "balancing"), action="append", help="default: both")
    parser.add_argument("--only", action="append", help="a method's name; default: all")
    told = parser.parse_args()
    for family in told.family or ("balancing", "sharing"):
        names = [name for name in registry.names(family) if name != PLAIN[family] and name in (told.only or [name])]
        joint = {**side_by_side.base(told), "tasks": "sst2,mnli", "schedule": "joint"}
        sides = {name: {**joint, family: name} for name in (PLAIN[family], *names)}
        _report(family, side_by_side.in_turn(sides, told.rounds))


def _report(family: str, found: dict[str, list[Measured]]) -> None:
    plain = found[PLAIN[family]]
    print(f"\n| {family} | time a step | range | memory |\n|---|---:|---:|---:|")
    for name, measured in found.items():
        ratios = [one["seconds"] / other["seconds"] for one, other in zip(measured, plain, strict=True)]
        memory = side_by_side.middle(measured, "memory_bytes") / side_by_side.middle(plain, "memory_bytes")
        if name == PLAIN[family]:
            seconds, bytes_ = side_by_side.middle(plain, "seconds"), side_by_side.middle(plain, "memory_bytes")
            print(f"| `{name}` | {seconds:.3f} s | {side_by_side.spread(plain, 'seconds')} s | {bytes_ / 1e9:.2f} GB |")
        else:
            spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
            print(f"| `{name}` | {statistics.median(ratios):.2f} × | {spread} | {memory:.2f} × |")


if __name__ == "__main__":
    main()
