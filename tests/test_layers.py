"""The house stands as it was drawn: imports point down, the two sides never touch, pages stay light."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtl_core.store.workspace import Workspace
from tests import builders

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"torch", "transformers", "datasets", "evaluate", "accelerate", "torchjd", "captum"}
BOTH = (
    {"__init__", "errors", "registry", "tasks", "config", "config_words", "presets", "devices", "answers"}
    | {"hub_connection", "encoder_files", "study_config", "study_designs", "colors", "words"},
    {"store"},
    {"catalogue", "statistics", "verdict_words", "figures"}
    | {
        "charts",
        "charts_compare",
        "charts_flips",
        "charts_groups",
        "charts_parallel",
        "charts_sizes",
        "charts_studies",
        "charts_tradeoff",
    }
    | {"charts_transfer"},
    {"studies"},
    {"jobs"},
)
"""Rooms that either side may enter, the lowest floor first: no torch, no widgets."""
WEB = ({"services"}, {"pages"}, {"app"})
WORK = (
    {"schedules", "metrics", "encoders", "encoder_layers", "cpu_dropout"},
    {"sharing", "balancing", "kinds", "data"},
    {"engine", "analysis", "methods"},
    {"processes"},
    {"doctor", "cli"},
    {"__main__"},
)
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+(OR \w+ )?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|CREATE\s|PRAGMA\s)", re.S
)


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
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "mtl_core" else parts[0]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Every import of a file, wherever in it: line and full dotted name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: say the import's full name"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def own_room(name: str) -> str | None:
    """The room that an import enters, None for a package of others."""
    first, *rest = name.split(".")
    if first == "mtl_core":
        known = {path.stem for path in (ROOT / "mtl_core").iterdir()}
        return rest[0] if rest and rest[0] in known else "__init__"
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
