from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mtl_core import devices
from mtl_core.devices import Gpu
from mtl_core.errors import DeviceError

CPU_BUILD = "The installed torch is built for the CPU alone: use auto or cpu."
TWO = (Gpu("One", 10), Gpu("Two", 20))


def gpus(monkeypatch: pytest.MonkeyPatch, found: tuple[Gpu, ...], *, built_for_cuda: bool = True) -> None:
    """Stands in for a driver, as a test machine may have none."""
    monkeypatch.setattr(devices, "_driver_gpus", lambda: found)
    monkeypatch.setattr(devices, "torch_has_cuda", lambda: built_for_cuda)


def test_the_cpu_is_always_there() -> None:
    assert devices.visible()[0] == "cpu"
    assert devices.resolve("cpu") == "cpu"


@pytest.mark.parametrize(
    ("program", "own", "expected"),
    [
        ("import mtl_core.workers", {}, devices.SPINS),
        ("import mtl_core.workers", {"GOMP_SPINCOUNT": "7"}, "7"),
        ("import mtl_core.workers", {"OMP_WAIT_POLICY": "ACTIVE"}, None),
        ("import runpy, sys; sys.argv = ['x', '--version']\n"
         "try: runpy.run_module('mtl_core', run_name='__main__')\n"
         "except SystemExit: pass", {}, devices.SPINS),
    ],
)  # fmt: skip
def test_threads_give_way_while_they_wait(program: str, own: dict[str, str], expected: str | None) -> None:
    usual = {name: value for name, value in os.environ.items() if name not in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")}
    code = f"{program}\nimport os, sys; print('torch' in sys.modules, os.environ.get('GOMP_SPINCOUNT'))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=usual | own)
    assert done.stdout.splitlines()[-1] == f"False {expected}"


def test_what_torch_sees_is_what_is_told() -> None:
    import torch

    assert len(devices.visible()) - 1 == torch.cuda.device_count()
    assert devices.torch_has_cuda() == (torch.version.cuda is not None)


def test_auto_is_the_first_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    gpus(monkeypatch, TWO)
    assert devices.visible() == ("cpu", "cuda:0", "cuda:1")
    assert [devices.resolve(name) for name in ("auto", "cuda", "cuda:1")] == ["cuda:0", "cuda:0", "cuda:1"]
    gpus(monkeypatch, ())
    assert devices.resolve("auto") == "cpu"


@pytest.mark.parametrize(
    ("asked", "names"),
    [("1,0", ["Two", "One"]), ("1", ["Two"]), ("", []), ("-1", []), ("0,7,1", ["One"]), ("GPU-5f,1", ["One", "Two"])],
)
def test_the_environment_chooses_gpus(asked: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    gpus(monkeypatch, TWO)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", asked)
    assert [gpu.name for gpu in devices.gpus()] == names


@pytest.mark.parametrize(
    ("found", "built", "message"),
    [
        (TWO, True, "there is no device 'cuda:5' here. Choose from auto, cpu, cuda:0, cuda:1."),
        ((), True, "there is no device 'cuda:5' here. No GPU was found: use auto or cpu."),
        (
            TWO,
            False,
            f"there is no device 'cuda:5' here. {CPU_BUILD}",
        ),
    ],
)
def test_a_device_that_is_not_there(
    found: tuple[Gpu, ...], built: bool, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    gpus(monkeypatch, found, built_for_cuda=built)
    with pytest.raises(DeviceError) as caught:
        devices.resolve("cuda:5")
    assert str(caught.value) == message
    assert caught.value.faults[0].field == "device"
