"""Handing in: nothing empty, nothing twice, a receipt only for what is stored."""

from datetime import datetime
from uuid import uuid4

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.documents import stores
from bakhong.documents.actions.storing import Damaged
from bakhong.documents.models import File
from bakhong.dossiers.actions.filing import file_dossier
from bakhong.dossiers.actions.refusals import PapersMissing
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.models import Attachment, Dossier, Event, PaperCheck, UpdateRequest
from bakhong.dossiers.tests.filing import CULTURE_HOUSE, MARRIAGE, filled, picture, walk_in
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.eforms.actions.refusals import Incomplete, SourceChanged
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import answers_of
from bakhong.people import scope
from bakhong.people.actions import record_fact
from bakhong.people.models import Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit


@pytest.fixture(autouse=True)
def _forms(everybody: None, at: datetime) -> None:
    publish_shipped(at)


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05", national_id="038060001234")


def of_marriage(unit: Unit, by: Actor, at: datetime, **more: str) -> Draft:
    return filled("marriage_status", MARRIAGE | more, unit, by, at)


def test_it_takes_in_who_walks_in(thuong_xuan: Unit, officer: StaffActor, an: Person, at: datetime) -> None:
    receipt = walk_in(thuong_xuan, officer, at, person=an)
    stored = Dossier.objects.get(pk=receipt.dossier.pk)
    assert (stored.state, stored.code) == ("received", "H56.15646-261122-0001")
    assert (stored.applicant_name, stored.applicant_id_tail) == ("Lê Văn An", "1234")
    assert stored.person == an
    assert stored.due_at is not None
    assert len(receipt.tracking_code) == 15
    assert [event.kind for event in Event.objects.filter(dossier=stored).order_by("number")] == [
        "file",
        "receive",
    ]


def test_a_resident_files_by_a_code(thuong_xuan: Unit, at: datetime, app_role: str) -> None:
    key = uuid4()
    holder = HolderActor("draft", key)
    with scope.holding(keys=[key]):
        draft = filled(
            "culture_house", CULTURE_HOUSE, thuong_xuan, holder, at, key=key, operated_by="resident"
        )
        receipt = file_dossier(
            draft=draft,
            procedure="local.nha-van-hoa",
            channel="online",
            papers=[],
            result_mode="electronic",
            by=holder,
            at=at,
        )
        assert receipt.dossier.uuid == key
        assert (receipt.dossier.state, receipt.dossier.operated_by) == ("submitted", "resident")
    assert not Event.objects.get(dossier=receipt.dossier).came_in_person


