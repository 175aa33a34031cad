"""Reading what is answered to questions that were asked again: as the form itself reads it, with what the new answers bring to light."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from bakhong.dossiers.actions.fees import due_now
from bakhong.dossiers.applicants import applicant_of, email_wished
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.fees import paid_charge
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import Sheet, answers_in, overlaid, subject_of
from bakhong.eforms.rules.answers import Wrong, read
from bakhong.eforms.rules.visible import Line
from bakhong.eforms.sentences import sentence
from bakhong.people.actions.secrets import no_codes

REQUESTER = "requester_name"  # the question that says who asks, where it is asked for somebody else
_WORDS = ("text", "longtext", "address")


@dataclass
class ReadAgain:
    """`values`: path → answer; `problems`: path → what is missing or cannot be read; `after`: the sheet with them."""

    after: Sheet
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def read_again(
    sheet: Sheet, wanted: Collection[str], given: Mapping[str, Sequence[str]], today: date
) -> ReadAgain:
    """Each question asked again needs an answer, unless another of the answers hides it; one that the answers bring to light needs one
    where the form says so. Everything else that is sent is ignored.

    Raises: Refusal for a one-time code or a password among the words.
    """
    told, seen = ReadAgain(sheet), set(sheet.asked.by_path)
    lines = [line for path in wanted if (line := sheet.asked.by_path.get(path)) is not None]
    while lines:
        for line in lines:
            _read(told, line, given.get(line.path, ()), line.path in wanted, today)
        told.after = overlaid(sheet, told.values)
        lines = [line for line in told.after.asked.lines if line.path not in seen]
        seen |= told.after.asked.by_path.keys()
    told.values = {path: value for path, value in told.values.items() if path in told.after.asked.by_path}
    told.problems = {path: words for path, words in told.problems.items() if path in told.after.asked.by_path}
    return told


def _read(told: ReadAgain, line: Line, texts: Sequence[str], is_wanted: bool, today: date) -> None:
    if line.question.type in _WORDS:
        no_codes(*texts)
    value = read(line.question, list(texts), today=today)
    if isinstance(value, Wrong):
        told.problems[line.path] = sentence(value, line.question)
    elif value not in (None, "", []):
        told.values[line.path] = value
    elif is_wanted or line.question.required:
        told.problems[line.path] = _("Còn thiếu: %(name)s.") % {"name": line.question.label.vi}


def fee_changed(dossier: Dossier, before: Sheet, after: Sheet, at: datetime) -> dict[str, Any]:
    """The columns of the fee, where the answers now make it another and nobody has paid or waived it yet.

    Raises: Refusal for a number of pages that cannot be.
    """
    procedure = procedure_of(dossier)
    if procedure is None or dossier.duty_met_at is not None or paid_charge(dossier) is not None:
        return {}
    old, new = (
        due_now(procedure, dossier.village, each.asked.data, dossier.exemptions, dossier.channel, at)
        for each in (before, after)
    )
    return {"fee_amount": new.amount, "fee_lines": new.as_json()} if new.amount != old.amount else {}


def applicant_changed(dossier: Dossier, before: Sheet, after: Sheet) -> dict[str, Any]:
    """The columns of the dossier that say who asks, where the answers now say otherwise: whoever calls must not call the wrong number."""
    # Read with its person: whoever answers under the dossier's code may not see them.
    draft = Draft.objects.select_related("person").get(pk=before.draft.pk)
    person, email = subject_of(draft), email_wished(draft)
    old, new = (applicant_of(each.spec, answers_in(each), person, email) for each in (before, after))
    change = new.columns(dossier.uuid) if new != old else {}
    if dossier.agent_mandate is None and before.values.get(REQUESTER) != after.values.get(REQUESTER):
        change["agent_name"] = str(after.values.get(REQUESTER) or "")[:120]
    return change
