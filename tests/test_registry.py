"""Names are files, and files hold what they are named after."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mtl_core import registry
from mtl_core.errors import InvalidConfig


@pytest.mark.parametrize("family", list(registry.SINGULAR))
def test_every_file_holds_an_entry_of_its_name(family: str) -> None:
    entries = registry.load_all(family)
    assert entries
    assert all(entry.name == name for name, entry in entries.items())


def test_a_name_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(InvalidConfig) as caught:
        registry.load("schedules", "round-robin")
    assert str(caught.value) == "schedules: no schedule called 'round-robin'. Did you mean 'round_robin'?"


def test_names_are_known_without_torch() -> None:
    code = "import sys; from mtl_core import registry; print(registry.names('sharing'), 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("False")
    assert "'hard'" in done.stdout
