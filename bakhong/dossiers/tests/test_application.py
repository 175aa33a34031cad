"""The application as a paper, and the applicant's signature on it."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor, ResidentActor
from bakhong.accounts.throttle import TooMany
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.documents.actions.confirming import poll_job
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing.simulator import Simulator
from bakhong.documents.models import File, JobState, SigningJob
from bakhong.documents.queries.verification import verify
from bakhong.dossiers.actions.applying import make_application, start_application_signing
from bakhong.dossiers.actions.ending import stop
from bakhong.dossiers.actions.processing import forward
from bakhong.dossiers.actions.said import Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.models import Attachment, Dossier, Event
from bakhong.dossiers.queries.applications import application_job, application_of
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.dossiers.tests.filing import CULTURE_HOUSE, filled, walk_in
from bakhong.dossiers.tests.test_results import marriage
from bakhong.dossiers.writing.application import application_pdf
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.people import scope
from bakhong.people.queries.identity import index_of
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

NUMBER = CULTURE_HOUSE["national_id"]  # ends in 1234: the simulator's signer confirms
NAME = "Lê Văn An (thử nghiệm)"


@pytest.fixture(autouse=True)
def _forms(everybody: None, at: datetime) -> None:
    publish_shipped(at)


@pytest.fixture
def simulator(at: datetime, settings: Any) -> Iterator[Simulator]:
    with Simulator(at, names={NUMBER: ("Lê Văn An", "")}) as running:
        sp_id, password = running.credentials
        settings.SIGNING = {
            "tsa": "",
            "smartca_url": running.url,
            "smartca_id": sp_id,
            "smartca_password": password,
            "smartca_webhook": "bí mật",
        }
        yield running


@pytest.fixture
def dossier(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> Dossier:
    return walk_in(thuong_xuan, officer, at).dossier


@pytest.fixture
def holder(dossier: Dossier) -> Actor:
    return HolderActor("dossier", dossier.uuid)


def ask(dossier: Dossier, by: Actor, at: datetime, account: str = NUMBER, **more: str) -> SigningJob:
    return start_application_signing(
        dossier=dossier, provider="smartca", account=account, by=by, at=at, **more
    )


def text_of(content: bytes) -> str:
    made = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return made.stdout.decode()


# --- the paper -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext here")
def test_the_application_says_what_was_answered_and_nothing_else(
    thuong_xuan: Unit, officer: StaffActor, person: MakePerson, at: datetime
) -> None:
    an = person("Lê Văn An", sex="male", birth="1960-03-05", national_id=NUMBER, phone="0987654321")
    made = marriage(thuong_xuan, officer, at, an).dossier
    said = text_of(application_pdf(made))
    for word in ("Kính gửi: Uỷ ban nhân dân Xã Thường Xuân", NUMBER, "05/03/1960", "Kinh", "NGƯỜI KHAI"):
        assert word in said, said
    assert "TỜ KHAI CẤP GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN" in said
    assert said.index("Dân tộc") < said.index("Tình trạng hôn nhân")  # the order of the form
    assert "Vợ hoặc chồng" not in said  # not asked, so not there
    assert "0987654321" not in said  # known of them, but not answered
    assert made.code
    assert made.code not in said


def test_it_is_pdf_a_and_the_same_each_time(dossier: Dossier) -> None:
    first = application_pdf(dossier)
    assert b"pdfaid" in first
    assert first == application_pdf(dossier)


def test_it_is_kept_once(dossier: Dossier, holder: Actor, at: datetime) -> None:
    file = make_application(dossier=dossier, by=holder, at=at)
    assert make_application(dossier=dossier, by=holder, at=at) == file
    assert (file.owner, file.purpose, file.is_signed) == (dossier.uuid, "application", False)


def test_one_copied_from_elsewhere_has_none(handmade: MakeDossier, actor: Actor, at: datetime) -> None:
    with pytest.raises(NotFound):
        make_application(dossier=handmade(), by=actor, at=at)


# --- the signature ---------------------------------------------------------------------------------------------------


def test_the_resident_signs_and_the_dossier_has_it(
    simulator: Simulator, dossier: Dossier, holder: Actor, at: datetime, tmp_path: Path
) -> None:
    job = ask(dossier, holder, at)
    assert application_of(dossier, at=at).waiting == job
    assert poll_job(job=job, at=at).state == JobState.SIGNED
    stands = application_of(dossier, at=at)
    assert stands.signed is not None
    assert (stands.signer, stands.waiting) == (NAME, None)
    event = Event.objects.get(dossier=dossier, kind="sign_application")
    assert (event.state_from, event.state_to, event.by, event.by_label) == (
        "received", "received", holder.id, "Người nộp",
    )  # fmt: skip
    assert not event.came_in_person
    attached = Attachment.objects.get(dossier=dossier, paper="application")
    assert (attached.file, attached.sha256, attached.how) == (
        stands.signed.uuid,
        stands.signed.sha256,
        "signed",
    )
    assert simulator.authority
    root = tmp_path / "root.pem"
    root.write_bytes(simulator.authority.certificate.public_bytes(Encoding.PEM))
    found = verify(open_file(stands.signed), at=at, roots=[root])
    assert found.holds
    assert found.signers[0].name == NAME
    assert not verify(open_file(stands.signed), at=at, roots=[]).holds  # negative control: nobody we trust


def test_pressed_twice_the_phone_rings_once(
    simulator: Simulator, dossier: Dossier, holder: Actor, at: datetime
) -> None:
    simulator.network.waits_for_phone = True
    assert ask(dossier, holder, at) == ask(dossier, holder, at)
    assert len(simulator.transactions) == 1


def test_signed_is_not_signed_again(
    simulator: Simulator, dossier: Dossier, holder: Actor, at: datetime
) -> None:
    poll_job(job=ask(dossier, holder, at), at=at)
    with pytest.raises(Refusal, match="đã được ký số"):
        ask(dossier, holder, at)
    assert Event.objects.filter(dossier=dossier, kind="sign_application").count() == 1


@pytest.mark.parametrize(("tail", "state"), [("0002", "rejected"), ("0001", "expired"), ("0005", "failed")])
def test_refused_on_the_phone_nothing_is_missing(
    simulator: Simulator,
    thuong_xuan: Unit,
    officer: StaffActor,
    at: datetime,
    tail: str,
    state: str,
) -> None:
    made = filled(
        "culture_house", CULTURE_HOUSE | {"national_id": f"03806000{tail}"}, thuong_xuan, officer, at
    )
    from bakhong.dossiers.actions.walk_in import receive_at_desk

    dossier = receive_at_desk(
        draft=made, papers=[], by=officer, at=at, procedure="local.nha-van-hoa", result_mode="desk"
    ).dossier
    job = ask(dossier, HolderActor("dossier", dossier.uuid), at, account=f"03806000{tail}")
    assert poll_job(job=job, at=at).state == state
    assert application_of(dossier, at=at).is_plain  # the way back is open
    assert not Attachment.objects.filter(dossier=dossier, paper="application").exists()


def test_nobody_signs_for_another(
    simulator: Simulator, dossier: Dossier, thuong_xuan: Unit, officer: StaffActor, at: datetime
) -> None:
    """Who holds another dossier, or is another resident, has no way in."""
    for stranger in (
        HolderActor("dossier", new_uuid()),
        ResidentActor(new_uuid(), new_uuid(), 2, "Người lạ"),
    ):
        with pytest.raises(NotAllowed):
            ask(dossier, stranger, at)
    job = ask(dossier, HolderActor("dossier", dossier.uuid), at)
    other = walk_in(thuong_xuan, officer, at).dossier
    assert application_job(dossier, job.uuid) == job
    assert application_job(other, job.uuid) is None


def test_only_the_applicants_telephone_rings(
    simulator: Simulator, dossier: Dossier, holder: Actor, at: datetime
) -> None:
    for _ in range(10):
        with pytest.raises(Refusal, match="không phải số căn cước"):
            ask(dossier, holder, at, account="038060009999")
    with pytest.raises(TooMany):
        ask(dossier, holder, at)
    assert simulator.transactions == {}


def test_where_the_form_says_no_number_only_the_drafts_card_rings(
    simulator: Simulator, dossier: Dossier, holder: Actor, at: datetime
) -> None:
    assert dossier.draft is not None
    dossier.applicant_national_id = dossier.applicant_national_id_index = None
    dossier.draft.card_index = None
    with pytest.raises(Refusal, match="không phải số căn cước"):
        ask(dossier, holder, at)
    dossier.draft.card_index = index_of(NUMBER)
    with pytest.raises(Refusal, match="không phải số căn cước"):
        ask(dossier, holder, at, account="038060009999")
    assert simulator.transactions == {}
    assert ask(dossier, holder, at).state == JobState.WAITING  # negative control


def test_who_signed_in_signs_with_their_own_number(
    simulator: Simulator, dossier: Dossier, holder: Actor, at: datetime
) -> None:
    """An agent signs as themselves: the certificate names them, and the event does."""
    job = ask(dossier, holder, at, account="", own_number="038060005678")
    assert poll_job(job=job, at=at).state == JobState.SIGNED
    assert application_of(dossier, at=at).signer == "Người ký 5678 (thử nghiệm)"


def test_at_the_desk_the_number_is_known_already(
    simulator: Simulator, dossier: Dossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    job = ask(dossier, officer, at, account="")
    poll_job(job=job, at=at)
    event = Event.objects.get(dossier=dossier, kind="sign_application")
    assert (event.by, event.by_label, event.data["signer"]) == (officer.id, "Người nộp", NAME)


def test_it_is_in_nobodys_way(
    simulator: Simulator, dossier: Dossier, holder: Actor, officer: StaffActor, at: datetime
) -> None:
    """An officer who opened the page before the signature came goes on without a conflict."""
    seen = dossier.version
    poll_job(job=ask(dossier, holder, at), at=at)
    assert forward(dossier=dossier, by=officer, at=at, version=seen).state == "in_progress"


def test_when_all_is_over_there_is_nothing_to_sign(
    simulator: Simulator, dossier: Dossier, holder: Actor, specialist: StaffActor, at: datetime
) -> None:
    simulator.network.waits_for_phone = True
    job = ask(dossier, holder, at)
    stop(dossier=dossier, reason="other", note="Trùng hồ sơ khác", by=specialist, at=at)
    for code, _made in simulator.waiting():
        simulator.press(code, is_yes=True)
    assert poll_job(job=job, at=at).state == JobState.SIGNED  # it came too late, and breaks nothing
    assert not Event.objects.filter(dossier=dossier, kind="sign_application").exists()
    later = Dossier.objects.get(pk=dossier.pk)
    with pytest.raises(Refusal):
        ask(later, holder, at)


def test_what_is_answered_later_is_another_paper(
    simulator: Simulator, dossier: Dossier, holder: Actor, officer: StaffActor, at: datetime
) -> None:
    poll_job(job=ask(dossier, holder, at), at=at)
    asked = [Wanted("question", "address", "other", "Ghi thêm số nhà.")]
    ask_supplement(dossier=dossier, items=asked, by=officer, at=at)
    assert application_of(dossier, at=at).signed
    answer_supplement(dossier=dossier, answers={"address": ["Số 7, Thôn Xuân Thành"]}, by=holder, at=at)
    assert application_of(dossier, at=at).is_plain
    if shutil.which("pdftotext"):
        assert "Số 7, Thôn Xuân Thành" in text_of(application_pdf(dossier))


def test_the_database_lets_nobody_sign_a_draft_or_a_settled_dossier(
    handmade: MakeDossier, at: datetime
) -> None:
    from bakhong.dossiers.tests.conftest import event_of

    made = handmade()
    event_of(made, "sign_application", "submitted", at).save(force_insert=True)
    made.refresh_from_db()
    event_of(made, "refuse", "refused", at).save(force_insert=True)
    made.refresh_from_db()
    with pytest.raises(Error, match="Illegal transition"), transaction.atomic():
        event_of(made, "sign_application", "refused", at).save(force_insert=True)


def test_a_holder_signs_behind_the_wall(
    simulator: Simulator, dossier: Dossier, holder: Actor, at: datetime, app_role: str
) -> None:
    """As the role the site runs as, on a connection that one code opened."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with scope.holding(keys=[dossier.uuid]):
        found = Dossier.objects.select_related("village", "person", "draft__version").get(uuid=dossier.uuid)
        assert poll_job(job=ask(found, holder, at), at=at).state == JobState.SIGNED
        assert application_of(found, at=at).signer == NAME
    with scope.holding(keys=[new_uuid()]):
        assert not File.objects.exists()
        assert not SigningJob.objects.exists()
