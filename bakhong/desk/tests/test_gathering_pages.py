"""The pages of trainings, mobile sessions, announcements, tasks, benefits and surveys, as an officer goes through them."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bakhong.accounts.permissions import Anonymous
from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.outreach.actions.beneficiaries import Paid, record_beneficiaries
from bakhong.outreach.actions.trainings import check_in
from bakhong.outreach.models import (
    Announcement,
    Attendance,
    Beneficiary,
    CampaignTask,
    Invitee,
    MobileSession,
    SampledPerson,
    Survey,
    Training,
)
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[[str, Unit], Client]


@pytest.fixture
def everybody(db: None) -> Iterator[None]:
    scope.open_to(None)
    yield
    scope.close()


@pytest.fixture
def village(thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None) -> Unit:
    (made,) = create_villages(
        commune=thuong_xuan, villages=[("thon", "Xuân Thành")], valid_from=date(2025, 7, 1), by=actor, at=at
    )
    return made


@pytest.fixture
def an(village: Unit, actor: Actor, at: datetime) -> Person:
    values = {"name": "Lê Văn An", "birth": "1960", "phone": "0912345678", "presence": "present"}
    return add_person(village=village, values=values, source="list", by=actor, at=at)


@pytest.fixture(autouse=True)
def _known_moment(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr("bakhong.desk.frame.timezone.now", lambda: at)


def opened() -> None:
    """The middleware closes the connection after each page; the test looks again."""
    scope.open_to(None)


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


def held(village: Unit, day: str = "22/11/2026", **more: Any) -> dict[str, Any]:
    return {
        "client_key": str(new_uuid()),
        "place": str(village.uuid),
        "venue": "Nhà văn hoá",
        "day": day,
        "starts": "8h",
        "ends": "11h30",
        **more,
    }


def test_a_training_from_the_plan_to_those_who_were_there(
    enter: Enter, thuong_xuan: Unit, village: Unit, an: Person, at: datetime
) -> None:
    secretary = enter("dx_secretary", thuong_xuan)
    base = f"/desk/u/{thuong_xuan.uuid}/trainings/"
    assert "Bước đầu" in text_of(secretary.get(base))
    assert "Cần gõ" in text_of(secretary.post(f"{base}new/", held(village, day="")), 422)
    sent = held(village, title="Dùng VNeID", trainer="Lò Văn Dạy", services=["eid_level2"])
    assert secretary.post(f"{base}new/", sent).status_code == 302
    training = Training.objects.get()
    page = f"{base}{training.uuid}/"
    wall = text_of(secretary.get(f"{page}wall/"))
    assert "<svg" in wall
    assert f"/t/{training.token}/" in wall
    assert "style=" not in wall
    found = text_of(secretary.get(page, {"q": "le van"}))
    assert "Lê Văn An, 1960, Thôn Xuân Thành" in found
    assert secretary.post(page, {"person": str(an.uuid)}).status_code == 302
    assert "Đã dự: 1 người" in text_of(secretary.get(page))
    opened()
    there = Attendance.objects.get()
    assert secretary.post(f"{page}{there.uuid}/untick/").status_code == 302
    assert "Đã dự: 0 người" in text_of(secretary.get(page))


def test_entries_are_recognised_on_the_page(
    enter: Enter, thuong_xuan: Unit, village: Unit, an: Person, at: datetime
) -> None:
    secretary = enter("dx_secretary", thuong_xuan)
    base = f"/desk/u/{thuong_xuan.uuid}/trainings/"
    secretary.post(f"{base}new/", held(village, title="Dùng VNeID", trainer="Lò Văn Dạy"))
    opened()
    training = Training.objects.get()
    for name, year in (("le van an", 1960), ("Người Lạ", 1990)):
        check_in(training=training, name=name, birth_year=year, phone_tail="5678", by=Anonymous(), at=at)
    page = f"{base}{training.uuid}/"
    shown = text_of(secretary.get(page))
    assert "chờ nhận ra: 2" in shown
    assert "Ghi nhận 1 người khớp cả ba" in shown
    assert secretary.post(f"{page}entries/", {"deed": "sure"}).status_code == 302
    left = text_of(secretary.get(page))
    assert "chờ nhận ra: 1" in left
    entry = re.search(r'name="entry" value="([\w-]+)"', left)
    assert entry
    secretary.post(f"{page}entries/", {"deed": "dismiss", "entry": entry[1]})
    assert "chờ nhận ra" not in text_of(secretary.get(page))


@pytest.mark.parametrize("entry", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_an_entry_that_is_none_does_not_exist(
    enter: Enter, thuong_xuan: Unit, village: Unit, entry: str
) -> None:
    secretary = enter("dx_secretary", thuong_xuan)
    base = f"/desk/u/{thuong_xuan.uuid}/trainings/"
    secretary.post(f"{base}new/", held(village, title="Dùng VNeID", trainer="Lò Văn Dạy"))
    page = f"{base}{Training.objects.get().uuid}/entries/"
    assert secretary.post(page, {"deed": "dismiss", "entry": entry}).status_code == 404


def test_a_suspicious_announcement_is_shown_before_it_is_kept(
    enter: Enter, thuong_xuan: Unit, village: Unit
) -> None:
    secretary = enter("dx_secretary", thuong_xuan)
    base = f"/desk/u/{thuong_xuan.uuid}/announcements/"
    sent = {
        "client_key": str(new_uuid()),
        "title": "Tiền điện",
        "body": "Chuyển khoản tiền điện cho Điện lực.",
        "villages": [str(village.uuid)],
        "starts_on": "22/11/2026",
        "ends_on": "30/11/2026",
    }
    warned = text_of(secretary.post(f"{base}new/", sent), 422)
    assert "Có chỗ nói chuyển tiền" in warned
    assert "Chuyển khoản tiền điện cho Điện lực." in warned  # what was typed is still there
    assert "Vẫn lưu thông báo này" in warned
    stubborn = {**sent, "body": "Đọc mã OTP.", "accepted": ["otp"]}
    assert "Vẫn lưu" not in text_of(secretary.post(f"{base}new/", stubborn), 422)
    assert secretary.post(f"{base}new/", {**sent, "accepted": ["transfer"]}).status_code == 302
    made = Announcement.objects.get()
    page = text_of(secretary.get(f"{base}{made.uuid}/"))
    assert "ngày 22 tháng 11 năm 2026" in page  # read out
    assert "TIỀN ĐIỆN" in page  # pasted
    assert "Không ai của xã hỏi mật khẩu" in text_of(secretary.get(f"{base}{made.uuid}/poster/"))
    secretary.post(f"{base}{made.uuid}/")
    assert "đã rút" in text_of(secretary.get(base))


def test_a_session_invites_and_prints(
    enter: Enter, thuong_xuan: Unit, village: Unit, an: Person, client: Client
) -> None:
    secretary = enter("dx_secretary", thuong_xuan)
    base = f"/desk/u/{thuong_xuan.uuid}/sessions/"
    sent = held(
        village,
        day="01/12/2026",
        provider_kind="police",
        provider="Công an xã",
        services=["eid_level2"],
        capacity="10",
        bring="Thẻ căn cước",
    )
    assert secretary.post(f"{base}new/", sent).status_code == 302
    page = f"{base}{MobileSession.objects.get().uuid}/"
    assert "Lập danh sách mời (10 chỗ còn trống)" in text_of(secretary.get(page))
    assert secretary.post(page).status_code == 302
    assert "Đã mời: 1 người" in text_of(secretary.get(page))
    listed = text_of(secretary.get(f"{page}invitations/"))
    assert "Lê Văn An" in listed
    assert "Mời đến lúc <strong>08:00 ngày 01/12/2026</strong>" in text_of(
        secretary.get(f"{page}invitations/?slips=1")
    )
    edit = text_of(secretary.get(f"{page}edit/"))
    assert "01/12/2026" in edit
    assert text_of(secretary.post(f"{page}edit/", {**sent, "day": "30/02/2027"}), 422)
    secretary.post(f"{page}edit/", {**sent, "venue": "Trường tiểu học"})
    assert "Trường tiểu học" in text_of(secretary.get(page))
    opened()
    row = f"{page}invitees/{Invitee.objects.get().uuid}/"
    secretary.post(row)
    assert "Đã mời: 0 người" in text_of(secretary.get(page))
    assert "Lê Văn An" not in text_of(secretary.get(f"{page}invitations/"))
    secretary.post(row, {"deed": "back"})
    assert "Đã mời: 1 người" in text_of(secretary.get(page))
    public = text_of(client.get("/lich-luu-dong/"))
    assert "Công an xã" in public
    assert "Lê Văn An" not in public
    assert "Hãy ghi" in text_of(secretary.post(f"{page}cancel/", {"reason": ""}), 422)
    secretary.post(f"{page}cancel/", {"reason": "Công an bận"})
    assert "Công an bận" in text_of(client.get("/lich-luu-dong/"))


def test_a_mass_organisation_starts_at_its_own_tasks(enter: Enter, thuong_xuan: Unit, village: Unit) -> None:
    secretary, women = enter("dx_secretary", thuong_xuan), enter("mass_organisation", village)
    sent = {
        "client_key": str(new_uuid()),
        "title": "40 hộ có mã QR",
        "place": str(village.uuid),
        "who": "role:mass_organisation",
        "body": "Hội Phụ nữ",
        "due_on": "01/12/2026",
        "service": "merchant_qr",
        "wanted": "40",
    }
    base = f"/desk/u/{thuong_xuan.uuid}/tasks/"
    assert secretary.post(f"{base}new/", {**sent, "wanted": ""}).status_code == 422
    assert secretary.post(f"{base}new/", sent).status_code == 302
    mine = text_of(women.get(f"/desk/u/{village.uuid}/tasks/"))
    assert "Việc của tôi" in mine
    assert "0/40 hộ kinh doanh, doanh nghiệp có Mã QR" in mine
    assert "Việc đoàn thể (1)" in mine  # the bar counts it
    page = f"/desk/u/{village.uuid}/tasks/{CampaignTask.objects.get().uuid}/"
    assert "Hãy ghi: kết quả" in text_of(women.post(page, {"deed": "finish", "text": ""}), 422)
    assert women.post(page, {"deed": "finish", "text": "Đủ 40 hộ"}).status_code == 302
    assert women.post(page, {"deed": "dance"}).status_code == 404
    assert "đã xong" in text_of(secretary.get(base))


def test_a_pasted_list_is_looked_at_and_then_kept(
    enter: Enter, thuong_xuan: Unit, village: Unit, an: Person, actor: Actor, at: datetime
) -> None:
    for birth in ("1961", "1962"):
        add_person(
            village=village, values={"name": "Hà Văn Đông", "birth": birth}, source="list", by=actor, at=at
        )
    secretary = enter("dx_secretary", thuong_xuan)
    base = f"/desk/u/{thuong_xuan.uuid}/benefits/"
    assert "Bước đầu" in text_of(secretary.get(base))
    sent = {
        "kind": "pension",
        "text": "1\tLê Văn An\t1960\tTM\n2\tHà Văn Đông\n3\tNgô Lạ\t1950",
        "paid_by": "Bưu điện",
    }
    looked = text_of(secretary.post(f"{base}paste/", {**sent, "deed": "check"}))
    assert "Nhận ra 1/3 dòng" in looked
    assert "Dòng 3: 3 Ngô Lạ 1950" in looked
    opened()
    assert not Beneficiary.objects.exists()  # looking keeps nothing
    second = Person.objects.get(name="Hà Văn Đông", birth_year=1962)
    stored = secretary.post(f"{base}paste/", {**sent, "deed": "store", "line-2": str(second.uuid)})
    assert stored.status_code == 302
    page = re.sub(r"<[^>]+>", "", text_of(secretary.get(base)))
    assert "0% (0/2 người hưởng lương hưu" in page
    assert "Lê Văn An" in page
    opened()
    paid = Beneficiary.objects.get(person=an)
    secretary.post(f"{base}{paid.uuid}/", {"channel": "account"})
    assert "50% (1/2" in re.sub(r"<[^>]+>", "", text_of(secretary.get(base)))
    secretary.post(f"{base}{paid.uuid}/", {"deed": "end"})
    assert "0% (0/1" in re.sub(r"<[^>]+>", "", text_of(secretary.get(base)))
    assert "thôi hưởng từ 22/11/2026" in text_of(secretary.get(base, {"channel": "ended"}))
    secretary.post(f"{base}{paid.uuid}/", {"deed": "resume"})
    assert "50% (1/2" in re.sub(r"<[^>]+>", "", text_of(secretary.get(base)))


def test_somebody_not_among_those_shown_cannot_be_slipped_in(
    enter: Enter, thuong_xuan: Unit, village: Unit, an: Person
) -> None:
    secretary = enter("dx_secretary", thuong_xuan)
    sent = {"kind": "pension", "text": "Ngô Lạ\t1950", "deed": "store", "line-1": str(an.uuid)}
    secretary.post(f"/desk/u/{thuong_xuan.uuid}/benefits/paste/", sent)
    opened()
    assert not Beneficiary.objects.exists()


def test_the_dashboard_counts_who_is_paid_into_an_account(
    enter: Enter, thuong_xuan: Unit, an: Person, actor: Actor, at: datetime
) -> None:
    record_beneficiaries(entries=[Paid(an, "pension", "account")], by=actor, at=at)
    scope.close()
    home = f"/desk/u/{thuong_xuan.uuid}/"
    page = text_of(enter("dx_secretary", thuong_xuan).get(home))
    assert "100% (1/1 người hưởng lương hưu" in re.sub(r"<[^>]+>", "", page)
    assert f"{home}benefits/?kind=pension&amp;channel=all" in page
    officer = text_of(enter("one_stop_officer", thuong_xuan).get(home))
    assert "1/1 người hưởng" in re.sub(r"<[^>]+>", "", officer)
    assert "benefits/?kind" not in officer  # who they are is for planners
    assert "người hưởng" not in text_of(enter("accountant", thuong_xuan).get(home))
    earlier = text_of(enter("dx_secretary", thuong_xuan).get(home, {"on": "2026-11-01"}))
    assert "benefits/?kind" not in earlier  # the list is of today


def test_a_survey_from_the_question_to_the_interval(
    enter: Enter, thuong_xuan: Unit, village: Unit, an: Person, actor: Actor, at: datetime
) -> None:
    secretary, head = enter("dx_secretary", thuong_xuan), enter("village_head", village)
    base = f"/desk/u/{thuong_xuan.uuid}/surveys/"
    sent = {
        "client_key": str(new_uuid()),
        "title": "Tiền điện",
        "question": "Trả không tiền mặt?",
        "choices": "Có\nKhông",
        "age_min": "18",
        "margin": "5",
        "by_village": "on",
    }
    assert secretary.post(f"{base}new/", {**sent, "choices": "Có"}).status_code == 422
    assert secretary.post(f"{base}new/", sent).status_code == 302
    page = f"{base}{Survey.objects.get().uuid}/"
    assert "Cần hỏi 1 trong 1 người" in text_of(secretary.get(page))
    secretary.post(page, {"deed": "draw", "wave": "before"})
    drawn = text_of(secretary.get(page))
    assert "Chưa có ai trả lời, nên chưa có tỷ lệ." in drawn
    assert "%" not in re.sub(r"<[^>]+>", "", drawn).split("Đợt trước")[1]  # no percent without its n
    asked = f"/desk/u/{village.uuid}/surveys/{Survey.objects.get().uuid}/before/"
    assert "Lê Văn An" in text_of(head.get(asked))
    assert "☐" in text_of(head.get(f"{asked}print/"))
    opened()
    sampled = SampledPerson.objects.get()
    for value in ("answered:7", "answered:x", "asleep"):
        assert head.post(asked, {f"reply-{sampled.uuid}": value}).status_code == 422
    assert head.post(asked, {f"reply-{sampled.uuid}": "answered:0"}).status_code == 302
    shown = text_of(secretary.get(page))
    assert "100% (1/1 người trả lời; khoảng tin cậy 95%: 100–100%)" in shown
    assert "Kết quả chung do xã xem" in text_of(
        head.get(f"/desk/u/{village.uuid}/surveys/{Survey.objects.get().uuid}/")
    )
    assert head.get(f"{base}").status_code == 404


def test_hours_and_days_are_kept_when_something_else_is_wrong(
    enter: Enter, thuong_xuan: Unit, village: Unit
) -> None:
    secretary = enter("dx_secretary", thuong_xuan)
    sent = held(village, title="", trainer="Lò Văn Dạy", starts="25h")
    page = text_of(secretary.post(f"/desk/u/{thuong_xuan.uuid}/trainings/new/", sent), 422)
    assert 'value="25h"' in page
    assert "Giờ này không đọc được" in page
    assert 'value="22/11/2026"' in page


def test_a_past_session_shows_what_came_of_it(
    enter: Enter, thuong_xuan: Unit, village: Unit, an: Person, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    secretary = enter("dx_secretary", thuong_xuan)
    base = f"/desk/u/{thuong_xuan.uuid}/sessions/"
    secretary.post(
        f"{base}new/",
        held(
            village,
            day="01/12/2026",
            provider_kind="police",
            provider="Công an xã",
            services=["eid_level2"],
            capacity="10",
        ),
    )
    page = f"{base}{MobileSession.objects.get().uuid}/"
    secretary.post(page)
    monkeypatch.setattr("bakhong.desk.frame.timezone.now", lambda: at + timedelta(days=12))
    secretary = enter("dx_secretary", thuong_xuan)
    assert "0% (0/1 người được mời làm việc này" in re.sub(r"<[^>]+>", "", text_of(secretary.get(page)))


@pytest.mark.parametrize("bad", ["\x00", "‮", "x" * 5000, "<script>alert(1)</script>", "';--", "٢٠", "[]"])
@pytest.mark.parametrize(
    "where",
    ["trainings/new", "sessions/new", "announcements/new", "tasks/new", "surveys/new", "benefits/paste"],
)
def test_bad_input_is_a_sentence_and_never_an_error(
    enter: Enter, thuong_xuan: Unit, village: Unit, where: str, bad: str
) -> None:
    names = (
        "title venue day starts ends trainer services place provider_kind provider capacity bring body villages "
        "starts_on ends_on who due_on service wanted detail kind text paid_by true_from question choices age_min margin"
    )
    secretary = enter("dx_secretary", thuong_xuan)
    sent = {**dict.fromkeys(names.split(), bad), "client_key": str(new_uuid())}
    page = text_of(secretary.post(f"/desk/u/{thuong_xuan.uuid}/{where}/", sent), 422)
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("bad", ["\x00", "x" * 5000, "-1", "<b>"])
def test_strange_questions_are_answered(enter: Enter, thuong_xuan: Unit, village: Unit, bad: str) -> None:
    secretary = enter("dx_secretary", thuong_xuan)
    base = f"/desk/u/{thuong_xuan.uuid}"
    for path in ("trainings/", "sessions/", "announcements/", "tasks/", "surveys/", "benefits/"):
        assert secretary.get(f"{base}/{path}", {"page": bad, "q": bad, "whose": bad}).status_code == 200
    assert secretary.get(f"{base}/benefits/", {"kind": bad}).status_code == 404
