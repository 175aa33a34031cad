"""Papers of a dossier: judged by the procedure, files read back and handed over, what became of each written down."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.documents.actions.storing import adopt_file, copy_file, open_file
from bakhong.documents.models import File
from bakhong.dossiers.actions.refusals import SENTENCES, PapersMissing
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.actions.updates import ask_updates
from bakhong.dossiers.models import Attachment, Dossier, Given, PaperCheck
from bakhong.dossiers.rules.papers import OTHER, Brought, Judged, judge
from bakhong.eforms.rules.logic import evaluate
from bakhong.people.actions.secrets import no_codes
from bakhong.people.models import Person
from bakhong.procedures.rules.catalogue import Procedure


def judged(procedure: Procedure, given: Sequence[PaperGiven], answers: Mapping[str, Any]) -> list[Judged]:
    """What becomes of each paper.

    Raises: PapersMissing naming all that is wrong at once; Refusal for an unknown way of giving.
    """
    for each in given:
        if each.how not in Given.values:
            raise Refusal(_("Ghi rõ giấy tờ được nộp bằng cách nào."))
        no_codes(each.reason)
    brought: dict[str, list[Brought]] = {}
    for each in given:
        brought.setdefault(each.paper, []).append(
            Brought(each.how, each.file is not None, each.reason.strip())
        )
    lines = judge(procedure.papers, brought, answers, evaluate)
    wrong = {
        line.paper: SENTENCES[line.problem](name_of(procedure, line.paper)) for line in lines if line.problem
    }
    if wrong:
        raise PapersMissing(wrong)
    return lines


def name_of(procedure: Procedure | None, code: str) -> str:
    """The paper in residents' words."""
    paper = procedure.paper(code) if procedure is not None else None
    return paper.name() if paper is not None else (_("Giấy tờ khác") if code == OTHER else code[:60])


def note_checks(
    dossier: Dossier, procedure: Procedure, lines: Sequence[Judged], by: Actor, at: datetime
) -> None:
    """What became of each paper of a new dossier. What was looked up and not found has its register asked for an update."""
    checks = PaperCheck.objects.bulk_create(
        [
            PaperCheck(
                village_id=dossier.village_id,
                dossier=dossier,
                dossier_uuid=dossier.uuid,
                person_id=dossier.person_id,
                paper=line.paper,
                name=name_of(procedure, line.paper)[:200],
                state=line.state,
                register=line.register,
                reason=line.reason[:300],
                looked_up=line.looked_up,
                looked_up_at=at if line.looked_up else None,
                looked_up_by=by.label[:120] if line.looked_up else "",
                at=at,
                by=by.id,
            )
            for line in lines
        ]
    )
    ask_updates(dossier, checks, by=by, at=at)


def _owner_of(dossier: Dossier) -> UUID | None:
    """The applicant, where it is known who they are and the connection shows them."""
    found: UUID | None = Person.objects.filter(dossiers=dossier).values_list("uuid", flat=True).first()
    return found


def attach(
    dossier: Dossier, given: Sequence[PaperGiven], by: Actor, at: datetime
) -> tuple[tuple[str, str], ...]:
    """Hand the files over to the dossier; (name, SHA-256) of each. Every one is read back first: what cannot be read was not received.
    Where it is known who the applicant is, and this deed may see them, they are papers of theirs, to be given again.

    Raises: Refusal for a file that is somebody else's; Damaged.
    """
    rows, files = [], []
    whose = _owner_of(dossier) if any(each.file is not None for each in given) else None
    for each in given:
        kept = _handed_over(dossier, each, whose, by, at) if each.file is not None else None
        if kept is not None:
            files.append((kept.name, kept.sha256))
        elif each.how != Given.ORIGINAL_SEEN:  # looked up instead: the check says so
            continue
        rows.append(
            Attachment(
                village_id=dossier.village_id,
                dossier=dossier,
                dossier_uuid=dossier.uuid,
                person_id=dossier.person_id,
                paper=each.paper,
                file=kept.uuid if kept else None,
                sha256=kept.sha256 if kept else "",
                name=kept.name if kept else "",
                how=each.how,
                at=at,
                by=by.id,
            )
        )
    Attachment.objects.bulk_create(rows)
    return tuple(files)


def _handed_over(dossier: Dossier, each: PaperGiven, whose: UUID | None, by: Actor, at: datetime) -> File:
    assert each.file is not None
    file = each.file
    owner = ("dossier", dossier.uuid)
    if file.owner == dossier.uuid:  # the draft's, whose uuid the dossier has, or already handed over
        open_file(file)
        return adopt_file(file=file, owner=owner, unit=dossier.village, by=by, at=at, person_uuid=whose)
    is_theirs = whose is not None and file.person_uuid == whose
    if each.how != Given.REUSED or not is_theirs:
        raise Refusal(_("Tệp “%(name)s” không thuộc hồ sơ này.") % {"name": file.name})
    key = uuid5(dossier.uuid, f"reused:{file.uuid}")
    return copy_file(
        key=key, file=file, owner=owner, unit=dossier.village, purpose="attachment", by=by, at=at
    )
