"""A commune that keeps files, and a connection that sees them all (as a worker's does)."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.ids import new_uuid
from bakhong.documents import scope
from bakhong.documents.actions.storing import store_file
from bakhong.documents.models import File
from bakhong.documents.tests.files import SENTENCE, pdf_file
from bakhong.places.models import Unit

Store = Callable[..., File]


@pytest.fixture
def open_wall(db: None) -> Iterator[None]:
    with scope.everything():
        yield


@pytest.fixture
def store(open_wall: None, thuong_xuan: Unit, actor: Actor, at: datetime) -> Store:
    """`store(b"…")`: keep a content for a new draft of the commune."""

    def keep(content: bytes = pdf_file(SENTENCE), **values: Any) -> File:
        given: dict[str, Any] = {
            "key": new_uuid(),
            "name": "giấy.pdf",
            "owner": ("draft", new_uuid()),
            "unit": thuong_xuan,
            "purpose": "attachment",
            "by": actor,
            "at": at,
        }
        return store_file(content=content, **(given | values))

    return keep


def picture(size: tuple[int, int] = (60, 40), kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def staff(db: None, at: datetime) -> Callable[[str, Unit], StaffActor]:
    """`staff("chair", unit)`: somebody who holds the role there."""

    def make(role: str, unit: Unit) -> StaffActor:
        user = User.objects.create(email=f"{role}.{unit.pk}@example.vn", name=role)
        Assignment.objects.create(user=user, role=role, place=unit, valid_from=date(2025, 7, 1))
        return StaffActor(user, day_of(at))

    return make
