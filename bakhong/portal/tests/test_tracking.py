"""Following a dossier: what the slip tells anybody, what four digits of the card open, and what is then done."""

import gzip
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.documents.models import File
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.actions.updates import send_updates
from bakhong.dossiers.models import Attachment, Dossier, Supplement, UpdateRequest
from bakhong.dossiers.supplement_answers import answers_of
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import NUMBER, WHO, at, begin, fill, send, text_of

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit) -> Iterator[None]:
    yield
    scope.close()


@pytest.fixture
def dossier(client: Client) -> Dossier:
    draft = begin(client)
    fill(client, draft)
    assert send(client, draft, "xem-lai", {}) == 302
    return stored(draft)


def stored(uuid: UUID) -> Dossier:
    with scope.seeing(OPERATOR):
        return Dossier.objects.select_related("village", "person", "draft__version").get(uuid=uuid)


def page_of(dossier: Dossier) -> str:
    return f"/tra-cuu/{tracking_code_of(dossier)}/"


def taken_in(dossier: Dossier) -> Dossier:
    with scope.seeing(OPERATOR):
        receive(dossier=dossier, by=OPERATOR, at=NOW)
    return stored(dossier.uuid)


def asked(dossier: Dossier) -> Dossier:
    """The officer wants a paper and an answer."""
    wanted = [Wanted("question", "address", "other", "Ghi thêm số nhà."), Wanted("paper", "other", "missing")]
    with scope.seeing(OPERATOR):
        ask_supplement(dossier=dossier, items=wanted, by=OPERATOR, at=NOW)
    return stored(dossier.uuid)


def photo(colour: str = "white") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    return SimpleUploadedFile("anh.jpg", made.getvalue(), "image/jpeg")


def test_the_slip_tells_how_far_it_is_and_nobodys_name(dossier: Dossier) -> None:
    page = text_of(Client(), page_of(taken_in(dossier)))
    for said in ("Ai đang giữ", "Hẹn trả", "Việc tiếp theo", "Vì sao hẹn ngày này?", "Xã Thường Xuân"):
        assert said in page
    for secret in (WHO["full_name"], WHO["phone"], NUMBER, "Xuân Thành"):
        assert secret not in page


def test_the_page_is_small_and_asks_for_nothing_else(dossier: Dossier) -> None:
    answer = Client().get(page_of(taken_in(dossier)), headers={"accept-encoding": "gzip"})
    assert len(answer.content) <= 15_000
    page = gzip.decompress(answer.content)
    assert not re.search(rb"<script|<link[^>]+stylesheet|<img", page)
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


def test_four_digits_open_what_is_theirs(dossier: Dossier) -> None:
    stranger, address = Client(), page_of(taken_in(dossier))
    assert "Đã qua những bước nào?" not in text_of(stranger, address)
    assert stranger.post(address, {"so": "9999"}).status_code == 422
    assert "Đã qua những bước nào?" not in text_of(stranger, address)
    opened = stranger.post(address, {"so": NUMBER[-4:]})
    assert opened.status_code == 200
    assert "Đã qua những bước nào?" in opened.content.decode()


def test_ten_wrong_tries_are_enough(dossier: Dossier) -> None:
    stranger, address = Client(), page_of(dossier)
    assert [stranger.post(address, {"so": f"{n:04}"}).status_code for n in range(10)] == [422] * 10
    assert stranger.post(address, {"so": NUMBER[-4:]}).status_code == 429  # right, but too late


def test_right_tries_are_not_counted(dossier: Dossier) -> None:
    """Negative control of the above."""
    address = page_of(dossier)
    assert {Client().post(address, {"so": NUMBER[-4:]}).status_code for _ in range(12)} == {200}


