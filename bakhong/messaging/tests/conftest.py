"""A village, a connection that sees everybody, and a message to send."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from bakhong.core.actor import Actor
from bakhong.messaging.actions import Recipient, send
from bakhong.messaging.models import Message
from bakhong.people.tests.conftest import everybody, person, staff, village, villages  # noqa: F401
from bakhong.places.models import Unit

DOSSIER = UUID(int=7)
HOA = Recipient(holder_uuid=DOSSIER, name="Lê Thị Hoá", email="hoa@example.vn", phone="0912345678")
Send = Callable[..., Message]


@pytest.fixture
def tell(thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None) -> Send:  # noqa: F811
    """`tell("apology", to=…)`: a message about the dossier."""
    count = 0

    def make(template: str = "supplement_asked", to: Recipient = HOA, **changes: Any) -> Message:
        nonlocal count
        count += 1
        given = {
            "key": UUID(int=1000 + count),
            "values": {"code": "H56.01-261122-0001", "day": "25/11/2026"},
            "about": ("dossier", DOSSIER),
            "unit": thuong_xuan,
            "by": actor,
            "at": at,
        }
        return send(template=template, to=to, **{**given, **changes})

    return make
