"""Going from house to house with a phone: what is shown, what is stored, what is refused, and what is not there at all."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from bakhong.core.actor import Actor
from bakhong.field.tests.conftest import Phone
from bakhong.outreach.actions.teams import assign_villages
from bakhong.outreach.models import Campaign, Commitment, Team, TeamMember, Visit, VisitHelp
from bakhong.outreach.tests.conftest import MakeVisit
from bakhong.people import scope
from bakhong.people.models import Adoption, Consent, Household, Look, Person
from bakhong.people.queries.adoption import standing_of
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

EID = "eid_level2"


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    scope.open_to(None)  # the request has closed what the test sees
    page: str = answer.content.decode()
    return page


def form_of(client: Client, household: Household, **said: str) -> dict[str, str]:
    """What the form says untouched, and `said`."""
    page = text(client.get(f"/to/ho/{household.uuid}/ghi/"))
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    return {
        "key": key[1],
        "met": "met",
        "visited_on": "22/11/2026",
        "part_of_day": "morning",
        "promised_how": "signature",
    } | said


def send(client: Client, household: Household, said: dict[str, str]) -> Any:
    answer = client.post(f"/to/ho/{household.uuid}/ghi/", said)
    scope.open_to(None)
    return answer


def done(person: Person, phone: str = "own", code: str = EID, result: str = "done") -> dict[str, str]:
    return {f"do-{person.uuid.hex}-{code}": result, f"phone-{person.uuid.hex}": phone}


def state_of(person: Person, at: Any) -> str:
    from bakhong.core.days import day_of

    return next(line.state for line in standing_of(person, day_of(at)) if line.service.code == EID)


# --- what is shown -------------------------------------------------------------------------------------------------------


def test_who_has_no_page_here_starts_at_the_desk(phone_of: Phone, thuong_xuan: Unit) -> None:
    """A collector of money has a card and a PIN, and none of the team's pages."""
    phone = phone_of(thuong_xuan, role="collector")
    assert phone.get("/to/")["Location"] == "/desk/"
    assert phone.get("/desk/")["Location"] == f"/desk/u/{thuong_xuan.uuid}/di-thu/"
    assert phone.get("/desk/", follow=True).status_code == 200
    assert phone.get("/to/vao/")["Location"] == "/desk/"
    assert phone.get("/to/tim/").status_code == 403


def test_the_day_begins_with_what_waits_and_where_to_go(
    member_phone: Client, household: Household, campaign: Campaign, visit: MakeVisit
) -> None:
    from datetime import date

    visit(outcome="nobody_home", visited_on=date(2026, 11, 20), next_on=date(2026, 11, 21))
    page = text(member_phone.get("/to/"))
    assert "Đã hẹn, đến kỳ" in page
    assert "đã quá hẹn" in page
    assert page.count(f"/to/ho/{household.uuid}/") >= 1
    assert "30 ngày đêm" in page


def test_a_door_shows_who_lacks_what_and_notes_that_it_was_looked_at(
    member_phone: Client, household: Household, parents: list[Person], campaign: Campaign
) -> None:
    page = text(member_phone.get(f"/to/ho/{household.uuid}/"))
    assert "Lê Văn An" in page
    assert "còn thiếu" in page
    assert "Nên đến" in page
    scope.open_to(None)
    assert set(Look.objects.values_list("person", flat=True)) == {each.pk for each in parents}


def test_it_finds_a_house_by_a_name_without_accents(member_phone: Client, household: Household) -> None:
    page = text(member_phone.get("/to/tim/", {"q": "tran be"}))
    assert "Trần Thị Bé" in page
    assert f"/to/ho/{household.uuid}/" in page
    assert "Chỉ tìm bằng tên" in text(member_phone.get("/to/tim/", {"q": "0912345678"}))
    assert "Không có ai" in text(member_phone.get("/to/tim/", {"q": "Nguyễn Không Có"}))


