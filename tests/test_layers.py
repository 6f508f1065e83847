"""The house stands as it was drawn: imports point down, the two sides never touch, pages stay light."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from mtl_core.store.workspace import Workspace
from tests import builders

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "mtl_core" / "jobs" / "programs.py"
HEAVY = {"torch", "transformers", "datasets", "evaluate", "accelerate", "torchjd", "captum"}
BOTH = (
    {"__init__", "errors", "disk", "statistics"},
    {"registry", "devices"},
    {"config", "metrics"},
    {"records", "study_designs"},
    {"kinds"},
    {"tasks", "store"},
    {"display"},
    {"charts"},
    {"studies"},
    {"jobs"},
)
"""Rooms that either side may enter, the lowest floor first: no torch, no widgets."""
WEB = ({"services"}, {"pages"}, {"app"})
WORK = (
    {"schedules", "encoders"},
    {"data"},
    {"kinds: model half"},
    {"sharing", "balancing"},
    {"engine"},
    {"inference"},
    {"workers"},
    {"cli"},
    {"processes", "__main__"},
)
MODEL_HALF = {"model", "_asked", "_encoding", "_options", "_spelling"}
"""Files of kinds/ that know of encoded data and heads; what else is there is light."""
WITHOUT_STORE = {"engine", "kinds", "kinds: model half", "data", "encoders", "sharing", "schedules", "balancing"}
WITHOUT_STORE |= {"statistics", "metrics", "tasks"}
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+(OR \w+ )?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|CREATE\s|PRAGMA\s)", re.S
)


ROOMS = {path.stem for path in (ROOT / "mtl_core").iterdir() if path.name != "__pycache__"}


def place_of(room: str) -> tuple[str, int]:
    """A room's side and floor."""
    for side, floors, lowest in (("both", BOTH, 0), ("web", WEB, len(BOTH)), ("work", WORK, len(BOTH))):
        for floor, rooms in enumerate(floors):
            if room in rooms:
                return side, lowest + floor
    raise AssertionError(f"'{room}' has no place in the house yet: give it one in {Path(__file__).name}")


def sources() -> list[Path]:
    return [ROOT / "app.py", *sorted(ROOT.glob("pages/**/*.py")), *sorted(ROOT.glob("mtl_core/**/*.py"))]


def room_of(path: Path) -> str:
    return _room(path.relative_to(ROOT).with_suffix("").parts)


def _room(parts: Sequence[str]) -> str:
    """The room of a module, given as its path or as its dotted name."""
    if parts[0] != "mtl_core":
        return parts[0]
    if parts[1] == "kinds" and MODEL_HALF & set(parts[2:]):
        return "kinds: model half"
    return parts[1]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Every import of a file, wherever in it, but for those that types alone need: line and full dotted name."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {id(one) for node in ast.walk(tree) if _for_types(node) for one in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: say the import's full name"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def own_room(name: str) -> str | None:
    """The room that an import enters, None for a package of others."""
    first, *rest = name.split(".")
    if first == "mtl_core":
        return _room((first, *rest)) if rest and rest[0] in ROOMS else "__init__"
    return first if first in ("pages", "app") else None


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_point_down_and_never_across() -> None:
    faults = []
    for path in sources():
        side, floor = place_of(room_of(path))
        for line, name in imported(path):
            room = own_room(name)
            if room is None or room == room_of(path):
                continue
            other_side, other_floor = place_of(room)
            where = f"{shown(path)}:{line} imports {name}"
            if other_side not in ("both", side):
                faults.append(f"{where}: that crosses from the {side} side to the {other_side} side")
            elif other_floor > floor:
                faults.append(f"{where}: that climbs from floor {floor} to floor {other_floor}")
    assert not faults, "\n".join(faults)


def test_every_room_has_its_place_and_no_place_is_empty() -> None:
    assert set().union(*BOTH, *WEB, *WORK) == {room_of(path) for path in sources()}


def test_what_computes_knows_no_store() -> None:
    faults = [
        f"{shown(path)}:{line} imports {name}"
        for path in sources()
        for line, name in imported(path)
        if room_of(path) in WITHOUT_STORE and own_room(name) == "store"
    ]
    assert not faults, "\n".join(faults)


