"""Migrating makes few classes, and every table, column, constraint, index and foreign key of the models is there afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.state import ModelState, ProjectState

from bakhong.cli.migrating import DJANGOS, few_models_made

TABLES = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
SPOKES = 12


@pytest.mark.django_db
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_every_table_is_as_its_model_says(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        columns = {
            each.name for each in connection.introspection.get_table_description(cursor, model._meta.db_table)
        }
    fields = model._meta.local_concrete_fields
    assert {field.column for field in fields} <= columns
    named = {each.name for each in (*model._meta.indexes, *model._meta.constraints)}
    assert named <= found.keys()
    pointing = {tuple(each["columns"]) for each in found.values() if each["foreign_key"]}
    assert {(field.column,) for field in fields if field.is_relation and field.db_constraint} <= pointing


def test_few_classes_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    render = ModelState.render
    monkeypatch.setattr(ModelState, "render", lambda self, apps: made.append(self.name) or render(self, apps))
    _walk()
    few = len(made)
    for (
        name,
        djangos,
    ) in DJANGOS.items():  # negative control: with Django's own way, each step makes all of them
        monkeypatch.setattr(ProjectState, name, djangos)
    _walk()
    assert few <= 5 * (SPOKES + 1)
    assert len(made) - few > 10 * (SPOKES + 1)


def test_classes_made_after_a_changed_field_know_what_points_at_them() -> None:
    hub = _walk().apps.get_model("wheel", "Hub")
    assert {each.name for each in hub._meta.related_objects} == {f"spoke{n}" for n in range(SPOKES)}
    assert "more" in {field.name for field in hub._meta.fields}


def test_it_leaves_django_as_it_was() -> None:
    before = dict(vars(ProjectState))
    with few_models_made():
        pass
    assert dict(vars(ProjectState)) == before


def _walk() -> ProjectState:  # the root conftest is inside `few_models_made` from its start
    """A hub and tables that point at it, each with an index and a constraint; then one more column of the hub."""
    state = ProjectState()
    state.apps  # noqa: B018 - as migrating does: the classes are kept from here on
    for operation in _operations():
        before = state.clone()
        operation.state_forwards("wheel", state)
        if isinstance(operation, AddField):
            assert "more" not in {each.name for each in before.apps.get_model("wheel", "Hub")._meta.fields}
    return state


def _operations() -> Iterator[Any]:
    key = ("id", models.BigAutoField(primary_key=True))
    yield CreateModel("Hub", [key])
    for n in range(SPOKES):
        name = f"Spoke{n}"
        yield CreateModel(name, [key, ("hub", models.ForeignKey("wheel.Hub", models.CASCADE))])
        yield AddIndex(name, models.Index("hub", name=f"spoke{n}_hub"))
        yield AddConstraint(name, models.CheckConstraint(condition=models.Q(id__gt=0), name=f"spoke{n}_id"))
    yield AddField("hub", "more", models.IntegerField(default=0))
