"""Residents fill in behind the wall: their own person and their own draft, nothing else."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from PIL import Image

from bakhong.accounts.residents import Claims, HolderActor, ResidentActor
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import NotAllowed
from bakhong.documents.actions.storing import store_file
from bakhong.eforms.actions import Started, save_page, submit_draft
from bakhong.eforms.actions.judging import judge_draft
from bakhong.eforms.actions.publishing import publish
from bakhong.eforms.models import Answer, Draft
from bakhong.eforms.queries import answers_of, page_form, provenance, review
from bakhong.people import scope
from bakhong.people.actions.residents import give_mandate
from bakhong.people.models import Look, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

Start = Callable[..., Started]
HOA, BE = "038190000123", "038185000124"


@pytest.fixture
def hoa(person: MakePerson) -> Person:
    return person("Lê Thị Hoá", sex="female", birth="1990-02-01", national_id=HOA, phone="0912345678")


def _check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_from_opening_to_submitting_behind_the_wall(
    start: Start, hoa: Person, person: MakePerson, at: datetime, app_role: str
) -> None:
    person("Ai đó", birth="1970-01-01")
    _check_now()
    key, claims = uuid4(), Claims(HOA, "Lê Thị Hoá", "1990-02-01", "female")
    by = ResidentActor(uuid4(), hoa.uuid, 2, "Lê Thị Hoá")
    with scope.holding(person=hoa.pk, keys=[key]):
        assert Person.objects.count() == 1  # negative control: the wall stands
        started = start(by=by, key=key, person=hoa, known_by="e_identity", claims=claims)
        assert set(answers_of(started.draft)) == {"name", "birth", "sex", "number"}
        assert page_form(started.draft, "nguoi-khai") is not None
        save_page(draft=started.draft, page="nguoi-khai", posted={"birth": ["2/2/1990"]}, by=by, at=at)
        save_page(draft=started.draft, page="noi-dung", posted={"married": ["no"]}, by=by, at=at)
        assert any(line.source for section in review(started.draft) for line in section.lines)
        submit_draft(draft=started.draft, by=by, at=at + timedelta(hours=1), claims=claims)
        assert (
            judge_draft(draft=started.draft, person=hoa, on=date(2026, 11, 22), by=OPERATOR, at=at).re_asked
            == 0
        )
        _check_now()
    assert Draft.objects.filter(uuid=key, state="submitted").exists()
    assert Look.objects.filter(person=hoa, about=key).exists()


def test_another_persons_draft_needs_their_mandate(
    start: Start, hoa: Person, person: MakePerson, actor: Actor, at: datetime
) -> None:
    agent = person("Trần Văn Bé", birth="1985-01-01", national_id=BE)
    by, claims = ResidentActor(uuid4(), agent.uuid, 2, "Trần Văn Bé"), Claims(BE, "Trần Văn Bé")
    given = give_mandate(
        principal=hoa, agent_name="Trần Văn Bé", agent_number=BE, scope="all", procedures=(), how="paper",
        valid_from=date(2026, 11, 22), valid_to=date(2026, 12, 1), evidence="giấy uỷ quyền", by=actor, at=at,
    )  # fmt: skip
    ours: dict[str, Any] = {"by": by, "person": hoa, "known_by": "e_identity", "operated_by": "relative"}
    for mandate, said in ((None, claims), (uuid4(), claims), (given.uuid, None), (given.uuid, Claims(HOA))):
        with pytest.raises(NotAllowed):
            start(**ours, mandate=mandate, claims=said)
    with pytest.raises(NotAllowed):
        start(**ours, mandate=given.uuid, claims=claims, at=at + timedelta(days=60))  # it has ended
    started = start(**ours, mandate=given.uuid, claims=claims)
    assert (
        answers_of(started.draft)["name"] == "Lê Thị Hoá"
    )  # the principal's, not what the agent's e-identity says
    assert {each.origin for each in provenance(started.draft).values()} == {"roll"}


FILES = {
    "code": "co_tep",
    "title": "Có tệp",
    "pages": [{"code": "p", "title": "P", "questions": [{"code": "photo", "label": "Ảnh", "type": "file", "required": True}]}],
}  # fmt: skip


def _photo(owner: UUID, unit: Unit, by: Actor, at: datetime) -> str:
    content = io.BytesIO()
    Image.new("RGB", (40, 40), "green").save(content, "JPEG")
    made = store_file(
        key=uuid4(), content=content.getvalue(), name="anh.jpg", owner=("draft", owner), unit=unit, purpose="attachment",
        by=by, at=at,
    )  # fmt: skip
    return str(made.uuid)


def test_a_file_must_be_the_drafts_own(
    start: Start, thuong_xuan: Unit, actor: Actor, at: datetime, tmp_path: Any, settings: Any
) -> None:
    settings.DATA = tmp_path
    publish(spec={**FILES, "code": "thu"}, by=actor, at=at, unit=None)
    one, other = start(), start()
    by = HolderActor("draft", one.draft.uuid)
    theirs = _photo(other.draft.uuid, thuong_xuan, actor, at)
    for forged in (theirs, str(uuid4()), "x", "../../etc/passwd"):
        saved = save_page(draft=one.draft, page="p", posted={"photo": [forged]}, by=by, at=at)
        assert saved.errors["photo"]
        assert not Answer.objects.filter(draft=one.draft, problem="").exists()
    ours = _photo(one.draft.uuid, thuong_xuan, actor, at)
    assert save_page(draft=one.draft, page="p", posted={"photo": [ours]}, by=by, at=at).errors == {}
    assert [line.value for section in review(one.draft) for line in section.lines] == ["anh.jpg"]
    form = page_form(one.draft, "p")
    assert form is not None
    assert form.sections[0].question is not None
    assert form.sections[0].question.file_name == "anh.jpg"
    assert (
        save_page(draft=one.draft, page="p", posted={}, by=by, at=at).errors == {}
    )  # no new file: the old one stays
    assert "photo" in save_page(draft=one.draft, page="p", posted={"photo": [""]}, by=by, at=at).errors