def started(path: Path) -> Iterator[tuple[int, str]]:
    """Programs of Tandem that a file names to be started: line and module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        words = [getattr(one, "value", None) for one in ast.iter_child_nodes(node)]
        for flag, module in pairwise(words):
            if flag == "-m" and isinstance(module, str) and module.partition(".")[0] in ("mtl_core", "streamlit"):
                yield node.lineno, module


def test_programs_are_started_from_one_list() -> None:
    """The arrow of a program counts as an import does, and climbs in jobs/programs.py alone."""
    faults = [
        f"{shown(path)}:{line} starts {module}"
        for path in sources()
        for line, module in started(path)
        if "." in module and path != PROGRAMS
    ]
    assert not faults, "\n".join(faults)
    text = PROGRAMS.read_text("utf-8")
    modules = set(re.findall(r'"(mtl_core\.[\w.]+)"', text))
    assert {_room(module.split(".")) for module in modules} == {"jobs", "workers"}
    for module in modules:
        assert "__name__ ==" in (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8"), f"{module} is no program"
    assert not [name for _, name in imported(PROGRAMS) if own_room(name)]


def test_packages_are_loaded_where_they_belong() -> None:
    faults = []
    for path in sources():
        room = room_of(path)
        side, _ = place_of(room)
        packages = {name.split(".")[0] for _, name in imported(path)}
        if side != "work" and packages & HEAVY:
            faults.append(f"{shown(path)}: only the work side loads {', '.join(packages & HEAVY)}")
        if "tests" in packages:
            faults.append(f"{shown(path)}: the product does without its tests")
        if room not in ("app", "pages") and "streamlit" in packages:
            faults.append(f"{shown(path)}: widgets belong to app.py and pages/")
        if room != "store" and "sqlite3" in packages:
            faults.append(f"{shown(path)}: SQLite belongs to mtl_core/store/")
    assert not faults, "\n".join(faults)


def test_sql_is_in_the_store_alone() -> None:
    faults = []
    for path in (path for path in sources() if room_of(path) != "store"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
                faults.append(f"{shown(path)}:{node.lineno}: SQL outside mtl_core/store/")
    assert not faults, "\n".join(faults)


def test_the_guards_see_what_they_guard_against(tmp_path: Path) -> None:
    """A guard that finds nothing may be blind: here it is shown one of each."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def late():\n    import torch.nn\n    from mtl_core.engine import loop\n", "utf-8")
    assert list(imported(wrong)) == [(2, "torch.nn"), (3, "mtl_core.engine.loop")]
    assert [own_room(name) for _, name in imported(wrong)] == [None, "engine"]
    assert (place_of("engine")[0], place_of("services")[0], place_of("store")[0]) == ("work", "web", "both")
    assert place_of("pages")[1] > place_of("services")[1] > place_of("jobs")[1] > place_of("store")[1]
    wrong.write_text("import sys\nrun([sys.executable, '-m', 'mtl_core.workers.worker', '--wait'])\n", "utf-8")
    assert list(started(wrong)) == [(2, "mtl_core.workers.worker")]
    assert own_room("mtl_core.kinds.span.model.SpanModel") == "kinds: model half"
    assert SQL.match("SELECT id\nFROM runs")
    assert SQL.match("UPDATE runs SET state = ?")
    with pytest.raises(AssertionError, match="'cellar' has no place in the house yet"):
        place_of("cellar")


VISITOR = """
import json, sys
import starlette.testclient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

sys.path.insert(0, {root!r})
import app

seen = {{}}
with starlette.testclient.TestClient(app.app, base_url="http://localhost") as client:
    headers = dict(client.get("/").headers)
    script = client.get("/app/static/plotly.min.js")
    for page in ("", "launch", "watch", "studies", "compare", "explore", "demo"):
        with client.websocket_connect("ws://localhost/_stcore/stream", subprotocols=["streamlit"]) as socket:
            ask = BackMsg()
            ask.rerun_script.page_name = page
            socket.send_bytes(ask.SerializeToString())
            text, status = [], None
            while status is None:
                told = ForwardMsg.FromString(socket.receive_bytes())
                text.append(str(told))
                ended = told.WhichOneof("type") == "script_finished"
                if ended and told.script_finished != told.FINISHED_EARLY_FOR_RERUN:
                    status = told.script_finished
            seen[page or "overview"] = {{"status": status, "exception": "exception {{" in " ".join(text)}}
print(json.dumps({{"headers": headers, "script": [script.status_code, len(script.content)], "seen": seen,
    "loaded": sorted({{name.split(".")[0] for name in sys.modules}})}}))
"""


def test_the_app_starts_shows_every_page_and_stays_light(workspace: Workspace) -> None:
    """The real application, in a process of its own, visited over its own websocket."""
    for tasks in ("sst2", "sst2,mnli", "squad", "squad,mnli"):
        builders.run(workspace, tasks=tasks)
    environment = {**os.environ, "TANDEM_RUNS_DIR": str(workspace)}
    done = subprocess.run(
        [sys.executable, "-c", VISITOR.format(root=str(ROOT))],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told["seen"]) == {"overview", "launch", "watch", "studies", "compare", "explore", "demo"}
    assert all(page["status"] == 0 and not page["exception"] for page in told["seen"].values()), told["seen"]
    assert not HEAVY & set(told["loaded"])
    assert told["script"][0] == 200
    assert told["script"][1] > 1_000_000
    assert "frame-ancestors 'self'" in told["headers"]["content-security-policy"]
    assert told["headers"]["x-content-type-options"] == "nosniff"
