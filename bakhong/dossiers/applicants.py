"""Who asks: read from the form's answers by what the State knows them as, else from the person the draft is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal
from bakhong.core.text import sort_key, squeeze
from bakhong.eforms.models import Draft
from bakhong.eforms.rules.spec import FormSpec
from bakhong.people.models import Person
from bakhong.people.queries.identity import national_id_of
from bakhong.people.queries.residents import person_of
from bakhong.people.sealed import blind_index, seal, unseal

NAME, NUMBER, PHONE, ADDRESS = "person.full_name", "person.national_id", "person.phone", "person.address"
EMAIL = "person.email"
EMAIL_WISH = "email"  # its name among the wishes of a draft
_NUMBER_COLUMN = "dossiers_dossier.applicant_national_id"
_PHONE_COLUMN = "dossiers_dossier.applicant_phone"
_EMAIL_COLUMN = "dossiers_dossier.applicant_email"


@dataclass(frozen=True)
class Applicant:
    name: str
    national_id: str = ""
    phone: str = ""
    address: str = ""
    email: str = ""

    def columns(self, uuid: UUID) -> dict[str, Any]:
        """As it is kept on the dossier: numbers sealed, with their last four digits beside them."""
        return {
            "applicant_name": self.name[:120],
            "applicant_sort_key": sort_key(" ".join(reversed(self.name.split())))[:500],
            "applicant_national_id": seal(self.national_id, f"{_NUMBER_COLUMN}:{uuid}")
            if self.national_id
            else None,
            "applicant_national_id_index": blind_index(self.national_id, _NUMBER_COLUMN)
            if self.national_id
            else None,
            "applicant_id_tail": self.national_id[-4:],
            "applicant_phone": None,
            "applicant_phone_tail": "",
            "applicant_email": None,
            "applicant_address": self.address[:200],
        } | contact_columns(uuid, phone=self.phone, email=self.email)


def contact_columns(uuid: UUID, *, phone: str = "", email: str = "") -> dict[str, Any]:
    """How they are reached, sealed as the dossier keeps it; only what is said."""
    told: dict[str, Any] = {}
    if phone:
        told |= {
            "applicant_phone": seal(phone, f"{_PHONE_COLUMN}:{uuid}"),
            "applicant_phone_tail": phone[-4:],
        }
    if email:
        told["applicant_email"] = seal(email[:254], f"{_EMAIL_COLUMN}:{uuid}")
    return told


def asks_for_email(spec: FormSpec) -> bool:
    """Whether the form itself does."""
    return any(question.known_as == EMAIL for _page, group, question in spec.questions() if group is None)


def email_wished(draft: Draft) -> str:
    """Where news of the dossier are to be written to, said beside the form; "" where nothing was."""
    return str(draft.wishes.get(EMAIL_WISH, ""))


def applicant_of(
    spec: FormSpec, answers: Mapping[str, Any], person: Person | None, email: str = ""
) -> Applicant:
    """`email`: what was said beside a form that does not ask for it.

    Raises: Refusal where neither the form nor the roll says who it is.
    """
    said = {
        question.known_as: str(answers[question.code])
        for _page, group, question in spec.questions()
        if group is None
        and question.known_as in (NAME, NUMBER, PHONE, ADDRESS, EMAIL)
        and question.code in answers
    }
    name = squeeze(said.get(NAME, "")) or (person.name if person is not None else "")
    if not name:
        raise Refusal(_("Tờ khai chưa có họ tên người nộp."))
    number = said.get(NUMBER, "") or (national_id_of(person) if person is not None else "")
    address = said.get(ADDRESS, "") or (person.address if person is not None else "")
    return Applicant(
        name, number, said.get(PHONE, ""), squeeze(address), squeeze(said.get(EMAIL, "")) or email
    )


def person_meant(name: str, national_id: str) -> Person | None:
    """The resident with this number, where the name does not speak of somebody else. Not to be shown: anybody may have typed it."""
    return person_of(national_id, name=name) if national_id else None


def phone_of(sealed: bytes | memoryview | None, uuid: UUID) -> str:
    """The whole number, for whoever has to call; "" where there is none."""
    return unseal(sealed, f"{_PHONE_COLUMN}:{uuid}") if sealed else ""


def email_of(sealed: bytes | memoryview | None, uuid: UUID) -> str:
    """Their e-mail address; "" where there is none."""
    return unseal(sealed, f"{_EMAIL_COLUMN}:{uuid}") if sealed else ""


def number_of(sealed: bytes | memoryview | None, uuid: UUID) -> str:
    """The whole personal number, for whoever has to type it into another system; "" where there is none."""
    return unseal(sealed, f"{_NUMBER_COLUMN}:{uuid}") if sealed else ""


def number_index(national_id: str) -> bytes:
    """What a dossier is found by."""
    return blind_index(national_id, _NUMBER_COLUMN)
