"""Migrations of an empty database in seconds.

Django keeps every step's models as classes, and makes anew all those that touch a table each time an index, a constraint or a table that
points at it is added: over 20,000 classes for our tables, 60 of the 65 seconds that migrating took. An index or a constraint changes
no other model, and a new table needs only its own class to be created.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def few_models_made() -> Iterator[None]:
    """Inside, adding a table makes one class, and adding an index or a constraint none.

    The classes kept so far do not know of relations that point back at them, so whatever needs those (a changed field, Python code in a
    migration) makes them all anew first. The tables that come out are the same.
    """
    before = {name: getattr(ProjectState, name) for name in _OURS}
    for name, ours in _OURS.items():
        setattr(ProjectState, name, ours)
    try:
        yield
    finally:
        for name, there in before.items():
            setattr(ProjectState, name, there)


def _add_model(state: Any, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    state.models[key] = model_state
    if state._relations is not None:
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:
        state.apps.render_multiple([model_state])
        state.is_delayed = state.is_behind = True


def _append_option(state: Any, app_label: str, model_name: str, option: str, added: Any) -> None:
    options = state.models[app_label, model_name].options
    options[option] = [*options[option], added]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option, list(options[option]))


def _reload_models(state: Any, models: Any, delay: bool = True) -> None:
    _catch_up(state)
    DJANGOS["reload_models"](state, models, delay)


def _reload_model(state: Any, app_label: str, model_name: str, delay: bool = False) -> None:
    _catch_up(state)
    DJANGOS["reload_model"](state, app_label, model_name, delay)


def _clone(state: Any) -> Any:
    """A copy of classes that are behind would be behind too: the copy makes its own if it is asked for any."""
    classes = state.__dict__.pop("apps", None) if getattr(state, "is_behind", False) else None
    try:
        return DJANGOS["clone"](state)
    finally:
        if classes is not None:
            state.__dict__["apps"] = classes


def _catch_up(state: Any) -> None:
    """The next look at the classes makes all of them, of the state as it is then."""
    if getattr(state, "is_behind", False):
        state.__dict__.pop("apps", None)
        state.is_behind = False


_OURS = {
    "add_model": _add_model,
    "_append_option": _append_option,
    "reload_model": _reload_model,
    "reload_models": _reload_models,
    "clone": _clone,
}
DJANGOS = {name: getattr(ProjectState, name) for name in _OURS}
