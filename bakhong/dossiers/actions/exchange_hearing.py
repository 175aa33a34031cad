"""What became, in the other system, of a dossier we have from there: it is withdrawn, completed, or somebody has to look at it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.documents.reading import Unreadable
from bakhong.dossiers.actions.ending import ask_withdrawal
from bakhong.dossiers.actions.exchange_papers import new_papers, opened, sealed
from bakhong.dossiers.actions.papers import attach
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.actions.supplementing import answer_supplement
from bakhong.dossiers.applicants import contact_columns, email_of, phone_of
from bakhong.dossiers.models import Dossier, Kind, Pulled, State
from bakhong.dossiers.permissions import EXCHANGE, require
from bakhong.dossiers.queries.dossiers import supplement_waited_for
from bakhong.dossiers.rules.national import Filed, Malformed, change_of, filed_of
from bakhong.dossiers.rules.transitions import transitions

CHANGED = "changed_there"
_WITHDRAWN = 7


def hear_from_portal(*, pulled: Pulled, item: Mapping[str, Any], by: Actor, at: datetime) -> str:
    """A later writing of a dossier that is ours: "heard", or "waiting" where somebody has to look. Runs inside the transaction that holds
    `pulled`.

    A withdrawal there is asked for here; papers that came while we wait for them are the answer. Anything else is nobody's deed: the papers
    are kept, and the line says what changed.
    """
    assert pulled.dossier is not None
    dossier = pulled.dossier
    pulled.heard = change_of(item)
    try:
        with transaction.atomic():
            left = _hear(dossier, filed_of(item), by, at)
    except (Malformed, Unreadable, Refusal):
        left = ["unreadable"]
    if left:
        pulled.problem, pulled.detail, pulled.settled_at = CHANGED, ",".join(left), None
        pulled.body = sealed(pulled, item)
    pulled.save(update_fields=["heard", "problem", "detail", "settled_at", "body"])
    return "waiting" if left else "heard"


def look_at_change(*, pulled: Pulled, by: Actor, at: datetime) -> Dossier:
    """Somebody looked: the new telephone number and e-mail are the applicant's now, and the line is gone.

    Raises: NotFound; NotAllowed; Conflict when nothing waits any more.
    """
    require(EXCHANGE, pulled.village_id, by=by)
    with transaction.atomic():
        held: Pulled | None = (
            Pulled.objects.select_for_update(of=("self",))
            .select_related("dossier")
            .filter(pk=pulled.pk)
            .exclude(dossier=None)
            .first()
        )
        if held is None or held.dossier is None:
            raise NotFound(_("Không có hồ sơ này."))
        if held.problem != CHANGED:
            raise Conflict(_("Việc này đã có người xem rồi."))
        _take_contact(held)
        held.problem, held.detail, held.body, held.settled_at = "", "", None, at
        held.save(update_fields=["problem", "detail", "body", "settled_at"])
        audit.record(
            by=by,
            at=at,
            deed="dossiers.look_at_change",
            object_kind="dossier",
            object_id=held.dossier.uuid,
            place_id=held.village_id,
            system=held.system,
        )
    return held.dossier


def _hear(dossier: Dossier, filed: Filed, by: Actor, at: datetime) -> list[str]:
    """Does what can be done; returns the codes of exchange_words.CHANGES that are left to somebody."""
    papers = new_papers(filed, dossier, by, at)
    left = [
        name
        for name, said, ours in (
            ("phone", filed.phone, phone_of(dossier.applicant_phone, dossier.uuid)),
            ("email", filed.email, email_of(dossier.applicant_email, dossier.uuid)),
        )
        if said and said != ours
    ]
    if papers and not _answers(dossier, papers, by, at):
        attach(dossier, papers, by, at)
        dossier.file_count += len(papers)
        dossier.save(update_fields=["file_count"])
        left.append("papers")
    if filed.state == _WITHDRAWN and dossier.state != State.WITHDRAWING and not _withdrawn(dossier, by, at):
        left.append("withdrawal")
    return left


def _answers(dossier: Dossier, papers: Sequence[PaperGiven], by: Actor, at: datetime) -> bool:
    """True where the papers are all that was waited for."""
    asked = supplement_waited_for(dossier) if dossier.state == State.SUPPLEMENT else None
    if asked is None:
        return False
    given = _as_asked([line["code"] for line in asked.items if line["what"] == "paper"], papers)
    try:
        with transaction.atomic():
            done = answer_supplement(dossier=dossier, papers=given, by=by, at=at)
    except Refusal:  # something is still missing, or a question was asked as well
        return False
    dossier.state, dossier.file_count = done.state, done.file_count
    return True


def _as_asked(wanted: Sequence[str], papers: Sequence[PaperGiven]) -> list[PaperGiven]:
    """What came under no name of ours stands for what is still waited for, one for one."""
    named = {each.paper for each in papers}
    open_ones = [code for code in wanted if code not in named]
    nameless = [each for each in papers if each.paper not in wanted]
    if len(open_ones) != len(nameless):
        return list(papers)
    renamed = [PaperGiven(code, each.file, each.how) for code, each in zip(open_ones, nameless, strict=True)]
    return [*(each for each in papers if each.paper in wanted), *renamed]


def _withdrawn(dossier: Dossier, by: Actor, at: datetime) -> bool:
    if dossier.state not in transitions()[Kind.ASK_WITHDRAWAL].sources:
        return False
    ask_withdrawal(dossier=dossier, by=by, at=at)
    return True


def _take_contact(held: Pulled) -> None:
    """What they told there is newer than what we have."""
    assert held.dossier is not None
    try:
        filed = filed_of(opened(held))
    except Malformed:
        return
    columns = contact_columns(held.dossier.uuid, phone=filed.phone, email=filed.email)
    Dossier.objects.filter(uuid=held.dossier.uuid).update(**columns)
