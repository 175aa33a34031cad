"""What is known of who signed in fills in what they have not typed yet: signing in half way, and a register asked again that was silent."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bakhong.accounts.residents import claims
from bakhong.core.errors import NotAllowed
from bakhong.eforms.actions.starting import link_person
from bakhong.eforms.models import Draft, KnownBy
from bakhong.people.queries.identity import index_of
from bakhong.people.registers import names_of
from bakhong.portal.acting import person_seen, themself
from bakhong.portal.filing import Filing
from bakhong.portal.holding import opened
from bakhong.portal.views.filing.common import show, step


@step("POST")
def file_known(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Whoever began without an account signs in, then fills in by one press: a sign-in alone writes nothing."""
    if not filing.may_be_filled_in:
        return HttpResponseRedirect(filing.after("@code"))
    if getattr(request, "resident", None) is None:
        return HttpResponseRedirect(
            reverse("portal:mine_sign_in") + "?" + urlencode({"next": filing.url("known")})
        )
    if request.method != "POST":
        return show(request, "file_known", filing, "@code", skip=filing.after("@code"))
    try:
        _fill_in(request, filing)
    except NotAllowed as refusal:
        skip = filing.after("@code")
        return show(request, "file_known", filing, "@code", status=403, problem=str(refusal), skip=skip)
    return HttpResponseRedirect(filing.after("@code"))


def _fill_in(request: HttpRequest, filing: Filing) -> None:
    """Raises: NotAllowed, where the form says that it is somebody else's."""
    draft, said, own = filing.draft, claims(request), themself(request)
    if said is None or (
        draft.card_index is not None and bytes(draft.card_index) != index_of(said.national_id)
    ):
        raise NotAllowed(
            _(
                "Tờ khai này ghi số thẻ của người khác, nên không điền sẵn. Khai cho mình thì bắt đầu tờ khai mới."
            )
        )
    with opened(request, person=own.pk if own is not None else None):
        link_person(
            draft=draft,
            person=own,
            known_by=KnownBy.E_IDENTITY,
            claims=said,
            by=request.resident,  # type: ignore[attr-defined]
            at=timezone.now(),
        )


def silent_registers(request: HttpRequest, draft: Draft) -> list[str]:
    """The registers that did not answer for this draft, by name: only for who is signed in as its person, or acts for them."""
    is_theirs = draft.known_by == KnownBy.E_IDENTITY and person_seen(request, draft) is not None
    return names_of(draft.silent) if draft.silent and is_theirs else []


def ask_again(request: HttpRequest, draft: Draft) -> None:
    """What was silent may answer now; what was typed meanwhile stays. Raises: Refusal."""
    if silent_registers(request, draft):
        link_person(
            draft=draft,
            person=draft.person,
            known_by=KnownBy.E_IDENTITY,
            claims=claims(request),
            mandate=draft.mandate,
            by=request.resident,  # type: ignore[attr-defined]
            at=timezone.now(),
        )
