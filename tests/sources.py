"""The product's source as data: its files, their rooms, and who imports or starts whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULE = re.compile(r"(mtl_core|pages)(\.\w+)+")


@dataclass(frozen=True, slots=True)
class Arrow:
    """One file that imports a module, or names one for another process or for later."""

    file: Path
    line: int
    module: str
    """Full dotted name, with the imported object at its end where there is one."""
    target: str
    """The room that it enters."""
    by_name: bool = False
    """A string names the module: a program that is started, or one that importlib loads."""
    types_only: bool = False
    """Under `if TYPE_CHECKING`: never executed."""


class House:
    """A checkout's product files: app.py, pages/ and mtl_core/."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root

    @cached_property
    def files(self) -> list[Path]:
        """All source files."""
        root = self.root
        return [root / "app.py", *sorted(root.glob("pages/**/*.py")), *sorted(root.glob("mtl_core/**/*.py"))]

    @cached_property
    def rooms(self) -> frozenset[str]:
        """All rooms that have a file."""
        return frozenset(map(self.room, self.files))

    def room(self, file: Path) -> str:
        """A file's room: its folder in mtl_core, or itself directly in mtl_core; `pages` or `app`."""
        first, *rest = file.relative_to(self.root).with_suffix("").parts
        return rest[0] if first == "mtl_core" else first

    def module(self, file: Path) -> str:
        """A file's full dotted name."""
        parts = file.relative_to(self.root).with_suffix("").parts
        return ".".join(part for part in parts if part != "__init__") or parts[-1]

    def room_entered(self, module: str) -> str | None:
        """The room that a dotted name enters, None for a package of others."""
        first, *rest = module.split(".")
        if first == "mtl_core":
            return rest[0] if rest and rest[0] in self.rooms else "__init__"
        return first if first in ("pages", "app") else None

    def shown(self, file: Path) -> str:
        """A path as messages show it."""
        return str(file.relative_to(self.root))

    def imports(self, file: Path) -> Iterator[Arrow]:
        """Every import of other rooms in a file, wherever in it, and every module that a string names."""
        for arrow in imported(file):
            target = self.room_entered(arrow.module)
            if target and target != self.room(file):
                yield Arrow(file, arrow.line, arrow.module, target, arrow.by_name, arrow.types_only)

    @cached_property
    def arrows(self) -> list[Arrow]:
        """All that enters another room."""
        return [arrow for file in self.files for arrow in self.imports(file)]

    @cached_property
    def picture(self) -> dict[str, frozenset[str]]:
        """Room → rooms that it enters."""
        return {
            room: frozenset(arrow.target for arrow in self.arrows if self.room(arrow.file) == room)
            for room in sorted(self.rooms)
        }


@cache
def tree_of(file: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(file.read_text("utf-8"))


@cache
def imported(file: Path) -> list[Arrow]:
    """Every module that a file imports or names, its own room's and others' packages included."""
    tree = tree_of(file)
    for_types = {id(node) for block in ast.walk(tree) if _checks_types(block) for node in ast.walk(block)}
    arrows = []
    for node in ast.walk(tree):
        for module in _imported(file, node):
            arrows.append(Arrow(file, node.lineno, module, "", types_only=id(node) in for_types))  # type: ignore[attr-defined]
        for module in _named(node):
            arrows.append(Arrow(file, node.lineno, module, "", by_name=True))  # type: ignore[attr-defined]
    return arrows


def _checks_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _imported(file: Path, node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert not node.level, f"{file}:{node.lineno}: say the import's full name"
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _named(node: ast.AST) -> list[str]:
    """Modules that strings name: `mtl_core.jobs.supervisor`, `mtl_core` after `-m`, `app.py` after `run`.

    A list that begins with the word `python` is a command line for readers, not one that is started.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and MODULE.fullmatch(node.value):
        return [node.value]
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else node.args if isinstance(node, ast.Call) else []
    words = [part.value if isinstance(part, ast.Constant) else None for part in parts]
    pairs = list(pairwise(words))
    started = ["mtl_core.__main__"] * (("-m", "mtl_core") in pairs and words[0] != "python")
    return started + ["app"] * (("run", "app.py") in pairs)
