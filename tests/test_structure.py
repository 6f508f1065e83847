"""What the product keeps to as a whole: names, states, whole files, sizes. And the command that measures it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import structure
from tests.sources import House

HOUSE = House()


def test_no_class_name_occurs_twice() -> None:
    assert structure.repeated_classes(HOUSE) == []


def test_run_states_are_an_enum_alone() -> None:
    assert structure.state_literals(HOUSE) == []


def test_one_place_puts_a_whole_file_in_anothers_place() -> None:
    assert [place.split(":")[0] for place in structure.replaced_files(HOUSE)] == ["mtl_core/disk/whole.py"]


def test_functions_and_files_are_short() -> None:
    assert structure.long_functions(HOUSE) == []
    assert {file: count for file, count in structure.line_counts(HOUSE).items() if count > 300} == {}


def test_rooms_are_few_and_nothing_leads_up_or_past_services() -> None:
    assert len(structure.loose_modules(HOUSE)) <= 6
    assert structure.climbing(HOUSE) == []
    assert structure.past_services(HOUSE) == []


@pytest.fixture
def crooked(tmp_path: Path) -> House:
    """A house with one of each fault."""
    for file, lines in {
        "app.py": ["from mtl_core.loose import start"],
        "pages/home.py": ["from mtl_core.store import runs", "from mtl_core.services import home"],
        "mtl_core/loose.py": ["def start(runs_dir):", '    return ["-m", "mtl_core.engine.worker"]'],
        "mtl_core/engine/worker.py": [
            "from mtl_core.loose import start",
            "from mtl_core.store import runs",
            'ENDS = {"failed": 1, "title": 2}, "lost words"',
            'def over(run): return run.state == "failed"',
        ],
        "mtl_core/store/runs.py": [
            "class Run:",
            "    sql = \"state = 'lost'\"",
            "def end(draft, path):",
            "    draft.replace(path)",
        ],
        "mtl_core/services/home.py": [
            "class Run:",
            "    pass",
            "def end(a, b):",
            "    os.replace(a, b.replace('a', 'b'))",
        ],
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("\n".join(lines), "utf-8")
    return House(tmp_path)


def test_the_measures_see_what_they_measure(crooked: House) -> None:
    assert structure.climbing(crooked) == [("loose", "engine")]
    assert structure.past_services(crooked) == ["pages/home.py:1"]
    assert structure.repeated_classes(crooked) == ["Run"]
    assert len(structure.state_literals(crooked)) == 2
    assert [place.split(" ")[0] for place in structure.replaced_files(crooked)] == [
        "mtl_core/services/home.py:4",
        "mtl_core/store/runs.py:4",
    ]
    assert structure.functions_with(crooked, "runs_dir") == ["mtl_core/loose.py:1 start"]
    assert structure.long_functions(crooked, most=1) == [
        "mtl_core/loose.py:1 start",
        "mtl_core/services/home.py:3 end",
        "mtl_core/store/runs.py:3 end",
    ]


def test_the_table_puts_versions_side_by_side(crooked: House, capsys: pytest.CaptureFixture[str]) -> None:
    structure.main([str(crooked.root), str(crooked.root)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"| measure | {crooked.root.name} | {crooked.root.name} |"
    assert "| rooms, floors, arrows of the import picture | 6, 2, 6 | 6, 2, 6 |" in lines
    assert "| arrows that climb, by name too | 1 | 1 |" in lines