def test_one_address_does_not_try_codes_without_end(
    dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bakhong.dossiers.queries.tracking.SOURCE_TRIES", 3)
    monkeypatch.setattr("bakhong.eforms.queries.resuming.SOURCE_TRIES", 3)
    for address, name, pattern in (
        ("/tra-cuu/", "so", "H56.15646-261122-{:04}"),
        ("/tiep-tuc/", "the", "ABCD-EFGH-{:04}"),
    ):
        said = [{"ma": pattern.format(n), name: "1234"} for n in range(2222, 2226)]
        told = [Client().post(address, each).status_code for each in said]
        assert 429 not in told[:3]
        assert told[3] == 429
        assert Client(REMOTE_ADDR="192.0.2.8").post(address, said[3]).status_code != 429  # negative control


def test_a_code_nobody_has_answers_like_any_other(dossier: Dossier) -> None:
    code = tracking_code_of(dossier)
    other = ("3" if code[0] != "3" else "4") + code[1:]
    for wrong in (other, "7K3M-9QFW-2XHTA", "abc", "%00", "x" * 200, str(dossier.uuid)):
        for method in ("get", "post"):
            assert getattr(Client(), method)(f"/tra-cuu/{wrong}/", {"so": NUMBER[-4:]}).status_code == 404


def test_a_dossier_code_alone_shows_nothing(dossier: Dossier) -> None:
    dossier = taken_in(dossier)
    assert dossier.code
    stranger = Client()
    assert "Ai đang giữ" not in text_of(stranger, f"/tra-cuu/?ma={dossier.code}")
    wrong = stranger.post("/tra-cuu/", {"ma": dossier.code, "so": "9999"})
    none = stranger.post("/tra-cuu/", {"ma": dossier.code[:-1] + "9", "so": "9999"})
    assert wrong.status_code == none.status_code == 404
    for refused in (wrong, none):  # in the same words, and the digits are what to look at again
        assert "Không thấy hồ sơ nào có mã và 4 số này" in refused.content.decode()
    right = stranger.post("/tra-cuu/", {"ma": dossier.code, "so": NUMBER[-4:]})
    assert "Ai đang giữ" in right.content.decode()
    assert "Mở hồ sơ" not in right.content.decode()  # it would lead nowhere
    assert tracking_code_of(dossier) not in right.content.decode()
    assert "Mở hồ sơ" in text_of(stranger, page_of(dossier))  # negative control
    assert (
        stranger.get(f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/").status_code == 302
    )  # a guessed code opens no deed


def test_a_slips_code_typed_by_hand_is_found(dossier: Dossier) -> None:
    typed = tracking_code_of(dossier).lower().replace("-", " ")
    assert "Ai đang giữ" in Client().get("/tra-cuu/", {"ma": typed}, follow=True).content.decode()


def test_what_is_missing_is_told_and_what_came_stays(client: Client, dossier: Dossier) -> None:
    dossier = asked(taken_in(dossier))
    assert "Ghi thêm số nhà." in text_of(client, page_of(dossier))
    assert "Ghi thêm số nhà." not in text_of(Client(), page_of(dossier))
    address = f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/"
    short = client.post(address, {"muc1": photo()})
    assert short.status_code == 422
    assert "Còn thiếu" in short.content.decode()
    assert "anh.jpg" in text_of(client, address)
    answer = client.post(address, {"muc-address": "Số 5 Xuân Thành"})
    print(re.sub(r"(?s).*<main|<style.*?</style>", "", answer.content.decode())[:3000])
    assert answer["Location"] == page_of(dossier)
    assert stored(dossier.uuid).state == "received"
    with scope.seeing(OPERATOR):
        assert Attachment.objects.filter(dossier=dossier).count() == 1


def test_a_telephone_number_can_be_the_answer(client: Client, dossier: Dossier) -> None:
    """What officers may not write into a note, a resident may answer: it lies sealed."""
    dossier = taken_in(dossier)
    with scope.seeing(OPERATOR):
        ask_supplement(
            dossier=dossier,
            items=[Wanted("question", "phone", "other", "Số này không gọi được.")],
            by=OPERATOR,
            at=NOW,
        )
    address = f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/"
    wrong = client.post(address, {"muc-phone": "12"})
    assert wrong.status_code == 422
    assert "10 chữ số" in wrong.content.decode()
    assert client.post(address, {"muc-phone": "0987 654 321"}).status_code == 302
    assert stored(dossier.uuid).state == "received"
    with scope.seeing(OPERATOR):
        asked_for = Supplement.objects.get(dossier=dossier)
    assert answers_of(asked_for) == {"phone": "0987654321"}


def test_a_supplement_sent_again_is_one(client: Client, dossier: Dossier) -> None:
    dossier = asked(taken_in(dossier))
    address, sent = f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/", {"muc-address": "Số 5 Xuân Thành"}
    for _time in range(2):
        assert client.post(address, {**sent, "muc1": photo()}).status_code == 302
    with scope.seeing(OPERATOR):
        assert Attachment.objects.filter(dossier=dossier).count() == 1


def test_a_photo_of_a_supplement_is_taken_back(client: Client, dossier: Dossier) -> None:
    dossier = asked(taken_in(dossier))
    address = f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/"
    client.post(address, {"muc1": photo()})
    with scope.seeing(OPERATOR):
        file = File.objects.get(owner=dossier.uuid, erased_at=None)
    assert client.post(address, {"bo": str(uuid4())}).status_code == 302  # nobody's: nothing happens
    assert "anh.jpg" in text_of(client, address)
    assert client.post(address, {"bo": str(file.uuid)}).status_code == 302
    assert "anh.jpg" not in text_of(client, address)


def test_a_photo_sent_and_taken_back_without_end_is_told(
    client: Client, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bakhong.dossiers.queries.papers.MOST_SENT", 1)
    dossier = asked(taken_in(dossier))
    address = f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/"
    client.post(address, {"muc1": photo()})
    with scope.seeing(OPERATOR):
        file = File.objects.get(owner=dossier.uuid, erased_at=None)
    client.post(address, {"bo": str(file.uuid)})
    assert client.post(address, {"muc1": photo("red")}).status_code == 409


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"", b"<svg onload=alert(1)>", b"PK\x03\x04", b"GIF89a"])
def test_a_file_that_is_not_what_it_says_is_refused(client: Client, dossier: Dossier, content: bytes) -> None:
    dossier = asked(taken_in(dossier))
    bad = SimpleUploadedFile("anh.jpg", content, "image/jpeg")
    answer = client.post(
        f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/", {"muc-address": "Số 5 Xuân Thành", "muc1": bad}
    )
    assert answer.status_code == 422
    assert stored(dossier.uuid).state == "supplement"
    assert "Số 5 Xuân Thành" in answer.content.decode()  # what was typed is still there


def test_the_slip_is_there_once_it_was_taken_in(client: Client, dossier: Dossier) -> None:
    address = f"/tra-cuu/ho-so/{dossier.uuid}/giay-hen/"
    assert client.get(address).status_code == 302
    dossier = taken_in(dossier)
    answer = client.get(address)
    assert answer.content.startswith(b"%PDF-")
    assert "attachment" in answer["Content-Disposition"]
    assert Client().get(address)["Location"] == "/tra-cuu/"


def test_it_is_asked_back_and_kept_after_all(client: Client, dossier: Dossier) -> None:
    dossier = taken_in(dossier)
    address = f"/tra-cuu/ho-so/{dossier.uuid}/rut/"
    for _time in range(2):
        assert client.post(address, {"vi_sao": "Đã tự làm xong"})["Location"] == page_of(dossier)
        assert stored(dossier.uuid).state == "withdrawing"
    for _time in range(2):
        assert client.post(address, {"thoi": "1"}).status_code == 302
        assert stored(dossier.uuid).state == "received"


def test_nobody_else_does_anything(dossier: Dossier) -> None:
    stranger = Client()
    for step in ("bo-sung", "rut", "ket-qua"):
        for uuid in (dossier.uuid, uuid4()):
            answer = stranger.post(f"/tra-cuu/ho-so/{uuid}/{step}/")
            assert (answer.status_code, answer["Location"]) == (302, "/tra-cuu/")
    assert stored(dossier.uuid).state == "submitted"


def test_deeds_out_of_order_answer_plainly(client: Client, dossier: Dossier) -> None:
    assert client.post(f"/tra-cuu/ho-so/{dossier.uuid}/ket-qua/").status_code == 404
    assert client.post(f"/tra-cuu/ho-so/{dossier.uuid}/bo-sung/").status_code == 302
    assert client.get(f"/tra-cuu/ho-so/{dossier.uuid}/rut/").status_code == 405
    assert stored(dossier.uuid).state == "submitted"


def test_late_is_said(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = taken_in(dossier)
    assert "quá ngày hẹn" not in text_of(Client(), page_of(dossier))
    later = NOW + timedelta(days=60)
    monkeypatch.setattr("bakhong.portal.views.tracking.looking.timezone.now", lambda: later)
    assert "quá ngày hẹn" in text_of(Client(), page_of(dossier))


def test_a_return_code_opens_what_was_sent(client: Client, dossier: Dossier) -> None:
    assert client.get(at(dossier.uuid, "da-nop")).status_code == 200


def test_what_was_looked_up_and_not_found_is_told_to_whoever_holds_it(dossier: Dossier) -> None:
    lost = Wanted("paper", "other", "not_found_in_register", "Tra hộ tịch điện tử, không có.")
    with scope.seeing(OPERATOR):
        ask_supplement(dossier=dossier, items=[lost], by=OPERATOR, at=NOW)
    browser, said = Client(), "Giấy đã tra mà không thấy"
    assert said not in text_of(browser, page_of(dossier))  # the slip may lie on anybody's table
    opened = browser.post(page_of(dossier), {"so": NUMBER[-4:]}).content.decode()
    assert said in opened
    assert f"ghi đề nghị cập nhật ngày {day_of(NOW):%d/%m/%Y}, chưa gửi đi" in opened
    with scope.seeing(OPERATOR):
        send_updates(requests=list(UpdateRequest.objects.all()), sent_as="12/UBND", by=OPERATOR, at=NOW)
    assert f"đề nghị cập nhật, gửi ngày {day_of(NOW):%d/%m/%Y}" in text_of(browser, page_of(dossier))
