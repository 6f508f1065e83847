"""The house stands as it was drawn: each import goes through a door of tests/doors.py, and pages stay light."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mtl_core.store.workspace import Workspace
from pages import navigation
from tests import builders
from tests.doors import DOORS, MODEL_HALF, STORELESS, doors_of, floors, side_of, side_of_module
from tests.sources import ROOT, House, imported, tree_of

HOUSE = House()
PROGRAMS = "mtl_core/jobs/programs.py"
"""The list of programs that are started by name."""
HEAVY = {"torch", "transformers", "datasets", "evaluate", "accelerate", "torchjd", "captum"}
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+(OR \w+ )?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|CREATE\s|PRAGMA\s)", re.S
)


def test_the_table_names_the_rooms_that_there_are() -> None:
    assert set(DOORS) == HOUSE.rooms
    assert {room for doors in map(doors_of, DOORS) for room in doors} <= HOUSE.rooms


def test_no_door_leads_up() -> None:
    """Floors follow from the table; a circle of rooms has none."""
    heights = floors({room: doors_of(room) for room in DOORS})
    assert heights["pages"] > heights["services"] > heights["jobs"] > heights["store"] > heights["records"]


def test_rooms_are_entered_through_doors_alone() -> None:
    """Imports, for types too, and programs that a room starts by name."""
    breaches = [
        f"{HOUSE.shown(arrow.file)}:{arrow.line} names {arrow.module}: {room} has no door to {arrow.target}"
        for arrow in HOUSE.arrows
        if arrow.target not in doors_of(room := HOUSE.room(arrow.file))
    ]
    assert not breaches, "\n".join(breaches)


def test_modules_of_other_rooms_are_named_in_few_places() -> None:
    """The programs that are started, the dashboard, and what the app loads ahead of its first visitor."""
    named = {HOUSE.shown(arrow.file) for arrow in HOUSE.arrows if arrow.by_name}
    assert named == {PROGRAMS, "mtl_core/cli/commands/app.py", "app.py"}
    started = [arrow.module for arrow in imported(ROOT / PROGRAMS) if arrow.by_name]
    for module in started:
        file = ROOT / f"{module.replace('.', '/')}.py"
        assert 'if __name__ == "__main__"' in file.read_text("utf-8"), f"{module} is no program"


def test_every_door_is_used() -> None:
    unused = {room: sorted(doors_of(room) - HOUSE.picture[room]) for room in DOORS}
    assert not {room: doors for room, doors in unused.items() if doors}


def test_the_engine_knows_no_store_through_others_either() -> None:
    for room in STORELESS:
        reached, ahead = set[str](), {room}
        while ahead:
            reached |= ahead
            ahead = {below for one in ahead for below in doors_of(one)} - reached
        assert "store" not in reached, f"{room} reaches the store"


def test_imports_never_cross_sides() -> None:
    """A file of both sides is executed by both; what is imported for types alone is not executed."""
    breaches = []
    for file in HOUSE.files:
        side = side_of_module(HOUSE.room(file), HOUSE.module(file))
        for arrow in imported(file):
            room = HOUSE.room_entered(arrow.module)
            if room is None or arrow.by_name or arrow.types_only:
                continue
            other = side_of_module(room, arrow.module)
            if other not in ("both", side):
                breaches.append(f"{HOUSE.shown(file)}:{arrow.line} imports {arrow.module}: from {side} to {other}")
    assert not breaches, "\n".join(breaches)


def test_packages_are_loaded_where_they_belong() -> None:
    faults = []
    for file in HOUSE.files:
        room, shown = HOUSE.room(file), HOUSE.shown(file)
        side = side_of_module(room, HOUSE.module(file))
        packages = {arrow.module.split(".")[0] for arrow in imported(file) if not arrow.types_only}
        if side != "work" and packages & HEAVY:
            faults.append(f"{shown}: only the work side loads {', '.join(packages & HEAVY)}")
        if "tests" in packages:
            faults.append(f"{shown}: the product does without its tests")
        if room not in ("app", "pages") and "streamlit" in packages:
            faults.append(f"{shown}: widgets belong to app.py and pages/")
        if room != "store" and "sqlite3" in packages:
            faults.append(f"{shown}: SQLite belongs to mtl_core/store/")
    assert not faults, "\n".join(faults)


def test_sql_is_in_the_store_alone() -> None:
    faults = []
    for file in (file for file in HOUSE.files if HOUSE.room(file) != "store"):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
                faults.append(f"{HOUSE.shown(file)}:{node.lineno}: SQL outside mtl_core/store/")
    assert not faults, "\n".join(faults)


def test_the_guards_see_what_they_guard_against(tmp_path: Path) -> None:
    """A guard that finds nothing may be blind: here it is shown one of each."""
    (tmp_path / "mtl_core" / "engine").mkdir(parents=True)
    wrong = tmp_path / "mtl_core" / "engine" / "wrong.py"
    wrong.write_text(
        "if TYPE_CHECKING:\n    import torch.nn\ndef late():\n    from mtl_core.engine import loop\n"
        'START = [sys.executable, "-m", "mtl_core", "train"]\nWORKER = "mtl_core.workers.worker"\n'
        'READ = ["python", "-m", "mtl_core"]\nWEB = ["streamlit", "run", "app.py"]\n',
        "utf-8",
    )
    house = House(tmp_path)
    assert house.rooms == {"app", "engine"}
    assert (house.room(wrong), house.module(wrong)) == ("engine", "mtl_core.engine.wrong")
    arrows = [(arrow.line, arrow.module, arrow.by_name, arrow.types_only) for arrow in imported(wrong)]
    assert sorted(arrows) == [
        (2, "torch.nn", False, True),
        (4, "mtl_core.engine.loop", False, False),
        (5, "mtl_core.__main__", True, False),
        (6, "mtl_core.workers.worker", True, False),
        (8, "app", True, False),
    ]
    assert HOUSE.room_entered("mtl_core.engine.loop") == "engine"
    assert HOUSE.room_entered("torch.nn") is None
    assert (side_of("engine"), side_of("services"), side_of("store")) == ("work", "web", "both")
    assert side_of_module("kinds", "mtl_core.kinds.span.model.MODEL") == "work"
    assert side_of_module("kinds", "mtl_core.kinds._blocks.Block") == "both"
    assert SQL.match("SELECT id\nFROM runs")
    assert SQL.match("UPDATE runs SET state = ?")
    with pytest.raises(AssertionError, match="'cellar' has no doors yet"):
        side_of("cellar")
    with pytest.raises(AssertionError, match="a circle of rooms: hall → stairs → hall"):
        floors({"hall": frozenset({"stairs"}), "stairs": frozenset({"hall"})})


def in_own_process(script: str, **environment: str) -> dict[str, object]:
    """The document that a script prints on its last line."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    document: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return document