def test_it_lists_who_is_away_with_a_masked_number(
    member_phone: Client, person: MakePerson, village: Unit
) -> None:
    person("Lò Văn Xa", birth="1990", presence="abroad", whereabouts="Hàn Quốc", phone="0977111222")
    page = text(member_phone.get("/to/vang/"))
    assert "Lò Văn Xa" in page
    assert "Hàn Quốc" in page
    assert "0977111222" not in page


# --- what is stored ------------------------------------------------------------------------------------------------------


def test_a_visit_becomes_facts_and_a_receipt(
    member_phone: Client,
    household: Household,
    parents: list[Person],
    campaign: Campaign,
    me: TeamMember,
    at: Any,
) -> None:
    an, be = parents
    said = form_of(member_phone, household, **done(an), next_on="25/11/2026", note="Bà Bé hẹn tối")
    said |= {f"do-{be.uuid.hex}-{EID}": "tried", f"why-{be.uuid.hex}-{EID}": "no_smartphone"}
    form = text(member_phone.get(f"/to/ho/{household.uuid}/ghi/"))
    assert re.search(r'<optgroup label="Điện thoại"><option value="no_phone"', form)
    answer = send(member_phone, household, said)
    made = Visit.objects.get()
    assert answer.url == f"/to/luot/{made.uuid}/"
    assert (made.outcome, made.campaign, made.team) == ("met_partly", campaign, me.team)
    assert [row.member for row in made.members.all()] == [me]
    assert state_of(an, at) == "activated"
    assert state_of(be, at) == "none"
    page = text(member_phone.get(answer.url))
    assert "25/11/2026" in page
    assert "xong" in page
    assert "Ghi nhầm, xoá lượt này" in page
    log = text(member_phone.get("/to/da-lam/"))
    assert "1/1" in log
    assert "Lê Văn An" in log


def test_sent_twice_it_is_one_visit(
    member_phone: Client, household: Household, parents: list[Person], campaign: Campaign
) -> None:
    said = form_of(member_phone, household, **done(parents[0]))
    first = send(member_phone, household, said)
    again = send(member_phone, household, said)
    assert first.url == again.url
    assert (Visit.objects.count(), Adoption.objects.filter(retracts=None).count()) == (1, 1)
    # The control: another key is another visit.
    send(member_phone, household, form_of(member_phone, household))
    assert Visit.objects.count() == 2


def test_back_and_a_changed_answer_does_not_overwrite(
    member_phone: Client, household: Household, parents: list[Person], campaign: Campaign
) -> None:
    said = form_of(member_phone, household, **done(parents[0]))
    send(member_phone, household, said)
    answer = send(member_phone, household, said | {"note": "đổi ý"})
    assert "đã được ghi rồi" in text(member_phone.get(answer.url))
    assert Visit.objects.get().note == ""


def test_a_key_of_somebody_elses_visit_tells_nothing(
    member_phone: Client, household: Household, visit: MakeVisit, parents: list[Person]
) -> None:
    theirs = visit(note="bí mật")
    said = form_of(member_phone, household) | {"key": str(theirs.client_key)}
    answer = send(member_phone, household, said)
    assert answer.status_code == 422
    assert "bí mật" not in answer.content.decode()
    assert Visit.objects.count() == 1


def test_undo_takes_everything_back(
    member_phone: Client, household: Household, parents: list[Person], campaign: Campaign, at: Any
) -> None:
    answer = send(member_phone, household, form_of(member_phone, household, **done(parents[0])))
    assert member_phone.get(f"{answer.url}xoa/").status_code == 405
    assert member_phone.post(f"{answer.url}xoa/").status_code == 302
    scope.open_to(None)
    assert state_of(parents[0], at) == ""
    assert "đã xoá" in text(member_phone.get(answer.url))
    assert member_phone.post(f"{answer.url}xoa/").status_code == 302


def test_nobody_home_is_two_taps(member_phone: Client, household: Household) -> None:
    send(member_phone, household, form_of(member_phone, household, met="nobody"))
    assert Visit.objects.get().outcome == "nobody_home"
    assert not VisitHelp.objects.exists()


