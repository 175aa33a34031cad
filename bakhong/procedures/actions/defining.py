"""What a unit says of a procedure itself: a task of its own, or its checked text of one that shipped. Only added, never changed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import name_key
from bakhong.eforms.rules.logic import LogicError
from bakhong.eforms.rules.logic import check as check_rule
from bakhong.places.models import Unit
from bakhong.procedures.actions.saying import needed, say, take_back
from bakhong.procedures.models import LocalProcedure
from bakhong.procedures.permissions import require
from bakhong.procedures.queries.local import latest_of, procedure
from bakhong.procedures.queries.needs import missing_questions
from bakhong.procedures.rules import catalogue as shipped
from bakhong.procedures.rules.catalogue import CatalogueError, Procedure
from bakhong.procedures.rules.references import rules_of
from bakhong.procedures.rules.writing import spec_of

_LOCK = 0x0EF0_0002
_MOST = 60_000  # letters of a text as JSON
_CODE = 40


class MissingQuestions(Refusal):
    """The form does not ask what conditions, fee or result are read from. `codes`: which."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__(
            _(
                "Tờ khai đã chọn không có câu mà thủ tục cần: %(codes)s. Chọn tờ khai khác hoặc bỏ điều kiện đó."
            )
            % {"codes": ", ".join(codes)}
        )
        self.codes = codes


def own_code(unit: Unit, name: str) -> str:
    """The code of a unit's own task: "local.", whose it is, and its name; so no two units ever share one.

    >>> own_code(Unit(code="16174"), "Mượn loa đài của xã")
    'local.16174-muon-loa-dai-cua-xa'
    """
    words, slug, most = name_key(name).split(), "", _CODE - len(_prefix(unit))
    for word in filter(None, ("".join(filter(str.isalnum, each)) for each in words)):
        longer = f"{slug}-{word}" if slug else word[:most]
        if not word.isascii() or len(longer) > most:
            break
        slug = longer
    return f"{_prefix(unit)}{slug or 'viec'}"


def define_procedure(
    *,
    unit: Unit,
    code: str,
    spec: Mapping[str, Any],
    valid_from: date,
    source: str,
    by: Actor,
    at: datetime,
    key: UUID | None = None,
    seen: UUID | None = None,
) -> LocalProcedure:
    """A version of a procedure at the unit and below it, from a day on. `spec`: as `rules.writing.spec_of` writes it. `seen`: the latest
    version of the unit that the page showed, None where it had none. Dossiers in hand keep theirs.

    Raises: NotAllowed; Refusal (MissingQuestions where its form does not ask what it reads); Conflict where somebody was faster.
    """
    require(unit, by=by)
    read = check_definition(unit=unit, code=code, spec=spec, valid_from=valid_from, source=source, at=at)
    return _said(unit, code, spec_of(read), valid_from, read.source, by, at, key, seen, "procedures.define")


def check_definition(
    *, unit: Unit, code: str, spec: Mapping[str, Any], valid_from: date, source: str, at: datetime
) -> Procedure:
    """The version as it would be, for who wants to see it first; its number is not its own yet. Raises: Refusal as `define_procedure`."""
    _from_today(valid_from, at)
    source = needed(source, 300, _("Ghi nghị quyết hoặc quyết định làm căn cứ."))
    read = _read(code, {**spec, "source": source}, valid_from)
    if procedure(unit, code, valid_from) is None and not code.startswith(_prefix(unit)):
        raise Refusal(_("Không có thủ tục này."))
    lacking = missing_questions(read, unit)
    if lacking:
        raise MissingQuestions(lacking)
    return read


def end_procedure(
    *,
    unit: Unit,
    code: str,
    valid_from: date,
    source: str,
    by: Actor,
    at: datetime,
    key: UUID | None = None,
    seen: UUID | None = None,
) -> LocalProcedure:
    """From a day on the unit does it as the program says again; a task of its own it does no more. Dossiers in hand go on.

    Raises: NotAllowed; Refusal; Conflict.
    """
    require(unit, by=by)
    _from_today(valid_from, at)
    source = needed(source, 300, _("Ghi nghị quyết hoặc quyết định làm căn cứ."))
    if latest_of(unit, code) is None:
        raise Refusal(_("Đơn vị chưa có bản riêng của thủ tục này."))
    return _said(unit, code, None, valid_from, source, by, at, key, seen, "procedures.end")


def undo_definition(*, definition: LocalProcedure, by: Actor, at: datetime) -> None:
    """As if it had not been said; dossiers handed in under it keep it. Raises: NotAllowed."""
    take_back(definition, deed="procedures.undo_definition", what="local_procedure", by=by, at=at)


def _said(
    unit: Unit,
    code: str,
    spec: dict[str, Any] | None,
    valid_from: date,
    source: str,
    by: Actor,
    at: datetime,
    key: UUID | None,
    seen: UUID | None,
    deed: str,
) -> LocalProcedure:
    digest = _digest(spec)
    program = shipped.procedure(code, valid_from)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if key is None or not LocalProcedure.objects.filter(key=key).exists():
            standing = latest_of(unit, code)
            if (standing.uuid if standing else None) != seen:
                raise Conflict(
                    _("Có người vừa sửa thủ tục này. Hãy mở lại trang và làm lại.")
                    if seen
                    else _(
                        "Đơn vị đã có bản riêng của thủ tục này. Mở trang thủ tục đó để sửa, hoặc đặt tên ngắn khác."
                    )
                )
        made = say(
            LocalProcedure,
            deed=deed,
            what="local_procedure",
            unit=unit,
            source=source,
            key=key,
            by=by,
            at=at,
            code=code,
            spec=spec,
            digest=digest,
            program_version=program.version if program else 0,
            valid_from=valid_from,
        )
        if (made.code, made.digest, made.valid_from) != (code, digest, valid_from):
            raise Conflict(_("Biểu mẫu này đã dùng cho việc khác. Hãy mở lại trang và làm lại."))
    return made


def _read(code: str, spec: Mapping[str, Any], valid_from: date) -> Procedure:
    try:
        read = shipped.read({"procedure": [{**spec, "code": code, "version": 1, "valid_from": valid_from}]})[
            0
        ]
        for rule in rules_of(read):
            check_rule(rule)
    except (CatalogueError, LogicError, AttributeError) as error:
        raise Refusal(_("Thủ tục ghi chưa đúng: %(what)s.") % {"what": str(error)[:200]}) from None
    if len(_json(spec_of(read))) > _MOST:
        raise Refusal(_("Nội dung thủ tục quá dài."))
    return read


def _from_today(valid_from: date, at: datetime) -> None:
    if valid_from < day_of(at):
        raise Refusal(_("Chọn một ngày từ hôm nay trở đi."))


def _prefix(unit: Unit) -> str:
    return f"local.{unit.code[:14].lower()}-"


def _digest(spec: Mapping[str, Any] | None) -> str:
    return hashlib.sha256(_json(spec).encode()).hexdigest()


def _json(spec: Mapping[str, Any] | None) -> str:
    return json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