IMPORTER = """
import importlib, json, sys
for name in {names!r}:
    importlib.import_module(name)
print(json.dumps({{"loaded": sorted({{name.split(".")[0] for name in sys.modules}})}}))
"""


def test_what_the_web_side_may_import_is_light() -> None:
    """The light halves of kinds, metrics, tasks, services and all that both sides share, in a process of their own."""
    names = [
        HOUSE.module(file)
        for file in HOUSE.files
        if side_of(room := HOUSE.room(file)) != "work" and room not in ("app", "pages")
    ]
    light = [name for name in names if not MODEL_HALF.fullmatch(name)]
    assert {"mtl_core.kinds.span", "mtl_core.metrics.matthews", "mtl_core.tasks.cola"} <= set(light)
    loaded = in_own_process(IMPORTER.format(names=light))["loaded"]
    assert isinstance(loaded, list)
    assert not (HEAVY | {"streamlit"}) & set(loaded)


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
    for page in {pages!r}:
        with client.websocket_connect("ws://localhost/_stcore/stream", subprotocols=["streamlit"]) as socket:
            ask = BackMsg()
            ask.rerun_script.page_name = page
            socket.send_bytes(ask.SerializeToString())
            text, status = [], None
            while status is None:
                message = ForwardMsg.FromString(socket.receive_bytes())
                text.append(str(message))
                ended = message.WhichOneof("type") == "script_finished"
                if ended and message.script_finished != message.FINISHED_EARLY_FOR_RERUN:
                    status = message.script_finished
            seen[page or "overview"] = {{"status": status, "exception": "exception {{" in " ".join(text)}}
print(json.dumps({{"headers": headers, "script": [script.status_code, len(script.content)], "seen": seen,
    "loaded": sorted({{name.split(".")[0] for name in sys.modules}})}}))
"""


def test_the_app_starts_shows_every_page_and_stays_light(workspace: Workspace) -> None:
    """The real application, in a process of its own, visited over its own websocket."""
    pages = [navigation.name(script) for script in navigation.scripts()]
    for tasks in ("sst2", "sst2,mnli", "squad", "squad,mnli"):
        builders.run(workspace, tasks=tasks)
    report: dict = in_own_process(
        VISITOR.format(root=str(ROOT), pages=["", *pages[1:]]), TANDEM_RUNS_DIR=str(workspace)
    )
    assert set(report["seen"]) == set(pages)
    assert all(page["status"] == 0 and not page["exception"] for page in report["seen"].values()), report["seen"]
    assert not HEAVY & set(report["loaded"])
    assert report["script"][0] == 200
    assert report["script"][1] > 1_000_000
    assert "frame-ancestors 'self'" in report["headers"]["content-security-policy"]
    assert report["headers"]["x-content-type-options"] == "nosniff"
