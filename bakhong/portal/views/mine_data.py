"""Taking one's data along: everything the commune holds under a person's name, in one file a machine can read.

Source: Law 91/2025/QH15 on personal data protection, the right to obtain a copy (domain research 10, from secondary sources).
"""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bakhong.core.days import day_of
from bakhong.documents.queries.files import papers_of
from bakhong.documents.serve import headers
from bakhong.messaging.queries import inbox
from bakhong.people.models import Consent, Person
from bakhong.people.queries.identity import national_id_of
from bakhong.people.queries.known import known_values
from bakhong.people.queries.records import history_of, looks_at
from bakhong.people.queries.residents import corrections_of, mandates_given
from bakhong.portal.own import as_json, begun_by, filed_by, service_lines
from bakhong.portal.views.mine import OwnRequest, own_page


@own_page
@require_safe
def my_data(request: OwnRequest) -> HttpResponse:
    """A download; nothing in it is masked, for it goes to the person alone."""
    response = HttpResponse(as_json(everything_of(request.person)), content_type="application/json")
    for name, value in headers(_("du-lieu-cua-toi") + ".json").items():
        response[name] = value
    return response


def everything_of(person: Person) -> dict[str, Any]:
    """Everything held about them, under names that need no key to be read. The connection is open to them."""
    now = timezone.now()
    on = day_of(now)
    known = known_values(person, None, on=on, registers=())
    return {
        "made_at": now,
        "commune": person.village.full_name,
        "name": person.name,
        "national_id": national_id_of(person),
        "known": [_row(each, "key value label as_of is_verified") for each in known.values.values()],
        "expired": [_row(each, "key value label as_of") for each in known.expired.values()],
        "said": [
            {
                "values": dict(line.values),
                "source": line.fact.get_source_display(),
                "true_from": line.fact.true_from,
                "learned_at": line.fact.learned_at,
                "is_taken_back": not line.is_live,
            }
            for line in history_of(person)
        ],
        "services": [{"service": name, "since": since} for name, since in service_lines(person, on)],
        "looks": [
            {
                "at": each.at,
                "who": each.actor_label,
                "what": each.get_what_display(),
                "why": each.get_reason_display(),
            }
            for each in looks_at(person)
        ],
        "consents": _rows(
            Consent.objects.filter(person=person).order_by("pk"), "purpose given_on withdrawn_on evidence"
        ),
        "corrections": [
            {"key": each.request.key, "current": each.current, "wanted": each.wanted}
            | _row(each.request, "reason state asked_at acknowledge_by acknowledged_at answered_at answer")
            for each in corrections_of(person)
        ],
        "mandates": _rows(
            mandates_given(person),
            "agent_name relation scope procedures valid_from valid_to how given_at ended_at",
        ),
        "drafts": [
            {"name": each.name} | _row(each.draft, "opened_at saved_at expires_on")
            for each in begun_by(person, on)
        ],
        "dossiers": [
            _row(
                each.dossier,
                "code procedure procedure_name channel operated_by submitted_at received_at due_at finished_at returned_at",
            )
            | {"state": each.word}
            for each in filed_by(person, now)
        ],
        "files": _rows(papers_of(person.uuid), "name media_type size sha256 purpose made_at"),
        "messages": _rows(inbox(person=person.uuid), "subject text made_at"),
    }


def _rows(found: Any, names: str) -> list[dict[str, Any]]:
    return [_row(each, names) for each in found]


def _row(found: Any, names: str) -> dict[str, Any]:
    return {name: getattr(found, name) for name in names.split()}
