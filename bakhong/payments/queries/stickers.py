"""What was given out, what a scanned code is beside it, and the alarms nobody has settled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.payments.models import Stall, Sticker, StickerCheck, Verdict
from bakhong.payments.permissions import SEE_STALLS, stall_area
from bakhong.payments.rules.stickers import compare, read, tidy
from bakhong.payments.rules.vietqr import BadCode, Code, encode
from bakhong.places.models import Unit

LONGEST = 512


@dataclass(frozen=True)
class Judged:
    """`stall`: the one that was named, or whose account it is. `sticker`: what was compared with, if any was printed."""

    verdict: str
    differences: tuple[str, ...] = ()
    stall: Stall | None = None
    sticker: Sticker | None = None

    @property
    def is_right(self) -> bool:
        return self.verdict in (Verdict.GENUINE, Verdict.EQUIVALENT)


def current_sticker(stall: Stall) -> Sticker | None:
    found: Sticker | None = stall.stickers.filter(ended_at=None).first()
    return found


def payload_of_stall(stall: Stall) -> str:
    """What customers of the stall scan; "" where it has no account."""
    return encode(bank_bin=stall.bank_bin, account=stall.account) if stall.account else ""


def judge_at(stall: Stall, scanned: str) -> Judged:
    """What hangs at this stall, beside what it was given."""
    sticker = current_sticker(stall)
    printed = payload_of_stall(stall)
    text = tidy(scanned)
    if len(text) > LONGEST:
        return Judged(Verdict.UNREADABLE, ("broken",), stall, sticker)
    if not printed:
        return Judged(Verdict.UNKNOWN, (), stall)
    found = compare(printed, text, names=names_of(stall))
    verdict = found.verdict
    if verdict == Verdict.CHANGED and _is_ended(_decoded(text), stall.stickers.exclude(ended_at=None)):
        verdict = Verdict.ENDED
    return Judged(verdict, found.differences, stall, sticker)


def judge_anywhere(scanned: str, among: QuerySet[Stall]) -> Judged:
    """A code that somebody found without saying where: whose account is it? `among`: stalls that stand today."""
    text = tidy(scanned)
    code = _decoded(text) if len(text) <= LONGEST else None
    if code is None:
        is_broken = text.startswith("000201") and len(text) <= LONGEST
        return Judged(Verdict.CHANGED if is_broken else Verdict.UNREADABLE, ("broken",))
    stall = among.filter(bank_bin=code.bank_bin, account=code.account, valid_to=None).order_by("pk").first()
    if stall is not None:
        return judge_at(stall, text)
    ended = Sticker.objects.exclude(ended_at=None).filter(stall__in=among, payload__contains=code.account)
    old = next((each for each in ended.select_related("stall") if _pays(each, code)), None)
    return Judged(Verdict.ENDED, ("account",), old.stall, old) if old else Judged(Verdict.UNKNOWN)


_WORST = (
    Verdict.CHANGED,
    Verdict.ENDED,
    Verdict.UNREADABLE,
    Verdict.UNKNOWN,
    Verdict.EQUIVALENT,
    Verdict.GENUINE,
)


def judge_all(codes: Sequence[str], stall: Stall | None, among: QuerySet[Stall]) -> tuple[Judged, str]:
    """All codes of one picture (at least one): the worst of them counts, and its text. `stall`: where they hang, if that is known.

    A swindler's own code under a card that is right is in the same picture. What is no code of a payment (a link, a visiting card) hangs
    beside many a card: it counts only where there is no other.
    """
    paying = [each for each in codes if tidy(each).startswith("000201")] or list(codes)
    told = [(judge_at(stall, each) if stall else judge_anywhere(each, among), each) for each in paying]
    right = next((each for each, _text in told if each.is_right and each.stall), None)
    if (
        right and right.stall and not stall
    ):  # a stranger's account beside a card is looked at as one that hangs there
        told = [
            (judge_at(right.stall, text) if each.verdict == Verdict.UNKNOWN else each, text)
            for each, text in told
        ]
    worst, text = min(told, key=lambda each: _WORST.index(Verdict(each[0].verdict)))
    if right and not worst.is_right:
        worst = replace(worst, differences=(*worst.differences, "second"))
    return worst, text


def names_of(stall: Stall) -> list[str]:
    """How the payee may be called in a bank's reprint."""
    told = (stall.account_holder, stall.owner_name, stall.name, stall.organisation.name)
    return [each for each in told if each]


def _decoded(text: str) -> Code | None:
    try:
        return read(text)
    except BadCode:
        return None


def _is_ended(code: Code | None, stickers: QuerySet[Sticker]) -> bool:
    return code is not None and any(_pays(each, code) for each in stickers)


def _pays(sticker: Sticker, code: Code) -> bool:
    old = read(sticker.payload)
    return (old.bank_bin, old.account) == (code.bank_bin, code.account)


def checks_at(actor: Actor, unit: Unit, on: date, permission: str = SEE_STALLS) -> QuerySet[StickerCheck]:
    """Looks at codes of the unit, the latest first."""
    area = stall_area(actor, permission)
    rows = StickerCheck.objects.filter(village__in=covered_ids([unit.pk], on))
    rows = rows if area is None else rows.filter(village__in=area)
    return rows.select_related("stall", "stall__market", "village").order_by("-at", "-pk")


def open_alarms(checks: QuerySet[StickerCheck]) -> QuerySet[StickerCheck]:
    return checks.filter(alarmed_at__isnull=False, settled_at=None)


def by_seal(code: str) -> Sticker | None:
    """The card that carries this seal code, whether it is still good or not. The connection must see every stall."""
    found: Sticker | None = (
        Sticker.objects.filter(seal_code=code)
        .select_related("stall", "stall__market", "stall__organisation", "village")
        .first()
    )
    return found


def cards_of(stalls: Sequence[Stall]) -> list[Sticker]:
    """The cards that hang now at these stalls, in their order."""
    rows = Sticker.objects.filter(stall__in=stalls, ended_at=None)
    found = {each.stall_id: each for each in rows.select_related("stall", "stall__market", "village")}
    return [found[each.pk] for each in stalls if each.pk in found]
