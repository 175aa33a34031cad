"""Filing by somebody signed in: prefilled with what is known of them; for another only under a mandate; never by the code alone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Answer, Draft
from bakhong.eforms.tests.return_codes import code_in
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.actions.residents import end_mandate, give_mandate
from bakhong.people.models import CorrectionRequest, Mandate, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import CODE, WHAT, begin, fill, send, text_of
from bakhong.portal.tests.signed_in import as_resident

pytestmark = pytest.mark.django_db
AN, BE = "038190001234", "038190005678"


@pytest.fixture
def two(here: Unit, actor: Actor, at: datetime) -> Iterator[list[Person]]:
    with scope.seeing(OPERATOR):
        (village,) = create_villages(
            commune=here, villages=[("thon", "Mẫu 1")], valid_from=date(2025, 7, 1), by=actor, at=at
        )
        found = [
            add_person(
                village=village,
                values={
                    "name": name,
                    "birth": "1990-05-06",
                    "national_id": number,
                    "phone": "0912345678",
                    "address": "Thôn Mẫu 1",
                    "sex": "male",
                },
                source="list",
                by=actor,
                at=at,
            )
            for name, number in (("Lê Văn An", AN), ("Trần Văn Bé", BE))
        ]
    yield found
    scope.close()


def entrusted(principal: Person, **values: Any) -> Mandate:
    with scope.seeing(OPERATOR):
        return give_mandate(
            principal=principal,
            agent_name="Trần Văn Bé",
            agent_number=BE,
            **{
                "scope": "all",
                "procedures": [],
                "valid_to": day_of(timezone.now()) + timedelta(days=30),
                "how": "desk",
                "by": OPERATOR,
                "at": timezone.now(),
            }
            | values,
        )


def stored(uuid: object) -> Draft:
    with scope.seeing(OPERATOR):
        return Draft.objects.select_related("person").get(uuid=uuid)


def offered(uuid: object) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        return dict(
            Answer.objects.filter(draft_uuid=uuid).exclude(origin="typed").values_list("path", "origin")
        )


def test_what_is_known_of_them_is_filled_in(two: list[Person]) -> None:
    client = as_resident(two[0], number=AN)
    draft = begin(client)
    assert stored(draft).person == two[0]
    assert "full_name" in offered(draft)
    assert "Lê Văn An" in text_of(client, f"/nop/ho-so/{draft}/nguoi/")


def test_they_file_and_find_it_on_their_page(two: list[Person]) -> None:
    client = as_resident(two[0], number=AN)
    draft = begin(client)
    assert send(client, draft, "nguoi", {}) == 302
    assert send(client, draft, "viec", WHAT) == 302
    assert send(client, draft, "buoc/ket-qua", {"cach": "electronic"}) == 302
    assert "làm dở" in text_of(client, "/toi/ho-so/")
    assert send(client, draft, "xem-lai", {}) == 302
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.select_related("person").get()
    assert dossier.person == two[0]
    assert dossier.filed_by.startswith("resident:")
    page = text_of(client, "/toi/ho-so/")
    assert dossier.procedure_name in page
    assert "làm dở" not in page
    assert "Nộp hồ sơ" in text_of(client, f"/toi/ho-so/{dossier.uuid}/")
    other = as_resident(two[1], number=BE)
    assert dossier.procedure_name not in text_of(other, "/toi/ho-so/")
    assert other.get(f"/toi/ho-so/{dossier.uuid}/").status_code == 404
    assert other.post(reverse("portal:mine_open_dossier", args=[dossier.uuid])).status_code == 404


def test_gone_on_with_by_the_code_alone_it_is_still_theirs(two: list[Person]) -> None:
    """Whoever came by the code sees nobody of the roll; what is handed in is about the person all the same."""
    own = as_resident(two[0], number=AN)
    draft = begin(own)
    code = code_in(text_of(own, f"/nop/ho-so/{draft}/buoc/ma/"))
    client = Client()
    assert client.post("/tiep-tuc/", {"ma": code, "the": AN}).status_code == 302
    assert send(client, draft, "nguoi", {"address": "Thôn Mẫu 2"}) == 302
    assert send(client, draft, "viec", WHAT) == 302
    assert send(client, draft, "buoc/ket-qua", {"cach": "electronic"}) == 302
    assert send(client, draft, "xem-lai", {}) == 302
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.select_related("person").get()
        known = [each.was_known for each in Answer.objects.filter(draft_uuid=draft, path="address")]
        asked = list(CorrectionRequest.objects.values_list("person", "key"))
    assert dossier.filed_by.startswith("holder:")
    assert dossier.person == two[0]
    assert known == [True]
    assert asked == [(two[0].pk, "person.address")]
    assert dossier.procedure_name in text_of(own, "/toi/ho-so/")
    assert "Lê Văn An" not in text_of(client, f"/nop/ho-so/{draft}/da-nop/")


def test_they_go_on_elsewhere_with_one_tap(two: list[Person]) -> None:
    draft = begin(as_resident(two[0], number=AN))
    elsewhere = as_resident(two[0], number=AN)
    assert elsewhere.get(f"/nop/ho-so/{draft}/nguoi/").status_code == 302  # a uuid opens nothing
    assert elsewhere.post(reverse("portal:mine_go_on", args=[draft])).status_code == 302
    assert elsewhere.get(f"/nop/ho-so/{draft}/nguoi/").status_code == 200
    other = as_resident(two[1], number=BE)
    assert other.post(reverse("portal:mine_go_on", args=[draft])).status_code == 404


def test_an_agent_files_under_a_mandate_and_both_names_are_recorded(two: list[Person]) -> None:
    mandate = entrusted(two[0])
    agent = as_resident(two[1], number=BE)
    draft = begin(agent, **{"lam-thay": str(mandate.uuid)})
    row = stored(draft)
    assert (row.person, row.mandate, row.operated_by) == (two[0], mandate.uuid, "relative")
    assert "Lê Văn An" in text_of(agent, f"/nop/ho-so/{draft}/nguoi/")
    assert send(agent, draft, "nguoi", {}) == 302
    assert send(agent, draft, "viec", WHAT) == 302
    assert send(agent, draft, "buoc/ket-qua", {"cach": "electronic"}) == 302
    assert send(agent, draft, "xem-lai", {}) == 302
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.select_related("person").get()
    assert (dossier.applicant_name, dossier.agent_name) == ("Lê Văn An", "Trần Văn Bé")
    assert dossier.procedure_name in text_of(agent, f"/toi/lam-thay/{mandate.uuid}/")
    assert "Trần Văn Bé" in text_of(as_resident(two[0], number=AN), f"/toi/ho-so/{dossier.uuid}/")


@pytest.mark.parametrize("how", ["none", "ended", "another procedure", "over"])
def test_without_a_mandate_that_holds_nothing_is_known(two: list[Person], how: str) -> None:
    mandate = entrusted(
        two[0],
        **({"scope": "procedures", "procedures": ["another"]} if how == "another procedure" else {}),
    )
    with scope.seeing(OPERATOR):
        if how == "ended":
            end_mandate(mandate=mandate, by=OPERATOR, at=timezone.now())
        if how == "over":
            today = day_of(timezone.now())
            Mandate.objects.update(valid_from=today - timedelta(days=9), valid_to=today)
    sent = "019a0000-0000-7000-8000-000000000001" if how == "none" else str(mandate.uuid)
    agent = as_resident(two[1], number=BE)
    draft = begin(agent, **{"ai": "relative", "lam-thay": sent})
    assert stored(draft).person is None
    assert offered(draft) == {}
    assert "Lê Văn An" not in text_of(agent, f"/nop/ho-so/{draft}/nguoi/")


def test_a_mandate_that_ends_closes_the_drafts(two: list[Person]) -> None:
    mandate = entrusted(two[0])
    agent = as_resident(two[1], number=BE)
    draft = begin(agent, **{"lam-thay": str(mandate.uuid)})
    assert CODE
    page = text_of(agent, f"/toi/lam-thay/{mandate.uuid}/")
    assert str(draft) in page
    with scope.seeing(OPERATOR):
        end_mandate(mandate=mandate, by=OPERATOR, at=timezone.now())
    assert agent.get(f"/toi/lam-thay/{mandate.uuid}/").status_code == 404
    elsewhere = as_resident(two[1], number=BE)
    assert elsewhere.post(f"/toi/lam-thay/{mandate.uuid}/", {"draft": str(draft)}).status_code == 404


def test_a_draft_of_somebody_signed_in_can_be_ended_by_its_code_alone(
    two: list[Person], client: Client
) -> None:
    """The holder of the code sees the draft, never the person; nothing of it fails."""
    signed_in = as_resident(two[0], number=AN)
    draft = begin(signed_in)
    session = client.session
    session["portal.held"] = {str(draft): timezone.now().timestamp()}
    session.save()
    assert client.get(f"/nop/ho-so/{draft}/nguoi/").status_code == 200
    fill(client, draft, AN)
    assert send(client, draft, "xem-lai", {}) in (302, 422)
