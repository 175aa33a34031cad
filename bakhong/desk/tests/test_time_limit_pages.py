"""What an officer says about time: by when the resident should answer, and that something has to be verified."""

from datetime import date

import pytest
from django.test import Client

from bakhong.desk.tests.casework import at, hidden, press, stored, text
from bakhong.dossiers.models import Dossier, Supplement


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("", date(2026, 12, 22)), ("5/12/2026", date(2026, 12, 5)), ("hôm nào", None), ("1/1/2020", None)],
)
def test_the_last_day_to_answer_is_the_officer_s_to_say(
    officer: Client, received: Dossier, typed: str, expected: date | None
) -> None:
    address = at("dossier_supplement", received)
    page = text(officer.get(address))
    assert 'value="22/12/2026"' in page
    said = {
        "version": hidden(page, "version"),
        "paper-other": "missing",
        "paper-other-words": "thiếu",
        "answer_by": typed,
    }
    preview = text(officer.post(address, {**said, "deed": "preview"}))
    assert f"Xin bổ sung trước hết ngày {typed or '22/12/2026'}" in preview
    answer = officer.post(address, {**said, "deed": "send"})
    assert answer.status_code == (302 if expected else 422)
    if expected is None:
        assert f'value="{typed}"' in text(answer)
    else:
        assert [each.answer_by for each in stored(Supplement)] == [expected]


def test_what_has_to_be_verified_takes_the_longer_limit(officer: Client, received: Dossier) -> None:
    page = text(officer.get(at("dossier", received)))
    assert "Gia hạn để xác minh" in page
    assert press(officer, received, "extend", note="").status_code == 422
    assert press(officer, received, "extend", note="Hỏi xã Xuân Cẩm").status_code == 302
    page = text(officer.get(at("dossier", received)))
    assert "thời hạn 23 ngày tính từ ngày nhận" in page
    assert "Hỏi xã Xuân Cẩm" in page
    (found,) = stored(Dossier)
    assert found.due_at > found.base_due_at
    assert press(officer, received, "extend", note="Lần nữa").status_code in (404, 409, 422)
