"""Drafts of the shipped forms, filled in by an officer with the applicant present, and filed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from bakhong.core.actor import Actor
from bakhong.documents.actions.storing import store_file
from bakhong.documents.models import File
from bakhong.dossiers.actions.said import PaperGiven, Receipt
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.eforms.actions import save_page, start_draft
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.forms import spec_of
from bakhong.people.models import Person
from bakhong.places.models import Unit

CULTURE_HOUSE = {
    "kind": "wedding",
    "day": "20/12/2026",
    "part": "morning",
    "people": "under_100",
    "full_name": "Lê Văn An",
    "phone": "0912345678",
    "address": "Thôn Xuân Thành",
    "national_id": "038060001234",
}
MARRIAGE = {
    **{key: CULTURE_HOUSE[key] for key in ("full_name", "phone", "address", "national_id")},
    "birth": "05/03/1960",
    "sex": "male",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "marital_status": "unmarried",
    "purpose": "work",
    "for_whom": "self",
}


def filled(
    form: str,
    answers: Mapping[str, str],
    unit: Unit,
    by: Actor,
    at: datetime,
    *,
    person: Person | None = None,
    key: UUID | None = None,
    operated_by: str = "officer",
) -> Draft:
    """A draft with these answers; what is prefilled for the person is left as it is."""
    draft = start_draft(
        key=key or uuid4(),
        form=form,
        unit=unit,
        operated_by=operated_by,
        by=by,
        at=at,
        person=person,
        known_by="officer" if person is not None else "",
    ).draft
    for page in spec_of(draft.version).pages:
        posted = {code: [text] for code, text in answers.items()}
        save_page(draft=draft, page=page.code, posted=posted, by=by, at=at)
    return draft


def picture(draft: Draft, by: Actor, at: datetime, *, name: str = "anh.jpg", colour: str = "red") -> File:
    """A small photograph of the draft's own."""
    from io import BytesIO

    from PIL import Image

    content = BytesIO()
    Image.new("RGB", (60, 40), colour).save(content, "JPEG")
    return store_file(
        key=uuid4(),
        content=content.getvalue(),
        name=name,
        owner=("draft", draft.uuid),
        unit=draft.village,
        purpose="attachment",
        by=by,
        at=at,
    )


Walk = Callable[..., Receipt]


def walk_in(unit: Unit, by: Actor, at: datetime, *, person: Person | None = None, **more: Any) -> Receipt:
    """Somebody asks at the desk for the culture house; taken in."""
    draft = filled("culture_house", CULTURE_HOUSE, unit, by, at, person=person)
    papers: list[PaperGiven] = more.pop("papers", [])
    told: dict[str, Any] = {"procedure": "local.nha-van-hoa", "result_mode": "desk"} | more
    return receive_at_desk(draft=draft, papers=papers, by=by, at=at, **told)
