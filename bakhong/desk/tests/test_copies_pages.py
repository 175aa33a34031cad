"""Certified copies at the desk: a batch in one go, its fee, its numbers, the words of certification, the book."""

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bakhong.accounts.models import Official, User
from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event as Trail
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import NotAllowed
from bakhong.desk.tests.casework import CARD, at, hidden, state_of, stored, taken_in, text
from bakhong.dossiers.actions.results import approve
from bakhong.dossiers.models import BookNumber, Dossier, Event
from bakhong.dossiers.queries.counts import in_person, once_only
from bakhong.dossiers.queries.fees import charges_of
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit

Enter = Callable[..., Client]
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
LOAN = {"name": "Lê Văn An", "purpose": "rural_loan"}


@pytest.fixture(autouse=True)
def _forms(shipped_forms: None) -> None:
    """The forms are published."""


def here(unit: Unit, name: str = "copies") -> str:
    return reverse(f"desk:{name}", args=[unit.uuid])


def rows(*lines: tuple[str, str, str]) -> dict[str, list[str]]:
    return {name: [line[i] for line in lines] for i, name in enumerate(("what", "pages", "copies"))}


TWO = rows(("2", "2", "3"), ("giấy ra viện", "1", "1"))


def send(client: Client, unit: Unit, deed: str = "receive", **said: Any) -> Any:
    return client.post(here(unit), {"key": str(uuid4()), "deed": deed, **TWO, **said})


def free(client: Client, unit: Unit, **said: Any) -> Dossier:
    """A batch that costs nothing, taken in."""
    answer = send(client, unit, **(LOAN | said))
    assert answer.status_code == 302, text(answer)
    found: Dossier = stored(Dossier)[-1]
    return found


def finish(client: Client, unit: Unit, dossier: Dossier, deed: str) -> Any:
    version = next(each.version for each in stored(Dossier) if each.pk == dossier.pk)
    return client.post(
        here(unit, "copies_finish"), {"dossier": f"{dossier.uuid}.{version}", "deed": deed}, follow=True
    )


@pytest.fixture
def both(enter: Enter, thuong_xuan: Unit) -> Client:
    """Whom the chair authorised to certify: takes in, certifies, hands over."""
    return enter("certifier", thuong_xuan)


def test_the_fee_of_each_line_is_told_before(officer: Client, thuong_xuan: Unit) -> None:
    page = text(send(officer, thuong_xuan, "check", name="Lê Văn An"))
    assert "12.000" in page  # 3 copies of 2 pages at 2.000 đ
    assert "14.000" in page
    assert 'value="Giấy khai sinh"' in page
    assert 'value="Giấy ra viện"' in page
    assert stored(Dossier) == []


def test_a_batch_is_one_dossier_with_one_receipt(officer: Client, thuong_xuan: Unit) -> None:
    dossier = free(officer, thuong_xuan)
    assert (dossier.state, dossier.procedure, dossier.fee_amount) == ("received", "2.000815", 0)
    page = text(officer.get(here(thuong_xuan) + f"?done={dossier.uuid}"))
    assert f"Đã nhận {dossier.code}" in page
    receipt = officer.get(at("dossier_print", dossier, "01"))
    assert receipt.content.startswith(b"%PDF")


def test_sent_twice_it_is_one(officer: Client, thuong_xuan: Unit) -> None:
    key = str(uuid4())
    for _turn in range(2):
        assert send(officer, thuong_xuan, **LOAN, key=key).status_code == 302
    assert len(stored(Dossier)) == 1


def test_somebody_with_both_rights_goes_to_the_end_in_one_go(both: Client, thuong_xuan: Unit) -> None:
    dossier = free(both, thuong_xuan)
    finish(both, thuong_xuan, dossier, "signed")
    assert state_of(dossier) == "returned"
    assert [(each.number, each.what, each.pages, each.copies) for each in copies_entered()] == [
        (1, "Giấy khai sinh", 2, 3),
        (2, "Giấy ra viện", 1, 1),
    ]


