"""Giving a target on the desk: the split is proposed, mended by hand, stored whole or not at all, and taken back."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.desk.tests.figures import put
from bakhong.desk.tests.figures import villages as make_villages
from bakhong.indicators.models import Target
from bakhong.outreach.actions.teams import make_team
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.places.models import Unit

RULE = "eid_accounts/activated/adults"


@pytest.fixture
def villages(thuong_xuan: Unit) -> list[Unit]:
    made = make_villages(thuong_xuan, "Một", "Hai", "Ba")
    put(made[0], 60, 100, date(2026, 11, 20))
    put(made[1], 80, 100, date(2026, 11, 20))
    return made


def address(name: str, unit: Unit, **more: Any) -> str:
    return reverse(f"desk:{name}", kwargs={"unit": unit.uuid, **more})


def form(deed: str, **more: Any) -> dict[str, Any]:
    return {
        "rule": RULE,
        "value": "200",
        "percent": "",
        "by_date": "31/12/2026",
        "decision": "12/QĐ-UBND",
        "client_key": str(new_uuid()),
        "deed": deed,
        **more,
    }


def boxes(villages: list[Unit], *values: object) -> dict[str, Any]:
    return {f"part-{unit.uuid}": value for unit, value in zip(villages, values, strict=True)}


def test_the_empty_page_says_the_first_step(enter: Callable[..., Client], thuong_xuan: Unit) -> None:
    shown = enter("dx_secretary", thuong_xuan).get(address("targets", thuong_xuan)).content.decode()
    assert "Bước đầu: ghi số quyết định" in shown
    assert address("target_new", thuong_xuan) in shown


def test_it_proposes_a_split_and_stores_it(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit]
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    new = address("target_new", thuong_xuan)
    preview = client.post(new, form("preview"))
    assert preview.status_code == 200
    text = preview.content.decode()
    assert 'value="87"' in text  # 60 done, and 27 of the 60 still asked for
    assert 'value="93"' in text
    assert "theo số đã công bố, 20/11/2026" in text
    assert "chưa có số liệu, tạm chia theo mức trung bình" in text
    assert not Target.objects.exists()
    saved = client.post(new, form("save", **boxes(villages, "87", "93", "20")), follow=True)
    assert Target.objects.standing().count() == 4
    assert "khớp" in client.get(address("targets", thuong_xuan)).content.decode()
    assert "Thôn Một" in saved.content.decode()
    below = client.get(address("targets", villages[0])).content.decode()
    assert "Xã Thường Xuân giao" in below


def test_parts_that_do_not_sum_stay_typed_and_nothing_is_stored(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit]
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    new = address("target_new", thuong_xuan)
    added = client.post(new, form("sum", **boxes(villages, "80", "93", "20"))).content.decode()
    assert "còn thiếu 7" in added
    assert 'value="80"' in added
    refused = client.post(new, form("save", **boxes(villages, "80", "93", "20")))
    assert refused.status_code == 422
    assert "lệch 7" in refused.content.decode()
    letters = client.post(new, form("save", **boxes(villages, "tám mươi", "93", "20")))
    assert letters.status_code == 422
    assert "tám mươi" in letters.content.decode()
    assert "Chỉ gõ số" in letters.content.decode()
    assert not Target.objects.exists()


def test_more_than_the_people_there_is_said(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit]
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    text = client.post(address("target_new", thuong_xuan), form("preview", value="900")).content.decode()
    assert "nhiều hơn số người thuộc diện" in text
    assert "Chỉ tiêu cao hơn số người có thể tính" in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"percent": "80"}, "một trong hai"),
        ({"value": ""}, "một trong hai"),
        ({"value": "", "percent": "120"}, "từ 0 đến 100"),
        ({"value": "x"}, "Chỉ gõ số"),
        ({"by_date": "01/01/2020"}, "từ hôm nay trở đi"),
        ({"value": "", "percent": "80"}, "Chưa biết tổng số"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit], wrong: Any, said: str
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    answer = client.post(address("target_new", thuong_xuan), form("preview", **wrong))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "12/QĐ-UBND" in answer.content.decode()


def test_a_target_given_by_the_province_is_split_by_the_commune_and_withdrawn_by_the_province(
    enter: Callable[..., Client], thanh_hoa: Unit, thuong_xuan: Unit, villages: list[Unit]
) -> None:
    province, secretary = enter("province_admin", thanh_hoa), enter("dx_secretary", thuong_xuan)
    new = address("target_new", thanh_hoa)
    communes = province.post(new, form("preview")).context["proposal"].shares
    parts = {f"part-{share.unit.uuid}": "0" for share in communes}
    parts[f"part-{thuong_xuan.uuid}"] = "200"
    assert province.post(new, form("save", **parts)).status_code == 302
    given = Target.objects.get(unit=thuong_xuan)
    page = address("target", thuong_xuan, target=given.uuid)
    assert "Do Tỉnh Thanh Hoá giao" in secretary.get(page).content.decode().replace("Hóa", "Hoá")
    assert secretary.post(page, {"deed": "save", **boxes(villages, "87", "93", "20")}).status_code == 302
    assert secretary.post(page, {"deed": "withdraw", "reason": "Nhiều"}).status_code == 403
    whole = address("target", thanh_hoa, target=given.parent.uuid)  # type: ignore[union-attr]
    empty = province.post(whole, {"deed": "withdraw", "reason": ""})
    assert empty.status_code == 422
    assert province.post(whole, {"deed": "withdraw", "reason": "Giao nhầm"}).status_code == 302
    assert not Target.objects.standing().exists()
    assert "Giao nhầm" in secretary.get(page).content.decode()


def test_catch_up_says_who_is_hardest(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit]
) -> None:
    put(villages[0], 58, 100, date(2026, 10, 20))
    put(villages[1], 40, 100, date(2026, 10, 20))
    client = enter("dx_secretary", thuong_xuan)
    client.post(address("target_new", thuong_xuan), form("save", **boxes(villages, "95", "95", "10")))
    found = client.get(address("catch_up", thuong_xuan), {"rule": RULE})
    names = [line["row"].unit.name for line in found.context["lines"]]
    assert names == ["Thôn Một", "Thôn Ba", "Thôn Hai"]
    slow, unknown, fast = found.context["lines"]
    assert (slow["row"].missing, slow["row"].days_left, slow["row"].needed) == (35, 39, 7)
    assert slow["row"].pace.gained == 2
    assert slow["word"] == "không kịp"
    assert unknown["word"] == "chưa có số liệu"
    assert fast["word"] == "kịp hạn"
    assert fast["forecast"] == "04/12/2026"  # 15 more at 40 in 31 days
    text = found.content.decode()
    assert "60% " in text or "60%" in text


def test_catch_up_names_the_team_behind_a_pace(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    client.post(address("target_new", thuong_xuan), form("save", **boxes(villages, "95", "95", "10")))
    page = address("catch_up", thuong_xuan)
    assert "chưa phân tổ" not in client.get(page, {"rule": RULE}).content.decode()
    since = date(2025, 7, 1)
    team = make_team(
        unit=thuong_xuan, name="Tổ thôn Hai", villages=[villages[1]], valid_from=since, by=actor, at=at
    )
    found = client.get(page, {"rule": RULE})
    going = {line["row"].unit.name: line["teams"] for line in found.context["lines"]}
    assert going == {"Thôn Một": [], "Thôn Hai": [team], "Thôn Ba": []}
    assert address("outreach_team", thuong_xuan, team=team.uuid) in found.content.decode()
    assert "chưa phân tổ" in found.content.decode()
    assert client.get(page, {"rule": RULE, "on": "01/06/2025"}).context["has_teams"] is False
    looker = enter("accountant", thuong_xuan).get(page, {"rule": RULE})
    assert "Tổ thôn Hai" not in looker.content.decode()


def test_catch_up_without_a_target_says_the_first_step(
    enter: Callable[..., Client], thuong_xuan: Unit
) -> None:
    shown = enter("village_head", make_villages(thuong_xuan, "Bốn")[0])
    unit = Unit.objects.get(full_name="Thôn Bốn")
    assert "Bước đầu: giao một chỉ tiêu" in shown.get(address("catch_up", unit)).content.decode()


def test_a_village_gets_a_target_without_a_split(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit]
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    new = address("target_new", villages[0])
    assert "Xem cách chia" not in client.get(new).content.decode()
    sent = form("whole", value="95")
    for _time in range(2):
        assert client.post(new, sent).status_code == 302
    assert Target.objects.get().unit == villages[0]


def test_a_later_decision_below_shows_the_gap(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit]
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    client.post(address("target_new", thuong_xuan), form("save", **boxes(villages, "87", "93", "20")))
    client.post(address("target_new", villages[0]), form("whole", value="80"))
    assert "còn thiếu 7" in client.get(address("targets", thuong_xuan)).content.decode()
    whole = Target.objects.get(parent=None, unit=thuong_xuan)
    text = client.get(address("target", thuong_xuan, target=whole.uuid)).content.decode()
    assert "Các phần không còn khớp với chỉ tiêu" in text
    assert "đã có quyết định mới hơn" in text


def test_who_may_only_look_sees_no_buttons_and_is_refused(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit]
) -> None:
    enter("dx_secretary", thuong_xuan).post(
        address("target_new", thuong_xuan), form("save", **boxes(villages, "87", "93", "20"))
    )
    whole = Target.objects.get(parent=None)
    page = address("target", thuong_xuan, target=whole.uuid)
    looker = enter("accountant", thuong_xuan)
    assert "Rút chỉ tiêu" not in looker.get(page).content.decode()
    assert looker.post(page, {"deed": "withdraw", "reason": "x"}).status_code == 403
    assert looker.get(address("target", villages[0], target=whole.uuid)).status_code == 404
    assert Target.objects.standing().count() == 4


def test_a_count_of_the_roll_opens_the_people_who_are_missing(
    enter: Callable[..., Client], thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    with scope.seeing(actor):
        for letter in "ABC":
            values = {"name": f"Lê Văn {letter}", "birth": "1980-05-06"}
            add_person(village=villages[2], values=values, source="list", by=actor, at=at)
    client = enter("dx_secretary", thuong_xuan)
    found = client.get(address("catch_up", thuong_xuan), {"rule": RULE})
    links = {line["row"].unit.name: line["people_url"] for line in found.context["lines"]}
    assert links["Thôn Một"] == ""  # a published figure has nobody behind it
    listed = client.get(links["Thôn Ba"]).content.decode()
    assert "Lê Văn A" in listed
    looker = enter("accountant", thuong_xuan).get(address("catch_up", thuong_xuan), {"rule": RULE})
    assert [line["people_url"] for line in looker.context["lines"]] == ["", "", ""]
