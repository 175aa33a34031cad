"""Requests to whoever keeps a register to bring it up to date: made with every paper looked up and not found, sent, answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.dossiers.actions.stepping import words
from bakhong.dossiers.actions.telling_staff import tell_of_update
from bakhong.dossiers.models import Check, Dossier, PaperCheck, Supplement, UpdateAnswer, UpdateRequest
from bakhong.dossiers.permissions import require_work

_MOST = 200


def ask_updates(dossier: Dossier, checks: Iterable[PaperCheck], *, by: Actor, at: datetime) -> None:
    """One request for each of these papers that was not found, in the deed that says so; one that is still open stands for it."""
    lost = [each for each in checks if each.state == Check.NOT_FOUND]
    if not lost:
        return
    UpdateRequest.objects.bulk_create(
        [
            UpdateRequest(
                village_id=dossier.village_id,
                dossier=dossier,
                dossier_uuid=dossier.uuid,
                person_id=dossier.person_id,
                paper=each.paper,
                name=each.name,
                register=each.register,
                reason=each.reason,
                at=at,
                by=by.id,
                by_label=by.label[:120],
            )
            for each in lost
        ],
        ignore_conflicts=True,
    )


def drop_unsent(dossier: Dossier, paper: str, *, by: Actor, at: datetime) -> None:
    """The paper was found after all, or nobody asks for it any more: what went out already stays asked."""
    unsent = UpdateRequest.objects.filter(dossier=dossier, paper=paper, sent_at=None, withdrawn_at=None)
    unsent.update(withdrawn_at=at, withdrawn_by=by.id)


def withdraw_update(*, request: UpdateRequest, by: Actor, at: datetime) -> UpdateRequest:
    """Asked by mistake: the request is taken back, and its paper is again one the State holds and the officer looks up.

    Raises: NotAllowed; NotFound; Conflict once it was sent, or while the resident is asked for the paper.
    """
    with transaction.atomic():
        (found,) = _held([request], by)
        if found.withdrawn_at is not None:
            return found
        if found.sent_at is not None:
            raise Conflict(_("Đề nghị này đã gửi đi rồi nên không bỏ được. Khi có trả lời thì ghi trả lời."))
        require_not_asked(found.dossier, found.paper)
        found.withdrawn_at, found.withdrawn_by = at, by.id
        found.save(update_fields=["withdrawn_at", "withdrawn_by"])
        PaperCheck.objects.filter(dossier=found.dossier_id, paper=found.paper, state=Check.NOT_FOUND).exclude(
            register=""
        ).update(
            state=Check.HELD,
            reason="",
            looked_up="",
            looked_up_at=None,
            looked_up_by="",
            at=at,
            by=by.id,
        )
        _trail("dossiers.withdraw_update", found, by, at)
        return found


def send_updates(
    *, requests: Sequence[UpdateRequest], sent_as: str, by: Actor, at: datetime
) -> list[UpdateRequest]:
    """These went out: `sent_as` is the letter's number, or the way ("điện thoại", "trục liên thông"). The same again changes nothing.

    Raises: Refusal where nothing is chosen or the way is not told; NotAllowed; NotFound; Conflict for one sent otherwise or taken back.
    """
    how = words(sent_as, 120)
    if not requests or len(requests) > _MOST:
        raise Refusal(_("Chọn ít nhất một đề nghị."))
    if not how:
        raise Refusal(_("Ghi số công văn, hoặc đã gửi bằng cách nào."))
    with transaction.atomic():
        rows = _held(requests, by)
        for each in rows:
            if each.sent_at is not None and each.sent_as == how:
                continue
            if each.sent_at is not None or each.withdrawn_at is not None:
                raise Conflict(
                    _("%(name)s: đề nghị này đã gửi hoặc đã bỏ. Mở lại trang để xem.") % {"name": each.name}
                )
            each.sent_at, each.sent_by, each.sent_as = at, by.id, how
            each.save(update_fields=["sent_at", "sent_by", "sent_as"])
            _trail("dossiers.send_update", each, by, at)
        return rows


def answer_update(
    *, request: UpdateRequest, answer: str, answer_words: str = "", by: Actor, at: datetime
) -> UpdateRequest:
    """What whoever keeps the register said. Once it is up to date, whoever works on the dossier is told. The same again changes nothing.

    Raises: Refusal for no such answer, or another one without words; NotAllowed; NotFound; Conflict before it was sent, or answered
    otherwise.
    """
    said = words(answer_words, 300)
    if answer not in UpdateAnswer.values:
        raise Refusal(_("Chọn câu trả lời."))
    if answer == UpdateAnswer.OTHER and not said:
        raise Refusal(_("Ghi nơi giữ dữ liệu trả lời thế nào."))
    with transaction.atomic():
        (found,) = _held([request], by)
        if found.answered_at is not None:
            if (found.answer, found.answer_words) == (answer, said):
                return found
            raise Conflict(_("Đề nghị này đã có trả lời rồi. Mở lại trang để xem."))
        if found.sent_at is None:
            raise Conflict(_("Đề nghị này chưa gửi đi. Ghi đã gửi trước, rồi ghi trả lời."))
        found.answered_at, found.answered_by = at, by.id
        found.answer, found.answer_words = answer, said
        found.save(update_fields=["answered_at", "answered_by", "answer", "answer_words"])
        _trail("dossiers.answer_update", found, by, at)
        if answer == UpdateAnswer.UPDATED:
            tell_of_update(found, by=by, at=at)
        return found


def require_not_asked(dossier: Dossier, paper: str) -> None:
    """Raises: Conflict while the resident is asked for this paper, which is because it was not found."""
    asked = Supplement.objects.filter(dossier=dossier, answered_at=None).first()
    if asked is not None and any(line["what"] == "paper" and line["code"] == paper for line in asked.items):
        raise Conflict(_("Người dân đang được yêu cầu bổ sung giấy này. Lấy lại yêu cầu bổ sung trước đã."))


def _held(requests: Sequence[UpdateRequest], by: Actor) -> list[UpdateRequest]:
    """The rows, held in one order. Raises: NotFound; NotAllowed."""
    rows = list(
        UpdateRequest.objects.select_for_update(of=("self",))
        .select_related("dossier__village")
        .filter(pk__in=[each.pk for each in requests])
        .order_by("pk")
    )
    if len(rows) < len({each.pk for each in requests}):
        raise NotFound(_("Không có đề nghị này."))
    for place in {each.village_id for each in rows}:
        require_work(place, by=by)
    return rows


def _trail(deed: str, found: UpdateRequest, by: Actor, at: datetime) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="update_request",
        object_id=found.uuid,
        place_id=found.village_id,
        register=found.register,
    )
