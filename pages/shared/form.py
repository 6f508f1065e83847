"""The values of a form: remembered over pages, refreshes and tabs, read and set by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mtl_core.services import forms, remembered
from mtl_core.services.remembered import OpenForm
from pages.shared import parts

PARAMETER = "form"
"""Of the page's link: which open form it is. A refreshed browser finds its values again by it."""
OPEN = "open_forms"
"""Names of the forms that this tab has opened."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of this tab. Forms have names of their own, as they share names of fields.

    Values live in the session while the tab is open; each change is also kept in the runs folder, a file for
    each open form, so that tabs don't overwrite each other.
    """

    name: str

    def key(self, field: str) -> str:
        """The widget that holds a value: to be asked for when it is drawn, as the widget then shows that value.

        Set anew in every run: a browser that missed the first would show the widget's own default.
        """
        st.session_state[self._key(field)] = self.get(field)
        st.session_state[self._drawn].add(field)
        return self._key(field)

    def _key(self, field: str) -> str:
        return f"{self.name}.{field}"

    @property
    def _kept(self) -> str:
        return f"{self.name}_form"

    @property
    def _file(self) -> str:
        return f"{self.name}_form_file"

    @property
    def _lost(self) -> str:
        return f"{self.name}_form_lost"

    @property
    def _defaults(self) -> str:
        return f"{self.name}_form_defaults"

    @property
    def _drawn(self) -> str:
        return f"{self.name}_form_drawn"

    def begin(self, defaults: Mapping[str, Any], *, anew: bool = False) -> None:
        """Gives every field the value that it had when it was last seen, or its default.

        Where this tab has seen none yet: those of the form that the link names, or the ones last used; with
        `anew` the defaults.
        """
        st.session_state.setdefault(OPEN, set()).add(self.name)
        st.session_state[self._defaults], st.session_state[self._drawn] = dict(defaults), set()
        first = self._kept not in st.session_state
        if first:
            st.session_state[self._kept] = {} if anew else self._found(defaults)
        st.session_state[self._kept] = {**defaults, **st.session_state[self._kept]}
        self.remember()
        if first:  # values that were put in before are the form's from now on
            self._drop(defaults)

    def _found(self, defaults: Mapping[str, Any]) -> dict[str, Any]:
        asked = st.query_params.get(PARAMETER, "")
        opened = remembered.opened(parts.workspace(), self.name, asked)
        st.session_state[self._lost] = "" if opened else asked
        found = opened or remembered.last_used(parts.workspace(), self.name)
        st.session_state[self._file] = found
        return remembered.usable(found.values, defaults) if found else {}

    def _drop(self, fields: Iterable[str]) -> None:
        """Takes values out of the session, where they would come up again when a widget has gone."""
        for field in fields:
            st.session_state.pop(self._key(field), None)

    @property
    def lost(self) -> str:
        """The form that the link names and that is not kept any more; "" where it is."""
        asked = str(st.session_state.get(self._lost, ""))
        return asked if asked == st.query_params.get(PARAMETER, "") else ""

    @property
    def is_open(self) -> bool:
        """True once this tab has opened the form, until it forgets it."""
        return self._kept in st.session_state

    @property
    def filled_from(self) -> float | None:
        """When the settings were kept that this form began with and still shows; None for another form."""
        found: OpenForm | None = st.session_state.get(self._file)
        return found.kept if found and not found.id and found.values else None

    @property
    def is_changed(self) -> bool:
        """True if a value differs from its default."""
        return bool(self._changed())

    def _now(self) -> dict[str, Any]:
        kept = st.session_state[self._kept]
        return {name: st.session_state.get(self._key(name), kept[name]) for name in kept}

    def _changed(self) -> dict[str, Any]:
        return remembered.changed(self._now(), st.session_state[self._defaults])

    def remember(self) -> None:
        """Keeps all values in the session: a widget that is not drawn, or whose page is left, loses its own."""
        st.session_state[self._kept] = self._now()

    def save(self) -> None:
        """Keeps all values, those that have changed on the disk too."""
        self.remember()
        found: OpenForm | None = st.session_state.get(self._file)
        now = self._changed()
        if now != (found.values if found else {}):
            st.session_state[self._file] = remembered.keep(parts.workspace(), self.name, found, now) or found

    def keep(self) -> None:
        """The same at the end of the form's page; its link names the form from the first change on."""
        self.save()
        self._drop(set(st.session_state[self._kept]) - st.session_state[self._drawn])
        found: OpenForm | None = st.session_state.get(self._file)
        if found and found.id and st.query_params.get(PARAMETER) != found.id:
            st.query_params[PARAMETER] = found.id

    def forget(self) -> None:
        """The form begins anew when it is opened next, with what was last used."""
        self._drop(st.session_state.pop(self._kept, {}))
        st.session_state.pop(self._file, None)

    def start_over(self) -> None:
        """Every field at its default again; so do new forms begin from now on. In a callback."""
        self._drop(st.session_state[self._kept])
        st.session_state[self._kept] = dict(st.session_state[self._defaults])
        found: OpenForm | None = st.session_state.get(self._file)
        st.session_state[self._file] = remembered.keep(parts.workspace(), self.name, found, {})

    def has(self, field: str) -> bool:
        """True if the form has such a field."""
        return field in st.session_state[self._kept]

    def get(self, field: str) -> Any:
        """One value."""
        return st.session_state.get(self._key(field), st.session_state[self._kept][field])

    def put(self, **values: Any) -> None:
        """Sets values. Before their widgets are drawn, in a callback, or before the form was ever opened."""
        kept = st.session_state.get(self._kept)
        for name, value in values.items():
            if kept is not None:
                kept[name] = value
            if kept is None or self._key(name) in st.session_state:
                st.session_state[self._key(name)] = value

    def untouched(self, field: str) -> bool:
        """True of a field that still has its default and may not be empty: nobody has typed anything wrong."""
        defaults = st.session_state[self._defaults]
        return field in defaults and not defaults[field] and self.get(field) in (None, "", defaults[field])

    def config_values(self) -> dict[str, Any]:
        """The fields of RunConfig that the form has, as they are typed; the folder where it is read alone."""
        values = {name: whole(self.get(name)) for name in forms.FIELDS if self.has(name)}
        values |= {name: value or None for name, value in values.items() if forms.is_typed(name)}
        return {**values, "data": values["data"] if values["source"] == "folder" else None}

    def ordered_tasks(self) -> tuple[str, ...]:
        """The chosen tasks, the target first."""
        return tuple(sorted(self.get("tasks"), key=lambda task: task != self.get("target")))


def save_open() -> None:
    """Saves every form of this tab. First in every run: who leaves a page while typing takes the value along, which
    is gone once the next page is drawn."""
    for name in st.session_state.get(OPEN, ()):
        form = Form(name)
        if form.is_open:
            form.save()


def whole(value: Any) -> Any:
    """A whole number as one: number fields give 6.0 for a typed 6."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
