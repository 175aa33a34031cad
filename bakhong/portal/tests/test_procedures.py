"""The catalogue in plain words."""

import gzip
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from bakhong.places.models import Unit
from bakhong.portal.tests.filing import text_of
from bakhong.portal.tests.signed_in import as_resident
from bakhong.portal.views.procedures import find
from bakhong.procedures.queries.catalogue import Offer
from bakhong.procedures.rules.catalogue import procedures

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("doc than", "1.004873"),
        ("SAO Y", "2.000815"),
        ("mượn nhà", "local.nha-van-hoa"),
        ("1.004873", "1.004873"),
    ],
)
def test_it_is_found_without_accents_and_by_what_people_call_it(typed: str, code: str) -> None:
    assert code in [each.code for each in find(list(procedures(TODAY).values()), typed)]


def test_nonsense_finds_nothing() -> None:
    assert find(list(procedures(TODAY).values()), "xyzt qwe") == []


@pytest.mark.parametrize("typed", ["%00", "a%00b", "%ED%A0%80", "x" * 3000, "%E2%80%AE", "<script>", "²"])
def test_strange_words_are_looked_for_and_never_break(here: Unit, client: Client, typed: str) -> None:
    response = client.get(f"/thu-tuc/?tim={typed}")
    assert response.status_code == 200
    assert b"<script>" not in response.content.replace(b"<script src", b"")


def test_a_procedure_says_what_not_to_bring(here: Unit, client: Client) -> None:
    page = text_of(client, "/thu-tuc/1.004873/")
    bring, held = page.index("Giấy tờ cần nộp"), page.index("Không phải nộp")
    assert bring < page.index("Bản án hoặc quyết định ly hôn") < held < page.index("Trích lục khai tử")
    assert "thành phần hồ sơ" not in page.lower()
    assert re.search(r"Ví dụ nộp hôm nay \d\d/\d\d/\d{4} thì hẹn trả lúc \d\d:\d\d, \d\d/\d\d/\d{4}", page)


def test_what_is_filed_on_the_national_portal_is_only_prepared_here(here: Unit, client: Client) -> None:
    page = text_of(client, "/thu-tuc/1.004873/")
    assert "Chuẩn bị trước" in page
    assert "Nộp hồ sơ</button>" not in page
    assert not re.search(r'href="https?:', page)  # no address that asks to sign in
    assert "Nộp hồ sơ</button>" in text_of(client, "/thu-tuc/local.nha-van-hoa/")


@pytest.mark.parametrize("code", ["0.000000", "x", "1.004873%00", "..", "a" * 400])
def test_a_procedure_that_is_none_does_not_exist(here: Unit, client: Client, code: str) -> None:
    assert client.get(f"/thu-tuc/{code}/").status_code == 404
    assert client.post(f"/nop/{code}/").status_code in (403, 404)


@pytest.mark.parametrize("path", ["/thu-tuc/", *[f"/thu-tuc/{code}/" for code in procedures(TODAY)]])
def test_each_page_is_one_small_response(here: Unit, client: Client, path: str) -> None:
    content = client.get(path).content
    assert len(gzip.compress(content, 9)) <= 14 * 1024
    assert not re.search(rb"<script|<link[^>]+stylesheet", content)


def test_where_several_communes_are_served_one_is_chosen_first(
    thuong_xuan: Unit, client: Client, settings: Any
) -> None:
    settings.UNIT = "38"
    page = text_of(client, "/thu-tuc/local.nha-van-hoa/")
    assert "Bạn ở xã, phường nào?" in page
    assert "Nộp hồ sơ</button>" not in page
    found = text_of(client, "/xa/?ten=thuong+xuan&thu-tuc=local.nha-van-hoa")
    address = f"/thu-tuc/local.nha-van-hoa/?xa={thuong_xuan.uuid}"
    assert address in found
    assert "Nộp hồ sơ</button>" in text_of(client, address)


@pytest.mark.parametrize("wanted", ["nobody", "00000000-0000-0000-0000-000000000001", "%00"])
def test_a_commune_elsewhere_is_not_here(here: Unit, client: Client, wanted: str) -> None:
    assert client.get(f"/thu-tuc/?xa={wanted}").status_code == 404


def test_a_wished_procedure_that_is_none_is_not_carried_on(here: Unit, client: Client) -> None:
    page = text_of(client, "/xa/?ten=thuong&thu-tuc=%22%3E%3Cscript%3E")
    assert "<script>" not in page


def test_the_list_names_every_procedure(here: Unit, client: Client) -> None:
    page = client.get("/thu-tuc/").content.decode()
    links = re.findall(r'href="/thu-tuc/[^"/]+/[^"]*">([^<]*)</a>', page)
    assert len(links) >= 12
    assert all(text.strip() for text in links), links


def test_what_nobody_compared_is_no_promise(here: Unit, client: Client) -> None:
    page = text_of(client, "/thu-tuc/1.001776/")
    assert "Chưa đối chiếu với văn bản đang áp dụng" in page
    assert "Ví dụ nộp hôm nay" not in page
    checked = text_of(client, "/thu-tuc/1.004873/")  # negative control
    assert "Chưa đối chiếu với văn bản đang áp dụng" not in checked
    assert "Ví dụ nộp hôm nay" in checked


def test_it_says_who_may_ask(here: Unit, client: Client) -> None:
    assert "trong 60 ngày từ ngày sinh" in text_of(client, "/thu-tuc/1.001193/")


def test_a_longer_limit_is_said_with_who_may_take_it(here: Unit, client: Client) -> None:
    page = text_of(client, "/thu-tuc/1.004873/")
    assert "Phải xác minh ở nơi cư trú trước đây thì không quá 23 ngày: cán bộ xử lý gia hạn một lần" in page
    assert "gia hạn" not in text_of(client, "/thu-tuc/local.nha-van-hoa/")


def test_who_could_sign_in_is_offered_it_before_they_begin(here: Unit, client: Client, settings: Any) -> None:
    address, offer = "/thu-tuc/local.nha-van-hoa/", "/toi/dang-nhap/?next=%2Fthu-tuc%2Flocal.nha-van-hoa%2F"
    assert offer not in text_of(client, address)  # there is nothing to sign in with
    settings.E_IDENTITY = {**settings.E_IDENTITY, "issuer": "https://eid.example"}
    assert offer in text_of(client, address)
    assert offer not in text_of(as_resident(None, client=client), address)


def test_who_signed_in_is_warned_of_what_is_for_organisations(
    here: Unit, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bakhong.portal.views import procedures as views

    address, warning = "/thu-tuc/local.nha-van-hoa/", "Việc này dành cho tổ chức"
    signed_in, asked = as_resident(None), views.offer_here
    assert warning not in text_of(signed_in, address)

    def for_organisations(*said: Any) -> Offer:
        found = asked(*said)
        return replace(found, procedure=replace(found.procedure, applicants=("organisation",)))

    monkeypatch.setattr(views, "offer_here", for_organisations)
    assert warning in text_of(signed_in, address)
    assert warning not in text_of(client, address)
