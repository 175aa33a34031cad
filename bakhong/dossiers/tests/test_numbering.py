"""Numbers of papers: from one book a year, given by the deed, none left out, none twice."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal
from bakhong.dossiers.actions.ending import refuse
from bakhong.dossiers.actions.numbering import begin_book
from bakhong.dossiers.actions.results import approve, reopen
from bakhong.dossiers.models import BookNumber, Dossier
from bakhong.dossiers.queries.books import likely_number, next_number, slip_number
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.tests.test_results import SAID, _forms, an, marriage, received
from bakhong.people.models import Person
from bakhong.places.models import Unit

__all__ = ["_forms", "an", "received"]


def numbers(book: str) -> list[int]:
    return list(BookNumber.objects.filter(book=book).order_by("id").values_list("number", flat=True))


def test_the_deed_gives_the_number_and_the_slip_has_one(
    received: Dossier, chair: StaffActor, at: datetime
) -> None:
    assert slip_number(received, "receive") == "1/TNHS"
    procedure = procedure_of(received)
    assert procedure is not None
    assert likely_number(received, procedure.results[0], 2026) == "1/UBND-XNTTHN"
    approved = approve(dossier=received, by=chair, at=at, answers=SAID | {"number": "99/X"})
    assert approved.result_number == approved.result_answers["number"] == "1/UBND-XNTTHN"
    assert next_number(received.village, "marriage_status", 2026) == 2
    assert next_number(received.village, "marriage_status", 2027) == 1


def test_a_number_that_somebody_else_got_is_told(
    received: Dossier, thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    second = marriage(thuong_xuan, officer, at, an).dossier
    approve(dossier=second, by=chair, at=at, answers=SAID, expected_number="1/UBND-XNTTHN")
    with pytest.raises(Conflict, match="số tiếp theo là 2/UBND-XNTTHN"):
        approve(dossier=received, by=chair, at=at, answers=SAID, expected_number="1/UBND-XNTTHN")
    assert numbers("marriage_status") == [1]  # the refused deed took none
    approve(dossier=received, by=chair, at=at, answers=SAID, expected_number="2/UBND-XNTTHN")
    assert numbers("marriage_status") == [1, 2]


def test_decided_again_it_keeps_its_number(received: Dossier, chair: StaffActor, at: datetime) -> None:
    approve(dossier=received, by=chair, at=at, answers=SAID)
    reopen(dossier=received, note="Sai nơi ở", by=chair, at=at)
    again = approve(dossier=received, by=chair, at=at + timedelta(hours=1), answers=SAID)
    assert again.result_number == "1/UBND-XNTTHN"
    assert numbers("marriage_status") == [1]


def test_a_refusal_stands_in_its_book(received: Dossier, officer: StaffActor, at: datetime) -> None:
    refuse(dossier=received, reason="false_paper", note="Nộp ở xã khác", by=officer, at=at)
    assert slip_number(received, "refuse") == "1/TCHS"


def test_a_book_goes_on_from_paper_only_before_its_first_number(
    received: Dossier, thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        begin_book(unit=thuong_xuan, book="marriage_status", year=2026, first=41, by=chair, at=at)
    with pytest.raises(NotFound):
        begin_book(unit=thuong_xuan, book="nothing", year=2026, first=41, by=officer, at=at)
    begin_book(unit=thuong_xuan, book="marriage_status", year=2026, first=41, by=officer, at=at)
    approved = approve(dossier=received, by=chair, at=at, answers=SAID)
    assert approved.result_number == "41/UBND-XNTTHN"
    with pytest.raises(Refusal, match="đã cấp đến số 41"):
        begin_book(unit=thuong_xuan, book="marriage_status", year=2026, first=100, by=officer, at=at)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE dossiers_bookyear SET last = last + 1",
        "DELETE FROM dossiers_bookyear",
        "UPDATE dossiers_bookyear SET year = 2030",
        "INSERT INTO dossiers_bookyear (unit_id, book, year, first, last) SELECT unit_id, 'x', 2026, 1, 7 FROM dossiers_bookyear",
        "UPDATE dossiers_booknumber SET number = number + 1",
        "DELETE FROM dossiers_booknumber",
    ],
)
def test_the_database_keeps_the_books(sql: str, received: Dossier) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert numbers("receipts") == [1]


def test_a_number_cannot_be_typed(received: Dossier, at: datetime) -> None:
    row = BookNumber(
        village=received.village,
        dossier=received,
        dossier_uuid=received.uuid,
        book="results",
        year=2026,
        number=77,
        at=at,
        by="x",
    )
    row.save(force_insert=True)
    row.refresh_from_db()
    assert row.number == 1
