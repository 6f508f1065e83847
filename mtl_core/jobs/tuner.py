"""Optuna's proposals for an arm's next trial. It alone imports optuna, and only once a trial is proposed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from mtl_core.config.automation import Tuner
from mtl_core.studies.search_space import Bounds

RANDOM_SHARE = 0.3
"""Part of the trials before TPE begins to learn, three at least."""

Told = Sequence[tuple[Mapping[str, Any], float | None]]
"""Values and losses of the trials so far; None for one that failed."""


def propose(space: Mapping[str, Bounds], told: Told, *, tuner: Tuner, trials: int, seed: str) -> dict[str, Any]:
    """The next trial's values. The same answer for the same arguments, in any process."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    number = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=4).digest(), "big")
    first = max(3, round(trials * RANDOM_SHARE))
    sampler: Any = (
        optuna.samplers.RandomSampler(seed=number)
        if tuner == "random"
        else optuna.samplers.TPESampler(seed=number, n_startup_trials=first)
    )
    ranges = {name: _distribution(bounds) for name, bounds in sorted(space.items())}
    study = optuna.create_study(sampler=sampler, direction="minimize")
    for values, loss in told:
        if values.keys() == ranges.keys() and all(
            space[name].low <= values[name] <= space[name].high for name in space
        ):
            state = optuna.trial.TrialState.PRUNED if loss is None else optuna.trial.TrialState.COMPLETE
            study.add_trial(
                optuna.trial.create_trial(params=dict(values), distributions=dict(ranges), value=loss, state=state)
            )
    drawn = study.ask(fixed_distributions=ranges).params
    return {name: space[name].fitted(value) for name, value in drawn.items()}


def _distribution(bounds: Bounds) -> Any:
    from optuna.distributions import FloatDistribution, IntDistribution

    if bounds.whole:
        return IntDistribution(int(bounds.low), int(bounds.high), log=bounds.log)
    return FloatDistribution(bounds.low, bounds.high, log=bounds.log)