def test_a_promise_is_kept_with_the_visit(
    member_phone: Client, household: Household, parents: list[Person], campaign: Campaign
) -> None:
    signed = {"promised_by": parents[0].uuid.hex, "promised_due": "30/11/2026"}
    assert send(member_phone, household, form_of(member_phone, household) | signed).status_code == 422
    signed[f"met-{parents[0].uuid.hex}"] = "on"
    send(member_phone, household, form_of(member_phone, household, **signed))
    made = Commitment.objects.get()
    assert (made.person, EID in made.services) == (parents[0], True)
    assert "chưa đến hẹn" in text(member_phone.get(f"/to/ho/{household.uuid}/"))


def test_somebody_without_a_household_is_visited_too(
    member_phone: Client, person: MakePerson, campaign: Campaign
) -> None:
    alone = person("Lương Văn Một", birth="1980", device="smartphone")
    page = text(member_phone.get("/to/tim/", {"q": "luong mot"}))
    assert f"/to/nguoi/{alone.uuid}/" in page
    assert "Lương Văn Một" in text(member_phone.get(f"/to/nguoi/{alone.uuid}/"))
    said = {"key": str(uuid4()), "met": "met", "visited_on": "22/11/2026", "part_of_day": "noon"}
    answer = member_phone.post(f"/to/nguoi/{alone.uuid}/ghi/", said | done(alone))
    scope.open_to(None)
    assert answer.status_code == 302
    assert Visit.objects.get().persons.get().person == alone


# --- what is refused -------------------------------------------------------------------------------------------------------


