"""Acting for another: only while the mandate holds, only for what it is for, and both names stand on what comes of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.eforms.contents import code_of
from bakhong.eforms.models import Draft
from bakhong.people import scope
from bakhong.people.actions.residents import end_mandate
from bakhong.people.models import Mandate, Person
from bakhong.portal.tests.filing import CODE, WHAT, begin, send, text_of
from bakhong.portal.tests.signed_in import as_resident
from bakhong.portal.tests.test_mine_filing import AN, BE, entrusted, two

__all__ = ["two"]
pytestmark = pytest.mark.django_db


def filled(agent: Client, mandate: Mandate) -> Any:
    draft = begin(agent, **{"lam-thay": str(mandate.uuid)})
    assert send(agent, draft, "nguoi", {}) == 302
    assert send(agent, draft, "viec", WHAT) == 302
    assert send(agent, draft, "buoc/ket-qua", {"cach": "electronic"}) == 302
    return draft


def dossiers() -> list[Dossier]:
    with scope.seeing(OPERATOR):
        return list(Dossier.objects.all())


def over(mandate: Mandate, how: str) -> None:
    with scope.seeing(OPERATOR):
        today = day_of(timezone.now())
        if how == "ended":
            end_mandate(mandate=mandate, by=OPERATOR, at=timezone.now())
        elif how == "expired":
            Mandate.objects.update(valid_from=today - timedelta(days=9), valid_to=today)
        else:
            Mandate.objects.update(scope="procedures", procedures=["another"])


def test_both_names_stand_on_the_receipt(two: list[Person]) -> None:
    agent = as_resident(two[1], number=BE)
    draft = filled(agent, entrusted(two[0]))
    assert send(agent, draft, "xem-lai", {}) == 302
    receipt = text_of(agent, f"/nop/ho-so/{draft}/da-nop/")
    assert "Hồ sơ của Lê Văn An, do Trần Văn Bé nộp thay." in receipt
    (dossier,) = dossiers()
    assert (dossier.person_id, dossier.operated_by) == (two[0].pk, "relative")


@pytest.mark.parametrize("how", ["ended", "expired", "another procedure"])
def test_what_is_half_done_stops_with_the_mandate(two: list[Person], how: str) -> None:
    """Fails without `may_go_on`: the agent would still see what is filled in, and send it."""
    mandate = entrusted(two[0])
    agent = as_resident(two[1], number=BE)
    draft = filled(agent, mandate)
    over(mandate, how)
    for step in ("nguoi", "viec", "buoc/ma", "buoc/ket-qua", "xem-lai"):
        page = text_of(agent, f"/nop/ho-so/{draft}/{step}/", status=403)
        assert "Giấy uỷ quyền" in page
        assert "Lê Văn An" not in page
        assert send(agent, draft, step, WHAT) == 403
    assert dossiers() == []


def test_whom_it_is_about_goes_on_after_the_mandate(two: list[Person]) -> None:
    mandate = entrusted(two[0])
    draft = filled(as_resident(two[1], number=BE), mandate)
    over(mandate, "ended")
    own = as_resident(two[0], number=AN)
    assert own.post(f"/toi/dang-lam/{draft}/").status_code == 302
    assert send(own, draft, "xem-lai", {}) == 302
    (dossier,) = dossiers()
    assert dossier.person_id == two[0].pk


def test_an_agent_opens_the_dossier_while_the_mandate_holds(two: list[Person]) -> None:
    mandate = entrusted(two[0])
    own = as_resident(two[0], number=AN)
    draft = begin(own)
    for step, said in (
        ("nguoi", {}),
        ("viec", WHAT),
        ("buoc/ket-qua", {"cach": "electronic"}),
        ("xem-lai", {}),
    ):
        assert send(own, draft, step, said) == 302
    (dossier,) = dossiers()
    agent, address = as_resident(two[1], number=BE), f"/toi/lam-thay/{mandate.uuid}/"
    assert str(dossier.uuid) in text_of(agent, address)
    assert agent.get(f"/nop/ho-so/{dossier.uuid}/da-nop/").status_code == 302  # not by the uuid alone
    assert agent.post(address, {"dossier": str(dossier.uuid)}).status_code == 302
    assert "Xã đã nhận đủ hồ sơ" in text_of(agent, f"/nop/ho-so/{dossier.uuid}/da-nop/")


@pytest.mark.parametrize("how", ["ended", "expired", "another procedure"])
def test_an_agent_opens_nothing_outside_of_the_mandate(two: list[Person], how: str) -> None:
    mandate = entrusted(two[0], scope="procedures", procedures=[CODE])
    agent = as_resident(two[1], number=BE)
    draft = filled(agent, mandate)
    assert send(agent, draft, "xem-lai", {}) == 302
    over(mandate, how)
    fresh = as_resident(two[1], number=BE)
    answer = fresh.post(f"/toi/lam-thay/{mandate.uuid}/", {"dossier": str(draft)})
    assert answer.status_code == 404
    assert fresh.get(f"/nop/ho-so/{draft}/da-nop/").status_code == 302


def secrets_of(draft: Any) -> tuple[str, str]:
    """The return code, and the code that follows the dossier ("" before it is filed)."""
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.filter(uuid=draft).first()
        return code_of(Draft.objects.get(uuid=draft)), tracking_code_of(dossier) if dossier else ""


def begun_by_principal(two: list[Person]) -> tuple[Any, Mandate, Client]:
    draft = begin(as_resident(two[0], number=AN))
    mandate, agent = entrusted(two[0]), as_resident(two[1], number=BE)
    assert agent.post(f"/toi/lam-thay/{mandate.uuid}/", {"draft": str(draft)}).status_code == 302
    return draft, mandate, agent


REST: tuple[tuple[str, dict[str, Any]], ...] = (
    ("nguoi", {}),
    ("viec", WHAT),
    ("buoc/ket-qua", {"cach": "electronic"}),
    ("xem-lai", {}),
)


@pytest.mark.parametrize("how", ["ended", "expired", "another procedure"])
def test_the_principals_own_draft_closes_with_the_mandate(two: list[Person], how: str) -> None:
    """Fails where it is held without asking for the mandate at every use."""
    draft, mandate, agent = begun_by_principal(two)
    assert "Lê Văn An" in text_of(agent, f"/nop/ho-so/{draft}/nguoi/")  # negative control
    over(mandate, how)
    for step, said in (*REST, ("buoc/ma", {})):
        assert "Lê Văn An" not in text_of(agent, f"/nop/ho-so/{draft}/{step}/", status=403)
        assert send(agent, draft, step, said) == 403
    assert dossiers() == []
    own = as_resident(two[0], number=AN)
    assert own.post(f"/toi/dang-lam/{draft}/").status_code == 302
    assert "Lê Văn An" in text_of(own, f"/nop/ho-so/{draft}/nguoi/")


def test_what_an_agent_files_of_the_principals_says_so(two: list[Person]) -> None:
    """Fails where opening it does not note whose hand it is in."""
    draft, mandate, agent = begun_by_principal(two)
    for step, said in REST:
        assert send(agent, draft, step, said) == 302
    (dossier,) = dossiers()
    assert (dossier.operated_by, dossier.agent_mandate) == ("relative", mandate.uuid)
    assert dossier.agent_name == "Trần Văn Bé"
    event = Event.objects.get(deed="eforms.act_for")
    assert event.details["mandate"] == str(mandate.uuid)


@pytest.mark.parametrize("whose", ["principal", "agent"])
def test_an_agent_is_shown_no_code(two: list[Person], whose: str) -> None:
    """Fails where a page says the code: it would open when the mandate is over."""
    if whose == "principal":
        draft, mandate, agent = begun_by_principal(two)
    else:
        mandate, agent = entrusted(two[0]), as_resident(two[1], number=BE)
        draft = begin(agent, **{"lam-thay": str(mandate.uuid)})
    code, _none = secrets_of(draft)
    assert code not in agent.get(f"/nop/ho-so/{draft}/buoc/ma/", follow=True).content.decode()
    assert agent.post(f"/nop/ho-so/{draft}/buoc/ma/", {"the": BE}).status_code == 302
    for step, said in REST:
        assert send(agent, draft, step, said) == 302
    _code, tracking = secrets_of(draft)
    receipt = text_of(agent, f"/nop/ho-so/{draft}/da-nop/")
    assert tracking not in receipt
    assert f"/toi/lam-thay/{mandate.uuid}/" in receipt
    assert tracking not in text_of(agent, f"/tra-cuu/ho-so/{draft}/don/")
    for page in ("giay-hen", "bo-sung"):
        assert agent.get(f"/tra-cuu/ho-so/{draft}/{page}/")["Location"] == f"/toi/lam-thay/{mandate.uuid}/"
    own = as_resident(two[0], number=AN)  # negative control: theirs to see
    assert own.post(f"/toi/ho-so/{draft}/mo/").status_code == 302
    assert tracking in text_of(own, f"/nop/ho-so/{draft}/da-nop/")
    over(mandate, "ended")
    for page in ("don", "bo-sung", "giay-hen"):
        assert agent.get(f"/tra-cuu/ho-so/{draft}/{page}/")["Location"] == "/tra-cuu/"
    assert agent.get(f"/nop/ho-so/{draft}/da-nop/").status_code == 403
