"""The code and the packages that a run was made with."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess

from mtl_core import registry

PACKAGES = ("torch", "transformers", "tokenizers", "datasets", "evaluate", "accelerate", "safetensors", "numpy")


def versions() -> dict[str, str]:
    """Versions of Python, Tandem and the packages that decide numbers."""
    found = {"python": platform.python_version(), "tandem": version("tandem")}
    return found | {name: version(name) for name in PACKAGES}


def version(package: str) -> str:
    """A package's version, "" where it is not installed."""
    if package == "tandem":
        from mtl_core import __version__

        return __version__
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def git_commit() -> str | None:
    """The commit of the code, with a "+" where files differ from it; None outside a repository."""
    try:
        head = _git("rev-parse", "HEAD")
        return head + "+" * bool(_git("status", "--porcelain", "--", "mtl_core"))
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(registry.CODE), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
