"""Who works at the demo's desk and who comes to it, and how a dossier is handed in; what becomes of it is in `acts.py`."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from bakhong.accounts.actions import welcome_resident
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import Claims, HolderActor, ResidentActor
from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM
from bakhong.demo.e_identity import ISSUER, said_of
from bakhong.demo.rules.desk import CULTURE, MARRIAGE, WAYS, Case
from bakhong.documents.actions.storing import store_file
from bakhong.documents.models import File
from bakhong.dossiers.actions.filing import file_dossier
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.dossiers.models import Dossier
from bakhong.eforms.actions import save_page, start_draft
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import conditions_data, open_sheet
from bakhong.people.models import Mandate, Person
from bakhong.people.rules.idcard import Card
from bakhong.places.models import Unit
from bakhong.procedures.rules.catalogue import Procedure, procedure
from bakhong.procedures.rules.deadlines import WorkCalendar
from bakhong.procedures.rules.papers import papers_to_bring

KEYS = uuid5(NAMESPACE_URL, "https://ba-khong.invalid/demo/desk")
_BETWEEN = timedelta(minutes=7)  # two deeds that would fall together
_log = logging.getLogger(__name__)


def key_of(case: Case) -> UUID:
    return uuid5(KEYS, f"dossier/{case.number}")


@dataclass(frozen=True)
class Office:
    """Who works at the desk. `passphrase`: of the chair's demo key; "" where there is none."""

    commune: Unit
    officer: StaffActor
    specialist: StaffActor
    chair: StaffActor
    passphrase: str


@dataclass(frozen=True)
class Days:
    """The commune's working days up to the one on which the demo is loaded, the latest last."""

    days: Sequence[date]
    now: datetime

    @classmethod
    def until(cls, now: datetime, calendar: WorkCalendar, number: int) -> "Days":
        today = now.astimezone(VIET_NAM).date()
        found: list[date] = []
        day = today
        while len(found) < number:
            if calendar.counts(day) and moment(day, 8.0) <= now:
                found.append(day)
            day -= timedelta(1)
        return cls(found[::-1], now)

    def ago(self, days: int, hour: float) -> datetime:
        return moment(self.days[-1 - days], hour)

    def after(self, before: datetime, days: int, hour: float) -> datetime | None:
        """That hour, so many working days later, and never before; None where it has not come yet."""
        day = before.astimezone(VIET_NAM).date()
        later = [each for each in self.days if each > day]
        if days > len(later):
            return None
        found = max(moment(later[days - 1] if days else day, hour), before + _BETWEEN)
        return found if found <= self.now else None


def moment(day: date, hour: float) -> datetime:
    return (datetime.combine(day, time(), VIET_NAM) + timedelta(hours=hour)).astimezone(UTC)


@dataclass(frozen=True)
class Who:
    """An applicant: their record, what a card or e-identity says, and a telephone that nobody has."""

    person: Person
    said: Claims
    phone: str

    @property
    def card(self) -> Card:
        said = self.said
        return Card(
            said.national_id, None, said.full_name, date.fromisoformat(said.birth), said.sex, said.address
        )

    def signed_in(self, at: datetime) -> ResidentActor:
        """As the portal makes them when they come in with the demo's e-identity."""
        uuid = self.person.uuid
        found = welcome_resident(issuer=ISSUER, subject=str(uuid), level=2, person=uuid, at=at)
        return ResidentActor(found.uuid, uuid, 2, self.person.name)


def who(person: Person, number: str, place: int) -> Who:
    """`place` makes the telephone number. The list of the commune knows a village where it has no address."""
    said = said_of(person, number)
    home = said.address or f"{person.village.full_name}, xã Thường Xuân, tỉnh Thanh Hoá"
    return Who(person, replace(said, address=home), f"05180{7000 + place:05d}")