def test_it_keeps_what_was_typed_and_says_what_lacks(
    member_phone: Client, household: Household, parents: list[Person], campaign: Campaign
) -> None:
    said = form_of(member_phone, household, note="Cả nhà đang ăn cơm")
    said[f"do-{parents[0].uuid.hex}-{EID}"] = "tried"
    answer = send(member_phone, household, said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Chọn lý do chưa làm được cho Lê Văn An" in page
    assert "Cả nhà đang ăn cơm" in page
    assert said["key"] in page
    assert not Visit.objects.exists()


@pytest.mark.parametrize("phone", ["relative", "officer"])
def test_on_somebody_elses_phone_only_with_the_residents_word(
    phone: str, member_phone: Client, household: Household, parents: list[Person], campaign: Campaign
) -> None:
    be = parents[1]
    said = form_of(member_phone, household, **done(be, phone))
    assert send(member_phone, household, said).status_code == 422
    assert not Visit.objects.exists()
    said[f"agree-{be.uuid.hex}"] = "on"
    assert send(member_phone, household, said).status_code == 302
    assert "Đồng ý bằng lời" in Consent.objects.get().evidence
    assert VisitHelp.objects.get().consent is not None


def test_it_keeps_no_code(member_phone: Client, household: Household, campaign: Campaign) -> None:
    said = form_of(member_phone, household, note="Mã OTP là 482913")
    assert send(member_phone, household, said).status_code == 422
    assert not Visit.objects.exists()


def test_nobody_home_and_yet_something_done_is_asked_again(
    member_phone: Client, household: Household, parents: list[Person], campaign: Campaign
) -> None:
    said = form_of(member_phone, household, met="nobody", **done(parents[0]))
    assert send(member_phone, household, said).status_code == 422
    assert not Visit.objects.exists()


# --- what is not there -----------------------------------------------------------------------------------------------------


def test_another_village_is_not_there(
    phone_of: Phone, villages: list[Unit], household: Household, parents: list[Person], visit: MakeVisit
) -> None:
    made = visit()
    elsewhere = phone_of(villages[1], phone="0987654321", name="Vi Văn Khác")
    for address in (
        f"/to/ho/{household.uuid}/",
        f"/to/ho/{household.uuid}/ghi/",
        f"/to/nguoi/{parents[0].uuid}/",
        f"/to/thon/{villages[0].uuid}/",
        f"/to/luot/{made.uuid}/",
    ):
        assert elsewhere.get(address).status_code == 404, address
    said = {"key": str(uuid4()), "met": "met", "visited_on": "22/11/2026", "part_of_day": "noon"}
    assert elsewhere.post(f"/to/ho/{household.uuid}/ghi/", said).status_code == 404
    assert elsewhere.post(f"/to/luot/{made.uuid}/xoa/").status_code == 404
    for address in ("/to/", "/to/vang/", "/to/da-lam/", "/to/tim/?q=an"):
        assert "Lê Văn An" not in text(elsewhere.get(address))


def test_nor_is_a_village_of_the_commune_that_another_team_goes_to(
    phone_of: Phone,
    thuong_xuan: Unit,
    villages: list[Unit],
    team: Team,
    household: Household,
    actor: Actor,
    at: Any,
) -> None:
    """The role covers the commune, the team goes to one village of it. Without a team of one's own, all of it is there."""
    from datetime import date

    from bakhong.outreach.actions.teams import add_member

    client = phone_of(thuong_xuan, phone="0987654321", name="Vi Văn Khác")
    assert client.get(f"/to/ho/{household.uuid}/").status_code == 200
    scope.open_to(None)
    user = client.user  # type: ignore[attr-defined]
    add_member(team=team, user=user, name="Vi Văn Khác", valid_from=date(2025, 7, 1), by=actor, at=at)
    assign_villages(team=team, villages=[villages[1]], on=date(2026, 11, 1), by=actor, at=at)
    assert client.get(f"/to/ho/{household.uuid}/").status_code == 404


def test_somebody_elses_visit_is_not_mine_to_take_back(
    phone_of: Phone, member_phone: Client, household: Household, village: Unit, parents: list[Person]
) -> None:
    answer = send(member_phone, household, form_of(member_phone, household))
    colleague = phone_of(village, phone="0987654321", name="Vi Văn Khác")
    assert colleague.get(answer.url).status_code == 404
    assert colleague.post(f"{answer.url}xoa/").status_code == 404
    scope.open_to(None)
    assert Visit.objects.get().retracted_at is None


def test_a_stranger_is_sent_to_the_entrance(household: Household) -> None:
    answer = Client().get(f"/to/ho/{household.uuid}/")
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/to/vao/")
    assert Client().get("/desk/").url.partition("?")[0] == "/accounts/login/"


def test_back_keeps_the_form_on_ones_own_phone_only(
    member_phone: Client, household: Household, staff: Any, village: Unit
) -> None:
    """Without it the browser forgets what was typed; with it anywhere else, the next at that PC would see it."""
    form, door = f"/to/ho/{household.uuid}/ghi/", f"/to/ho/{household.uuid}/"
    assert "no-store" not in member_phone.get(form)["Cache-Control"]
    assert "no-store" in member_phone.get(door)["Cache-Control"]
    desk = Client()
    desk.force_login(
        staff("village_head", village).user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert "no-store" in desk.get(form)["Cache-Control"]


def test_it_says_that_the_house_was_called_at_already(member_phone: Client, household: Household) -> None:
    assert "mình đã ghi một lượt" not in text(member_phone.get(f"/to/ho/{household.uuid}/ghi/"))
    send(member_phone, household, form_of(member_phone, household))
    assert "mình đã ghi một lượt" in text(member_phone.get(f"/to/ho/{household.uuid}/ghi/"))


def test_who_is_locked_out_is_told_whom_to_call(
    member_phone: Client, thuong_xuan: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bakhong.accounts import pins
    from bakhong.accounts.models import PhoneDevice
    from bakhong.places.models import Contact

    Contact.objects.create(unit=thuong_xuan, phone="02373000111", contact_name="Thư ký Thử")
    PhoneDevice.objects.update(failures=pins.TRIES)
    member_phone.post("/accounts/logout/")
    page = member_phone.post("/to/vao/", {"phone": "0912345678", "pin": "485137"}).content.decode()
    assert "bị khóa" in page
    assert "Thư ký Thử, số 02373000111" in page


def test_looking_writes_nothing(member_phone: Client, household: Household, campaign: Campaign) -> None:
    for address in (f"/to/ho/{household.uuid}/", f"/to/ho/{household.uuid}/ghi/", "/to/"):
        member_phone.get(address)
    scope.open_to(None)
    assert not Visit.objects.exists()
