"""Statistics of "does A help B?": arrays of scores in, plain values out, over seeds and examples together."""

from mtl_core.statistics.clusters import Clusters
from mtl_core.statistics.intervals import SeedInterval, seed_interval
from mtl_core.statistics.looks import Looked, compare_over_looks
from mtl_core.statistics.outliers import FailedSeed, failed_seeds
from mtl_core.statistics.sequential import LookPlan
from mtl_core.statistics.several import Adjusted, holm
from mtl_core.statistics.single_runs import ModelsCompared, compare_models
from mtl_core.statistics.verdict import Decision, Verdict, compare_arms

__all__ = [
    "Adjusted",
    "Clusters",
    "Decision",
    "FailedSeed",
    "LookPlan",
    "Looked",
    "ModelsCompared",
    "SeedInterval",
    "Verdict",
    "compare_arms",
    "compare_models",
    "compare_over_looks",
    "failed_seeds",
    "holm",
    "seed_interval",
]
