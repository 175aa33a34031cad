"""Opening a draft, recognising whose it is, and dropping it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.accounts.residents import Claims, HolderActor
from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.documents.actions.storing import erase_files_of
from bakhong.eforms.actions.prefilling import Offers, asked_before, prefill, require_known
from bakhong.eforms.actions.refusals import Closed
from bakhong.eforms.contents import code_digest, code_of, sealed_code
from bakhong.eforms.models import Draft, KnownBy, OperatedBy, State
from bakhong.eforms.permissions import require_begin, require_help
from bakhong.eforms.queries.forms import current_version, spec_of
from bakhong.eforms.rules.codes import new_code
from bakhong.people.models import Person
from bakhong.people.queries.identity import index_of, national_id_of
from bakhong.people.registers import Answer
from bakhong.people.rules.idcard import Card
from bakhong.places.models import Level, Unit

KEPT_DAYS = 30  # an open draft is kept so long after its last change


@dataclass(frozen=True)
class Started:
    """A draft and its return code. `silent`: registers that did not answer, so that more may have to be typed."""

    draft: Draft
    code: str
    silent: tuple[str, ...] = ()


def start_draft(
    *,
    key: UUID,
    form: str,
    unit: Unit,
    operated_by: str,
    by: Actor,
    at: datetime,
    person: Person | None = None,
    known_by: str = "",
    card: Card | None = None,
    claims: Claims | None = None,
    mandate: UUID | None = None,
    procedure: str = "",
) -> Started:
    """A form begun, with what is known filled in at once. The connection must be open to `key` or to the commune (`people.scope`).
    `procedure`: the code of what it is filled in for, where the form alone does not tell.

    Sent again with the same key by the same hand, it is the same draft with the same code.

    Raises: NotAllowed; NotFound for a form that is none; Conflict where the key belongs to another draft.
    """
    _check(unit, operated_by, known_by, card)
    require_begin(unit, person, by=by, on=day_of(at))
    require_known(person=person, known_by=known_by, mandate=mandate, claims=claims, by=by, on=day_of(at))
    earlier = _earlier(key, form, unit, procedure, by)
    if earlier is not None:
        return earlier
    code, version = new_code(), current_version(form, unit)
    answers = asked_before(person, known_by, spec_of(version))
    draft = Draft(
        uuid=key,
        village=unit,
        version=version,
        procedure=procedure,
        person=person,
        known_by=known_by,
        opened_by=by.id,
        operated_by=operated_by,
        mandate=mandate,
        code_digest=code_digest(code),
        code_sealed=sealed_code(code, key),
        card_index=_card_index(person, card, claims, known_by),
        opened_at=at,
        saved_at=at,
        saved_by=by.id,
        saved_by_label=by.label[:120],
        expires_on=day_of(at) + timedelta(days=KEPT_DAYS),
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
            _prefilled(draft, card, claims, answers, by, at)
            note("eforms.start_draft", draft, by, at, known_by=known_by, operated_by=operated_by)
    except IntegrityError:  # sent twice at the same moment
        second = _earlier(key, form, unit, procedure, by)
        if second is None:
            raise
        return second
    return Started(draft, code, tuple(draft.silent))


def link_person(
    *,
    draft: Draft,
    person: Person | None,
    known_by: str,
    by: Actor,
    at: datetime,
    card: Card | None = None,
    claims: Claims | None = None,
    mandate: UUID | None = None,
) -> Offers:
    """Whose draft it is became known: what is known of them is filled in where nothing was typed yet. The same person again: what was
    silent may answer now.

    Raises: NotAllowed; Closed; Conflict where the draft is somebody else's.
    """
    require_help(draft.village_id, by=by)
    require_known(person=person, known_by=known_by, mandate=mandate, claims=claims, by=by, on=day_of(at))
    if known_by == KnownBy.CARD and card is None:
        raise Refusal(_("Hãy quét mã QR trên thẻ căn cước."))
    answers = asked_before(person or draft.person, known_by or draft.known_by, spec_of(draft.version))
    with transaction.atomic():
        draft_now = lock(draft, by=by)
        if draft_now.person_id is not None and person is not None and draft_now.person_id != person.pk:
            raise Conflict(_("Tờ khai này là của người khác."))
        draft_now.person = person or draft_now.person
        draft_now.known_by = known_by or draft_now.known_by
        draft_now.mandate = mandate or draft_now.mandate
        draft_now.card_index = draft_now.card_index or _card_index(person, card, claims, known_by)
        draft_now.save(update_fields=["person", "known_by", "mandate", "card_index"])
        found = _prefilled(draft_now, card, claims, answers, by, at)
        note("eforms.link_person", draft_now, by, at, known_by=known_by)
    copy_to(draft_now, draft)
    return found


def bind_card(*, draft: Draft, national_id: str, by: Actor, at: datetime) -> None:
    """From now on the code opens the draft only together with this card number. Raises: Closed."""
    with transaction.atomic():
        draft_now = lock(draft, by=by)
        draft_now.card_index = index_of(national_id)
        draft_now.save(update_fields=["card_index"])
        note("eforms.bind_card", draft_now, by, at)
    copy_to(draft_now, draft)


def drop_draft(*, draft: Draft, by: Actor, at: datetime) -> None:
    """The draft is not wanted any more; its files go at once, its answers with the next clearing. Dropped twice is dropped.

    Raises: Closed when submitted.
    """
    with transaction.atomic():
        draft_now = Draft.objects.select_for_update().get(pk=draft.pk)
        if draft_now.state == State.DROPPED:
            return
        require_hand(draft_now, by=by)
        if draft_now.state != State.OPEN:
            raise Closed
        draft_now.state = State.DROPPED
        draft_now.expires_on = day_of(at)
        draft_now.save(update_fields=["state", "expires_on"])
        erase_files_of(owner=("draft", draft_now.uuid), by=by, at=at)
        note("eforms.drop_draft", draft_now, by, at)
    copy_to(draft_now, draft)


def lock(draft: Draft, *, by: Actor) -> Draft:
    """The draft as it stands, for this transaction alone. Raises: NotFound; Closed; NotAllowed."""
    rows = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("version", "person")
        .defer("version__spec")
    )
    found: Draft | None = rows.filter(pk=draft.pk).first()
    if found is None:
        raise NotFound(_("Không có tờ khai này."))
    require_hand(found, by=by)
    if found.state != State.OPEN:
        raise Closed
    return found


def require_hand(draft: Draft, *, by: Actor) -> None:
    """Staff of the commune, the holder of this draft's code, or a resident whose page opened it. Raises: NotAllowed; NotFound."""
    require_help(draft.village_id, by=by)
    if isinstance(by, HolderActor) and by.uuid != draft.uuid:
        raise NotFound(_("Không có tờ khai này."))


