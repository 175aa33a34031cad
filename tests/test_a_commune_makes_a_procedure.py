"""A commune makes a procedure of its own: residents file it, the desk receives it with the right limit, and nobody else has it."""

from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.tests.conftest import enrol
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.numbers import format_day
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.places.queries import units_on
from bakhong.portal.tests.filing import at as step
from bakhong.portal.tests.filing import begin, fill, send
from bakhong.procedures.models import LocalProcedure
from bakhong.procedures.queries.calendar import calendar_for
from bakhong.procedures.queries.local import catalogue
from bakhong.procedures.rules.deadlines import due
from bakhong.procedures.rules.limits import Limit

NAME = "Mượn loa đài của xã"
WITH_EXEMPTIONS = "1.004194"
pytestmark = pytest.mark.django_db


class Fields(HTMLParser):
    """What a browser would send of the page's big form, had nobody touched it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.first = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        is_on = {"checked", "selected"} & said.keys()
        if tag == "input" and (said.get("type") not in ("checkbox", "radio") or is_on):
            self._add(said.get("name", ""), said.get("value", ""))
        elif tag == "select":
            self.select, self.first = said["name"], True
        elif tag == "option" and self.select and (self.first or is_on):
            self.sent[self.select] = [said.get("value", "")]
            self.first = False
        elif tag == "textarea":
            self.area = said["name"]
            self.sent[self.area] = [""]

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.select = self.area = ""

    def _add(self, name: str, value: str) -> None:
        if name:
            self.sent.setdefault(name, []).append(value)


def fields_of(page: str) -> dict[str, Any]:
    read = Fields()
    read.feed(page[page.index('name="seen"') - 400 : page.rindex("</form>")])
    return {name: values if len(values) > 1 else values[0] for name, values in read.sent.items()}


@pytest.fixture
def enter(db: None) -> Callable[[str, Unit], Client]:
    def sign_in(role: str, unit: Unit) -> Client:
        user = User.objects.create(email=f"{role}.{unit.code}@example.vn", name=role)
        Assignment.objects.create(user=user, role=role, place=unit, valid_from=date(2025, 7, 1))
        enrol(user)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


def text_of(answer: Any, status: int = 200) -> str:
    page = str(answer.content.decode())
    assert answer.status_code == status, page[:3000]
    return page


def the_task(today: str, **more: str) -> dict[str, str]:
    return {
        "name": NAME,
        "short": "Mượn loa đài",
        "sector": "Văn hoá cơ sở",
        "filed": "here",
        "channels": "online",
        "amount": "7",
        "paper_0_vi": "Giấy giới thiệu của thôn",
        "paper_0_when": "kind=meeting",
        "step_0_vi": "Tiếp nhận",
        "step_0_share": "40",
        "step_1_vi": "Trả lời",
        "step_1_role": "approve",
        "step_1_share": "60",
        "result_0_vi": "Giấy đồng ý",
        "result_0_kind": "electronic",
        "form": "culture_house",
        "legal_basis": "Quy chế của xã",
        "checked": "limit",
        "source": "Quyết định 12/QĐ-UBND",
        "valid_from": today,
        **more,
    }


def stored() -> Dossier:
    with scope.seeing(OPERATOR):
        found: Dossier = Dossier.objects.select_related("village").get()
        return found


def test_from_the_first_button_to_the_due_day(
    thuong_xuan: Unit, enter: Callable[[str, Unit], Client], settings: Any
) -> None:
    settings.UNIT = "15646"
    publish_shipped(timezone.now())
    today = day_of(timezone.now())
    secretary, officer = enter("dx_secretary", thuong_xuan), enter("one_stop_officer", thuong_xuan)
    new = reverse("desk:procedure_new", args=[thuong_xuan.uuid])
    assert new in text_of(secretary.get(reverse("desk:catalogue", args=[thuong_xuan.uuid])))
    assert officer.get(new).status_code == 403

    # Shares that are no whole, a condition the form does not know: told, and nothing typed is lost.
    blank = fields_of(text_of(secretary.get(new)))
    wrong = {**blank, **the_task(format_day(today), step_1_share="50")}
    told = text_of(secretary.post(new, {**wrong, "deed": "publish"}), 422)
    assert "100%" in told
    assert fields_of(told)["paper_0_vi"] == "Giấy giới thiệu của thôn"
    more = text_of(secretary.post(new, {**wrong, "more": "steps"}))
    assert (fields_of(more)["step_3_vi"], fields_of(more)["step_1_share"]) == ("", "50")

    right = {**fields_of(told), **the_task(format_day(today))}
    shown = text_of(secretary.post(new, {**right, "deed": "check"}))
    assert "Người dân sẽ thấy" in shown
    assert "Ví dụ nộp hôm nay" in shown
    assert not LocalProcedure.objects.exists()
    published = secretary.post(new, {**fields_of(shown), "deed": "publish"})
    assert published.status_code == 302
    row = LocalProcedure.objects.get()
    assert row.code == "local.15646-muon-loa-dai"
    assert secretary.post(new, {**fields_of(shown), "deed": "publish"}).status_code == 302  # sent twice
    twin = text_of(secretary.post(new, {**right, "client_key": str(row.uuid), "deed": "publish"}), 409)
    assert "đặt tên ngắn khác" in twin
    row = LocalProcedure.objects.get()

    resident = Client()
    draft = begin(resident, row.code)
    fill(resident, draft)
    assert send(resident, draft, "xem-lai", {}) == 302
    assert resident.get(step(draft, "da-nop")).status_code == 200
    filed = stored()
    assert (filed.procedure, filed.procedure_version, filed.procedure_name) == (row.code, row.version, NAME)

    received = officer.post(
        reverse("desk:dossier_deed", args=[thuong_xuan.uuid, filed.uuid, "receive"]),
        {"version": filed.version},
    )
    assert received.status_code == 302, received.content.decode()[:2000]
    taken = stored()
    assert taken.received_at is not None
    promised = due(taken.received_at, Limit(7), calendar_for(thuong_xuan, today)).due_at
    assert taken.due_at == promised

    # A later version moves nobody who is in hand.
    text = reverse("desk:procedure_text", args=[thuong_xuan.uuid, row.code])
    mended = {**fields_of(text_of(secretary.get(text))), "amount": "2", "source": "Quyết định 13/QĐ-UBND"}
    again = text_of(secretary.post(text, {**mended, "deed": "check"}))
    assert "7 ngày làm việc" in again[again.index("Khác bản đang dùng") :]
    assert secretary.post(text, {**fields_of(again), "deed": "publish"}).status_code == 302
    assert "2 ngày làm việc" in text_of(resident.get(f"/thu-tuc/{row.code}/"))
    kept = stored()
    with scope.seeing(OPERATOR):
        found = procedure_of(kept)
    assert found is not None
    assert (found.limit, kept.due_at) == (Limit(7), promised)
    # A page that was open meanwhile does not write over it.
    assert "vừa sửa" in text_of(
        secretary.post(text, {**mended, "client_key": str(filed.uuid), "deed": "publish"}), 409
    )

    other = units_on(["14758"], today)["14758"]
    assert row.code not in catalogue(other, today)
    elsewhere = enter("dx_secretary", other)
    for name in ("catalogue_procedure", "procedure_text", "procedure_end"):
        assert elsewhere.get(reverse(f"desk:{name}", args=[other.uuid, row.code])).status_code == 404

    # It ends, and comes back.
    end = reverse("desk:procedure_end", args=[thuong_xuan.uuid, row.code])
    closing = fields_of(text_of(secretary.get(end)))
    assert secretary.post(end, {**closing, "source": "Quyết định 14/QĐ-UBND"}).status_code == 302
    assert resident.get(f"/thu-tuc/{row.code}/").status_code == 404
    listed = text_of(secretary.get(reverse("desk:catalogue", args=[thuong_xuan.uuid])))
    assert "thôi làm từ ngày" in listed
    last = LocalProcedure.objects.order_by("pk").last()
    assert last is not None
    secretary.post(reverse("desk:procedure_undo", args=[thuong_xuan.uuid, last.uuid]))
    assert resident.get(f"/thu-tuc/{row.code}/").status_code == 200


def test_a_commune_says_who_pays_less(
    thuong_xuan: Unit, enter: Callable[[str, Unit], Client], settings: Any
) -> None:
    settings.UNIT = "15646"
    publish_shipped(timezone.now())
    today = day_of(timezone.now())
    secretary = enter("dx_secretary", thuong_xuan)
    new = reverse("desk:procedure_new", args=[thuong_xuan.uuid])
    said = {
        "fee": "fixed",
        "fee_amount": "100000",
        "fee_source": "Nghị quyết 3",
        "exemption_0_vi": "Làm đám cưới",
        "exemption_0_share": "40",
        "exemption_0_when": "kind=wedding",
        "exemption_1_vi": "Hộ nghèo",
    }
    blank = fields_of(text_of(secretary.get(new)))
    made = {**blank, **the_task(format_day(today), paper_0_vi=""), **said}
    assert "Làm đám cưới; Hộ nghèo" in text_of(secretary.post(new, {**made, "deed": "check"}))
    assert secretary.post(new, {**made, "deed": "publish"}).status_code == 302
    row = LocalProcedure.objects.get()
    listed = catalogue(thuong_xuan, today)[row.code].fee.exemptions
    assert [(each.vi, each.share, each.when) for each in listed] == [
        ("Làm đám cưới", 40, {"==": [{"var": "kind"}, "wedding"]}),
        ("Hộ nghèo", 0, None),
    ]
    resident = Client()
    draft = begin(resident, row.code)
    fill(resident, draft)
    assert send(resident, draft, "xem-lai", {}) == 302
    assert stored().fee_amount == 40_000


def test_an_exemption_under_other_words_is_shown_by_nothing(
    thuong_xuan: Unit, enter: Callable[[str, Unit], Client]
) -> None:
    """What results of earlier dossiers show is who the program meant, not whom a commune means instead."""
    publish_shipped(timezone.now())
    today = day_of(timezone.now())
    secretary = enter("dx_secretary", thuong_xuan)
    text = reverse("desk:procedure_text", args=[thuong_xuan.uuid, WITH_EXEMPTIONS])
    before = {each.code: each for each in catalogue(thuong_xuan, today)[WITH_EXEMPTIONS].fee.exemptions}
    found = fields_of(text_of(secretary.get(text)))
    (line,) = [name for name, value in found.items() if value == before["poor"].vi]
    said = {**found, line: "Người sống một mình", "source": "Nghị quyết 4"}
    shown = text_of(secretary.post(text, {**said, "deed": "check"}))
    assert "Người sống một mình: miễn hết" in shown[shown.index("Khác bản đang dùng") :]
    assert secretary.post(text, {**said, "deed": "publish"}).status_code == 302
    after = {each.code: each for each in catalogue(thuong_xuan, today)[WITH_EXEMPTIONS].fee.exemptions}
    assert (before["poor"].fact, after["poor"].fact, after["poor"].values) == ("poverty.status", "", ())
    assert {**after, "poor": None} == {**before, "poor": None}


def test_a_shipped_one_is_checked_mended_and_given_back(
    thuong_xuan: Unit, enter: Callable[[str, Unit], Client]
) -> None:
    publish_shipped(timezone.now())
    today = day_of(timezone.now())
    secretary = enter("dx_secretary", thuong_xuan)
    own = reverse("desk:catalogue_procedure", args=[thuong_xuan.uuid, "1.004873"])
    text = reverse("desk:procedure_text", args=[thuong_xuan.uuid, "1.004873"])
    before = catalogue(thuong_xuan, today)["1.004873"]
    untouched = {**fields_of(text_of(secretary.get(text))), "source": "Quyết định 9/QĐ-UBND"}
    same = text_of(secretary.post(text, {**untouched, "deed": "check"}))
    assert "Nội dung giống bản đang dùng" in same

    # Without the form that asks for it, no paper can be asked for: the question is named.
    told = text_of(secretary.post(text, {**untouched, "form": "", "deed": "publish"}), 422)
    assert "(marital_status)" in told
    assert fields_of(told)["paper_0_when"] == "marital_status=divorced"
    assert not LocalProcedure.objects.exists()

    mended = {**untouched, "amount": "5", "deed": "publish", "paper_0_vi": ""}
    assert secretary.post(text, mended).status_code == 302
    found = catalogue(thuong_xuan, today)["1.004873"]
    assert found.limit == Limit(5)
    assert [each.code for each in found.papers] == [each.code for each in before.papers[1:]]
    assert (found.results, found.steps, found.fee.exemptions) == (
        before.results,
        before.steps,
        before.fee.exemptions,
    )
    assert [each.when for each in found.papers] == [each.when for each in before.papers[1:]]
    page = text_of(secretary.get(own))
    assert "3 ngày làm việc" in page  # what it said before, struck out
    assert "Quyết định 9/QĐ-UBND" in page

    end = reverse("desk:procedure_end", args=[thuong_xuan.uuid, "1.004873"])
    closing = fields_of(text_of(secretary.get(end)))
    tomorrow = format_day(today + timedelta(days=1))
    assert secretary.post(end, {**closing, "source": " ", "valid_from": tomorrow}).status_code == 422
    said = {**closing, "source": "Quyết định 10", "valid_from": format_day(today)}
    assert secretary.post(end, said).status_code == 302
    assert catalogue(thuong_xuan, today)["1.004873"] == before
    assert "trở lại bản của chương trình" in text_of(secretary.get(own))
