"""Filing from the first button to the receipt, in order and out of order."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from bakhong.dossiers.applicants import email_of
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Answer, Draft
from bakhong.eforms.tests.return_codes import code_in
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import CARD, CODE, NUMBER, WHAT, WHO, at, begin, fill, send, text_of

SCREENS = ("buoc/ma", "nguoi", "viec", "buoc/ket-qua", "xem-lai")


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit) -> Iterator[None]:
    """What is stored is looked at as the operator; the connection is closed behind it."""
    yield
    scope.close()


def stored(draft: UUID) -> Draft:
    scope.open_to(None)
    try:
        return Draft.objects.get(uuid=draft)
    finally:
        scope.close()


def answers(draft: UUID) -> dict[str, Any]:
    from bakhong.eforms.queries.answers import answers_of

    scope.open_to(None)
    try:
        return answers_of(Draft.objects.select_related("version__form").get(uuid=draft))
    finally:
        scope.close()


def test_the_first_screen_shows_the_code(client: Client) -> None:
    draft = begin(client)
    page = text_of(client, at(draft, "buoc/ma"))
    assert code_in(page)
    assert str(draft) not in re.sub(r'(action|href|value)="[^"]*"', "", page)


def test_it_files_and_gives_a_receipt(client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    review = text_of(client, at(draft, "xem-lai"))
    for said in ("Lê Thị Hoá", "20/12/2099", "Đám cưới", "Không mất tiền"):
        assert said in review
    assert send(client, draft, "xem-lai", {}) == 302
    receipt = text_of(client, at(draft, "da-nop"))
    assert "Xã đã nhận đủ hồ sơ" in receipt
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{5}", receipt)
    scope.open_to(None)
    assert Dossier.objects.get(uuid=draft).state == "submitted"


def test_an_address_for_news_goes_along(client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    wrong = client.post(at(draft, "buoc/ket-qua"), {"cach": "desk", "thu": "hoa@example"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert 'href="#thu"' in page
    assert 'value="hoa@example"' in page
    assert re.search(r'value="desk" checked', page)
    assert send(client, draft, "buoc/ket-qua", {"cach": "desk", "thu": " hoa@example.vn "}) == 302
    assert "hoa@example.vn" in text_of(client, at(draft, "buoc/ket-qua"))
    assert "hoa@example.vn" in text_of(client, at(draft, "xem-lai"))
    assert send(client, draft, "xem-lai", {}) == 302
    scope.open_to(None)
    filed = Dossier.objects.get(uuid=draft)
    assert email_of(filed.applicant_email, filed.uuid) == "hoa@example.vn"


def test_sending_again_gives_the_same_receipt(client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    assert send(client, draft, "xem-lai", {}) == 302
    first = text_of(client, at(draft, "da-nop"))
    assert send(client, draft, "xem-lai", {}) == 302
    code = r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{5}"
    assert re.findall(code, first) == re.findall(code, text_of(client, at(draft, "da-nop")))
    scope.open_to(None)
    assert Dossier.objects.count() == 1


def test_the_same_start_sent_again_is_the_same_draft(client: Client) -> None:
    page = text_of(client, f"/thu-tuc/{CODE}/")
    key = re.findall(r'name="form_key" value="([^"]+)"', page)[0]
    posted = {"form_key": key, "ai": "resident"}
    assert (
        client.post(f"/nop/{CODE}/", posted)["Location"] == client.post(f"/nop/{CODE}/", posted)["Location"]
    )


def test_a_key_seen_elsewhere_opens_nothing(client: Client) -> None:
    """Whoever knows a draft's uuid or the key of its form begins a draft of their own."""
    draft = begin(client)
    stranger = Client()
    started = stranger.post(f"/nop/{CODE}/", {"form_key": str(draft), "ai": "resident"})
    assert str(draft) not in started["Location"]
    assert stranger.get(at(draft, "buoc/ma")).status_code == 302


@pytest.mark.parametrize("step", [*SCREENS, "da-nop", "buoc/xong", "buoc/goi", "buoc/giay-to"])
def test_without_the_code_a_draft_is_as_if_it_did_not_exist(client: Client, step: str) -> None:
    draft, none = begin(client), uuid4()
    stranger = Client()
    for method in ("get", "post"):
        theirs, nobodys = (
            getattr(stranger, method)(at(each, step), {"full_name": "X"}) for each in (draft, none)
        )
        assert theirs.status_code == nobodys.status_code
        assert theirs.get("Location") == nobodys.get("Location")
        assert theirs.content == nobodys.content
    assert answers(draft) == {}


def test_negative_control_the_holder_gets_in(client: Client) -> None:
    draft = begin(client)
    assert client.get(at(draft, "buoc/ma")).status_code == 200


@pytest.mark.parametrize(
    "step", ["viec", "xem-lai", "buoc/ket-qua", "da-nop", "buoc/xong", "buoc/goi", "buoc/giay-to"]
)
def test_steps_out_of_order_answer_plainly(client: Client, step: str) -> None:
    draft = begin(client)
    for method in ("get", "post"):
        assert getattr(client, method)(at(draft, step)).status_code in (200, 302, 405, 422)
    scope.open_to(None)
    assert not Dossier.objects.exists()


def test_an_unfinished_form_is_not_sent_and_says_where_to_go(client: Client) -> None:
    draft = begin(client)
    sent = client.post(at(draft, "xem-lai"))
    assert sent.status_code == 422
    page = sent.content.decode()
    assert f'href="{at(draft, "nguoi")}?sua=1#id_full_name"' in page