def _check(unit: Unit, operated_by: str, known_by: str, card: Card | None) -> None:
    if unit.level != Level.COMMUNE:
        raise Refusal(_("Tờ khai nộp cho một xã, phường hoặc đặc khu."))
    if operated_by not in OperatedBy.values or known_by not in KnownBy.values:
        raise Refusal(_("Ghi rõ ai là người khai."))
    if known_by == KnownBy.CARD and card is None:
        raise Refusal(_("Hãy quét mã QR trên thẻ căn cước."))


def _earlier(key: UUID, form: str, unit: Unit, procedure: str, by: Actor) -> Started | None:
    rows = Draft.objects.filter(uuid=key)
    if not rows.exists():  # nearly always: the whole row is asked for only where there is one
        return None
    draft = rows.select_related("version__form", "person").defer("version__spec").get()
    same = (draft.opened_by, draft.version.form.code, draft.village_id) == (by.id, form, unit.pk)
    if not same or draft.procedure not in ("", procedure):
        raise Conflict(_("Mã này đã dùng cho một tờ khai khác. Hãy mở lại trang và bắt đầu lại."))
    return Started(draft, code_of(draft), tuple(draft.silent))


def _card_index(
    person: Person | None, card: Card | None, claims: Claims | None, known_by: str
) -> bytes | None:
    number = (card.national_id if card else "") or (claims.national_id if claims else "")
    if not number and person is not None and known_by in (KnownBy.E_IDENTITY, KnownBy.OFFICER):
        number = national_id_of(person)
    return index_of(number) if number else None


def _prefilled(
    draft: Draft,
    card: Card | None,
    claims: Claims | None,
    answers: Sequence[Answer],
    by: Actor,
    at: datetime,
) -> Offers:
    spec = spec_of(draft.version)
    found = prefill(draft=draft, spec=spec, card=card, claims=claims, answers=answers, by=by, at=at)
    if list(found.silent) != draft.silent:
        draft.silent = list(found.silent)
        draft.save(update_fields=["silent"])
    return found


def note(deed: str, draft: Draft, by: Actor, at: datetime, **details: object) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="draft",
        object_id=draft.uuid,
        place_id=draft.village_id,
        **details,
    )


def copy_to(source: Draft, target: Draft) -> None:
    """The caller's instance says what the row says."""
    for field in Draft._meta.concrete_fields:
        setattr(target, field.attname, getattr(source, field.attname))