def test_the_same_draft_is_one_dossier(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> None:
    draft = of_marriage(thuong_xuan, officer, at)
    told = {
        "draft": draft,
        "procedure": "1.004873",
        "channel": "direct",
        "papers": [],
        "result_mode": "desk",
        "by": officer,
        "at": at,
    }
    first, again = file_dossier(**told), file_dossier(**told)  # type: ignore[arg-type]
    assert (again.dossier.pk, again.tracking_code, again.is_repeated) == (
        first.dossier.pk,
        first.tracking_code,
        True,
    )
    assert Event.objects.filter(dossier=first.dossier).count() == 1


def test_all_missing_papers_are_named_at_once(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> None:
    draft = of_marriage(
        thuong_xuan,
        officer,
        at,
        marital_status="divorced",
        court_decision="12/2020",
        ended_on="05/03/2020",
        spouse_name="Trần Thị Bé",
    )
    with pytest.raises(PapersMissing, match="Bản án hoặc quyết định ly hôn") as told:
        file_dossier(
            draft=draft,
            procedure="1.004873",
            channel="direct",
            papers=[PaperGiven("nonsense", None, "original_seen")],
            result_mode="desk",
            by=officer,
            at=at,
        )
    assert set(told.value.problems) == {"divorce", "nonsense"}
    assert not Dossier.objects.exists()
    draft.refresh_from_db()
    assert draft.state == "open"  # nothing of it was closed


def test_the_receipt_lists_what_is_stored(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> None:
    draft = of_marriage(
        thuong_xuan,
        officer,
        at,
        marital_status="divorced",
        court_decision="12/2020",
        ended_on="05/03/2020",
        spouse_name="Trần Thị Bé",
    )
    file = picture(draft, officer, at)
    receipt = file_dossier(
        draft=draft,
        procedure="1.004873",
        channel="direct",
        papers=[PaperGiven("divorce", file, "scanned")],
        result_mode="desk",
        by=officer,
        at=at,
    )
    assert receipt.files == (("anh.jpg", file.sha256),)
    file.refresh_from_db()
    assert (file.owner_kind, file.owner) == ("dossier", receipt.dossier.uuid)
    assert Attachment.objects.get(dossier=receipt.dossier).sha256 == file.sha256
    assert PaperCheck.objects.get(dossier=receipt.dossier, paper="divorce").state == "attached"


def test_what_cannot_be_read_back_was_not_received(
    thuong_xuan: Unit, officer: StaffActor, at: datetime
) -> None:
    draft = of_marriage(
        thuong_xuan,
        officer,
        at,
        marital_status="divorced",
        court_decision="12/2020",
        ended_on="05/03/2020",
        spouse_name="Trần Thị Bé",
    )
    file = picture(draft, officer, at)
    stores.drop(file.storage)
    with pytest.raises(Damaged):
        file_dossier(
            draft=draft,
            procedure="1.004873",
            channel="direct",
            papers=[PaperGiven("divorce", file, "scanned")],
            result_mode="desk",
            by=officer,
            at=at,
        )
    assert not Dossier.objects.exists()


def test_a_paper_the_state_holds_is_not_asked_for(
    thuong_xuan: Unit, officer: StaffActor, at: datetime
) -> None:
    draft = of_marriage(
        thuong_xuan, officer, at, marital_status="widowed", ended_on="05/03/2020", spouse_name="Trần Thị Bé"
    )
    told = {
        "draft": draft,
        "procedure": "1.004873",
        "channel": "direct",
        "result_mode": "desk",
        "by": officer,
        "at": at,
    }
    with pytest.raises(PapersMissing, match="Nhà nước đã có dữ liệu"):
        file_dossier(papers=[PaperGiven("spouse_death", None, "original_seen")], **told)  # type: ignore[arg-type]
    with pytest.raises(PapersMissing, match="đã tra ở đâu"):
        file_dossier(papers=[PaperGiven("spouse_death", None, "not_found")], **told)  # type: ignore[arg-type]
    given = PaperGiven("spouse_death", None, "not_found", "Tra hộ tịch điện tử ngày 20/11, không thấy")
    receipt = file_dossier(papers=[given], **told)  # type: ignore[arg-type]
    check = PaperCheck.objects.get(dossier=receipt.dossier, paper="spouse_death")
    assert (check.state, check.register, check.looked_up_at) == ("not_found", "civil_status", at)
    (asked,) = UpdateRequest.objects.filter(dossier=receipt.dossier)
    assert (asked.paper, asked.register, asked.reason, asked.at) == (
        check.paper,
        check.register,
        check.reason,
        at,
    )


def test_without_the_exception_it_is_held(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> None:
    draft = of_marriage(
        thuong_xuan, officer, at, marital_status="widowed", ended_on="05/03/2020", spouse_name="Trần Thị Bé"
    )
    receipt = file_dossier(
        draft=draft,
        procedure="1.004873",
        channel="direct",
        papers=[],
        result_mode="desk",
        by=officer,
        at=at,
    )
    assert PaperCheck.objects.get(dossier=receipt.dossier, paper="spouse_death").state == "held"


def test_an_unfinished_form_is_not_handed_in(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> None:
    draft = filled("culture_house", {"full_name": "Lê Văn An"}, thuong_xuan, officer, at)
    with pytest.raises(Incomplete):
        file_dossier(
            draft=draft,
            procedure="local.nha-van-hoa",
            channel="direct",
            papers=[],
            result_mode="desk",
            by=officer,
            at=at,
        )


def test_somebody_elses_file_is_refused(thuong_xuan: Unit, officer: StaffActor, at: datetime) -> None:
    other = of_marriage(thuong_xuan, officer, at)
    theirs = picture(other, officer, at)
    draft = of_marriage(
        thuong_xuan,
        officer,
        at,
        marital_status="divorced",
        court_decision="12/2020",
        ended_on="05/03/2020",
        spouse_name="Trần Thị Bé",
    )
    for how in ("uploaded", "reused"):
        with pytest.raises(Refusal, match="không thuộc hồ sơ này"):
            file_dossier(
                draft=draft,
                procedure="1.004873",
                channel="direct",
                papers=[PaperGiven("divorce", theirs, how)],
                result_mode="desk",
                by=officer,
                at=at,
            )
    assert File.objects.get(pk=theirs.pk).owner == other.uuid


def test_it_refuses_who_may_not_help(
    thuong_xuan: Unit, officer: StaffActor, chair: StaffActor, at: datetime
) -> None:
    draft = filled("culture_house", CULTURE_HOUSE, thuong_xuan, officer, at)
    with pytest.raises(NotAllowed):
        walk_in(thuong_xuan, chair, at)
    with pytest.raises(NotAllowed):
        file_dossier(
            draft=draft,
            procedure="local.nha-van-hoa",
            channel="direct",
            papers=[],
            result_mode="desk",
            by=chair,
            at=at,
        )


def test_the_key_of_another_dossier_is_a_conflict(
    thuong_xuan: Unit, officer: StaffActor, at: datetime
) -> None:
    key = uuid4()
    walk_in(thuong_xuan, officer, at, key=key)
    with pytest.raises(Conflict):
        walk_in(thuong_xuan, officer, at, key=key)
    assert Dossier.objects.count() == 1


def test_what_a_source_says_now_is_kept_for_the_page(
    thuong_xuan: Unit, officer: StaffActor, an: Person, actor: Actor, at: datetime
) -> None:
    draft = filled("marriage_status", MARRIAGE, thuong_xuan, officer, at, person=an)
    correct = {"name": "Lê Văn Ân"}
    record_fact(person=an, values=correct, source="list", true_from=at.date(), by=actor, at=at)
    told = {
        "procedure": "1.004873",
        "channel": "direct",
        "papers": [],
        "result_mode": "desk",
        "by": officer,
        "at": at,
    }
    with pytest.raises(SourceChanged):
        file_dossier(draft=draft, **told)  # type: ignore[arg-type]
    assert not Dossier.objects.exists()
    draft.refresh_from_db()
    assert draft.state == "open"
    assert answers_of(draft)["full_name"] == "Lê Văn Ân"
    assert file_dossier(draft=draft, **told).dossier.applicant_name == "Lê Văn Ân"  # type: ignore[arg-type]
