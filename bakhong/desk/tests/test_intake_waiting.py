"""What was begun elsewhere is gone on with at the desk; who comes for somebody else does it under a mandate, or with the card alone."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import OPERATOR, Actor
from bakhong.desk.tests.casework import CARD, ID, UNKNOWN, Enter, hidden, stored, text
from bakhong.dossiers.actions.filing import file_dossier
from bakhong.dossiers.models import Dossier
from bakhong.eforms.actions import Started, bind_card, save_page, start_draft
from bakhong.eforms.models import Answer, Draft
from bakhong.eforms.queries.answers import open_sheet
from bakhong.people import scope
from bakhong.people.actions.residents import give_mandate
from bakhong.people.models import Mandate, Person
from bakhong.places.models import Unit

pytestmark = pytest.mark.usefixtures("shipped_forms")
AGENT = "038085004321"
AGENT_CARD = f"{AGENT}||Lê Văn Bình|02021985|Nam|Thôn 2, Xã Thường Xuân|01052021"
Begun = Callable[..., Started]


def here(unit: Unit) -> str:
    return reverse("desk:intake", args=[unit.uuid])


@pytest.fixture
def begun(thuong_xuan: Unit, at: datetime) -> Begun:
    """A form begun at home, with one answer typed."""

    def make(**more: object) -> Started:
        key = uuid4()
        holder = HolderActor("draft", key)
        with scope.holding(keys=[key]):
            made = start_draft(
                key=key, form="marriage_status", unit=thuong_xuan, operated_by="resident", by=holder, at=at
            )
            first = made.draft.version.spec["pages"][0]["code"]
            save_page(draft=made.draft, page=first, posted={"ethnicity": ["Thái"]}, by=holder, at=at, **more)
        return made

    return make


# --- a form begun at home ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [str, str.lower, lambda code: code.replace("-", " ")])
def test_its_code_opens_it(
    change: Callable[[str], str], officer: Client, begun: Begun, thuong_xuan: Unit
) -> None:
    made = begun()
    answer = officer.post(here(thuong_xuan), {"scan": change(made.code)})
    assert answer.status_code == 302, text(answer)
    assert str(made.draft.uuid) in answer["Location"]
    page = text(officer.get(answer["Location"]))
    assert "Thái" in page
    assert "Người nộp tự làm" in page


def test_a_wrong_code_opens_nothing(officer: Client, begun: Begun, thuong_xuan: Unit) -> None:
    begun()
    answer = officer.post(here(thuong_xuan), {"scan": "7K3M-9QFW-2XHT"})
    assert answer.status_code == 200
    assert "Không tìm thấy" in text(answer)


def test_another_commune_does_not_open_it(enter: Enter, begun: Begun, other_commune: Unit) -> None:
    theirs = enter("one_stop_officer", other_commune)
    assert theirs.post(here(other_commune), {"scan": begun().code}).status_code == 200


def test_the_card_finds_it_and_fills_in_the_rest(
    officer: Client, begun: Begun, lady: Person, thuong_xuan: Unit
) -> None:
    made = begun()
    with scope.seeing(OPERATOR):
        bind_card(draft=made.draft, national_id=ID, by=OPERATOR, at=made.draft.opened_at)
    page = text(officer.post(here(thuong_xuan), {"scan": CARD}))
    assert "Tờ khai chưa gửi của người này" in page
    said = {name: hidden(page, name) for name in ("key", "card")} | {"person": str(lady.uuid)}
    answer = officer.post(here(thuong_xuan), {**said, "deed": "continue", "draft": str(made.draft.uuid)})
    assert answer.status_code == 302, text(answer)
    draft = stored(Draft)[0]
    assert (draft.person_id, draft.known_by, draft.operated_by) == (lady.pk, "officer", "resident")
    assert 'value="Thái"' in text(officer.get(answer["Location"]))  # what they typed stays
    assert "roll" in {each.origin for each in stored(Answer)}
    done = officer.post(answer["Location"], {**UNKNOWN, "deed": "receive", "result_mode": "desk"})
    assert done.status_code == 302, text(done)
    assert stored(Dossier)[0].operated_by == "resident"


def test_a_form_of_somebody_else_is_not_gone_on_with(
    officer: Client, begun: Begun, lady: Person, thuong_xuan: Unit
) -> None:
    """Negative control: without the card's number on it, it is nobody's the officer has before them."""
    made = begun()
    said = {"key": str(uuid4()), "card": CARD, "person": str(lady.uuid), "deed": "continue"}
    answer = officer.post(here(thuong_xuan), {**said, "draft": str(made.draft.uuid)})
    assert answer.status_code == 422
    assert stored(Draft)[0].person_id is None


def test_the_card_of_another_fills_nothing_in(
    officer: Client, begun: Begun, lady: Person, thuong_xuan: Unit
) -> None:
    made = begun()
    with scope.seeing(OPERATOR):
        bind_card(draft=made.draft, national_id=AGENT, by=OPERATOR, at=made.draft.opened_at)
    address = officer.post(here(thuong_xuan), {"scan": made.code})["Location"]
    answer = officer.post(address, {"deed": "scan", "scan": CARD})
    assert answer.status_code == 422
    assert stored(Draft)[0].person_id is None


def test_what_was_handed_in_online_is_opened_and_received(
    officer: Client, begun: Begun, thuong_xuan: Unit, at: datetime
) -> None:
    made = begun()
    holder = HolderActor("draft", made.draft.uuid)
    said = {**UNKNOWN, "applicant_name": "Lê Thị Hoá"}
    with scope.seeing(OPERATOR):
        sheet = open_sheet(made.draft)
        for page in sheet.asked.pages:
            save_page(draft=made.draft, page=page.code, posted=_all(sheet, said), by=holder, at=at)
        file_dossier(
            draft=made.draft,
            procedure="1.004873",
            channel="online",
            papers=[],
            result_mode="desk",
            by=holder,
            at=at,
            key=None,
        )
    answer = officer.post(here(thuong_xuan), {"scan": made.code})
    assert answer["Location"].endswith(f"/ho-so/{made.draft.uuid}/")
    assert "Tiếp nhận hồ sơ" in text(officer.get(answer["Location"]))
    page = text(officer.post(here(thuong_xuan), {"scan": CARD}))
    assert "Hồ sơ của người này ở xã" in page


def _all(sheet: object, said: dict[str, str]) -> dict[str, list[str]]:
    """An answer to everything the form asks of somebody nobody knows."""
    by_type = {
        "person_name": "Lê Thị Hoá",
        "national_id": ID,
        "date": "15/03/1990",
        "phone": "0912345678",
        "address": "Thôn 1",
        "text": "Thử",
    }
    found = {}
    for line in sheet.asked.lines:  # type: ignore[attr-defined]
        question = line.question
        value = said.get(line.path) or by_type.get(question.type, "")
        if question.type == "choice" and line.path not in said:
            value = question.options[0].code
        found[line.path] = [value]
    return found


# --- who came for somebody else ------------------------------------------------------------------------------------------


@pytest.fixture
def mandate(lady: Person, actor: Actor, at: datetime) -> Mandate:
    with scope.seeing(OPERATOR):
        return give_mandate(
            principal=lady,
            agent_name="Lê Văn Bình",
            agent_number=AGENT,
            scope="procedures",
            procedures=["1.004873"],
            valid_to=date(2027, 6, 1),
            how="paper",
            evidence="Giấy ủy quyền số 1",
            by=actor,
            at=at,
        )


def for_her(officer: Client, unit: Unit, lady: Person, **more: str) -> str:
    """Opened by the agent's card alone, the principal chosen from what the mandate names."""
    page = text(officer.post(here(unit), {"agent_scan": AGENT_CARD}))
    said = {"key": hidden(page, "key"), "agent": hidden(page, "agent"), "person": str(lady.uuid)}
    answer = officer.post(here(unit), {**said, "arrival": "other", "procedure": "tthn", **more})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def test_a_mandate_is_looked_up_and_fills_in(
    officer: Client, lady: Person, mandate: Mandate, thuong_xuan: Unit
) -> None:
    page = text(officer.post(here(thuong_xuan), {"agent_scan": AGENT_CARD}))
    assert "có ủy quyền" in page
    assert "Làm cho Lê Thị Hoá" in page
    assert AGENT_CARD not in page
    address = for_her(officer, thuong_xuan, lady)
    draft = stored(Draft)[0]
    assert (draft.known_by, draft.mandate, draft.operated_by) == ("officer", mandate.uuid, "relative")
    assert "roll" in {each.origin for each in stored(Answer)}
    assert "Lê Văn Bình nộp thay" in text(officer.get(address))
    done = officer.post(address, {**UNKNOWN, "deed": "receive", "result_mode": "desk"})
    assert done.status_code == 302, text(done)
    dossier = stored(Dossier)[0]
    assert (dossier.applicant_name, dossier.agent_name) == ("Lê Thị Hoá", "Lê Văn Bình")
    assert dossier.agent_mandate == mandate.uuid


