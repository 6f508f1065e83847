"""Counts the files of three walks through a checkout: `python -m tests.walks [PATH ...]`, this one where none is given.

A walk has waypoints: a row that is written or read, a process that is started, a checkpoint that is saved, a figure
that is made. At each the files on the call stack are noted, in every process: these are the files that a reader passes
from one end to the other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import tiny
from tests.sources import ROOT

FIGURES = r"charts?[/_.]|figures"
SMALL = "--train-limit 64 --eval-limit 16 --selection-limit 8 --batch-size 16 --max-length 32 --device cpu"

TRACER = """
import os, re, sqlite3, sys, threading
from pathlib import Path
root, out = os.environ["WALK_ROOT"] + "/", Path(os.environ["WALK_OUT"])
rows, calls = re.compile(os.environ["WALK_ROWS"], re.S | re.I), re.compile(os.environ["WALK_CALLS"] or "(?!)")
seen = set()

def note(frame):
    files = []
    while frame:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            return
        files += [name[len(root):]] if name.startswith(root) and ".venv" not in name else []
        frame = frame.f_back
    if new := [file for file in files if file not in seen]:
        seen.update(new)
        with (out / "files").open("a") as list_of_files:
            list_of_files.write("".join(file + "\\n" for file in reversed(new)))

EVENTS = {"subprocess.Popen": lambda *_: True, "os.rename": lambda _, path, *__: "checkpoints" in str(path)}
never = lambda *_: False

def waypoint(frame):
    if (out / "on").exists():
        note(frame)

def called(frame, event, _):
    name = frame.f_code.co_filename
    if event == "call" and name.startswith(root) and calls.search(name[len(root):]):
        waypoint(frame)

def connect(*arguments, **options):
    connection = opened(*arguments, **options)
    connection.set_trace_callback(lambda sql: rows.search(sql) and waypoint(sys._getframe(1)))
    return connection

opened, sqlite3.connect = sqlite3.connect, connect
if os.environ["WALK_EVENTS"]:
    sys.addaudithook(lambda event, given: EVENTS.get(event, never)(*given) and waypoint(sys._getframe(1)))
if os.environ["WALK_CALLS"]:
    threading.setprofile(called)
"""
"""Runs in every process, as its `sitecustomize`."""

PAGE = """
import sys
from streamlit.testing.v1 import AppTest
main, page, click, *query = sys.argv[1:]
sys.path.insert(0, main.rpartition("/pages/")[0])
app = AppTest.from_file(main, default_timeout=120)
given = dict(pair.split("=") for pair in query)
for name, value in given.items():
    app.query_params[name] = value
app.run()
app.switch_page(page).run()
for name, value in given.items():
    app.query_params[name] = value
app.run()
assert not app.exception, app.exception
if click:
    next(button for button in app.button if button.label == click).click().run()
