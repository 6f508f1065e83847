"""The model server as its callers meet it: a real process, real tiny models."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import pytest

from mtl_core import registry
from mtl_core.config import run as configs
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.jobs import model_client
from mtl_core.jobs.model_client import ModelServerAway
from mtl_core.jobs.model_server import ModelServer
from mtl_core.store import model_server as addresses
from mtl_core.store.model_server import Address
from mtl_core.store.workspace import Workspace
from tests import trained

TOGETHER = {"tasks": "sst2,mnli", "max_length": 48, "train_limit": 64}


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return trained.workspace()


@pytest.fixture(scope="module", autouse=True)
def server(workspace: Workspace) -> Iterator[ModelServer]:
    with trained.serving(workspace) as running:
        yield running


def address(workspace: Workspace) -> Address:
    found = addresses.find(workspace)
    assert found
    return found


def raw(workspace: Workspace, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    """A request as someone else might make it."""
    known = address(workspace)
    connection = HTTPConnection("127.0.0.1", known.port, timeout=30)
    sent = {
        "Authorization": f"Bearer {known.token}",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, json.loads(text) if text.startswith("{") else text


def faults(workspace: Workspace, path: str, document: Any) -> list[Fault]:
    with pytest.raises(InvalidConfig) as told:
        model_client.ask(workspace, path, document)
    return list(told.value.faults)


def settled(workspace: Workspace, path: str, document: Any) -> Any:
    """An answer that takes its time."""
    found: list[Any] = []

    def ask() -> bool:
        found.append(model_client.ask(workspace, path, document))
        return found[-1] is not None

    trained.wait_until(ask)
    return found[-1]


def test_a_label_comes_with_all_probabilities(workspace: Workspace) -> None:
    for run in trained.ids():
        said = model_client.ask(workspace, "/predict", {"run": run, "task": "sst2", "inputs": ["A warm film."]})
        assert set(said["detail"]["probabilities"]) == {"negative", "positive"}
        assert sum(said["detail"]["probabilities"].values()) == pytest.approx(1, abs=1e-4)
        assert said["confidence"] == said["detail"]["probabilities"][said["prediction"]]
        assert said["seconds"] > 0


def test_an_answer_is_a_piece_of_its_context(workspace: Workspace) -> None:
    together, _ = trained.ids()
    context = "The bridge was designed by Clara Voss. " * 20
    inputs = ["Who designed the bridge?", context]
    said = model_client.ask(workspace, "/predict", {"run": together, "task": "squad", "inputs": inputs})
    assert context[said["detail"]["start"] : said["detail"]["end"]] == said["prediction"]
    assert "overlapping windows" in said["notes"][0]


@pytest.mark.parametrize("text", ["日本語の映画です", "\u202e\x07 <b>", "word " * 5000, "🙂"])
def test_strange_texts_get_an_answer(workspace: Workspace, text: str) -> None:
    together, _ = trained.ids()
    said = model_client.ask(workspace, "/predict", {"run": together, "task": "sst2", "inputs": [text]})
    assert said["prediction"] in ("negative", "positive")


def test_what_cant_be_predicted_is_said(workspace: Workspace) -> None:
    together, alone = trained.ids()
    ask = {"run": alone, "task": "sst2", "inputs": ["fine"]}
    assert faults(workspace, "/predict", {**ask, "inputs": [" "]}) == [
        Fault("sentence", "the sentence is empty. Type one.")
    ]
    assert faults(workspace, "/predict", {**ask, "task": "mnli"}) == [
        Fault("task", "no task in this run called 'mnli'. Choose from sst2.")
    ]
    [fault] = faults(workspace, "/predict", {**ask, "run": "../../etc"})
    assert fault == Fault("run", "there is no run '../../etc'. `python -m mtl_core runs` lists them.")
    [fault] = faults(workspace, "/predict", {**ask, "run": together, "task": "mnli"})
    assert "premise and hypothesis" in fault.message


def test_a_plan_says_what_would_happen(workspace: Workspace) -> None:
    encoder = str(trained.encoder())
    plan = settled(workspace, "/plan", {"config": {**TOGETHER, "encoder": encoder}})
    assert plan["steps"] == 4
    assert plan["tasks"]["mnli"]["train"] == 64
    assert len(plan["tasks"]["mnli"]["glance"]) == 3
    assert plan["parameters"]["shared"] > plan["parameters"]["task_only"] > 0


def test_all_faults_of_a_plan_at_once(workspace: Workspace, tmp_path: Path) -> None:
    wrong = {"tasks": "sst2,mnli", "schedule": "phases", "schedule_settings": {"share": 3}, "encoder": str(tmp_path)}
    document = {"config": wrong, "patience": 10}
    assert {fault.field for fault in faults(workspace, "/plan", document)} == {"schedule_settings.share", "encoder"}
    assert {fault.field for fault in faults(workspace, "/plan", {"config": {"tasks": "mrcp", "epochs": 0}})} == {
        "tasks",
        "epochs",
    }


def test_the_pace_is_measured_once_and_kept(workspace: Workspace) -> None:
    document = {"config": {**TOGETHER, "encoder": str(trained.encoder()), "batch_size": 8}}
    pace = settled(workspace, "/pace", document)
    assert pace["seconds_per_token"] > 0
    assert pace["startup_seconds"] > 0
    assert pace["memory_bytes"] > 0
    assert len(json.loads((workspace.cache / "pace.json").read_text())) == 1
    assert settled(workspace, "/pace", document) == pace


def test_the_address_is_its_owners_alone(workspace: Workspace) -> None:
    assert stat.S_IMODE(addresses.address_file(workspace).stat().st_mode) == 0o600


def test_nobody_gets_in_without_the_token_or_from_elsewhere(workspace: Workspace) -> None:
    assert raw(workspace, "GET", "/health", Authorization="Bearer guess") == (
        401,
        {"faults": [{"field": "", "message": "the token is missing or wrong."}]},
    )
    assert raw(workspace, "GET", "/health", Host="evil.example")[0] == 400
    assert raw(workspace, "GET", "/health", Host="localhost:80")[0] == 200


def test_it_listens_on_the_loopback_alone(workspace: Workspace) -> None:
    listening = [c for c in psutil.Process(address(workspace).pid).net_connections("inet") if c.status == "LISTEN"]
    assert [c.laddr.ip for c in listening] == ["127.0.0.1"]


def test_nonsense_is_refused_without_a_traceback(workspace: Workspace) -> None:
    deep, digits = b"[" * 3000 + b"]" * 3000, b'{"run": ' + b"9" * 5000 + b"}"
    for body in (b"", b"{", b"\xff\xfe", b"[]", b'{"run": 1}', b"null", deep, digits):
        status, told = raw(workspace, "POST", "/predict", body)
        assert status == 400
        assert told["faults"][0]["message"].startswith("the request is not what this address takes: ")
        assert "Traceback" not in str(told)
    assert raw(workspace, "GET", "/predict")[0] == 405
    assert raw(workspace, "POST", "/nowhere", b"{}")[0] == 404
    large = raw(workspace, "POST", "/predict", b"", Content_Length="9000000")
    assert large == (413, {"faults": [{"field": "", "message": "the request is larger than 4,000,000 bytes."}]})


def test_it_yields_to_the_web_server(workspace: Workspace) -> None:
    assert psutil.Process(address(workspace).pid).nice() >= 5


def test_where_none_was_started_it_is_starting(empty: Workspace) -> None:
    with pytest.raises(ModelServerAway, match=r"^the model server is starting. It answers in a few seconds.$"):
        model_client.ask(empty, "/health")


def test_an_address_that_nobody_listens_at(empty: Workspace) -> None:
    file = addresses.address_file(empty)
    file.parent.mkdir()
    file.write_text(json.dumps({"port": 9, "token": "x", "pid": 1}))
    with pytest.raises(ModelServerAway, match=r"^the model server is not running. It restarts automatically.$"):
        model_client.ask(empty, "/health")
    file.write_text("nonsense")
    assert addresses.find(empty) is None


def test_an_address_that_was_taken_away_comes_back(workspace: Workspace) -> None:
    known = address(workspace)
    addresses.forget(workspace, known.pid + 1)
    assert addresses.find(workspace) == known
    addresses.forget(workspace, known.pid)
    trained.wait_until(lambda: addresses.find(workspace) == known)


def test_killed_it_is_started_again(workspace: Workspace, server: ModelServer) -> None:
    before = address(workspace)
    os.kill(before.pid, signal.SIGKILL)
    trained.wait_until(lambda: server.pid not in (None, before.pid))
    trained.wait_until(lambda: trained.state(workspace) == "ready")
    assert address(workspace).token != before.token


def test_it_ends_when_its_parent_is_killed(empty: Workspace) -> None:
    program = (
        "import sys, time, pathlib; from mtl_core.jobs.model_server import ModelServer; "
        "from mtl_core.store.workspace import Workspace; "
        "ModelServer(Workspace(pathlib.Path(sys.argv[1]))).start(); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(empty)], cwd=registry.CODE)
    trained.wait_until(lambda: addresses.find(empty))
    child = psutil.Process(address(empty).pid)
    parent.kill()
    parent.wait()
    trained.wait_until(lambda: not child.is_running())
    assert addresses.find(empty) is None


def test_stopped_it_is_gone_and_stays_gone(empty: Workspace) -> None:
    server = ModelServer(empty)
    server.start()
    server.start()
    trained.wait_until(lambda: addresses.find(empty))
    child = psutil.Process(address(empty).pid)
    server.stop()
    assert not child.is_running()
    assert server.pid is None
    server.ensure()
    assert server.pid is None


def test_configs_reach_it_whole(workspace: Workspace) -> None:
    config = configs.parse({**TOGETHER, "encoder": str(trained.encoder()), "seed": 3})
    assert settled(workspace, "/plan", {"config": config.model_dump(mode="json")})["device"] == "cpu"
