"""How fast this machine is, and how much of it others use just now: measured in a tenth of a second, without torch."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

import numpy as np
import psutil

PROBE_SECONDS = 0.06
"""Time of this thread that a measurement takes; waiting for others is not counted."""
BUSY_SECONDS = 0.1
REFERENCE_ROUNDS = 30_000.0
"""Rounds a second of a core of the machine on which `first_try.USUAL_SECONDS` were measured."""
REFERENCE_CORES = 2
SPEED_UP = 0.7
"""A run on twice as many cores is 2 ** 0.7 times as fast: small encoders do not fill them."""
SATURATED = 0.9


@dataclass(frozen=True, slots=True)
class Load:
    """What others use of the CPU."""

    cores: int
    busy: float
    """Cores that others keep busy, or would if there were enough of them."""

    @property
    def slowdown(self) -> float:
        """How many times as long a run on all cores takes as on an idle machine, if each gets its share."""
        return (self.cores + self.busy) / self.cores

    def without_a_run(self) -> Load:
        """The load once a run that trains on all cores has ended."""
        return Load(self.cores, max(0.0, self.busy - self.cores))

    @property
    def words(self) -> str:
        """What to say of it, "" where there is nothing to say."""
        if self.busy < 0.25 * self.cores:
            return ""
        used = f"{min(self.busy, self.cores):.1f} of its {self.cores} CPU cores are in use"
        return used if self.busy <= self.cores else f"all of its {self.cores} CPU cores are in use"


def load() -> Load:
    """The load of the last tenth of a second; where all cores are in use, also how many wait for them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    share = psutil.cpu_percent(BUSY_SECONDS) / 100
    busy = share * cores
    return Load(cores, busy if share < SATURATED else max(busy, psutil.getloadavg()[0]))


def relative_speed(cores: int) -> float:
    """The speed of so many cores of this machine, 1 for the reference's."""
    more: float = (cores / REFERENCE_CORES) ** SPEED_UP
    return more * _rounds_a_second() / REFERENCE_ROUNDS


def _rounds_a_second() -> float:
    """Arithmetic on one core, by the time that this thread really had."""
    values, factor, rounds = np.full(8192, 1.0, np.float32), np.float32(1.0000001), 0
    began = time.thread_time()
    while (taken := time.thread_time() - began) < PROBE_SECONDS:
        for _ in range(100):
            np.multiply(values, factor, out=values)
            np.add(values, factor, out=values)
            np.tanh(values, out=values)
        rounds += 100
    return rounds / taken
