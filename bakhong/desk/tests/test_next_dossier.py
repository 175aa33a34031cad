"""From one dossier to the next of the same list; and why it is due when it is, with the time waited for the resident."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import Enter, hidden, taken_in, text
from bakhong.desk.tests.casework import at as url
from bakhong.dossiers.models import Dossier
from bakhong.people import scope
from bakhong.places.models import Unit


@pytest.fixture
def second(officer: Client, received: Dossier, thuong_xuan: Unit) -> Dossier:
    return taken_in(officer, thuong_xuan)


def test_the_next_is_the_next_due(officer: Client, received: Dossier, second: Dossier) -> None:
    assert f'href="{url("dossier", second)}" data-key="N"' in text(officer.get(url("dossier", received)))
    assert f'href="{url("dossier", received)}" data-key="N"' in text(officer.get(url("dossier", second)))


def test_alone_there_is_no_next(officer: Client, received: Dossier) -> None:
    assert 'data-key="N">' not in text(officer.get(url("dossier", received))).replace("Hàng", "")


def test_it_stays_in_the_list_it_was_opened_from(
    officer: Client, received: Dossier, second: Dossier, thuong_xuan: Unit
) -> None:
    listed = text(officer.get(reverse("desk:queue", args=[thuong_xuan.uuid]) + "?show=all&whose=all"))
    assert f"{url('dossier', received)}?show=all" in listed.replace("&amp;", "&")
    page = text(officer.get(url("dossier", received) + "?whose=mine&show=open"))
    assert "Hồ sơ tiếp theo" not in page  # nothing is given to the officer


def test_boxes_to_tick_are_there_for_who_decides(enter: Enter, received: Dossier, thuong_xuan: Unit) -> None:
    chair = enter("chair", thuong_xuan)
    assert 'class="bk-tickbox"' in text(chair.get(reverse("desk:queue", args=[thuong_xuan.uuid])))


def test_waiting_is_part_of_the_explanation(
    officer: Client,
    received: Dossier,
    thuong_xuan: Unit,
    enter: Enter,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = text(officer.get(url("dossier_supplement", received)))
    said = {"version": hidden(page, "version"), "deed": "send", "paper-other": "missing"}
    answer = officer.post(url("dossier_supplement", received), {**said, "paper-other-words": "thiếu"})
    assert answer.status_code == 302, text(answer)
    assert "thời hạn dừng đếm" in text(officer.get(url("dossier", received)))
    assert officer.get(url("dossier_print", received, "02")).content.startswith(b"%PDF")

    later = at + timedelta(days=3)
    monkeypatch.setattr("bakhong.desk.frame.timezone.now", lambda: later)
    officer = enter("one_stop_officer", thuong_xuan)  # signed in anew: days have gone by
    page = text(officer.get(url("dossier_answer", received)))
    seen = page.split('type="checkbox" id="')[1].split('"')[0]
    given = {"version": hidden(page, "version"), seen: "on", "came_in_person": "on"}
    answer = officer.post(url("dossier_answer", received), given)
    assert answer.status_code == 302, text(answer)
    page = text(officer.get(url("dossier", received)))
    with scope.seeing(OPERATOR):
        found = Dossier.objects.get(pk=received.pk)
    assert found.due_at is not None
    assert received.due_at is not None
    assert found.due_at > received.due_at
    assert "thời hạn dừng đếm" not in page
    explained = page.split("Vì sao hẹn ngày này?")[1]
    assert "chờ" in explained
