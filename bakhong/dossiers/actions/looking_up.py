"""Looking up what stands for a paper, where the State should know it: by the officer's own eyes, or by asking a register.

Source: Resolution 66.7/2025/NQ-CP: such a paper is asked for only where it was looked up and not found, with the reason.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.dossiers.actions.stepping import words
from bakhong.dossiers.actions.updates import ask_updates, drop_unsent, require_not_asked
from bakhong.dossiers.models import Check, Dossier, LookedUp, PaperCheck
from bakhong.dossiers.permissions import require_work
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.looking_up import RESULT, Told, can_ask, may_be_looked_up
from bakhong.dossiers.rules.states import FINISHED
from bakhong.people import scope
from bakhong.people.actions.purposes import log_use
from bakhong.people.models import Person, Purpose
from bakhong.people.queries.consents import Basis
from bakhong.people.queries.known import known_values, register_answers
from bakhong.procedures.labels import HELD_BY
from bakhong.procedures.rules.catalogue import Paper


def note_look_up(
    *, dossier: Dossier, paper: str, is_found: bool, reason: str = "", by: Actor, at: datetime
) -> PaperCheck:
    """The officer looked it up themself. Not found: the paper may be asked for, and its register is asked to be mended; found after all:
    a request that did not go out yet is taken back.

    Raises: NotAllowed; NotFound for a paper nobody holds or that was given; Refusal without the reason; Conflict once the dossier is over,
    or found while the resident is asked for it.
    """
    why = words(reason, 300)
    if not is_found and not why:
        raise Refusal(_("Ghi đã tra ở đâu và vì sao không thấy."))
    with transaction.atomic():
        check = _held(dossier, paper, by)
        if is_found:
            if check.state == Check.NOT_FOUND:
                require_not_asked(dossier, paper)
            drop_unsent(dossier, paper, by=by, at=at)
        check.state = Check.HELD if is_found else Check.NOT_FOUND
        check.reason = "" if is_found else why
        _write(check, LookedUp.FOUND if is_found else LookedUp.NOT_FOUND, by.label, by, at)
        if not is_found:
            ask_updates(dossier, [check], by=by, at=at)
        return check


def ask_for_paper(*, dossier: Dossier, paper: str, by: Actor, at: datetime) -> PaperCheck:
    """Ask where it should be known, and keep what was said beside the paper; what follows from "not found" the officer says, with a reason.

    The register may take seconds: it is asked before the row is held, so this must not run inside a transaction.

    Raises: as `note_look_up`; Refusal where nothing can be asked from here.
    """
    require_work(dossier.village_id, by=by)
    procedure = procedure_of(dossier)
    named = procedure.paper(paper) if procedure is not None else None
    if named is None or dossier.person is None:
        raise NotFound(_("Không có giấy này để tra."))
    told = look_up(person=dossier.person, paper=named, about=("dossier", dossier.uuid), by=by, at=at)
    with transaction.atomic():
        check = _held(dossier, paper, by)
        _write(check, told.state, told.whom, by, at)
        return check


def look_up(*, person: Person, paper: Paper, about: tuple[str, UUID], by: Actor, at: datetime) -> Told:
    """What is said of it where it should be known. The person reads that it was asked; `about` is the draft or dossier it is for.

    Raises: Refusal where it cannot be asked from here, or nobody knows by which number.
    """
    if not can_ask(paper):
        raise Refusal(_("Chưa nối với nơi giữ dữ liệu này: cán bộ tự tra rồi ghi kết quả."))
    whom = str(HELD_BY[paper.held_by])
    if paper.held_by == RESULT:
        found = known_values(person, paper.shown_by, on=day_of(at), registers=())
        issued = {
            key: each.value
            for key, each in {**found.expired, **found.values}.items()
            if each.source == RESULT
        }
        _note_use(person, paper.shown_by, (), about, by, at)
        return Told(_state(paper, issued), whom)
    answers = register_answers(person, paper.shown_by, [paper.held_by])
    if not answers:
        raise Refusal(_("Chưa biết số định danh của người này nên không tra được."))
    _note_use(person, (), [paper.held_by], about, by, at)
    (answer,) = answers
    if answer.state == "silent":
        return Told(LookedUp.SILENT, answer.name)
    return Told(_state(paper, answer.values), answer.name)


def _state(paper: Paper, values: Mapping[str, Any]) -> str:
    return LookedUp.FOUND if paper.is_shown_by(values) else LookedUp.NOT_FOUND


def _note_use(
    person: Person, keys: Any, registers: Any, about: tuple[str, UUID], by: Actor, at: datetime
) -> None:
    with transaction.atomic(), scope.admitting(person.village_id):
        log_use(
            person=person,
            purpose=Purpose.PREFILL,
            keys=keys,
            about=about,
            by=by,
            at=at,
            registers=registers,
            basis=Basis.LEGAL_DUTY,
        )


def _held(dossier: Dossier, paper: str, by: Actor) -> PaperCheck:
    """The paper's row, held. Raises: NotAllowed; NotFound; Conflict."""
    require_work(dossier.village_id, by=by)
    state = Dossier.objects.select_for_update(of=("self",)).values_list("state", flat=True).get(pk=dossier.pk)
    check: PaperCheck | None = (
        PaperCheck.objects.select_for_update(of=("self",)).filter(dossier=dossier, paper=paper).first()
    )
    if check is None or not may_be_looked_up(check):
        raise NotFound(_("Không có giấy này để tra."))
    if state in FINISHED:
        raise Conflict(_("Hồ sơ đã xong nên không ghi thêm kết quả tra."))
    return check


def _write(check: PaperCheck, looked_up: str, whom: str, by: Actor, at: datetime) -> None:
    check.looked_up, check.looked_up_at, check.looked_up_by = looked_up, at, whom[:120]
    check.at, check.by = at, by.id
    check.save(update_fields=["state", "reason", "looked_up", "looked_up_at", "looked_up_by", "at", "by"])
    audit.record(
        by=by,
        at=at,
        deed="dossiers.look_up_paper",
        object_kind="dossier",
        object_id=check.dossier_uuid,
        place_id=check.village_id,
        told=str(looked_up),
    )
