"""A paper the applicant gave before is taken again at the desk, and recorded as what it is."""

from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.desk.tests.casework import UNKNOWN, opened, stored, text
from bakhong.documents.actions.storing import store_file
from bakhong.documents.models import File, Purpose
from bakhong.dossiers.models import Attachment, Dossier
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit

pytestmark = pytest.mark.usefixtures("shipped_forms")

DIVORCED = {
    **UNKNOWN,
    "marital_status": "divorced",
    "court_decision": "12/2020",
    "ended_on": "05/03/2020",
    "spouse_name": "Trần Thị Bé",
}


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def judgment(lady: Person, thuong_xuan: Unit, at: datetime) -> File:
    with scope.seeing(OPERATOR):
        return store_file(
            key=new_uuid(),
            content=photo(),
            name="ban-an.jpg",
            owner=("person", lady.uuid),
            unit=thuong_xuan,
            purpose=Purpose.ATTACHMENT,
            person_uuid=lady.uuid,
            by=OPERATOR,
            at=at,
        )


def saved(client: Client, address: str, **more: str) -> str:
    return text(client.post(address, {**DIVORCED, "deed": "save", **more}))


def test_it_is_offered_taken_and_recorded(officer: Client, thuong_xuan: Unit, judgment: File) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    assert f'value="paper-divorce/{judgment.uuid}"' in saved(officer, address)
    page = saved(officer, address, again=f"paper-divorce/{judgment.uuid}")
    assert "bỏ tệp này" in page
    saved(officer, address, again=f"paper-divorce/{judgment.uuid}")  # twice is once
    answer = officer.post(address, {**DIVORCED, "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 302, text(answer)
    given = stored(Attachment)
    assert [(each.paper, each.how) for each in given] == [("divorce", "reused")]
    assert given[0].sha256 == judgment.sha256
    assert "Lấy từ kho giấy tờ của người dân" in text(officer.get(answer["Location"]))


def test_a_new_photo_is_no_reuse(officer: Client, thuong_xuan: Unit, judgment: File) -> None:
    """Negative control."""
    address = opened(officer, thuong_xuan)["Location"]
    sent = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    answer = officer.post(
        address, {**DIVORCED, "paper-divorce": sent, "deed": "receive", "result_mode": "desk"}
    )
    assert answer.status_code == 302, text(answer)
    assert [each.how for each in stored(Attachment)] == ["scanned"]


def test_who_was_sent_sees_nothing_of_it(officer: Client, thuong_xuan: Unit, judgment: File) -> None:
    address = opened(officer, thuong_xuan, arrival="other")["Location"]
    assert "ban-an.jpg" not in saved(officer, address)
    assert "bỏ tệp này" not in saved(officer, address, again=f"paper-divorce/{judgment.uuid}")


def test_somebody_elses_paper_is_none(officer: Client, thuong_xuan: Unit, lady: Person, at: datetime) -> None:
    with scope.seeing(OPERATOR):
        strange = store_file(
            key=new_uuid(), content=photo(), name="la.jpg", owner=("person", new_uuid()), unit=thuong_xuan,
            purpose=Purpose.ATTACHMENT, person_uuid=new_uuid(), by=OPERATOR, at=at,
        )  # fmt: skip
    address = opened(officer, thuong_xuan)["Location"]
    assert "bỏ tệp này" not in saved(officer, address, again=f"paper-divorce/{strange.uuid}")
    assert stored(Dossier) == []
