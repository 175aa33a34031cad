"""A dossier pulled from the national portal gets its form here, so that its result has something to say."""

from datetime import datetime

import pytest

from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, NotFound
from bakhong.dossiers.actions.ending import refuse
from bakhong.dossiers.actions.exchange_taking import take_over
from bakhong.dossiers.actions.filling_in import complete_form, open_form
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.queries.answers import standing_sheet
from bakhong.dossiers.rules.national import Filed
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.dossiers.tests.filing import MARRIAGE
from bakhong.eforms.actions import Incomplete, save_page
from bakhong.eforms.actions.erasing import forget_begun
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.eforms.models import Answer, Draft
from bakhong.eforms.queries.answers import answers_in, provenance
from bakhong.eforms.queries.forms import spec_of
from bakhong.people.models import Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

pytestmark = pytest.mark.usefixtures("everybody")
NUMBER = "038060001234"


@pytest.fixture
def resident(person: MakePerson) -> Person:
    return person("Lê Văn An", national_id=NUMBER, sex="male")


@pytest.fixture
def pulled(everybody: None, resident: Person, thuong_xuan: Unit, actor: Actor, at: datetime) -> Dossier:
    publish_shipped(at)
    filed = Filed(
        code="G22.99-261120-0001",
        unit=thuong_xuan.code,
        procedure="1.004873",
        applicant="Lê Văn An",
        channel="online",
        submitted_at=at,
        national_id=NUMBER,
        phone="0912345678",
    )
    return take_over(filed=filed, system="national", unit=thuong_xuan, by=actor, at=at)


def type_all(draft: Draft, by: Actor, at: datetime) -> None:
    rest = {
        code: [text] for code, text in MARRIAGE.items() if code not in ("full_name", "national_id", "phone")
    }
    for page in spec_of(draft.version).pages:
        save_page(draft=draft, page=page.code, posted=rest, by=by, at=at)


def test_what_the_portal_told_stands_and_the_officer_adds_the_rest(
    pulled: Dossier, resident: Person, actor: Actor, at: datetime
) -> None:
    draft = open_form(dossier=pulled, by=actor, at=at)
    assert open_form(dossier=pulled, by=actor, at=at).pk == draft.pk  # pressed twice, or by two officers
    told = {path: (each.origin, each.label) for path, each in provenance(draft).items()}
    there = ("portal", "Cổng Dịch vụ công quốc gia")
    assert told == dict.fromkeys(
        ("full_name", "national_id", "phone"), there
    )  # nothing from the roll: nobody is here
    with pytest.raises(Incomplete):
        complete_form(dossier=pulled, by=actor, at=at)
    pulled.refresh_from_db()
    assert pulled.draft is None
    type_all(draft, actor, at)
    complete_form(dossier=pulled, by=actor, at=at)
    pulled.refresh_from_db()
    assert pulled.draft is not None
    assert pulled.draft.person == resident
    assert pulled.answer_count == len(answers_in(standing_sheet(pulled)))
    assert answers_in(standing_sheet(pulled))["ethnicity"] == "Kinh"
    assert Event.objects.get(dossier=pulled, kind="fill_form").data["form"] == "marriage_status"
    judged = {row.path: (row.was_known, row.is_re_asked) for row in Answer.objects.filter(draft=draft)}
    assert judged["sex"] == (True, True)  # the roll knew it, and it was typed
    assert judged["purpose"] == (False, False)
    assert judged["phone"] == (
        False,
        False,
    )  # it came with this very dossier: nothing the commune can be praised for
    with pytest.raises(Conflict):
        open_form(dossier=pulled, by=actor, at=at)
    with pytest.raises(NotFound):
        complete_form(dossier=pulled, by=actor, at=at)


def test_only_what_was_filed_elsewhere_and_is_worked_on(
    pulled: Dossier, handmade: MakeDossier, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Conflict):
        open_form(dossier=handmade(), by=actor, at=at)
    with pytest.raises(NotAllowed):
        open_form(dossier=pulled, by=HolderActor("draft", pulled.uuid), at=at)
    begun = open_form(dossier=pulled, by=actor, at=at)
    refuse(dossier=pulled, reason="other", note="Chưa rõ.", by=actor, at=at)
    with pytest.raises(Conflict):
        complete_form(dossier=pulled, by=actor, at=at)
    forget_begun([pulled.uuid], by=actor, at=at)
    assert not Draft.objects.filter(pk=begun.pk).exists()
