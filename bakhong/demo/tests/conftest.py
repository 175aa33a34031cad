"""A twentieth of the demo's commune, with its staff, for the tests of what happens at the desk and with money."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo.accounts import make_people
from bakhong.demo.load import make_places
from bakhong.demo.registers import write_registers
from bakhong.demo.roll import import_roll
from bakhong.demo.rules.commune import Commune, Margins
from bakhong.demo.rules.making import make_commune
from bakhong.demo.signing import make_signers
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.places.queries import unit_on


@pytest.fixture(scope="module")
def commune() -> Commune:
    return make_commune(Margins().scaled(20))


@pytest.fixture
def site(
    reference_units: None, commune: Commune, actor: Actor, at: datetime, settings: Any, tmp_path: Path
) -> Iterator[Unit]:
    """The roll, the registers and the staff of the demo, and nothing at the desk yet."""
    from config.settings import _DEMO_REGISTERS

    settings.DATA, settings.REGISTERS = tmp_path, _DEMO_REGISTERS
    scope.open_to(None)
    publish_shipped(at)
    make_people(by=actor, at=at)
    make_signers(at=at)
    make_places(by=actor, at=at)
    write_registers(tmp_path, commune)
    import_roll(commune, by=actor, at=at)
    found = unit_on("15646", day_of(at))
    assert found is not None
    yield found
    scope.close()
