"""Measures the structure of a checkout: `python -m tests.structure [PATH]`, this one where no path is given.

Tests and benchmarks do not count. A room is a folder directly in mtl_core, a file directly in it, pages, or app.py.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.doors import floors
from tests.sources import House, tree_of

STATES = frozenset({"queued", "running", "stopped", "finished", "failed", "lost"})
STATE_IN_SQL = re.compile(rf"'({'|'.join(sorted(STATES))})'")
SPEAKS_OF_STATE = re.compile(r"states?\b|RunState|\bend\(|\bclose\(", re.I)
STRING = re.compile(r"""'[^']*'|"[^"]*\"""")
DRAWN_WITH = re.compile(r"pages|services|display|charts\w*|figures|colors|words|verdict_words")
"""Rooms that a page may import; the last four were the parts of display and charts before those rooms."""

Picture = dict[str, frozenset[str]]
"""Room → rooms that it imports."""


def loose_modules(house: House) -> list[str]:
    """Files directly in mtl_core."""
    return sorted(file.name for file in house.files if file.parent.name == "mtl_core")


def reached(picture: Picture, start: str) -> set[str]:
    """All rooms below a room."""
    below, ahead = set[str](), set(picture[start])
    while ahead:
        below |= ahead
        ahead = {room for one in ahead for room in picture[one]} - below
    return below


def circles(picture: Picture, arrows: Counter[tuple[str, str]]) -> list[tuple[str, str]]:
    """The arrows to take away until no circle is left: of each circle the one that stands in the fewest lines."""
    up: list[tuple[str, str]] = []
    while True:
        left = without(picture, up)
        below = {room: reached(left, room) for room in left}
        circle = [(a, b) for a, into in left.items() for b in into if a in below[b]]
        if not circle:
            return up
        up.append(min(circle, key=lambda arrow: (arrows[arrow], arrow)))


def climbing(house: House) -> list[tuple[str, str]]:
    """The arrows that lead up, of imports; and those that strings alone draw, where imports lead the other way."""
    lines = Counter((house.room(arrow.file), arrow.target) for arrow in house.arrows)
    imports = {(house.room(arrow.file), arrow.target) for arrow in house.arrows if not arrow.by_name}
    named = [arrow for arrow in lines if arrow not in imports]
    picture = without(house.picture, named)
    up = circles(picture, lines)
    picture = without(picture, up)
    return up + [(a, b) for a, b in named if a in reached(picture, b)]


def without(picture: Picture, arrows: list[tuple[str, str]]) -> Picture:
    """The picture with some arrows taken away."""
    return {room: frozenset(one for one in into if (room, one) not in arrows) for room, into in picture.items()}


def statements(house: House, rooms: re.Pattern[str], targets: re.Pattern[str]) -> list[str]:
    """Import statements of these rooms' files that enter these targets."""
    lines = {
        (house.shown(arrow.file), arrow.line)
        for arrow in house.arrows
        if rooms.fullmatch(house.room(arrow.file)) and targets.fullmatch(arrow.target) and not arrow.by_name
    }
    return [f"{file}:{line}" for file, line in sorted(lines)]


def past_services(house: House) -> list[str]:
    """Import statements of pages that enter other rooms than services and what draws."""
    others = "|".join(room for room in house.rooms if not DRAWN_WITH.fullmatch(room))
    return statements(house, re.compile("pages"), re.compile(others))


def nodes(house: House) -> Iterator[tuple[Path, ast.AST]]:
    """All syntax of the product."""
    return ((file, node) for file in house.files for node in ast.walk(tree_of(file)))