def test_a_certifier_decides_copies_and_nothing_else(
    both: Client, officer: Client, lady: Person, thuong_xuan: Unit
) -> None:
    other = taken_in(officer, thuong_xuan)
    page = text(both.get(at("dossier", other)))
    assert "Xem kết quả để duyệt" not in page
    assert both.post(at("dossier_approve", other), {"version": 2}).status_code == 403
    with scope.seeing(OPERATOR):
        actor = StaffActor(User.objects.get(pk=both.session["_auth_user_id"]), date(2026, 11, 22))
        with pytest.raises(NotAllowed):
            approve(dossier=other, by=actor, at=timezone.now())
    assert state_of(other) == "received"
    mine = free(both, thuong_xuan)
    finish(both, thuong_xuan, mine, "certify")
    assert state_of(mine) == "approved"  # negative control


def test_the_words_of_certification_name_who_signs(both: Client, thuong_xuan: Unit, tmp_path: Path) -> None:
    user = User.objects.get(pk=both.session["_auth_user_id"])
    Official.objects.create(
        name="Vi Văn Thực",
        position="Công chức Tư pháp - hộ tịch",
        unit=thuong_xuan,
        user=user,
        valid_from=date(2025, 7, 1),
    )
    dossier = free(both, thuong_xuan)
    finish(both, thuong_xuan, dossier, "certify")
    (tmp_path / "a.pdf").write_bytes(both.get(at("copies_stamps", dossier)).content)
    told = subprocess.run(
        ["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("TUQ. CHỦ TỊCH", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", "Vi Văn Thực"):
        assert words in told


def copies_entered() -> list[BookNumber]:
    return [each for each in stored(BookNumber) if each.book == "copies"]


def test_each_does_what_is_theirs(enter: Enter, officer: Client, thuong_xuan: Unit) -> None:
    dossier, chair = free(officer, thuong_xuan), enter("chair", thuong_xuan)
    told = text(finish(officer, thuong_xuan, dossier, "signed"))
    assert "không có quyền" in told
    assert state_of(dossier) == "received"
    finish(chair, thuong_xuan, dossier, "certify")
    assert state_of(dossier) == "approved"
    stamps = officer.get(at("copies_stamps", dossier))
    assert stamps.content.startswith(b"%PDF")
    finish(officer, thuong_xuan, dossier, "signed")
    assert state_of(dossier) == "returned"
    assert [each.kind for each in stored(Event)][-3:] == ["approve", "sign", "return_result"]


def test_what_costs_waits_at_the_duty_and_gets_no_number(both: Client, thuong_xuan: Unit) -> None:
    assert send(both, thuong_xuan, name="Lê Văn An").status_code == 302
    dossier = stored(Dossier)[-1]
    page = text(both.get(here(thuong_xuan) + f"?done={dossier.uuid}"))
    assert "chưa trả" in page
    assert "tiền mặt" in page
    finish(both, thuong_xuan, dossier, "signed")
    assert state_of(dossier) == "duty"
    assert copies_entered() == []
    assert both.get(at("copies_stamps", dossier)).status_code == 404
    finish(both, thuong_xuan, dossier, "signed")
    assert state_of(dossier) == "duty"


def test_paid_at_the_counter_it_is_certified_in_one_go(both: Client, thuong_xuan: Unit) -> None:
    send(both, thuong_xuan, name="Lê Văn An")
    dossier = stored(Dossier)[-1]
    with scope.seeing(OPERATOR):
        charge = charges_of(dossier).get()
    address = reverse("desk:cash_charge", args=[thuong_xuan.uuid, charge.uuid])
    answer = both.post(address, {"form_key": str(uuid4()), "back": "copies"})
    assert (answer.status_code, answer["Location"]) == (302, here(thuong_xuan))
    finish(both, thuong_xuan, dossier, "signed")
    assert state_of(dossier) == "returned"
    assert len(copies_entered()) == 2


def test_an_exemption_shown_later_frees_from_the_fee(both: Client, thuong_xuan: Unit) -> None:
    send(both, thuong_xuan, name="Lê Văn An")
    dossier = stored(Dossier)[-1]
    page = text(both.get(at("dossier", dossier)))
    assert "chưa trả" in page
    deed = reverse("desk:dossier_deed", args=[thuong_xuan.uuid, dossier.uuid, "pass_duty"])
    said = {"version": str(dossier.version), "client_key": str(uuid4())}
    assert both.post(deed, said | {"exemption": ""}).status_code == 422
    assert both.post(deed, said | {"exemption": "rural_loan"}).status_code == 302
    with scope.seeing(OPERATOR):
        assert charges_of(dossier).get().state == "withdrawn"
    assert "được miễn, không phải nộp" in text(both.get(at("slip", dossier)))


def test_a_resolution_of_the_commune_frees_from_the_fee(both: Client, thuong_xuan: Unit) -> None:
    from django.utils import timezone

    from bakhong.procedures.actions.offering import set_offer

    set_offer(
        unit=thuong_xuan,
        code="2.000815",
        is_offered=True,
        zero_fee="all",
        source="Nghị quyết 05/2026/NQ-HĐND",
        valid_from=date(2026, 1, 1),
        by=OPERATOR,
        at=timezone.now(),
    )
    assert send(both, thuong_xuan, name="Lê Văn An").status_code == 302
    finish(both, thuong_xuan, stored(Dossier)[-1], "signed")
    assert state_of(stored(Dossier)[-1]) == "returned"


def test_a_card_fills_in_the_name(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    page = text(officer.post(here(thuong_xuan), {"scan": CARD, **TWO}))
    assert "Lê Thị Hoá" in page
    dossier = free(officer, thuong_xuan, person=hidden(page, "person"), name="")
    assert dossier.applicant_name == "Lê Thị Hoá"
    assert dossier.person_id == lady.pk


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": ""}, "Gõ họ tên người yêu cầu"),
        ({"name": "A", **rows(("99", "1", "1"))}, "Gõ số trong bảng"),
        ({"name": "A", **rows(("2", "0", "1"))}, "Số trang từ 1 đến 500"),
        ({"name": "A", **rows(("2", "1", "x"))}, "Số bản từ 1 đến 100"),
        ({"name": "A", **rows(("", "", ""))}, "Ghi từ 1 đến 20"),
        ({"name": "A", "person": "khong", **rows(("\x00", "\x00", "1"))}, "Gõ số trong bảng"),
    ],
)
def test_what_is_wrong_is_told_and_kept(
    said: dict[str, Any], words: str, officer: Client, thuong_xuan: Unit
) -> None:
    answer = send(officer, thuong_xuan, **said)
    assert answer.status_code == 422
    assert words in text(answer)
    assert stored(Dossier) == []


