"""Pages under AppTest, each on its own runs folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.engine import methods
from mtl_core.jobs import catalogue
from mtl_core.store.workspace import Workspace

MAIN = Path(__file__).resolve().parents[2] / "pages" / "main.py"

Visit = Callable[..., AppTest]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty runs folder that the pages take for theirs."""
    monkeypatch.setenv("TANDEM_RUNS_DIR", str(tmp_path))
    return Workspace(tmp_path)


@pytest.fixture
def visit(workspace: Workspace) -> Visit:
    """Opens a page as a link would: `visit("watch/page.py", run=run_id)`."""
    assert workspace.path.is_dir()

    def open_page(page: str = "overview/page.py", /, **query: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        return app if page == "overview/page.py" else app.switch_page(page).run()

    return open_page


@pytest.fixture
def catalogue_ready(workspace: Workspace) -> None:
    """The catalogue of methods lies ready, as it does once the app has started."""
    kept = workspace.cache / f"methods-{catalogue.fingerprint()}.json"
    kept.parent.mkdir()
    kept.write_text(json.dumps(methods.catalogue()))


@pytest.fixture
def launch(visit: Visit, catalogue_ready: None) -> Visit:
    """Opens the Launch page in a new tab."""
    return lambda **query: visit("launch/page.py", **query)


@pytest.fixture
def study_page(visit: Visit) -> Visit:
    """Opens the Studies page as a link would: `study_page(study=study.id, view="runs")`."""

    def open_page(**query: str) -> AppTest:
        app = visit("studies/page.py", **query)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run() if query else app

    return open_page


def words(app: AppTest) -> str:
    """What stands on the page, markdown and captions and messages alike."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error, app.success)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def said(app: AppTest) -> str:
    """The same as it reads, without what keeps a name from being taken for markup."""
    return words(app).replace("\\", "")


def html(app: AppTest) -> str:
    """What the page's own HTML says."""
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def faults(app: AppTest, mark: str = ":red[:material/error: ") -> list[str]:
    """What is wrong, as it stands at the fields."""
    found = [str(one.value).partition(mark) for one in app.markdown if mark in one.value]
    return [text[:-2].replace("\\", "") for _, _, text in found]


def needed(app: AppTest) -> list[str]:
    """What is asked for where nothing was given yet, as it stands at the fields."""
    return faults(app, ":gray[:material/edit: ")


def asked(app: AppTest, name: str) -> str | None:
    """What the page's link says of a query parameter."""
    value = app.query_params.get(name)
    return value[0] if isinstance(value, list) else value
