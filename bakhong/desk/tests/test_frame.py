"""Where staff land, what they may reach, and what the address may ask."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory

from bakhong.accounts.models import Assignment, User
from bakhong.core.actor import Actor
from bakhong.desk import navigation
from bakhong.desk.frame import Asked, BadQuestion, asked, standing_day
from bakhong.desk.tests.conftest import EID
from bakhong.desk.tests.money import a_biller
from bakhong.indicators.actions import periods
from bakhong.indicators.actions.periods import save_draft
from bakhong.indicators.models import ReportingPeriod
from bakhong.indicators.rules.asks import Cell
from bakhong.payments.models import Biller, BillerMember
from bakhong.places.actions import create_village, create_villages, set_contact
from bakhong.places.models import Unit


def test_it_sends_somebody_with_one_place_straight_there(
    enter: Callable[..., Client], thuong_xuan: Unit
) -> None:
    answer = enter("dx_secretary", thuong_xuan).get("/desk/")
    assert answer.status_code == 302
    assert str(thuong_xuan.uuid) in answer.url


def test_it_lets_somebody_with_two_places_choose(
    enter: Callable[..., Client], thuong_xuan: Unit, other_commune: Unit
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    Assignment.objects.create(
        user=User.objects.get(), role="specialist", place=other_commune, valid_from=date(2025, 7, 1)
    )
    page = client.get("/desk/").content.decode()
    assert thuong_xuan.full_name in page
    assert other_commune.full_name in page


def test_an_accountant_of_a_biller_starts_at_the_money(
    enter: Callable[..., Client], thuong_xuan: Unit
) -> None:
    client = enter("biller_accountant", thuong_xuan)
    answer = client.get("/desk/", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == f"/desk/u/{thuong_xuan.uuid}/tien/"
    assert thuong_xuan.full_name in answer.content.decode()


def test_what_waits_elsewhere_is_counted_where_one_starts_alone(
    enter: Callable[..., Client], thuong_xuan: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(
        navigation,
        "PAGES",
        tuple(
            replace(each, count=lambda *_, name=each.name: counted.append(name) or 1) if each.count else each
            for each in navigation.PAGES
        ),
    )
    client = enter("dx_secretary", thuong_xuan)
    start = client.get(f"/desk/u/{thuong_xuan.uuid}/").content.decode()
    assert {"followups", "periods", "findings"} <= set(counted)
    assert "Điều hành (1)" in start
    counted.clear()
    assert "Kỳ báo cáo (1)" in client.get(f"/desk/u/{thuong_xuan.uuid}/periods/").content.decode()
    assert set(counted) == {
        "periods",
        "findings",
        "my_messages",
    }  # what waits for oneself is counted everywhere


def rows_of_the_bar(client: Client, address: str) -> list[list[str]]:
    bar = client.get(address).content.decode().split('class="bk-nav"')[1].split("</nav>")[0]
    return [
        [re.sub(r"<kbd.*?</kbd>|<[^>]+>", "", each) for each in re.findall(r"<a .*?</a>", row)]
        for row in bar.split("<ul")[1:]
    ]


def test_pages_of_money_fit_in_a_row_and_each_is_reached(
    enter: Callable[..., Client], thuong_xuan: Unit
) -> None:
    client, unit = enter("accountant", thuong_xuan), f"/desk/u/{thuong_xuan.uuid}"
    _bar, row = rows_of_the_bar(client, f"{unit}/tien/")
    assert row == [
        "Hôm nay", "Tóm tắt", "Khoản thu", "Tiền chờ xử lý", "Sổ sách", "Tiền mặt", "Đơn vị thu", "Không tiền mặt", "Chợ, điểm bán",
    ]  # fmt: skip
    _bar, same, books = rows_of_the_bar(client, f"{unit}/tien/sao-ke/")
    assert same == row
    assert books == ["Sao kê", "Đối chiếu ngày", "Trả lại tiền", "Sổ cái"]


def test_who_has_few_pages_of_a_group_has_them_in_one_row(
    enter: Callable[..., Client], thuong_xuan: Unit
) -> None:
    """A collector goes round without looking for their page under another one."""
    _bar, row = rows_of_the_bar(enter("collector", thuong_xuan), f"/desk/u/{thuong_xuan.uuid}/di-thu/")
    assert row == ["Đi thu", "Quét mã QR"]


def test_it_tells_somebody_without_a_place_whom_to_ask(
    enter: Callable[..., Client], thuong_xuan: Unit
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    Assignment.objects.update(valid_to=date(2025, 8, 1))
    assert "người quản trị" in client.get("/desk/").content.decode()


def test_strangers_are_sent_to_sign_in(client: Client, thuong_xuan: Unit) -> None:
    for address in ("/desk/", "/desk/units/", f"/desk/u/{thuong_xuan.uuid}/places/"):
        assert client.get(address).url.startswith("/accounts/login/")


def test_the_switch_finds_without_accents_and_only_what_one_may_see(
    enter: Callable[..., Client], thanh_hoa: Unit, thuong_xuan: Unit
) -> None:
    province = enter("province_viewer", thanh_hoa)
    assert "Xã Thường Xuân" in province.get("/desk/units/", {"q": "thuong xuan"}).content.decode()
    assert "Không có đơn vị nào" in province.get("/desk/units/", {"q": "Hoàn Kiếm"}).content.decode()
    commune = enter("dx_secretary", thuong_xuan)
    assert "Không có đơn vị nào" in commune.get("/desk/units/", {"q": "Bim Son"}).content.decode()


def test_the_switch_puts_the_exact_spelling_first(
    enter: Callable[..., Client], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    names = [("thon", "Nga Thành"), ("thon", "Nga Thạnh")]
    create_villages(commune=thuong_xuan, villages=names, valid_from=date(2025, 7, 1), by=actor, at=at)
    for wanted, other in (("Nga Thành", "Nga Thạnh"), ("Nga Thạnh", "Nga Thành")):
        page = enter("dx_secretary", thuong_xuan).get("/desk/units/", {"q": wanted}).content.decode()
        assert page.index(f"Thôn {wanted}") < page.index(f"Thôn {other}")


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 5000, "q=%ED%A0%80", "q=%25_"])
def test_odd_searches_get_a_page(enter: Callable[..., Client], thuong_xuan: Unit, query: str) -> None:
    assert enter("dx_secretary", thuong_xuan).get(f"/desk/units/?{query}").status_code == 200


def test_the_bar_leads_to_the_pages_and_the_crumbs_only_to_what_one_may_see(
    enter: Callable[..., Client], thuong_xuan: Unit, thanh_hoa: Unit
) -> None:
    page = enter("dx_secretary", thuong_xuan).get(f"/desk/u/{thuong_xuan.uuid}/places/").content.decode()
    assert f"/desk/u/{thuong_xuan.uuid}/periods/" in page  # the first page of its group
    assert f"/desk/u/{thuong_xuan.uuid}/grid/" not in page  # shown once one is in that group
    assert f"/desk/u/{thanh_hoa.uuid}/" not in page
    figures = enter("dx_secretary", thuong_xuan).get(f"/desk/u/{thuong_xuan.uuid}/read/").content.decode()
    assert f"/desk/u/{thuong_xuan.uuid}/grid/" in figures
    above = enter("province_viewer", thanh_hoa).get(f"/desk/u/{thuong_xuan.uuid}/places/").content.decode()
    assert f"/desk/u/{thanh_hoa.uuid}/places/" in above


def test_the_frame_names_whom_to_call(
    enter: Callable[..., Client], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    set_contact(unit=thuong_xuan, phone="0237 3852 246", contact_name="Bà Hoa", by=actor, at=at)
    page = enter("dx_secretary", thuong_xuan).get(f"/desk/u/{thuong_xuan.uuid}/periods/").content.decode()
    assert "0237 3852 246" in page


def test_a_borrowed_number_says_whose_it_is(
    enter: Callable[..., Client], thanh_hoa: Unit, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    set_contact(unit=thanh_hoa, phone="0237 3852 246", contact_name="Bà Lan", by=actor, at=at)
    page = enter("dx_secretary", thuong_xuan).get(f"/desk/u/{thuong_xuan.uuid}/periods/").content.decode()
    assert "Bà Lan, Tỉnh Thanh Hóa" in page


def test_a_former_unit_is_shown_as_of_its_last_day(thanh_hoa: Unit, enter: Callable[..., Client]) -> None:
    former = Unit.objects.get(code="15655", valid_from=None)
    assert standing_day(former, date(2026, 11, 22)) == date(2025, 6, 30)
    page = enter("province_viewer", thanh_hoa).get(f"/desk/u/{former.uuid}/places/").content.decode()
    assert "Không rõ có từ ngày nào" in page
    assert "Xã Thường Xuân" in page


def test_a_village_has_its_page(
    enter: Callable[..., Client], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    village = create_village(
        commune=thuong_xuan, kind="thon", name="Xuân Thành", valid_from=date(2025, 7, 1), by=actor, at=at
    )
    page = enter("dx_secretary", thuong_xuan).get(f"/desk/u/{village.uuid}/places/")
    assert page.status_code == 200


def _asked(query: str) -> Any:
    return asked(RequestFactory().get(f"/?{query}"))


def test_it_reads_the_days_of_the_address(at: datetime) -> None:
    assert _asked("on=6/5/2025&boundaries=30/06/2025") == Asked(date(2025, 5, 6), date(2025, 6, 30))
    assert _asked("").on == date(2026, 11, 22)
    assert _asked("").boundaries is None


@pytest.mark.parametrize("text", ["31/02/2025", "hôm qua", "01/01/0001", "01/01/9999", "%00"])
def test_it_refuses_a_day_that_is_none(text: str) -> None:
    with pytest.raises(BadQuestion, match="ngày"):
        _asked(f"on={text}")


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "sent_back"])
def test_no_key_opens_two_things(
    enter: Callable[..., Client],
    thanh_hoa: Unit,
    thuong_xuan: Unit,
    period: ReportingPeriod,
    actor: Actor,
    at: datetime,
    state: str,
) -> None:
    submission = save_draft(
        period=period, unit=thuong_xuan, cells={EID.key: Cell(80, 100)}, expected_version=0, by=actor, at=at
    )
    steps = {"draft": [], "submitted": ["submit"], "approved": ["submit", "approve"]}
    for deed in steps.get(state, ["submit", "approve", "send_back"]):
        more = {"reason": "Sai"} if deed == "send_back" else {}
        version = submission.version
        submission = getattr(periods, deed)(
            submission=submission, expected_version=version, by=actor, at=at, **more
        )
    create_villages(
        commune=thuong_xuan,
        villages=[("thon", "A"), ("thon", "B")],
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )
    grid = f"/desk/u/{thuong_xuan.uuid}/periods/{period.uuid}/"
    pages = [grid, f"/desk/u/{thuong_xuan.uuid}/places/", f"/desk/u/{thuong_xuan.uuid}/followups/"]
    for role in ("dx_secretary", "chair"):
        client = enter(role, thuong_xuan)
        for address in pages:
            keys = re.findall(r'data-key="([^"]+)"', client.get(address).content.decode())
            assert len(keys) == len(set(keys)), (role, address, keys)
    province = enter("province_admin", thanh_hoa)
    for address in (
        grid,
        f"/desk/u/{thanh_hoa.uuid}/periods/",
        f"/desk/u/{thanh_hoa.uuid}/periods/{period.uuid}/",
    ):
        keys = re.findall(r'data-key="([^"]+)"', province.get(address).content.decode())
        assert len(keys) == len(set(keys)), (address, keys)


def test_nobody_is_led_to_pages_of_money_that_hold_nothing_for_them(
    enter: Callable[..., Client], thuong_xuan: Unit, at: datetime
) -> None:
    home = f"/desk/u/{thuong_xuan.uuid}"
    collector, market, officer = (
        enter(role, thuong_xuan) for role in ("collector", "biller_accountant", "one_stop_officer")
    )
    pages = collector.get(f"{home}/di-thu/").content.decode()
    assert ("Nhận tiền người thu" in pages, "Thu tại quầy" in pages) == (False, False)
    pages = officer.get(f"{home}/di-thu/").content.decode()
    assert ("Nhận tiền người thu" in pages, "Thu tại quầy" in pages) == (True, True)
    assert "Đơn vị cung cấp" not in market.get(f"{home}/tien/").content.decode()
    provider = a_biller(thuong_xuan, at, kind="cooperative", name="HTX nước")
    Biller.objects.filter(pk=provider.pk).update(keeps_ledger=False)
    user = User.objects.get(pk=market.session["_auth_user_id"])
    BillerMember.objects.create(
        biller=provider,
        staff=f"staff:{user.uuid}",
        label="K",
        duty="accountant",
        villages=[],
        valid_from="2025-07-01",
    )
    assert "Đơn vị cung cấp" in market.get(f"{home}/tien/").content.decode()