@dataclass
class Work:
    """A case under way. `mandate`: under which `agent` acts for the applicant, where the case says so."""

    case: Case
    office: Office
    days: Days
    who: Who
    agent: Who | None = None
    mandate: Mandate | None = None

    @property
    def procedure(self) -> Procedure:
        found = procedure(self.case.procedure, self.days.days[-1])
        assert found is not None
        return found

    def hand_in(self, at: datetime) -> Dossier:
        """Raises: Refusal where it cannot be."""
        channel, operated_by, known_by = WAYS[self.case.way]
        filer = self._filer(at)
        is_online = channel == "online"
        claims = (self.agent or self.who).said if known_by == "e_identity" else None
        draft = start_draft(
            key=key_of(self.case),
            form=self.procedure.form,
            unit=self.office.commune,
            operated_by=operated_by,
            by=filer,
            at=at,
            person=None if isinstance(filer, HolderActor) else self.who.person,
            known_by=known_by,
            card=self.who.card if known_by == "card" else None,
            claims=claims,
            mandate=self.mandate.uuid if self.mandate else None,
        ).draft
        fill_in(draft, self._answers(), by=filer, at=at)
        told: dict[str, Any] = {
            "draft": draft,
            "procedure": self.procedure,
            "papers": self._papers(draft, filer, at),
            "result_mode": self.case.gives,
            "result_address": self.who.said.address if self.case.gives in ("post", "home") else "",
            "by": filer,
            "at": at + timedelta(minutes=4),
            "claims": claims,
        }
        if is_online:
            return file_dossier(channel=channel, **told).dossier
        came = (
            channel == "direct" and operated_by != "digital_team"
        )  # the team brought it: nobody of the family came
        return receive_at_desk(channel=channel, came_in_person=came, **told).dossier

    def _filer(self, at: datetime) -> Actor:
        if self.case.way.startswith("online"):
            if WAYS[self.case.way][2] == "e_identity":
                return (self.agent or self.who).signed_in(at)
            return HolderActor("draft", key_of(self.case))
        return self.office.officer

    def _papers(self, draft: Draft, by: Actor, at: datetime) -> list[PaperGiven]:
        asked = papers_to_bring(self.procedure, conditions_data(draft))
        if self.procedure.lane == "copies":
            return [PaperGiven(each.code, how="original_seen") for each in asked]
        how = "uploaded" if self.case.way.startswith("online") else "scanned"
        return [PaperGiven(each.code, self.picture(draft.uuid, each.code, by, at), how) for each in asked]

    def picture(self, owner: UUID, code: str, by: Actor, at: datetime) -> File:
        """What a telephone would send of a paper."""
        return store_file(
            key=uuid5(owner, f"demo/{code}/{at:%Y%m%d%H%M}"),
            content=_page(code),
            name=f"{code}.jpg",
            owner=("dossier" if Dossier.objects.filter(uuid=owner).exists() else "draft", owner),
            unit=self.office.commune,
            purpose="attachment",
            by=by,
            at=at,
        )

    def _answers(self) -> Mapping[str, str]:
        said = self.who.said
        birth = date.fromisoformat(said.birth)
        typed = {
            "full_name": said.full_name,
            "birth": f"{birth:%d/%m/%Y}",
            "sex": said.sex,
            "national_id": said.national_id,
            "address": said.address,
            "phone": self.who.phone,
            **_TYPED[self.case.procedure],
            **self.case.answers,
        }
        if self.case.procedure == CULTURE:
            day = self.days.ago(self.case.ago, 8) + timedelta(days=9 + self.case.number % 5)
            typed["day"] = f"{day:%d/%m/%Y}"
        if self.case.procedure == MARRIAGE:
            typed["purpose"] = ("loan", "work", "land")[self.case.number % 3]
        if birth.year > self.days.now.year - 60:
            typed["category"] = "single_parent"
        return typed


_TYPED: Mapping[str, Mapping[str, str]] = {
    MARRIAGE: {
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "marital_status": "unmarried",
        "spouse_name": "Lê Thị Mẫu",
        "court_decision": "Quyết định mẫu số 12/2019, Toà án nhân dân khu vực",
        "for_whom": "self",
    },
    "1.001776": {
        "ethnicity": "Kinh",
        "category": "elderly",
        "poverty": "poor",
        "receives_other": "no",
        "payment": "bank",
        "bank_account": "9900112233",
        "bank_name": "Agribank",
    },
    CULTURE: {"kind": "family", "part": "morning", "people": "under_100", "note": "Dọn dẹp xong trong ngày."},
    "2.000815": {"documents": "1"},
}


def fill_in(draft: Draft, answers: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """Type what is not filled in yet, page by page, as somebody does who reads what stands there."""
    for page in [each.code for each in open_sheet(draft).spec.pages]:
        before = open_sheet(draft).rows
        posted = {path: [text] for path, text in answers.items() if path not in before}
        save_page(draft=draft, page=page, posted=posted, by=by, at=at)


def _page(code: str) -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (420, 594), "#f7f5ee")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((30, 30, 390, 564), outline="#8a8a80", width=2)
    pen.text((60, 60), f"MAU - {code}", fill="#333333")
    for line in range(12):
        pen.line((60, 120 + line * 32, 360 - (line * 37) % 90, 120 + line * 32), fill="#b5b1a4", width=4)
    content = BytesIO()
    picture.save(content, "JPEG", quality=70)
    return content.getvalue()
