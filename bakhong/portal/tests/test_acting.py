"""Acting for another: only while the mandate holds, only for what it is for, and both names stand on what comes of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier
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
        assert send(own, draft, step, said) == 302  # type: ignore[arg-type]
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
