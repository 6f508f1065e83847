"""The values of the "New study" form: kept for the session, read as what a study is designed from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtl_core.services import forms, studies
from mtl_core.services.studies import DEFAULT_SEEDS, MARGIN, USUAL_MOST_SEEDS, StudyPreset
from mtl_core.services.study_draft import StudyForm
from pages.shared.form import Form, whole

FORM = Form("study")
DECIDED = ("name", "start_from", "teachers", "sharing", "schedule", "balancing", "merging", "merge_from")
"""Fields of RunConfig that a study decides by itself."""
BY_ITSELF = ("tune", "tuner", "auto", "most_seeds", "hours")
OWN = {
    "preset": studies.FIRST_PRESET,
    "seeds": ", ".join(map(str, DEFAULT_SEEDS)),
    "match": "target_updates",
    "margin": MARGIN,
    "title": "",
    "tune": 0,
    "tuner": "tpe",
    "auto": False,
    "most_seeds": USUAL_MOST_SEEDS,
    "hours": None,
}


def setting_key(preset: str, name: str) -> str:
    """The key of a preset's own setting."""
    return f"settings.{preset}.{name}"


def preset() -> type[StudyPreset]:
    """The chosen design."""
    return studies.preset(FORM.get("preset"))


def take(name: str) -> None:
    """Chooses a design, with the tasks and the settings that go with it. In a callback."""
    before, chosen = preset(), studies.preset(name)
    FORM.put(**{field: forms.default(field) for field, value in before.suggested.items() if FORM.get(field) == value})
    FORM.put(**chosen.suggested)
    fewest, most = chosen.tasks_wanted
    if not fewest <= len(FORM.get("tasks")) <= most:
        FORM.put(tasks=list(chosen.usual_tasks))
    FORM.put(preset=name)


def asked() -> StudyForm:
    """The form's values."""
    chosen = FORM.get("preset")
    settings = {
        name: _typed(FORM.get(setting_key(chosen, name)), schema)
        for name, schema in studies.settings_of(preset()).items()
    }
    return StudyForm(
        preset=chosen,
        settings={name: value for name, value in settings.items() if value is not None},
        tasks=FORM.ordered_tasks(),
        values=FORM.config_values(),
        seeds=FORM.get("seeds"),
        match=FORM.get("match"),
        margin=FORM.get("margin"),
        name=FORM.get("title"),
        **{name: FORM.get(name) for name in BY_ITSELF},
    )


def _typed(value: Any, schema: Mapping[str, Any]) -> Any:
    """A list of numbers is typed as text: "0.1, 0.3"; what is no number stays text, for the preset to say so."""
    if schema.get("type") != "array" or not isinstance(value, str):
        return whole(value)
    parts = [part for part in value.replace(";", ",").replace(" ", ",").split(",") if part]
    return [_number(part) for part in parts]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def defaults() -> dict[str, Any]:
    """Every value as it is at first."""
    common = {name: value for name, value in forms.defaults().items() if name not in DECIDED}
    own = {
        setting_key(one.name, name): _shown(schema)
        for one in studies.presets()
        for name, schema in studies.settings_of(one).items()
    }
    tasks = [task for task in studies.preset(OWN["preset"]).usual_tasks if task in forms.task_names()]
    return {**common, **own, **OWN, "tasks": tasks, "target": tasks[0] if tasks else None}


def _shown(schema: Mapping[str, Any]) -> Any:
    default = schema.get("default")
    if schema.get("type") == "array" and "of" not in schema:
        return ", ".join(f"{value:g}" for value in default or ())
    return default