def test_the_book_is_printed_and_taken_away_with_a_trace(
    both: Client, enter: Enter, thuong_xuan: Unit
) -> None:
    dossier = free(both, thuong_xuan)
    finish(both, thuong_xuan, dossier, "certify")
    page = text(both.get(here(thuong_xuan, "copies_book")))
    assert "01/2026-SCT/BS" in page
    assert "chưa ký" in page
    assert "Giấy ra viện" in page
    book = both.post(here(thuong_xuan, "copies_book"), {})
    assert book["Content-Disposition"].startswith("attachment")
    assert b"".join(book.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert Trail.objects.filter(deed="desk.export").exists()
    assert "chưa cấp số chứng thực nào" in text(
        both.get(here(thuong_xuan, "copies_book") + "?first=01/01/2026")
    )
    assert both.get(here(thuong_xuan, "copies_book") + "?first=32/01/2026").status_code == 400


def test_the_book_goes_on_where_the_paper_one_stopped(both: Client, thuong_xuan: Unit) -> None:
    both.post(here(thuong_xuan, "copies_book"), {"deed": "begin", "begin": "412"})
    finish(both, thuong_xuan, free(both, thuong_xuan), "signed")
    assert [each.number for each in copies_entered()] == [412, 413]


def test_they_count_among_those_who_had_to_come(both: Client, thuong_xuan: Unit) -> None:
    finish(both, thuong_xuan, free(both, thuong_xuan), "signed")
    with scope.seeing(OPERATOR):
        share = in_person([thuong_xuan.pk], YEAR)
        assert (share.numerator, share.denominator) == (0, 1)
        (row,) = once_only([thuong_xuan.pk], YEAR)
        assert (row.procedure, row.dossiers) == ("2.000815", 1)


def test_another_commune_has_its_own(
    officer: Client, enter: Enter, other_commune: Unit, thuong_xuan: Unit
) -> None:
    dossier = free(officer, thuong_xuan)
    stranger = enter("one_stop_officer", other_commune)
    assert stranger.get(here(thuong_xuan)).status_code == 404
    answer = stranger.post(here(other_commune, "copies_finish"), {"dossier": f"{dossier.uuid}.2"})
    assert answer.status_code == 404
    assert str(dossier.code) not in text(stranger.get(here(other_commune)))
