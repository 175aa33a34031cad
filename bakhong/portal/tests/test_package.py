"""What is filed on the national portal is prepared whole: the application, the photos, the lines to copy; and its code there is noted."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.models import Dossier, Pulled
from bakhong.dossiers.tests.filing import MARRIAGE
from bakhong.eforms.actions.saving import save_page
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.forms import spec_of
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import at, begin, send, text_of

PROCEDURE = "1.004873"


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit) -> Iterator[None]:
    yield
    scope.close()


@pytest.fixture
def draft(client: Client) -> UUID:
    """All of it answered, by somebody who was divorced."""
    made = begin(client, PROCEDURE)
    told = MARRIAGE | {
        "marital_status": "divorced",
        "court_decision": "12/2020/QĐST-HNGĐ",
        "spouse_name": "Lê Thị Bé",
    }
    with scope.seeing(OPERATOR):
        row = Draft.objects.get(uuid=made)
        for page in spec_of(row.version).pages:
            posted = {code: [text] for code, text in told.items()}
            save_page(draft=row, page=page.code, posted=posted, by=OPERATOR, at=datetime.now(UTC))
    return made


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(out, "JPEG")
    return SimpleUploadedFile("IMG_0001.jpg", out.getvalue(), content_type="image/jpeg")


def test_the_package_has_the_application_the_photos_and_the_lines(client: Client, draft: UUID) -> None:
    page = text_of(client, at(draft, "buoc/xong"))
    assert "Tờ khai đã đủ" in page
    assert "chưa có ảnh" in page
    assert send(client, draft, "buoc/giay-to", {"giay": "divorce", "tep": photo()}) == 302
    assert "1 ảnh trong gói" in text_of(client, at(draft, "buoc/xong"))
    answer = client.get(at(draft, "buoc/goi"))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="to-khai-{PROCEDURE}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        names = packed.namelist()
        assert packed.read("1-to-khai.pdf").startswith(b"%PDF")
        assert packed.read(names[2]).startswith(b"\xff\xd8")
        assert "Lê Văn An" in packed.read("2-cac-dong-de-chep.txt").decode("utf-8-sig")
    assert names == [
        "1-to-khai.pdf",
        "2-cac-dong-de-chep.txt",
        "3-ban-an-hoac-quyet-dinh-ly-hon-da-co-hieu-luc.jpg",
        "to-khai.json",
    ]


def test_a_program_gets_json(client: Client, draft: UUID) -> None:
    told = json.loads(client.get(at(draft, "buoc/goi") + "?kieu=json").content)
    assert told["procedure"]["code"] == PROCEDURE
    assert told["answers"]["full_name"] == "Lê Văn An"


def test_the_photo_may_be_left_for_there(client: Client, draft: UUID) -> None:
    answer = client.post(at(draft, "buoc/giay-to"), {"xong": "1"})
    assert answer["Location"] == at(draft, "xem-lai")
    assert "chưa có ảnh" in text_of(client, at(draft, "xem-lai"))
    assert send(client, draft, "buoc/giay-to", {"giay": "divorce", "tep": photo()}) == 302
    reviewed = text_of(client, at(draft, "xem-lai"))
    assert "Bản án hoặc quyết định ly hôn" in reviewed
    assert "chưa có ảnh" not in reviewed


def test_each_line_has_its_key_to_copy(client: Client, draft: UUID) -> None:
    assert 'data-copy="Lê Văn An"' in text_of(client, at(draft, "buoc/xong"))


def test_filed_there_its_code_is_noted(client: Client, draft: UUID) -> None:
    here = at(draft, "buoc/xong")
    wrong = client.post(here, {"ma": "không nhớ"})
    assert wrong.status_code == 422
    assert 'value="không nhớ"' in wrong.content.decode()
    assert client.post(here, {"ma": "g22.99-261120-0001"}).status_code == 302
    noted = text_of(client, here)
    assert "G22.99-261120-0001" in noted
    follow = "/tra-cuu/?ma=G22.99-261120-0001"
    assert f'href="{follow}"' in noted
    assert "4 số cuối" in text_of(client, follow)
    client.post(here, {"ma": "G22.99-261120-0002"})
    with scope.seeing(OPERATOR):
        (row,) = Pulled.objects.all()
        assert (row.code, row.draft and row.draft.uuid) == ("G22.99-261120-0002", draft)
        assert not Dossier.objects.exists()


def test_somebody_elses_draft_takes_no_code(draft: UUID) -> None:
    assert Client().post(at(draft, "buoc/xong"), {"ma": "G22-1"}).status_code == 302
    with scope.seeing(OPERATOR):
        assert not Pulled.objects.exists()
