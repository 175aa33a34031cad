"""A digital signature ends the work, wherever it was given."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed
from bakhong.documents.actions.signing import sign_now
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.models import File
from bakhong.documents.queries.verification import verify
from bakhong.dossiers.actions.results import approve, return_result, sign
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.tests.test_results import SAID, marriage
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.messaging.models import Message
from bakhong.people.models import Detail, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

PASSPHRASE = "chỉ để thử"


@pytest.fixture
def root(chair: StaffActor, everybody: None, at: datetime) -> Path:
    publish_shipped(at)
    trust = Path(settings.DATA) / "trust"
    authority = demo_ca.kept_authority(key_folder(), trust, at)
    demo_ca.keep_signer(
        key_folder(),
        authority,
        account="chair",
        name="Hà Văn Chủ",
        organisation="UBND xã Thường Xuân",
        passphrase=PASSPHRASE,
        at=at,
    )
    return trust / "demo.pem"


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05", national_id="038060001234")


def _sign(file: File, by: Actor, at: datetime) -> File:
    (signed,) = sign_now(files=[file], provider="pkcs12", secret=PASSPHRASE, by=by, at=at, account="chair")
    return signed


def test_a_signed_result_reaches_the_resident_at_once(
    root: Path, thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    made = marriage(thuong_xuan, officer, at, an, result_mode="electronic", came_in_person=False).dossier  # type: ignore[arg-type]
    approved = approve(dossier=made, by=chair, at=at, answers=SAID)
    signed = _sign(File.objects.get(uuid=approved.result_file), chair, at)
    stored = Dossier.objects.get(pk=made.pk)
    assert (stored.state, stored.result_file, stored.finished_at) == ("returned", signed.uuid, at)
    assert verify(open_file(signed), at=at, roots=[root]).trusted
    assert not Event.objects.filter(dossier=stored, came_in_person=True).exists()
    assert Event.objects.get(dossier=stored, kind="sign").by == chair.id
    assert Detail.objects.filter(person=an, source="result").exists()
    assert Message.objects.filter(about=made.uuid, template="result_ready").count() == 1


def test_one_to_be_fetched_waits(
    root: Path, thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    made = marriage(thuong_xuan, officer, at, an).dossier
    approved = approve(dossier=made, by=chair, at=at, answers=SAID)
    _sign(File.objects.get(uuid=approved.result_file), chair, at)
    assert Dossier.objects.get(pk=made.pk).state == "done"


def test_a_resident_may_take_the_electronic_one_and_say_nothing_of_paper(
    root: Path, thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, an: Person, at: datetime
) -> None:
    made = marriage(thuong_xuan, officer, at, an).dossier
    approve(dossier=made, by=chair, at=at, answers=SAID)
    sign(dossier=made, how="pen", by=chair, at=at)
    holder = HolderActor("dossier", made.uuid)
    with pytest.raises(NotAllowed):
        return_result(dossier=made, how="desk", by=holder, at=at)
    assert return_result(dossier=made, how="electronic", by=holder, at=at).state == "returned"
