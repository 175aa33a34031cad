"""Giving a task from a number, and doing it."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.indicators.models import FollowUp, ReportingPeriod
from bakhong.places.models import Unit

Enter = Callable[..., Client]


def address(name: str, unit: Unit, *more: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def posted(to: User, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Vận động thôn Xuân Thành",
        "assigned_to": str(to.uuid),
        "due_on": "30/11/2026",
        "detail": "",
        "indicator": "eid_accounts",
        "client_key": str(uuid.uuid4()),
        **changes,
    }


@pytest.fixture
def worker(staff: Callable[..., User], thuong_xuan: Unit) -> User:
    return staff("specialist", thuong_xuan)


@pytest.fixture
def task(enter: Enter, thuong_xuan: Unit, worker: User) -> FollowUp:
    enter("chair", thuong_xuan).post(address("followup_new", thuong_xuan), posted(worker))
    return FollowUp.objects.get()


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_form_knows_what_the_number_is_and_who_works_here(
    enter: Enter, thuong_xuan: Unit, worker: User
) -> None:
    page = text(
        enter("chair", thuong_xuan).get(address("followup_new", thuong_xuan), {"indicator": "eid_accounts"})
    )
    assert "Nâng chỉ tiêu:" in page
    assert "specialist Thường Xuân (Công chức chuyên môn, Xã Thường Xuân)" in page


def test_the_form_knows_the_period_to_be_sent(
    enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit, worker: User, period: ReportingPeriod
) -> None:
    client = enter("province_admin", thanh_hoa)
    page = text(client.get(address("followup_new", thuong_xuan), {"period": str(period.uuid)}))
    assert "Gửi báo cáo kỳ Tháng 10/2026" in page
    for nonsense in ("x", "%00", str(uuid.uuid4())):
        assert client.get(address("followup_new", thuong_xuan), {"period": nonsense}).status_code == 200


def test_giving_a_task_twice_is_once(enter: Enter, thuong_xuan: Unit, worker: User) -> None:
    client, form = enter("chair", thuong_xuan), posted(worker)
    answers = [client.post(address("followup_new", thuong_xuan), form) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert FollowUp.objects.get().assigned_to == worker


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Việc cần làm"),
        ({"due_on": "01/01/2020"}, "từ hôm nay"),
        ({"due_on": "mai"}, "không đọc được"),
        ({"assigned_to": str(uuid.uuid4())}, "Giao cho"),
        ({"client_key": "x"}, ""),
        ({"title": "a\x00b"}, "Việc cần làm"),
    ],
)
def test_a_bad_task_is_told_plainly(
    enter: Enter, thuong_xuan: Unit, worker: User, changes: dict[str, Any], said: str
) -> None:
    answer = enter("chair", thuong_xuan).post(address("followup_new", thuong_xuan), posted(worker, **changes))
    assert answer.status_code == 422
    assert said in text(answer)
    assert not FollowUp.objects.exists()


def test_the_worker_finds_it_among_mine_and_finishes_it(
    thuong_xuan: Unit, worker: User, task: FollowUp
) -> None:
    client = sign_in(worker)
    page = text(client.get(address("followups", thuong_xuan)))
    assert "Việc của tôi" in page
    assert task.title in page
    assert "Việc theo dõi (1)" in page
    here = address("followup", thuong_xuan, task.uuid)
    refused = client.post(here, {"deed": "finish", "text": " "})
    assert refused.status_code == 422
    assert "Hãy ghi kết quả" in text(refused)
    assert client.post(here, {"deed": "finish", "text": "Xong 45/45 hộ"}).status_code == 302
    assert "Xong 45/45 hộ" in text(client.get(here))
    assert "Hiện bạn không có việc" in text(client.get(address("followups", thuong_xuan), {"whose": "mine"}))


def test_overdue_is_a_word_and_a_list(
    thuong_xuan: Unit, worker: User, task: FollowUp, enter: Enter, thanh_hoa: Unit
) -> None:
    FollowUp.objects.update(due_on=date(2026, 11, 1))
    page = text(
        enter("province_admin", thanh_hoa).get(address("followups", thanh_hoa), {"status": "overdue"})
    )
    assert "bk-state--late" in page
    assert "quá hạn" in page
    assert task.title in page
    assert thuong_xuan.full_name in page


def test_others_are_told_nothing_or_no(
    thuong_xuan: Unit, other_commune: Unit, worker: User, task: FollowUp, enter: Enter
) -> None:
    here = address("followup", thuong_xuan, task.uuid)
    neighbour = enter("chair", other_commune)
    assert neighbour.get(here).status_code == 404
    assert neighbour.post(here, {"deed": "cancel"}).status_code == 404
    # The task of another unit is not found under one's own.
    assert neighbour.get(address("followup", other_commune, task.uuid)).status_code == 404
    colleague = enter("accountant", thuong_xuan)
    assert colleague.get(here).status_code == 200
    assert colleague.post(here, {"deed": "start"}).status_code == 403
    assert colleague.get(address("followup_new", thuong_xuan)).status_code == 403
    assert sign_in(worker).post(here, {"deed": "cancel"}).status_code == 403
    assert sign_in(worker).post(here, {"deed": "delete"}).status_code == 404
    task.refresh_from_db()
    assert task.state == "open"


def test_without_people_it_says_whom_to_ask(enter: Enter, thanh_hoa: Unit, other_commune: Unit) -> None:
    # The province's own administrator is above the commune, and may take the task.
    page = text(enter("province_admin", thanh_hoa).get(address("followup_new", other_commune)))
    assert "province_admin" in page
