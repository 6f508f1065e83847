"""Statistics of "does A help B?": arrays of scores in, plain values out, over seeds and examples together."""

from mtl_core.statistics.intervals import SeedInterval, seed_interval
from mtl_core.statistics.several import Adjusted, holm
from mtl_core.statistics.single_runs import ModelsCompared, compare_models
from mtl_core.statistics.verdict import Decision, Verdict, compare_arms

__all__ = [
    "Adjusted",
    "Decision",
    "ModelsCompared",
    "SeedInterval",
    "Verdict",
    "compare_arms",
    "compare_models",
    "holm",
    "seed_interval",
]
