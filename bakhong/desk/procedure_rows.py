"""A version of a procedure as the lines of a form, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from bakhong.desk.procedure_conditions import token_of
from bakhong.procedures.labels import UNVERIFIED
from bakhong.procedures.rules.catalogue import Procedure

ROWS = {
    "papers": "paper",
    "steps": "step",
    "exemptions": "exemption",
    "results": "result",
}  # sections whose lines can be added to
PARTS = {
    mark: words for mark, words in UNVERIFIED.items() if mark != "fee"
}  # what can be compared with the text in force


def rows_of(spec: Mapping[str, Any], section: str) -> Sequence[Mapping[str, Any]]:
    """The lines of a section as a version has them."""
    holder: Mapping[str, Any] = spec.get("fee", {}) if section == "exemptions" else spec
    found: Sequence[Mapping[str, Any]] = holder.get("exemptions" if holder is not spec else ROWS[section], ())
    return found


def limit_row(amount: int, unit: str, cutoff: Any) -> dict[str, Any]:
    if unit != "same_day":
        return {"amount": amount, "unit": unit}
    return {"amount": 0, "unit": unit, **({"cutoff": f"{cutoff:%H:%M}"} if cutoff else {})}


def worded(before: Mapping[str, str] | None, vi: str) -> dict[str, str]:
    """The English of what was not reworded stays."""
    return {"vi": vi, "en": before.get("en", "") if before and before.get("vi") == vi else ""}


def named(before: Mapping[str, Any], vi: str) -> dict[str, str]:
    return {"vi": vi, "en": worded(before, vi)["en"] or vi}


def initial_of(base: Procedure | None, spec: Mapping[str, Any]) -> dict[str, Any]:
    if base is None:
        return {
            "unit": "working_days",
            "fee": "none",
            "filed": "desk",
            "applicants": ["citizen"],
            "channels": ["direct"],
        }
    fee, longer = base.fee, base.longer
    return {
        **{name: getattr(base, name).vi for name in ("name", "short", "sector", "who", "help")},
        "applicants": base.applicants,
        "filed": base.filed,
        "channels": base.channels,
        "amount": base.limit.amount,
        "unit": base.limit.unit,
        "cutoff": f"{base.limit.cutoff:%H:%M}" if base.limit.unit == "same_day" else "",
        "longer": longer.limit.amount if longer else None,
        "longer_unit": longer.limit.unit if longer else "",
        "longer_why": longer.why.vi if longer else "",
        "fee": fee.kind,
        "fee_amount": fee.amount if fee.kind in ("fixed", "per_copy") else None,
        "fee_online": fee.online_amount,
        "fee_name": fee.name.vi if fee.kind != "none" else "",
        "fee_source": fee.source,
        "form": base.form,
        "legal_basis": "\n".join(base.legal_basis),
        "checked": [mark for mark in PARTS if base.is_checked(mark) and _fee_checked(base, mark)],
        **{
            f"{one}_{row}_{name}": value
            for section, one in ROWS.items()
            for row, line in enumerate(rows_of(spec, section))
            for name, value in _line(one, line).items()
        },
    }


def _fee_checked(base: Procedure, mark: str) -> bool:
    return mark != "fee.amount" or (
        base.is_checked("fee") and (base.fee.is_verified or base.fee.kind == "none")
    )


def _line(one: str, line: Mapping[str, Any]) -> dict[str, Any]:
    if one == "paper":
        return {**line, "need": "yes" if line["required"] else "no", "when": token_of(line.get("when"))}
    if one == "exemption":
        return {**line, "when": token_of(line.get("when"))}
    if one == "step":
        return {**line, **(line.get("limit") or {}), "share": line["share"] or None}
    return dict(line)