def functions_with(house: House, parameter: str) -> list[str]:
    """Functions that take this parameter."""
    return [
        f"{house.shown(file)}:{node.lineno} {node.name}"
        for file, node in nodes(house)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and parameter in {one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    ]


def state_literals(house: House) -> list[str]:
    """Literals that are a run's state, outside records.py.

    They are such words in a statement that speaks of a state outside its strings, in a call that ends a run, or quoted
    in SQL. Elsewhere `lost` and `finished` are words like others.
    """
    return [
        f"{house.shown(file)}:{literal.lineno} {literal.value[:60]!r}"
        for file in house.files
        if house.room(file) != "records"
        for statement, literal in _literals(tree_of(file))
        if STATE_IN_SQL.search(literal.value) or (literal.value in STATES and SPEAKS_OF_STATE.search(statement))
    ]


def _literals(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """String literals, each with the statement that it stands in, written without strings."""
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt):
            continue
        own = [part for part in ast.iter_child_nodes(statement) if not isinstance(part, ast.stmt | ast.ExceptHandler)]
        inside = [node for part in own for node in ast.walk(part)]
        columns = {id(key) for node in inside if isinstance(node, ast.Dict) for key in _columns(node)}
        strings = [node for node in inside if _is_text(node) and id(node) not in columns]
        if strings:
            words = STRING.sub("", " ".join(ast.unparse(part) for part in own))
            yield from ((words, node) for node in strings)


def _columns(row: ast.Dict) -> list[ast.expr | None]:
    """The keys of a dictionary that has other keys than states: `{"queued": time, "title": ...}` is a table's row."""
    return row.keys if any(_is_text(key) and key.value not in STATES for key in row.keys if key) else []  # type: ignore[attr-defined]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def replaced_files(house: House) -> list[str]:
    """Calls that put one file in another's place: `draft.replace(path)`, `os.replace(draft, path)`."""
    return [
        f"{house.shown(file)}:{node.lineno} {ast.unparse(node)}"
        for file, node in nodes(house)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "replace"
        and not node.keywords
        and (len(node.args) == 1 or ast.unparse(node.func.value) == "os")
    ]


def repeated_classes(house: House) -> list[str]:
    """Class names that occur more than once."""
    names = Counter(node.name for _, node in nodes(house) if isinstance(node, ast.ClassDef))
    return sorted(name for name, times in names.items() if times > 1)


def long_functions(house: House, most: int = 50) -> list[str]:
    """Functions of more lines than that."""
    return [
        f"{house.shown(file)}:{node.lineno} {node.name}"
        for file, node in nodes(house)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= most
    ]


def line_counts(house: House) -> dict[str, int]:
    """Lines of each file."""
    return {house.shown(file): len(file.read_text("utf-8").splitlines()) for file in house.files}


def table(house: House) -> list[tuple[str, str]]:
    """The measures, in words and numbers."""
    up = climbing(house)
    storeys = 1 + max(floors(without(house.picture, up)).values())
    states = state_literals(house)
    arrows = sum(map(len, house.picture.values()))
    lines = line_counts(house)
    return [
        ("loose modules directly in `mtl_core/`", f"{len(loose_modules(house))}"),
        ("rooms, floors, arrows of the import picture", f"{len(house.rooms)}, {storeys}, {arrows}"),
        ("arrows that climb, by name too", f"{len(up)}"),
        ("imports of `pages` past `services`", f"{len(past_services(house))}"),
        (
            "imports of `store` in `engine` and `kinds`",
            f"{len(statements(house, re.compile('engine|kinds'), re.compile('store')))}",
        ),
        ("functions with a parameter `runs_dir`", f"{len(functions_with(house, 'runs_dir'))}"),
        ("run states as string literals", f"{len(states)} in {len({one.split(':')[0] for one in states})} files"),
        ("places that replace a file by its draft", f"{len(replaced_files(house))}"),
        ("class names that occur twice", f"{len(repeated_classes(house))}"),
        (
            "functions over 50 lines, files over 300",
            f"{len(long_functions(house))}, {sum(count > 300 for count in lines.values())}",
        ),
        ("files, lines of the product", f"{len(lines)}, {sum(lines.values()):,}"),
    ]


def main(arguments: list[str]) -> None:
    """Prints the table as Markdown, a column for each checkout."""
    houses = [House(Path(path).resolve()) for path in arguments] or [House()]
    columns = [table(house) for house in houses]
    print("| measure |" + "".join(f" {house.root.name} |" for house in houses))
    print("|---|" + "---|" * len(houses))
    for rows in zip(*columns, strict=True):
        print(f"| {rows[0][0]} |" + "".join(f" {value} |" for _, value in rows))


if __name__ == "__main__":
    main(sys.argv[1:])
