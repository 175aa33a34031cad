"""Keeping the register of markets and stalls."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.accounts.permissions import covered_ids
from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.text import identity_key, is_storable, name_key, squeeze
from bakhong.payments.actions.stall_telling import tell_before
from bakhong.payments.models import Biller, Market, Stall
from bakhong.payments.permissions import KEEP_STALLS, require_stalls
from bakhong.payments.queries.stalls import commune_of, contact_before, printed_words
from bakhong.payments.rules.vietqr import MOST_DIGITS
from bakhong.people.actions import add_organisation
from bakhong.people.models import Organisation, OrganisationKind
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Facts:
    """What is known of a stall besides its account. `monthly_fee` in đồng; None: no fee is collected."""

    code: str
    owner_name: str
    name: str = ""
    trade: str = ""
    phone: str = ""
    monthly_fee: int | None = None


_LENGTHS = {"code": 20, "owner_name": 120, "name": 120, "trade": 120, "phone": 20}


def open_market(
    *, unit: Unit, name: str, address: str = "", biller: Biller | None = None, by: Actor, at: datetime
) -> Market:
    """A market of a commune; `biller` collects its fees. Raises: NotAllowed; Refusal; Conflict where one is called so."""
    require_stalls(KEEP_STALLS, unit.pk, by=by)
    name, address = squeeze(name), squeeze(address)
    _check_words({"name": (name, 120), "address": (address, 200)})
    if not name:
        raise Refusal(_("Ghi tên chợ."))
    _check_biller(biller, unit)
    try:
        with transaction.atomic():
            made = Market.objects.create(
                unit=unit, name=name, address=address, biller=biller, valid_from=day_of(at)
            )
            _note(by, at, "payments.open_market", "market", made.uuid, unit.pk)
    except IntegrityError:
        raise Conflict(_("Xã đã có chợ tên này.")) from None
    return made


def change_market(*, market: Market, address: str, biller: Biller | None, by: Actor, at: datetime) -> Market:
    """Where it is, and who collects its fees from now on. Raises: NotAllowed; Refusal."""
    require_stalls(KEEP_STALLS, market.unit_id, by=by)
    address = squeeze(address)
    _check_words({"address": (address, 200)})
    _check_biller(biller, market.unit)
    with transaction.atomic():
        market.address, market.biller = address, biller
        market.save(update_fields=["address", "biller"])
        _note(by, at, "payments.change_market", "market", market.uuid, market.unit_id)
    return market


def close_market(*, market: Market, by: Actor, at: datetime) -> Market:
    """It is held no more. Raises: NotAllowed; Refusal while stalls stand there."""
    require_stalls(KEEP_STALLS, market.unit_id, by=by)
    with transaction.atomic():
        held = Market.objects.select_for_update().get(pk=market.pk)
        if held.stalls.filter(valid_to=None).exists():
            raise Refusal(_("Chợ còn điểm bán đang mở. Ghi nghỉ hoặc chuyển từng điểm bán trước."))
        if held.valid_to is None:
            held.valid_to = day_of(at)
            held.save(update_fields=["valid_to"])
            _note(by, at, "payments.close_market", "market", held.uuid, held.unit_id)
    return held


def open_stall(
    *,
    village: Unit,
    facts: Facts,
    market: Market | None = None,
    organisation: Organisation | None = None,
    key: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Stall:
    """A stall of a market, or a shop. Without `organisation` the one of that name and owner in the village is taken, else made.

    The same `key` again gives the first. Raises: NotAllowed; Refusal; Conflict where the market has that number.
    """
    require_stalls(KEEP_STALLS, village.pk, by=by)
    facts = _checked(facts)
    if organisation is not None:
        check_organisation(organisation, village, at)
    uuid = key or new_uuid()
    with transaction.atomic():
        earlier = Stall.objects.filter(uuid=uuid).first()
        if earlier is not None:
            return _same(earlier, facts)
        theirs = organisation or _organisation(village, facts, by, at)
        try:
            with transaction.atomic():
                made = Stall.objects.create(
                    uuid=uuid,
                    village=village,
                    market=market,
                    organisation=theirs,
                    valid_from=day_of(at),
                    recorded_at=at,
                    recorded_by=by.id,
                    **_columns(facts),
                )
        except IntegrityError:
            raise Conflict(_("Chợ này đã có điểm bán số %(code)s.") % {"code": facts.code}) from None
        _note(by, at, "payments.open_stall", "stall", made.uuid, village.pk)
    return made


def change_stall(*, stall: Stall, facts: Facts, market: Market | None, by: Actor, at: datetime) -> Stall:
    """What is known of it is something else now; the account is another deed. Another name or number is told to the one there was.

    Raises: as `open_stall`.
    """
    require_stalls(KEEP_STALLS, stall.village_id, by=by)
    told = _columns(_checked(facts))
    with transaction.atomic():
        held = locked(stall)
        before = {name: getattr(held, name) for name in told}
        changed = [name for name, value in told.items() if before[name] != value]
        if held.market_id != (market.pk if market else None):
            changed.append("market")
        if not changed:
            return held
        printed = printed_words(held)
        kept = keep_contact(held, by, at) if {"phone", "owner_name"} & set(changed) else []
        for name, value in told.items():
            setattr(held, name, value)
        held.market = market
        try:
            with transaction.atomic():
                held.save(update_fields=[*changed, *kept])
        except IntegrityError:
            raise Conflict(_("Chợ này đã có điểm bán số %(code)s.") % {"code": held.code}) from None
        if printed_words(held) != printed:
            held.stickers.filter(ended_at=None).update(stale_at=at)
        _note(by, at, "payments.change_stall", "stall", held.uuid, held.village_id, changed=sorted(changed))
    return held


def keep_contact(held: Stall, by: Actor, at: datetime, *, is_told: bool = True) -> list[str]:
    """Remember who was asked until now, and tell them: whoever turns the number first, asks for another account next. The fields to save.

    Of several changes within a month what stood before the first is remembered.
    """
    if contact_before(held, at) is None:
        held.phone_before, held.owner_before = held.phone, held.owner_name
    held.contact_changed_at = at
    if is_told:
        tell_before(stall=held, template="stall_contact_changed", key=new_uuid(), by=by, at=at)
    return ["contact_changed_at", "phone_before", "owner_before"]


def close_stall(*, stall: Stall, ended_on: date, by: Actor, at: datetime) -> Stall:
    """Nobody sells there any more: its card is no longer good. Raises: NotAllowed; Refusal for a day before it began."""
    require_stalls(KEEP_STALLS, stall.village_id, by=by)
    with transaction.atomic():
        held = locked(stall)
        if ended_on <= held.valid_from or ended_on > day_of(at) + timedelta(days=1):
            raise Refusal(_("Ngày nghỉ phải sau ngày bắt đầu, muộn nhất là ngày mai."))
        held.valid_to = ended_on
        held.save(update_fields=["valid_to"])
        held.stickers.filter(ended_at=None).update(ended_at=at, ended_why=_("điểm bán đã nghỉ"))
        _note(by, at, "payments.close_stall", "stall", held.uuid, held.village_id)
    return held


def locked(stall: Stall) -> Stall:
    """The row for us alone. Raises: Refusal when it is closed."""
    rows = Stall.objects.select_for_update(of=("self",)).select_related("market", "organisation", "village")
    held: Stall = rows.get(pk=stall.pk)
    if held.valid_to is not None:
        raise Refusal(_("Điểm bán này đã nghỉ."))
    return held


def check_organisation(organisation: Organisation, village: Unit, at: datetime) -> None:
    """Raises: Refusal for one that works in another commune, or no more."""
    area = covered_ids([commune_of(village, day_of(at)).pk], day_of(at))
    if organisation.village_id not in area or organisation.valid_to is not None:
        raise Refusal(_("Hộ kinh doanh này không còn, hoặc ở xã khác."))


def _organisation(village: Unit, facts: Facts, by: Actor, at: datetime) -> Organisation:
    """Names find, they do not identify: taken only where exactly one is called so and its owner is not somebody else."""
    called = facts.name or facts.owner_name
    alike = [
        each
        for each in Organisation.objects.select_related("owner").filter(
            village=village, name_key=name_key(called), valid_to=None
        )
        if identity_key(each.name) == identity_key(called)
        and (each.owner is None or identity_key(each.owner.name) == identity_key(facts.owner_name))
    ]
    if len(alike) == 1:
        found: Organisation = alike[0]
        return found
    return add_organisation(
        village=village,
        kind=OrganisationKind.HOUSEHOLD_BUSINESS,
        name=called,
        source=_("Sổ điểm bán"),
        by=by,
        at=at,
    )


def _checked(facts: Facts) -> Facts:
    words = {name: squeeze(getattr(facts, name)) for name in _LENGTHS}
    told = Facts(**words, monthly_fee=facts.monthly_fee)
    _check_words({name: (getattr(told, name), most) for name, most in _LENGTHS.items()})
    if not told.code or not told.owner_name:
        raise Refusal(_("Ghi số của điểm bán và tên người bán."))
    if told.monthly_fee is not None and not 0 < told.monthly_fee < 10**MOST_DIGITS:
        raise Refusal(_("Phí tháng là số đồng nguyên, từ 1 đồng; không thu thì bỏ trống."))
    return told


def _columns(facts: Facts) -> dict[str, object]:
    return {each.name: getattr(facts, each.name) for each in fields(Facts)}


def _check_words(told: dict[str, tuple[str, int]]) -> None:
    if any(len(text) > most or not is_storable(text) for text, most in told.values()):
        raise Refusal(_("Có ô dài quá hoặc có ký tự lạ. Hãy viết ngắn lại."))


def _check_biller(biller: Biller | None, unit: Unit) -> None:
    if biller is not None and (biller.unit_id != unit.pk or biller.valid_to is not None):
        raise Refusal(_("Đơn vị thu này không thu ở xã này."))


def _same(earlier: Stall, facts: Facts) -> Stall:
    if (earlier.code, earlier.owner_name) != (facts.code, facts.owner_name):
        raise Conflict(_("Trang này đã được gửi với nội dung khác. Mở lại trang rồi ghi."))
    return earlier


def _note(
    by: Actor, at: datetime, deed: str, kind: str, uuid: UUID, place_id: int, **details: object
) -> None:
    audit.record(by=by, at=at, deed=deed, object_kind=kind, object_id=uuid, place_id=place_id, **details)
