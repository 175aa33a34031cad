"""Every column says how private it is, in every room that keeps any."""

import pytest
from django.apps import apps
from django.db import models

from bakhong.core.privacy import Privacy, mark_of, unmarked

ROOMS = (
    "audit",
    "places",
    "accounts",
    "documents",
    "people",
    "messaging",
    "eforms",
    "procedures",
    "payments",
    "outreach",
    "indicators",
    "dossiers",
)
MODELS = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_column_is_marked(model: type[models.Model]) -> None:
    assert not unmarked(model, [field.name for field in model._meta.concrete_fields])


def test_a_forgotten_column_is_found() -> None:
    """Negative control."""

    class Forgetful:
        privacy = {"name": Privacy.PERSONAL}

    assert unmarked(Forgetful, ["name", "phone"]) == ["phone"]
    assert mark_of(Forgetful, "name") is Privacy.PERSONAL


def test_the_trail_holds_nothing_personal() -> None:
    """An event is never erased, so nothing in it may need to be."""
    for model in apps.get_app_config("audit").get_models():
        assert set(model.privacy.values()) == {Privacy.INTERNAL}