def test_a_page_that_is_none_does_not_exist(client: Client) -> None:
    draft = begin(client)
    assert client.get(at(draft, "khong-co")).status_code == 404
    assert client.post(at(draft, "khong-co"), {"a": "b"}).status_code == 404


def test_after_it_was_sent_every_screen_is_the_receipt(client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    send(client, draft, "xem-lai", {})
    for step in SCREENS:
        for method in ("get", "post"):
            answer = getattr(client, method)(at(draft, step), {"full_name": "Người Khác"})
            assert (answer.status_code, answer["Location"]) == (302, at(draft, "da-nop"))
    assert answers(draft)["full_name"] == "Lê Thị Hoá"


def test_what_is_wrong_is_kept_as_typed_and_told(client: Client) -> None:
    draft = begin(client)
    sent = client.post(at(draft, "viec"), {**WHAT, "day": "30/02/2099"})
    assert sent.status_code == 422
    page = sent.content.decode()
    assert "30/02/2099" in page
    assert 'href="#id_day"' in page
    assert "30/02/2099" in text_of(client, at(draft, "viec"))  # saved, though wrong


def test_going_back_saves(client: Client) -> None:
    draft = begin(client)
    answer = client.post(at(draft, "viec"), {"kind": "wedding", "lui": "1"})
    assert (answer.status_code, answer["Location"]) == (302, at(draft, "nguoi"))
    assert answers(draft)["kind"] == "wedding"


def test_leaving_the_page_saves_without_a_word(client: Client) -> None:
    draft = begin(client)
    assert client.post(at(draft, "nguoi"), {"full_name": "Lê Thị Hoá", "keep": "1"}).status_code == 204
    assert answers(draft)["full_name"] == "Lê Thị Hoá"


def test_changing_from_the_review_leads_back_to_it(client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    answer = client.post(at(draft, "viec") + "?sua=1", {**WHAT, "part": "evening"})
    assert answer["Location"] == at(draft, "xem-lai")


def test_a_card_fills_what_it_says_and_nothing_more(client: Client) -> None:
    draft = begin(client)
    assert send(client, draft, "buoc/ma", {"the": CARD}) == 302
    known = answers(draft)
    assert known["full_name"] == "Lê Thị Hoá"
    assert known["national_id"] == NUMBER
    assert "phone" not in known
    assert stored(draft).known_by == "card"


def test_a_number_alone_fills_in_nobody(client: Client) -> None:
    draft = begin(client)
    assert send(client, draft, "buoc/ma", {"the": NUMBER}) == 302
    assert answers(draft) == {"national_id": NUMBER}  # what they typed themselves
    assert stored(draft).known_by == ""


@pytest.mark.parametrize(
    "typed", ["", "123", "xin chào", "0381900012345", "٠٣٨١٩٠٠٠١٢٣٤", "\x00" * 12, "x" * 5000]
)
def test_a_card_that_is_none_is_asked_for_again(client: Client, typed: str) -> None:
    draft = begin(client)
    assert send(client, draft, "buoc/ma", {"the": typed}) == 422


def test_forged_provenance_is_not_believed(client: Client) -> None:
    draft = begin(client)
    forged = {
        **WHO,
        "origin": "register",
        "full_name.origin": "register",
        "offered": "x",
        "known_by": "e_identity",
    }
    assert send(client, draft, "nguoi", forged) == 302
    scope.open_to(None)
    assert set(Answer.objects.filter(draft_uuid=draft).values_list("origin", flat=True)) == {"typed"}
    assert stored(draft).known_by == ""


@pytest.mark.parametrize(
    "bad", ["a\x00b", "\ud800", "x" * 1_000_000, "‮", "<script>alert(1)</script>", "Infinity", "[" * 9000]
)
def test_bad_input_gets_a_plain_answer(client: Client, bad: str) -> None:
    draft = begin(client)
    for field in ("full_name", "phone", "_add", "_remove", "_revision"):
        posted = {**WHO, field: bad.encode("utf-8", "surrogatepass")}
        answer = client.post(at(draft, "nguoi"), posted)
        assert answer.status_code in (302, 400, 409, 413, 422), (field, answer.status_code)
        assert b"<script>alert" not in answer.content


def test_who_operates_is_kept_honestly(client: Client) -> None:
    assert stored(begin(client, ai="relative")).operated_by == "relative"
    assert stored(begin(client, ai="officer")).operated_by == "resident"  # nobody becomes staff by saying so


def test_done_on_a_shared_computer(client: Client) -> None:
    draft = begin(client)
    fill(client, draft)
    assert client.post("/nop/roi-may/").status_code == 200
    assert client.get(at(draft, "xem-lai")).status_code == 302
    assert answers(draft)["full_name"] == "Lê Thị Hoá"


def test_pages_of_a_draft_stay_with_nobody(client: Client) -> None:
    draft = begin(client)
    answer = client.get(at(draft, "nguoi"))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_form_of_another_site_is_refused(client: Client) -> None:
    draft = begin(client)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(at(draft, "nguoi"), WHO).status_code == 403


def test_what_the_portal_takes_is_prepared_and_not_sent(client: Client) -> None:
    draft = begin(client, "1.004873")
    page = text_of(client, at(draft, "buoc/xong"))
    assert "Tờ khai chưa đủ" in page
    assert client.get(at(draft, "buoc/goi")).status_code == 302  # not while something is missing
    assert client.post(at(draft, "xem-lai"))["Location"] == at(draft, "buoc/xong")
    scope.open_to(None)
    assert not Dossier.objects.exists()
