"""Giving out the code that hangs at a stall, and looking whether it still hangs there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.text import is_storable, squeeze
from bakhong.payments.actions.stall_telling import tell_seller, tell_staff
from bakhong.payments.actions.stalls import locked
from bakhong.payments.actions.words import said
from bakhong.payments.models import Market, Stall, Sticker, StickerCheck, Verdict
from bakhong.payments.permissions import CHECK_STALLS, KEEP_STALLS, require_stalls
from bakhong.payments.queries.stalls import place_words
from bakhong.payments.queries.stickers import (
    LONGEST,
    Judged,
    by_seal,
    current_sticker,
    judge_all,
    payload_of_stall,
)
from bakhong.payments.rules.stickers import read_seal, tidy
from bakhong.payments.sealed import seal_of_sticker
from bakhong.people import scope
from bakhong.places.models import Unit

PUBLIC = "public"  # who looked is written down for staff only
_TOLD_AGAIN = timedelta(days=1)
MOST_ALARMS = 20  # of one stall a day from the street: a swindler's first, harmless ones must not silence the one that counts


def issue_sticker(*, stall: Stall, why: str = "", by: Actor, at: datetime) -> Sticker:
    """The code to print. What hangs already, pays the same account and says what is so stays; with a reason a new one ends it.

    Raises: NotAllowed; Refusal where the stall has no account.
    """
    require_stalls(KEEP_STALLS, stall.village_id, by=by)
    reason = said(why, 200)
    with transaction.atomic():
        held = locked(stall)
        payload = payload_of_stall(held)
        if not payload:
            raise Refusal(_("Điểm bán chưa có tài khoản nhận tiền. Ghi tài khoản trước khi in thẻ."))
        current = current_sticker(held)
        is_good = current is not None and current.payload == payload and current.stale_at is None
        if current is not None and is_good and not reason:
            return current
        if current is not None and current.stale_at is not None:
            reason = reason or _("đổi chữ in trên thẻ")
        if current is not None:
            current.ended_at, current.ended_why = at, reason
            current.save(update_fields=["ended_at", "ended_why"])
        made = _sticker(held, payload, by, at)
        audit.record(
            by=by,
            at=at,
            deed="payments.issue_sticker",
            object_kind="stall",
            object_id=held.uuid,
            place_id=held.village_id,
            reissued=current is not None,
        )
    return made


def issue_stickers(*, stalls: Sequence[Stall], by: Actor, at: datetime) -> list[Sticker]:
    """For all of these that have an account; who has a good card keeps it. Raises: NotAllowed."""
    with transaction.atomic():
        return [issue_sticker(stall=each, by=by, at=at) for each in stalls if each.account]


def _sticker(stall: Stall, payload: str, by: Actor, at: datetime) -> Sticker:
    uuid = new_uuid()
    made: Sticker = Sticker.objects.create(
        uuid=uuid,
        village_id=stall.village_id,
        stall=stall,
        payload=payload,
        seal_code=seal_of_sticker(uuid, stall.uuid, payload),
        issued_at=at,
        issued_by=by.id,
    )
    return made


def is_sealed(sticker: Sticker) -> bool:
    """The row is as it was when the card was printed: the seal code is made with a key that the database does not hold."""
    return sticker.seal_code == seal_of_sticker(sticker.uuid, sticker.stall.uuid, sticker.payload)


def check_sticker(
    *,
    stall: Stall | None,
    unit: Unit,
    scanned: str | Sequence[str],
    among: QuerySet[Stall],
    key: UUID,
    by: Actor,
    at: datetime,
) -> StickerCheck:
    """Somebody of the staff has scanned what hangs at a stall, or a code whose stall they do not know (`among` which to look).

    Of several codes in one picture (`scanned`) the worst counts.
    A code that could lead money elsewhere alarms the seller and the commune in the same transaction. The same `key` again gives the first.

    Raises: NotAllowed; Refusal for an empty code; Conflict where the key was used for another one.
    """
    require_stalls(CHECK_STALLS, stall.village_id if stall else unit.pk, by=by)
    judged, text = judge_all(_readable(scanned), stall, among)
    with transaction.atomic():
        earlier = StickerCheck.objects.filter(uuid=key).first()
        if earlier is not None:
            return _same(earlier, text)
        made = _checked(judged, unit, text, key, by.id, by.label, at)
        if made.alarmed_at is not None:
            _alarm(made, judged, unit, by, at)
    return made


def check_in_public(
    *,
    scanned: str | Sequence[str],
    seal: str = "",
    market: Market | None = None,
    number: str = "",
    at: datetime,
) -> Judged:
    """Anybody asks about a code they scanned; with the seal code printed beside it, the code of that card; with market and number, what
    hangs at that stall.

    Nothing is kept of who asks, nor of a code that is right or unknown. One that differs from its card is an alarm, told once while
    nobody has settled it; another code at the same stall is another alarm. The caller counts the attempts.

    Raises: Refusal for an empty code, a seal code that is none, or a number that the market does not have.
    """
    texts = _readable(scanned)
    code = read_seal(seal) if seal.strip() else ""
    if seal.strip() and not code:
        raise Refusal(_("Mã niêm phong gồm 10 chữ và số in trên thẻ. Xem lại từng chữ."))
    with scope.seeing(OPERATOR), transaction.atomic():
        judged, text = _judged_in_public(texts, code, None if code else _standing(market, number))
        if is_alarming(judged) and judged.stall is not None and judged.stall.valid_to is None:
            _alarm_once(judged, text, at)
    return judged


def _standing(market: Market | None, number: str) -> Stall | None:
    """Raises: Refusal."""
    if market is None or not number.strip():
        return None
    rows = Stall.objects.filter(market=market, code__iexact=squeeze(number), valid_to=None)
    found: Stall | None = rows.select_related("market", "organisation", "village").first()
    if found is None:
        raise Refusal(_("Chợ này không có sạp số đó. Xem lại số treo ở sạp, hoặc để trống."))
    return found


def _judged_in_public(texts: Sequence[str], code: str, stall: Stall | None) -> tuple[Judged, str]:
    everywhere = Stall.objects.select_related("market", "organisation", "village")
    if not code:
        return judge_all(texts, stall, everywhere)
    sticker = by_seal(code)
    if sticker is None or not is_sealed(sticker) or sticker.stall.valid_to is not None:
        return Judged(Verdict.UNKNOWN, ("seal",)), texts[0]
    if sticker.ended_at is not None:
        return Judged(Verdict.ENDED, ("seal",), sticker.stall, sticker), texts[0]
    return judge_all(texts, sticker.stall, everywhere)


def _alarm_once(judged: Judged, text: str, at: datetime) -> None:
    assert judged.stall is not None
    held = locked(judged.stall)
    recent = held.checks.filter(alarmed_at__gt=at - _TOLD_AGAIN)
    is_told = recent.filter(scanned=text, settled_at=None).exists()
    if judged.differences == ("seal",) or is_told or recent.filter(by=PUBLIC).count() >= MOST_ALARMS:
        return
    by = Public()
    made = _checked(judged, held.village, text, new_uuid(), by.id, by.label, at)
    if made.alarmed_at is not None:
        _alarm(made, judged, held.village, by, at)


class Public:
    """Anybody from the street (core.actor.Actor); may nothing."""

    id = PUBLIC
    label = "Người dân"

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return False


def settle_alarm(*, check: StickerCheck, note: str, by: Actor, at: datetime) -> StickerCheck:
    """Somebody went there and saw to it. Raises: NotAllowed; Refusal without a note; Conflict when somebody has settled it."""
    require_stalls(KEEP_STALLS, check.village_id, by=by)
    note = squeeze(note)
    if not note or len(note) > 300 or not is_storable(note):
        raise Refusal(_("Ghi đã xử lý thế nào: ai đến, mã lạ đã gỡ chưa, đã báo chủ hàng chưa."))
    with transaction.atomic():
        held: StickerCheck = StickerCheck.objects.select_for_update().get(pk=check.pk)
        if held.alarmed_at is None or held.settled_at is not None:
            raise Conflict(_("Cảnh báo này đã xử lý rồi: %(who)s.") % {"who": held.settled_by_label or "—"})
        held.settled_at, held.settled_by_label, held.settled_note = at, by.label[:120], note
        held.save(update_fields=["settled_at", "settled_by_label", "settled_note"])
        audit.record(
            by=by,
            at=at,
            deed="payments.settle_sticker_alarm",
            object_kind="sticker_check",
            object_id=held.uuid,
            place_id=held.village_id,
        )
    return held


def _readable(scanned: str | Sequence[str]) -> list[str]:
    """The texts of the codes, each once. Raises: Refusal where there is none."""
    told = [scanned] if isinstance(scanned, str) else scanned
    texts = list(dict.fromkeys(tidy(each)[:LONGEST] for each in told if tidy(each) and is_storable(each)))
    if not texts:
        raise Refusal(_("Chưa đọc được mã nào. Chụp lại gần hơn, đủ sáng, thấy trọn ô mã."))
    return texts


def _same(earlier: StickerCheck, text: str) -> StickerCheck:
    if earlier.scanned != text:
        raise Conflict(_("Trang này đã được gửi với mã khác. Mở lại trang rồi quét."))
    return earlier


def is_alarming(judged: Judged) -> bool:
    """A code at a known stall that is not a payment code of a bank at all is as bad as another account."""
    if judged.verdict in (Verdict.CHANGED, Verdict.ENDED):
        return True
    return judged.verdict == Verdict.UNREADABLE and judged.stall is not None


def _checked(
    judged: Judged, unit: Unit, text: str, key: UUID, by_id: str, by_label: str, at: datetime
) -> StickerCheck:
    stall = judged.stall
    try:
        with transaction.atomic():
            made: StickerCheck = StickerCheck.objects.create(
                uuid=key,
                village_id=stall.village_id if stall else unit.pk,
                stall=stall,
                sticker=judged.sticker,
                scanned=text,
                verdict=judged.verdict,
                differences=list(judged.differences),
                at=at,
                by=by_id,
                by_label=by_label[:120],
                alarmed_at=at if is_alarming(judged) else None,
            )
    except IntegrityError:
        raise Conflict(_("Mã này vừa được gửi. Mở lại trang để xem kết quả.")) from None
    return made


def _alarm(check: StickerCheck, judged: Judged, unit: Unit, by: Actor, at: datetime) -> None:
    """The seller and the commune hear of it at once: on their pages, by letter, or somebody is asked to call."""
    stall = judged.stall
    audit.record(
        by=by,
        at=at,
        deed="payments.alarm_sticker",
        object_kind="sticker_check",
        object_id=check.uuid,
        place_id=check.village_id,
        verdict=str(check.verdict),
        differences=list(check.differences),
    )
    if stall is not None:
        tell_seller(stall=stall, template="sticker_alarm", key=check.uuid, by=by, at=at)
    tell_staff(
        village=stall.village if stall else unit,
        where=place_words(stall) if stall else unit.full_name,
        about=("sticker_check", check.uuid),
        permissions=(KEEP_STALLS,),
        template="sticker_alarm_staff",
        key=check.uuid,
        by=by,
        at=at,
    )