@pytest.mark.parametrize("why", ["none", "another", "other_procedure"])
def test_without_a_mandate_nothing_of_the_roll_is_filled_in(
    why: str, officer: Client, lady: Person, thuong_xuan: Unit, request: pytest.FixtureRequest
) -> None:
    """Negative control: what the page carries proves nothing."""
    if why != "none":
        held = request.getfixturevalue("mandate")
        with scope.seeing(OPERATOR):
            changed = {"other_procedure": {"procedures": ["2.000815"]}}.get(why, {})
            Mandate.objects.filter(pk=held.pk).update(**changed) if changed else None
    agent = "038085009999" if why == "another" else AGENT
    page = text(officer.post(here(thuong_xuan), {"scan": CARD}))
    said = {name: hidden(page, name) for name in ("key", "card")} | {"person": str(lady.uuid)}
    answer = officer.post(
        here(thuong_xuan), {**said, "arrival": "other", "agent": agent, "procedure": "tthn"}
    )
    assert answer.status_code == 302, text(answer)
    assert {each.origin for each in stored(Answer)} == {"card"}
    assert stored(Draft)[0].mandate is None
    assert "chỉ điền sẵn những gì thẻ" in text(officer.get(answer["Location"]))


@pytest.mark.parametrize("scan", ["abc", "123", "\x00", "|||"])
def test_an_agent_who_cannot_be_read_is_told(scan: str, officer: Client, thuong_xuan: Unit) -> None:
    answer = officer.post(here(thuong_xuan), {"agent_scan": scan})
    assert answer.status_code in (200, 422)
    assert "có ủy quyền</" not in text(answer)
