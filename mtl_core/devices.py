"""The devices of this machine, listed without loading torch."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mtl_core.errors import DeviceError

SPINS = "1000"
"""Turns, a few microseconds, that a thread waits awake for the others before it sleeps. OpenMP's own 300,000 take the
core from whatever else could run meanwhile: beside one other training a run made 3.9 examples a second, with this half
of an idle machine's speed. See docs/benchmarks.md."""
NAME_BYTES = 96
"""NVML's own limit for a device's name."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """An NVIDIA GPU as its driver reports it."""

    name: str
    memory_bytes: int


def share_cores() -> None:
    """Makes threads of this process and its children, in libraries loaded from now on, give way while they wait.

    What somebody has set (GOMP_SPINCOUNT or OMP_WAIT_POLICY) stays.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", SPINS)


def visible() -> tuple[str, ...]:
    """Devices that runs can train on: "cpu", then "cuda:0", "cuda:1", ..."""
    return ("cpu", *(f"cuda:{index}" for index in range(len(gpus()))))


def resolve(device: str) -> str:
    """The device that a config means: "auto" is the first GPU where there is one.

    Raises DeviceError for one that is not there, saying what is.
    """
    have = visible()
    if device == "auto":
        return have[1] if len(have) > 1 else "cpu"
    wanted = "cuda:0" if device == "cuda" else device
    if wanted not in have:
        raise DeviceError(f"there is no device '{device}' here. {_what_there_is(have)}")
    return wanted


def gpus() -> tuple[Gpu, ...]:
    """GPUs that torch could train on, in its order: those of the driver that CUDA_VISIBLE_DEVICES lets through."""
    if not torch_has_cuda():
        return ()
    everything = _driver_gpus()
    visible_devices = os.environ.get("CUDA_VISIBLE_DEVICES")
    return everything if visible_devices is None else _let_through(everything, visible_devices)


@cache
def torch_has_cuda() -> bool:
    """True where the installed torch was built for CUDA; read from its version file."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    version = Path(spec.origin).with_name("version.py")
    return version.is_file() and re.search(r"^cuda\b[^=]*= *['\"]", version.read_text("utf-8"), re.M) is not None


def _let_through(everything: tuple[Gpu, ...], visible_devices: str) -> tuple[Gpu, ...]:
    """As CUDA does it: entries count up to the first that names no device."""
    chosen: list[Gpu] = []
    for entry in filter(None, (part.strip() for part in visible_devices.split(","))):
        if entry.isdigit() and int(entry) < len(everything):
            chosen.append(everything[int(entry)])
        elif entry.startswith(("GPU-", "MIG-")) and everything:
            chosen.append(everything[0])  # named by its serial; which one it is makes no difference to the count
        else:
            break
    return tuple(chosen)


def _what_there_is(have: tuple[str, ...]) -> str:
    if len(have) > 1:
        return f"Choose from auto, {', '.join(have)}."
    if not torch_has_cuda():
        return "The installed torch is built for the CPU alone: use auto or cpu."
    return "No GPU was found: use auto or cpu."


@cache
def _driver_gpus() -> tuple[Gpu, ...]:
    """All GPUs of the NVIDIA driver; none where there is no driver."""
    try:
        nvml = ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return ()
    if nvml.nvmlInit_v2():
        return ()
    try:
        count = ctypes.c_uint()
        if nvml.nvmlDeviceGetCount_v2(ctypes.byref(count)):
            return ()
        return tuple(_gpu(nvml, index) for index in range(count.value))
    finally:
        nvml.nvmlShutdown()


class _Memory(ctypes.Structure):
    _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))


def _gpu(nvml: ctypes.CDLL, index: int) -> Gpu:
    handle, name, memory = ctypes.c_void_p(), ctypes.create_string_buffer(NAME_BYTES), _Memory()
    nvml.nvmlDeviceGetHandleByIndex_v2(ctypes.c_uint(index), ctypes.byref(handle))
    nvml.nvmlDeviceGetName(handle, name, ctypes.c_uint(NAME_BYTES))
    nvml.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(memory))
    return Gpu(name.value.decode("utf-8", "replace") or "NVIDIA GPU", int(memory.total))
