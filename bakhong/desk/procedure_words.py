"""A version of a procedure in words, part by part, and what differs between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bakhong.core.numbers import format_money, format_percent
from bakhong.procedures.labels import APPLICANTS, CHANNELS, FILED, HELD_BY, RESULT_KINDS, STEP_ROLES
from bakhong.procedures.rules.catalogue import Fee, Paper, Procedure, Step


@dataclass(frozen=True)
class Difference:
    """One part that is another one: what it said and what it says; () where it said nothing."""

    part: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def differences(old: Procedure | None, new: Procedure, lang: str) -> list[Difference]:
    """What `new` says otherwise than `old`; of parts with lines only those that differ."""
    before = dict(_told(old, lang)) if old is not None else {}
    found = []
    for part, lines in _told(new, lang):
        stood = before.get(part, ())
        gone = tuple(each for each in stood if each not in lines)
        come = tuple(each for each in lines if each not in stood)
        if gone or come:
            found.append(Difference(part, gone, come))
    return found


def _told(shown: Procedure, lang: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    longer = shown.longer
    yield _("Tên thủ tục"), _lines(shown.name.of(lang), shown.short.of(lang))
    yield _("Ai làm được"), _lines(shown.who.of(lang), *(str(APPLICANTS[each]) for each in shown.applicants))
    yield _("Nộp ở đâu"), _lines(FILED[shown.filed], *(str(CHANNELS[each]) for each in shown.channels))
    yield (
        _("Thời hạn"),
        _lines(
            shown.limit.in_words(lang),
            f"{longer.limit.in_words(lang)}: {longer.why.of(lang)}" if longer else "",
        ),
    )
    yield _("Giấy tờ"), tuple(_paper(each, lang) for each in shown.papers)
    yield _("Các bước"), tuple(_step(each, lang) for each in shown.steps)
    yield _("Phí, lệ phí"), _lines(*_fee(shown.fee, lang))
    yield _("Kết quả"), tuple(f"{each.name(lang)} ({RESULT_KINDS[each.kind]})" for each in shown.results)
    yield _("Tờ khai"), _lines(shown.form or _("Tờ khai chung"))
    yield _("Căn cứ pháp lý"), shown.legal_basis


def _lines(*given: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in given if each)


def _paper(paper: Paper, lang: str) -> str:
    notes = [HELD_BY.get(paper.held_by), None if paper.required else _("nếu có")]
    notes += [
        _("tuỳ câu trả lời") if paper.when else None,
        _("bản chính") if paper.copy == "original" else None,
    ]
    said = ", ".join(str(each) for each in notes if each)
    return f"{paper.name(lang)} ({said})" if said else paper.name(lang)


def _step(step: Step, lang: str) -> str:
    role = f"{STEP_ROLES[step.role]}: {step.agency}" if step.agency else STEP_ROLES[step.role]
    time = step.limit.in_words(lang) if step.limit else f"{step.share}%"
    return f"{step.name(lang)} ({role}; {time})"


def _fee(fee: Fee, lang: str) -> Iterator[str]:
    if fee.kind == "none":
        yield _("không mất tiền")
    elif fee.kind == "per_page":
        yield _("theo số trang, như danh mục")
    else:
        yield format_money(fee.amount) + (f" / {_('bản')}" if fee.kind == "per_copy" else "")
    if fee.online_amount is not None:
        yield f"{_('trực tuyến')}: {format_money(fee.online_amount)}"
    for each in fee.exemptions:
        left = format_percent(Decimal(each.share), lang)
        rest = _("còn phải trả %(share)s") % {"share": left} if each.share else _("miễn hết")
        yield f"{each.vi}: {rest}"
    yield fee.source
