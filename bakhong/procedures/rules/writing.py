"""A version of a procedure as the row that `catalogue.read` reads: what a unit says of its own is kept so, and begins with what shipped."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from bakhong.procedures.rules.catalogue import Longer, Procedure
from bakhong.procedures.rules.limits import Limit
from bakhong.procedures.rules.words import Words

_NAMES = {"papers": "paper", "steps": "step", "results": "result", "marks": "unverified"}
_HEAD = {"code", "version", "valid_from"}  # what the row it is kept in says itself


def spec_of(procedure: Procedure) -> dict[str, Any]:
    """What the version says, as JSON; whose it is and since when stands beside it.

    >>> from datetime import date
    >>> from bakhong.procedures.rules.catalogue import procedure, read
    >>> shipped = procedure("1.004873", date(2026, 11, 22))
    >>> spec = spec_of(shipped)
    >>> spec["limit"], "code" in spec
    ({'amount': 3, 'unit': 'working_days'}, False)
    >>> read({"procedure": [{**spec, "code": shipped.code, "valid_from": shipped.valid_from}]})[0] == shipped
    True
    """
    row = {each.name: getattr(procedure, each.name) for each in dataclasses.fields(procedure)}
    return {
        _NAMES.get(name, name): _plain(value)
        for name, value in row.items()
        if name not in _HEAD and value is not None
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Words):
        return {"vi": value.vi, "en": value.en}
    if isinstance(value, Limit):
        cutoff = {"cutoff": value.cutoff.isoformat("minutes")} if value.unit == "same_day" else {}
        return {"amount": value.amount, "unit": value.unit, **cutoff}
    if isinstance(value, Longer):
        return {**_plain(value.limit), **_plain(value.why)}
    if dataclasses.is_dataclass(value):
        said = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        return {name: _plain(each) for name, each in said.items() if each is not None and each != ()}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
