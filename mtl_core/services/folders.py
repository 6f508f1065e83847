"""Data folders for forms: those used before, what is below a folder, and which may be read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from mtl_core import registry
from mtl_core.config import typed
from mtl_core.errors import Fault, InvalidConfig, TandemError, printable
from mtl_core.kinds import _layout
from mtl_core.store import runs
from mtl_core.store.workspace import Workspace

RECENT = 4
"""Folders used before that a form offers."""
MOST = 200
"""Folders shown of one."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder as one browses it."""

    path: Path
    above: Path | None
    """The folder above, None where one may go no higher."""
    folders: tuple[str, ...]
    """Names of the folders in it, without hidden ones."""
    left_out: int
    """How many more there are."""
    tasks: tuple[str, ...]
    """Tasks whose official files lie in it."""


def named_roots() -> tuple[Path, ...]:
    """The folders below which alone data may be read: TANDEM_DATA_ROOTS. None named: any folder may."""
    named = os.environ.get("TANDEM_DATA_ROOTS", "").split(os.pathsep)
    return tuple(_real(one) for one in named if one.strip())


def roots() -> tuple[Path, ...]:
    """The folders below which one can browse: the named ones; without any, the whole disk, which may be typed too."""
    found = [path.resolve() for path in named_roots() or (Path("/"),) if path.is_dir()]
    return tuple(dict.fromkeys(path for path in found if not any(path != one and _below(path, one) for one in found)))


def starts() -> tuple[Path, ...]:
    """Where browsing may begin: home, the folder where the app was started, the roots, as far as they may be read."""
    usual = (Path.home(), Path(os.environ.get("TANDEM_STARTED_IN", registry.CODE)))
    allowed = roots()
    found = [path.resolve() for path in usual if path.is_dir()]
    return tuple(dict.fromkeys([one for one in found if any(_below(one, root) for root in allowed)] + list(allowed)))


def faults(source: object, data: object) -> list[Fault]:
    """The fault of a folder outside the named roots."""
    named = named_roots()
    if source != "folder" or not data or not named or any(_below(_real(str(data)), root) for root in named):
        return []
    places = ", ".join(map(str, named))
    words = f"'{data}' is outside the folders that this app may read ({places}). Use one below them, or start the app "
    return [Fault("data", words + f"with --data-root {_real(str(data))} too.")]


def check(data: str) -> None:
    """Raises InvalidConfig for a folder outside the named roots."""
    found = faults("folder", data)
    if found:
        raise InvalidConfig(found)


def browse(path: Path) -> Listing:
    """What is below a folder. Raises TandemError for one that can't be browsed, saying what to do."""
    real, allowed = _real(str(path)), roots()
    if not any(_below(real, root) for root in allowed):
        places = ", ".join(map(str, allowed)) or "none"
        words = f"'{path}' is outside the folders that can be browsed ({places}). "
        raise TandemError(words + "Start the app with --data-root to browse others.", field="data")
    try:
        inside = [one.name for one in real.iterdir() if not one.name.startswith(".") and one.is_dir()]
    except OSError as error:
        raise TandemError(f"'{path}' can't be read ({error.strerror}). Choose another.", field="data") from error
    names = sorted(inside, key=_alike)
    above = real.parent if real not in allowed else None
    return Listing(real, above, tuple(names[:MOST]), max(0, len(names) - MOST), holds(real))


def nearest(path: str) -> Path:
    """Where browsing begins: the folder itself, or the nearest one above that can be browsed, or the first start."""
    allowed = roots()
    real = _real(path) if path else None
    above = [real, *real.parents] if real else []
    found = (one for one in above if typed.is_folder(str(one)) and any(_below(one, root) for root in allowed))
    return next(found, next(iter(starts()), Path.home()))


def recent(workspace: Workspace) -> list[str]:
    """Folders that runs have read and that may still be read, the newest first."""
    with workspace.read() as index:
        used = runs.data_folders(index)
    there = (one for one in used if typed.is_folder(one) and not faults("folder", one))
    return [one for one, _ in zip(there, range(RECENT), strict=False)]


def holds(path: Path) -> tuple[str, ...]:
    """Names of the tasks whose training and dev files lie in a folder."""
    tasks = (registry.load("tasks", name) for name in registry.own_names("tasks"))
    return tuple(task.name for task in tasks if typed.is_folder(str(path)) and _layout.named(task, path))


def short(path: str | Path, length: int = 44) -> str:
    """A path for a button: home as ~, the end rather than the beginning where it is long."""
    text, home = str(path), str(Path.home())
    text = f"~{text.removeprefix(home)}" if text == home or text.startswith(f"{home}/") else text
    return text if len(text) <= length else f"…{text[1 - length :]}"


def _real(path: str) -> Path:
    """Without links and dots, so that none leads out of a root."""
    return typed.path(printable(path)).resolve()


def _below(path: Path, root: Path) -> bool:
    return path == root or path.is_relative_to(root)


def _alike(name: str) -> tuple[str, str]:
    return name.casefold(), name
