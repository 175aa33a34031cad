"""A bank's statement: sent, looked through with its columns, taken in, shown."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.money import a_biller, a_charge, a_file, an_account, told
from bakhong.payments.models import BankAccount, Biller, ColumnMapping, Statement
from bakhong.people import scope
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return a_biller(thuong_xuan, at)


@pytest.fixture
def bank(biller: Biller, at: datetime) -> BankAccount:
    return an_account(biller, at)


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


def send(client: Client, unit: Unit, bank: BankAccount, content: bytes, name: str = "saoke.csv") -> str:
    """The address of the page that looks through the file."""
    answer = client.post(
        reverse("desk:statement", args=[unit.uuid]),
        {"account": str(bank.uuid), "file": SimpleUploadedFile(name, content)},
    )
    assert answer.status_code == 302, text(answer)
    return str(answer.headers["Location"])


def count() -> int:
    with scope.seeing(OPERATOR):
        return Statement.objects.count()


def test_it_is_looked_through_then_taken_in_once(
    enter: Enter, thuong_xuan: Unit, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    charge = a_charge(biller, at)
    client = enter("accountant", thuong_xuan)
    content = a_file(("20/11/2026", 200_000, charge.reference), ("21/11/2026", 5000, "ung ho"))
    look = send(client, thuong_xuan, bank, content)
    page = text(client.get(look))
    assert "2 dòng: vào 205.000\xa0đ, ra 0\xa0đ." in page
    assert '<option value="content" selected>' in page
    assert count() == 0
    names = {
        f"column-{at}": code
        for at, code in enumerate(("day", "reference", "debit", "credit", "balance", "content"))
    }
    done = client.post(look, {**names, "deed": "import"})
    assert done.status_code == 302, text(done)
    result = text(client.get(done.headers["Location"]))
    assert "Tự khớp với khoản thu" in result
    with scope.seeing(OPERATOR):
        found = Statement.objects.get()
        charge.refresh_from_db()
    assert (found.lines, found.new, found.matched, found.suspense) == (2, 2, 1, 1)
    assert charge.state == "paid"
    again = client.post(send(client, thuong_xuan, bank, content), {**names, "deed": "import"})
    assert "Đã có từ trước" in text(client.get(again.headers["Location"]))
    with scope.seeing(OPERATOR):
        assert Statement.objects.latest("pk").new == 0
    listed = client.get(
        reverse("desk:bank_lines", args=[thuong_xuan.uuid, biller.uuid]), {"statement": str(found.uuid)}
    )
    assert "Vào 205.000\xa0đ (2 dòng)" in text(listed)


def test_strange_headings_are_said_once_and_remembered(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    client = enter("accountant", thuong_xuan)
    content = b"X1,X2,X3\n20/11/2026,5000,ung ho\n21/11/2026,7000,ung ho\n"
    answer = client.post(
        reverse("desk:statement", args=[thuong_xuan.uuid]),
        {"account": str(bank.uuid), "file": SimpleUploadedFile("la.csv", content)},
    )
    if answer.status_code == 422:  # no row looks like headings at all
        assert "govuk-error-summary" in text(answer)
        return
    look = answer.headers["Location"]
    assert "Chưa rõ cột" in text(client.get(look))
    assert client.post(look, {"deed": "import"}).status_code == 422
    said = {"column-0": "day", "column-1": "credit", "column-2": "content", "deed": "import"}
    assert client.post(look, said).status_code == 302
    assert ColumnMapping.objects.count() == 1


def test_two_columns_cannot_hold_the_same(enter: Enter, thuong_xuan: Unit, bank: BankAccount) -> None:
    client = enter("accountant", thuong_xuan)
    look = send(client, thuong_xuan, bank, a_file(("20/11/2026", 5000, "a")))
    answer = client.post(look, {"column-0": "day", "column-1": "day", "column-3": "credit", "deed": "import"})
    assert answer.status_code == 422
    assert "Hai cột cùng được chọn" in text(answer)
    assert count() == 0


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", "không phải sao kê".encode(), b"%PDF-1.4 x"])
def test_what_is_no_statement_is_refused_in_words(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, content: bytes
) -> None:
    answer = enter("accountant", thuong_xuan).post(
        reverse("desk:statement", args=[thuong_xuan.uuid]),
        {"account": str(bank.uuid), "file": SimpleUploadedFile("x.csv", content)},
    )
    assert answer.status_code == 422
    assert "govuk-error-summary" in text(answer)
    assert count() == 0


def test_without_a_file_or_an_account_it_says_what_is_missing(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount
) -> None:
    client, address = enter("accountant", thuong_xuan), reverse("desk:statement", args=[thuong_xuan.uuid])
    assert "Hãy chọn tệp sao kê" in text(client.post(address, {"account": str(bank.uuid)}))
    assert "Hãy chọn tài khoản" in text(client.post(address, {"account": "x"}))


def test_the_chair_reads_and_sends_nothing(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    told(bank, at, ("20/11/2026", 5000, "ung ho"))
    client, address = enter("chair", thuong_xuan), reverse("desk:statement", args=[thuong_xuan.uuid])
    page = text(client.get(address))
    assert "saoke.csv" in page
    assert 'type="file"' not in page
    assert client.post(address, {"account": str(bank.uuid)}).status_code == 403


def test_another_billers_account_and_statement_answer_like_none(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime
) -> None:
    market = a_biller(thuong_xuan, at, "market", "Chợ CANARY")
    theirs = an_account(market, at, "9999999")
    told(theirs, at, ("20/11/2026", 5000, "CANARY"))
    with scope.seeing(OPERATOR):
        statement = Statement.objects.get()
    client = enter("accountant", thuong_xuan)
    taken = client.get(reverse("desk:statement_taken", args=[thuong_xuan.uuid, statement.uuid]))
    assert taken.status_code == 404
    look = send(client, thuong_xuan, bank, a_file(("20/11/2026", 5000, "a")))
    assert client.get(look.replace(str(bank.uuid), str(theirs.uuid))).status_code == 404
    index = text(client.get(reverse("desk:statement", args=[thuong_xuan.uuid])))
    assert "CANARY" not in index
    file = SimpleUploadedFile("x.csv", a_file(("20/11/2026", 5000, "a")))
    sent = client.post(
        reverse("desk:statement", args=[thuong_xuan.uuid]), {"account": str(theirs.uuid), "file": file}
    )
    assert sent.status_code == 422
