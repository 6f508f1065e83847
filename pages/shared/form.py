"""The values of a form: kept for the session, read and set by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mtl_core.services import forms


@dataclass(frozen=True, slots=True)
class Form:
    """A form of this session. Forms have names of their own, as they share names of fields."""

    name: str

    def key(self, field: str) -> str:
        """The widget that holds a value."""
        return f"{self.name}.{field}"

    @property
    def _kept(self) -> str:
        return f"{self.name}_form"

    def begin(self, defaults: Mapping[str, Any]) -> None:
        """Gives every widget the value that it had when it was last seen, or its default.

        Set anew in every run: a browser that missed the first would show the widget's own default.
        """
        for name, value in {**defaults, **st.session_state.get(self._kept, {})}.items():
            st.session_state[self.key(name)] = st.session_state.get(self.key(name), value)
        st.session_state[self._kept] = {name: self.get(name) for name in defaults}

    def keep(self) -> None:
        """Remembers all values: a widget that is not drawn, or whose page is left, loses its own."""
        st.session_state[self._kept] = {name: self.get(name) for name in st.session_state[self._kept]}

    def forget(self) -> None:
        """Back to the defaults when the form begins anew."""
        for name in st.session_state.pop(self._kept, {}):
            st.session_state.pop(self.key(name), None)

    def has(self, field: str) -> bool:
        """True if the form has such a field."""
        return self.key(field) in st.session_state

    def get(self, field: str) -> Any:
        """One value."""
        return st.session_state[self.key(field)]

    def put(self, **values: Any) -> None:
        """Sets values. Before their widgets are drawn, or in a callback."""
        for name, value in values.items():
            st.session_state[self.key(name)] = value

    def config_values(self) -> dict[str, Any]:
        """The fields of RunConfig that the form has, as they are typed; the folder where it is read alone."""
        values = {name: whole(self.get(name)) for name in forms.FIELDS if self.has(name)}
        values |= {name: value or None for name, value in values.items() if forms.is_typed(name)}
        return {**values, "data": values["data"] if values["source"] == "folder" else None}

    def ordered_tasks(self) -> tuple[str, ...]:
        """The chosen tasks, the target first."""
        return tuple(sorted(self.get("tasks"), key=lambda task: task != self.get("target")))


def whole(value: Any) -> Any:
    """A whole number as one: number fields give 6.0 for a typed 6."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