"""


@dataclass
class Scene:
    """A checkout, a runs folder of its own, and the waypoints to be noted."""

    root: Path
    folder: Path
    rows: str
    """SQL whose execution is a waypoint."""
    calls: str = ""
    """Files whose functions are waypoints when they are called."""
    events: bool = False
    """True if the start of a process and a new checkpoint are some."""

    def __post_init__(self) -> None:
        """Makes the folder, the encoder and the tracer."""
        (self.folder / "runs").mkdir(parents=True)
        (self.folder / "sitecustomize.py").write_text(TRACER, "utf-8")
        self.encoder = tiny.encoder(self.folder / "encoder")

    def start(self) -> None:
        """Notes waypoints from now on."""
        (self.folder / "on").touch()

    def files(self) -> list[str]:
        """The files that were passed, in order."""
        return list(dict.fromkeys((self.folder / "files").read_text("utf-8").split()))

    def python(self, *arguments: str) -> str:
        """The output of a traced process."""
        environment = os.environ | {
            "PYTHONPATH": str(self.folder),
            "TANDEM_RUNS_DIR": str(self.folder / "runs"),
            "WALK_ROOT": str(self.root),
            "WALK_OUT": str(self.folder),
            "WALK_ROWS": self.rows,
            "WALK_CALLS": self.calls,
            "WALK_EVENTS": "1" if self.events else "",
        }
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def tandem(self, command: str) -> Any:
        """The answer of a command, on a small run where it trains one."""
        name, *options = command.split()
        small = f"--encoder {self.encoder} {SMALL}".split() if name in ("train", "study") else []
        text = self.python("-m", "mtl_core", name, *small, *options, "--runs-dir", str(self.folder / "runs"), "--json")
        return json.loads(text)

    def page(self, name: str, click: str = "", **query: str) -> None:
        """Opens a page, a file or a folder, and clicks a button."""
        pages = self.root / "pages"
        script = f"{name}/page.py" if (pages / name).is_dir() else f"{name}.py"
        asked = [f"{key}={value}" for key, value in query.items()]
        self.python("-c", PAGE, str(pages / "main.py"), script, click, *asked)

    def wait(self, run: str, *states: str) -> None:
        """Waits for a run to reach one of these states."""
        wait_until(lambda: self.tandem(f"show {run}")["state"] in states)


def wait_until(true: Callable[[], object], seconds: float = 300) -> None:
    """Waits for what other processes bring about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(1)


def config_to_curve(root: Path, folder: Path) -> list[str]:
    """`train` → queue → worker → engine → steps in run.db → the figures of Watch."""
    rows = r"(INSERT|REPLACE)\W.*\b(runs|steps)\b|SELECT.*FROM\W+steps"
    scene = Scene(root, folder, rows, FIGURES, events=True)
    scene.start()
    run = scene.tandem("train --tasks sst2 --background")["id"]
    scene.wait(run, "finished")
    scene.page("watch", run=run)
    return scene.files()


def click_to_state(root: Path, folder: Path) -> list[str]:
    """The button Stop of a run that trains → the request in runs.db → the worker → the state `stopped`."""
    scene = Scene(root, folder, r"stop_requested\W+=|SELECT stop_requested|UPDATE.*\bstate\b")
    run = scene.tandem("train --tasks sst2 --epochs 1000 --train-limit 800 --background")["id"]
    scene.wait(run, "running")
    scene.start()
    scene.page("watch", click="Stop", run=run)
    scene.wait(run, "stopped")
    return scene.files()


def study_to_page(root: Path, folder: Path) -> list[str]:
    """`study` → the study and its members in runs.db → their scores → verdicts → the view Verdicts."""
    rows = r"(INSERT|REPLACE)\W.*\b(studies|runs)\b|SELECT.*\b(studies|predictions|evaluations)\b"
    scene = Scene(root, folder, rows, f"statistics/|tables?|{FIGURES}")
    scene.start()
    study = scene.tandem("study --preset itself --tasks sst2 --seeds 2 --background")["id"]
    wait_until(lambda: all(run["state"] == "finished" for run in scene.tandem("runs")))
    scene.page("studies", study=study, view="verdicts")
    return scene.files()


WALKS = (config_to_curve, click_to_state, study_to_page)


def main(arguments: list[str]) -> None:
    """Prints each walk's number of files as Markdown, a column for each checkout, and its files below.

    Takes some minutes: it trains.
    """
    roots = [Path(path).resolve() for path in arguments] or [ROOT]
    with tempfile.TemporaryDirectory(prefix="tandem-walks-") as folder:
        walks = {
            (walk, root): walk(root, Path(folder) / walk.__name__ / str(at))
            for at, root in enumerate(roots)
            for walk in WALKS
        }
    print("| files on the walk |" + "".join(f" {root.name} |" for root in roots) + "\n|---|" + "---|" * len(roots))
    for walk in WALKS:
        print(f"| {walk.__name__.replace('_', ' ')} |" + "".join(f" {len(walks[walk, root])} |" for root in roots))
    for (walk, root), files in walks.items():
        print(f"\n{walk.__name__} in {root.name}:", *files, sep="\n  ")


if __name__ == "__main__":
    main(sys.argv[1:])
