"""The files that are packaged are those that the generator makes."""

from __future__ import annotations

import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mtl_core.data.sample import SAMPLE


def unpacked(folder: Path) -> dict[str, bytes]:
    """What the files hold: another version of xz may pack the same differently."""
    return {path.relative_to(folder).as_posix(): lzma.decompress(path.read_bytes()) for path in folder.rglob("*.xz")}


@pytest.mark.parametrize("hash_seed", ["0", "123"])
def test_the_generator_still_makes_the_packaged_files_in_any_process(tmp_path: Path, hash_seed: str) -> None:
    code = "import sys, pathlib; from tests.data.generator.__main__ import write; write(pathlib.Path(sys.argv[1]))"
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=True)
    made, packaged = unpacked(tmp_path), unpacked(SAMPLE)
    assert sorted(made) == sorted(packaged)
    assert [name for name in made if made[name] != packaged[name]] == []
