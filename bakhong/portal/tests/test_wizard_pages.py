"""What the form's own pages do for residents: groups that repeat, wrong data told of at its source, and small answers on the wire."""

import gzip
import re
from uuid import UUID

import pytest
from django.test import Client

from bakhong.core.actor import OPERATOR
from bakhong.eforms.models import Answer
from bakhong.people import scope
from bakhong.people.models import CorrectionRequest, Person
from bakhong.people.queries.residents import corrections_of
from bakhong.portal.tests.filing import WHAT, WHO, at, begin, send, text_of
from bakhong.portal.tests.signed_in import as_resident
from bakhong.portal.tests.test_mine_filing import AN, two

__all__ = ["two"]
pytestmark = pytest.mark.django_db
ALLOWANCE = "1.001776"
FAMILY = "gia-dinh"


def answers(draft: UUID) -> dict[str, object]:
    with scope.seeing(OPERATOR):
        return {row.path: row.value for row in Answer.objects.filter(draft_uuid=draft)}


def test_rows_come_and_go_without_a_script(two: list[Person], client: Client) -> None:
    draft = begin(client, ALLOWANCE)
    page = text_of(client, at(draft, FAMILY))
    (group,) = re.findall(r'name="_add" value="(\w+)"', page)
    start = len(re.findall(rf'name="{group}\.\d+\.member_name"', page))
    for number in (start, start + 1):
        typed = {f"{group}.{start}.member_name": "Lê Thị Cả"} if number > start else {}
        assert client.post(at(draft, FAMILY), {"_add": group, **typed}).status_code == 302
    page = text_of(client, at(draft, FAMILY))
    assert len(re.findall(rf'name="{group}\.\d+\.member_name"', page)) == start + 2
    assert "Lê Thị Cả" in page  # what was typed before the button is kept
    typed = {f"{group}.{start + 1}.member_name": "Lê Văn Út"}
    assert client.post(at(draft, FAMILY), {"_remove": f"{group}.{start}", **typed}).status_code == 302
    page = text_of(client, at(draft, FAMILY))
    assert "Lê Thị Cả" not in page
    assert "Lê Văn Út" in page  # the one below moved up


@pytest.mark.parametrize(
    "bad", ["members.99", "members.-1", "members", "full_name.0", "x", "members.0.0", ""]
)
def test_a_row_that_is_none_changes_nothing(two: list[Person], client: Client, bad: str) -> None:
    draft = begin(client, ALLOWANCE)
    before = answers(draft)
    for name in ("_add", "_remove"):
        if (name, bad) != ("_add", "members"):
            assert client.post(at(draft, FAMILY), {name: bad}).status_code in (302, 422)
    assert answers(draft) == before


def test_what_is_wrong_at_its_source_is_asked_to_be_mended_there(two: list[Person]) -> None:
    client = as_resident(two[0], number=AN)
    draft = begin(client)
    send(client, draft, "nguoi", {})
    send(client, draft, "viec", WHAT)
    review = text_of(client, at(draft, "xem-lai"))
    assert at(draft, "buoc/sai/full_name") in review
    assert "Lê Văn An" in text_of(client, at(draft, "buoc/sai/full_name"))
    short = client.post(at(draft, "buoc/sai/full_name"), {"dung-full_name": "Lê Văn Ân", "vi_sao": ""})
    assert short.status_code == 422
    assert "Lê Văn Ân" in short.content.decode()
    told = {"dung-full_name": "Lê Văn Ân", "vi_sao": "Giấy khai sinh ghi Ân."}
    for _time in range(2):
        assert client.post(at(draft, "buoc/sai/full_name"), told).status_code == 302
    with scope.seeing(OPERATOR):
        asked = CorrectionRequest.objects.get()
        assert (asked.person_id, asked.key, asked.about) == (two[0].pk, "person.full_name", draft)
        row = Answer.objects.get(draft_uuid=draft, path="full_name")
        assert (row.value, row.is_corrected) == ("Lê Văn An", True)  # never written over
        two[0].refresh_from_db()
    assert two[0].name == "Lê Văn An"


@pytest.mark.parametrize(
    ("path", "box", "wrong", "right", "wanted"),
    [
        ("sex", 'value="female"', "Nữ", "female", "female"),
        ("birth", "bk-day", "31/02/1961", "06/03/1960", "1960-03-06"),
        ("national_id", 'inputmode="numeric"', "123", "038060009999", "038060009999"),
    ],
)
def test_what_is_wrong_is_said_in_the_box_the_question_has(
    two: list[Person], path: str, box: str, wrong: str, right: str, wanted: str
) -> None:
    """A word typed for a choice, a day that is none, a number too short: told; the one that can be read is asked for."""
    client = as_resident(two[0], number=AN)
    draft = begin(client, ALLOWANCE)
    assert box in text_of(client, at(draft, f"buoc/sai/{path}"))
    sent = {"vi_sao": "Thẻ ghi khác."}
    told = client.post(at(draft, f"buoc/sai/{path}"), {**sent, f"dung-{path}": wrong})
    assert told.status_code == 422
    assert "Thẻ ghi khác." in told.content.decode()  # what was typed is kept
    with scope.seeing(OPERATOR):
        assert not CorrectionRequest.objects.exists()
    assert client.post(at(draft, f"buoc/sai/{path}"), {**sent, f"dung-{path}": right}).status_code == 302
    with scope.seeing(OPERATOR):
        (asked,) = corrections_of(two[0])
        assert asked.wanted == wanted


@pytest.mark.parametrize("path", ["phone_", "kind", "nope", "full_name.0"])
def test_what_was_not_filled_in_cannot_be_told_wrong(two: list[Person], path: str) -> None:
    client = as_resident(two[0], number=AN)
    draft = begin(client)
    assert client.get(at(draft, f"buoc/sai/{path}")).status_code == 404
    assert client.post(at(draft, f"buoc/sai/{path}"), {f"dung-{path}": "x", "vi_sao": "y"}).status_code == 404


def test_every_answer_of_the_wizard_is_small_on_the_wire(two: list[Person]) -> None:
    """One response a page, at most 15 kB as it is sent; nothing else but the deferred script is asked for."""
    client = as_resident(two[0], number=AN)
    draft = begin(client)
    send(client, draft, "nguoi", {**WHO, "organisation": "Hội Phụ nữ"})
    send(client, draft, "viec", WHAT)
    steps = ("buoc/ma", "nguoi", "viec", "buoc/giay-to", "buoc/ket-qua", "xem-lai", "buoc/sai/full_name")
    sizes = {}
    for step in steps:
        answer = client.get(at(draft, step), headers={"accept-encoding": "gzip"})
        assert (answer.status_code, answer.get("Content-Encoding")) == (200, "gzip"), step
        sizes[step] = len(answer.content)
        page = gzip.decompress(answer.content).decode()
        asked = re.findall(r'<(?:script|img|link)[^>]+(?:src|href)="(?!data:)([^"]+)"', page)
        assert [each for each in asked if not re.search(r"\.(js|svg|png|ico)$", each.split("?")[0])] == [], (
            step
        )
    assert max(sizes.values()) <= 15_000, sizes
