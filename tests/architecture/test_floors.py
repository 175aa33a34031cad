"""The floors of the house where import-linter cannot look: foreign keys by name, and migrations."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent.parent

# Libraries whose tables anybody may point at; accounts.User is theirs to point at, for it is the project's user model.
LIBRARIES = {"auth", "contenttypes", "sessions", "account", "mfa", "axes", "procrastinate", "sites"}


def floors() -> dict[str, int]:
    """The floor of each room, 0 the lowest, as the import contract of pyproject.toml lays them out."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return {
        name.strip().strip("()"): floor
        for floor, layer in enumerate(reversed(layers))
        for name in layer.split("|")
    }


def climbs(room: str, other: str) -> bool:
    """True when `room` may not point at `other`: on a higher floor, or a neighbour on its own."""
    if room == other or other in LIBRARIES:
        return False
    return floors()[other] >= floors()[room]


def rooms() -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name.startswith("bakhong.")}


def foreign_keys(model: type[models.Model]) -> list[tuple[str, str]]:
    """(field, room pointed at) of every relation this model declares."""
    fields = [*model._meta.get_fields()]
    return [
        (str(field), field.related_model._meta.app_label)
        for field in fields
        if field.is_relation
        and not field.auto_created
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, models.Model)
    ]


def test_every_room_has_a_floor() -> None:
    assert rooms() <= set(floors())


@pytest.mark.parametrize("room", sorted(rooms()) if apps.ready else [])
def test_foreign_keys_go_down(room: str) -> None:
    wrong = [
        field
        for model in apps.get_app_config(room).get_models()
        for field, other in foreign_keys(model)
        if climbs(room, other)
    ]
    assert wrong == []


def test_migrations_go_down() -> None:
    graph = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    wrong = [
        (f"{app}.{name}", dependency)
        for (app, name), migration in graph.items()
        if app in rooms()
        for dependency, _ in migration.dependencies
        if dependency != "__setting__" and climbs(app, dependency)
    ]
    assert wrong == []


def test_climbing_is_noticed() -> None:
    """Negative control."""
    assert climbs("places", "accounts")
    assert climbs("portal", "desk")
    assert climbs("audit", "places")
    assert not climbs("accounts", "places")
    assert not climbs("accounts", "auth")
    assert foreign_keys(apps.get_model("accounts.Assignment"))
