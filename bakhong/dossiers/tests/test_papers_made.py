"""The six forms and the results as PDF: they say what they must, and pdftotext reads it."""

import subprocess
from datetime import date, datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.rules.positions import Seat
from bakhong.dossiers.actions.agencies import send_to_agency
from bakhong.dossiers.actions.deadlines import apologise
from bakhong.dossiers.actions.ending import refuse
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import ask_supplement
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.dossiers.writing.results import result_pdf
from bakhong.dossiers.writing.slips import (
    apology_pdf,
    control_pdf,
    receipt_pdf,
    refusal_pdf,
    register_pdf,
    supplement_pdf,
)
from bakhong.places.models import Unit
from bakhong.procedures.rules.catalogue import procedures


def text_of(pdf: bytes) -> str:
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def size_of(pdf: bytes) -> tuple[int, int]:
    """Of the first page, in millimetres."""
    from io import BytesIO

    from pypdf import PdfReader

    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


@pytest.fixture
def received(handmade: MakeDossier, officer: StaffActor, at: datetime) -> Dossier:
    return receive(dossier=handmade(), by=officer, at=at)


def test_form_01_says_when_to_come_back(received: Dossier, at: datetime) -> None:
    pdf = receipt_pdf(received, at=at)
    text = text_of(pdf)
    for words in (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        received.code,
        "Lê Văn An",
        "07 giờ 30, ngày 27/11/2026",
    ):
        assert words in text, words
    assert size_of(pdf) == (148, 210)
    strip = receipt_pdf(received, at=at, is_strip=True)
    assert size_of(strip)[0] == 80
    assert tracking_code_of(received) in text_of(strip)
    assert b"pdfaid" in pdf


def test_form_02_lists_everything(received: Dossier, officer: StaffActor, at: datetime) -> None:
    items = [Wanted("paper", "divorce", "blurred"), Wanted("paper", "mandate", "missing")]
    ask_supplement(dossier=received, items=items, by=officer, at=at, answer_by=date(2026, 12, 20))
    text = text_of(supplement_pdf(received, at=at))
    for words in ("PHIẾU YÊU CẦU BỔ SUNG", "bị mờ hoặc tối", "Văn bản uỷ quyền", "20/12/2026"):
        assert words in text, words


def test_form_03_says_why_and_what_to_do(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    made = refuse(dossier=handmade(), reason="not_this_office", note="Nộp ở Sở Tư pháp", by=officer, at=at)
    text = text_of(refusal_pdf(made, at=at))
    assert "do xã giải quyết" in text
    assert "Nộp ở Sở Tư pháp" in text


def test_form_04_names_the_new_day(received: Dossier, officer: StaffActor, at: datetime) -> None:
    assert received.due_at is not None
    apologise(
        dossier=received, new_due_at=received.due_at + timedelta(days=4), reason="overload", by=officer, at=at
    )
    text = text_of(apology_pdf(received, at=at))
    assert "xin lỗi ông/bà và hẹn trả kết quả lúc 07:30 01/12/2026" in text


def test_form_05_tells_who_had_it(
    received: Dossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    send_to_agency(dossier=received, agency="Công an xã", what="Nơi cư trú", by=specialist, at=at)
    text = text_of(control_pdf(received, at=at))
    for words in ("Tiếp nhận hồ sơ", "one_stop_officer", "Công an xã", "Bước, hạn"):
        assert words in text, words


def test_form_06_is_a_page_across(received: Dossier, thuong_xuan: Unit, at: datetime) -> None:
    pdf = register_pdf(thuong_xuan, [received], first=date(2026, 11, 1), last=date(2026, 11, 30), at=at)
    assert size_of(pdf) == (297, 210)
    assert "Lê Văn An" in text_of(pdf)
    empty = register_pdf(thuong_xuan, [], first=date(2026, 11, 1), last=date(2026, 11, 30), at=at)
    assert "Không có hồ sơ nào" in text_of(empty)


def test_what_people_write_is_no_markup(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    nasty = 'An #panic("x") $1^2$ *đậm* <b> \\ @nguon'
    made = receive(dossier=handmade(applicant_name=nasty), by=officer, at=at)
    assert "#panic" in text_of(receipt_pdf(made, at=at))


@pytest.mark.parametrize("code", sorted(procedures(date(2026, 11, 22))))
def test_every_result_can_be_made(received: Dossier, at: datetime, code: str) -> None:
    procedure = procedures(date(2026, 11, 22))[code]
    for result in procedure.results:
        said = {each.code: "2026-11-22" if each.type == "date" else "12" for each in result.asks}
        pdf = result_pdf(
            dossier=received,
            procedure=procedure,
            result=result,
            said=said,
            signer=Seat("Hà Văn Chủ", "Phó Chủ tịch", "KT. Chủ tịch"),
            code="7K3M9QFW2XHTAB",
            at=at,
        )
        text = text_of(pdf)
        assert "Hà Văn Chủ" in text
        assert "7K3M-9QFW-2XHT-AB" in text
        assert b"pdfaid" in pdf
