"""What residents decide about themselves: who may use their data for what, and who may act for them."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.accounts.residents import ResidentActor
from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.text import squeeze
from bakhong.people.actions.secrets import no_codes
from bakhong.people.models import Mandate, MandateHow, MandateScope, Person
from bakhong.people.permissions import EDIT, require_about
from bakhong.people.queries.identity import index_of
from bakhong.people.queries.residents import person_of

LONGEST_MANDATE = timedelta(days=366)
_AT_DESK = (MandateHow.DESK, MandateHow.PAPER, MandateHow.GUARDIAN)


def give_mandate(
    *,
    principal: Person,
    agent_name: str,
    agent_number: str,
    scope: str,
    procedures: Collection[str],
    valid_to: date,
    how: str,
    by: Actor,
    at: datetime,
    relation: str = "",
    evidence: str = "",
    valid_from: date | None = None,
    key: UUID | None = None,
) -> Mandate:
    """`principal` lets somebody act for them until the day before `valid_to`. The same `key` again gives the same mandate.

    By the principal, signed in (`how` "online"), or by staff who have them or a paper of theirs before them. `agent_number`: 12 digits.

    Raises: NotAllowed; Refusal; Conflict when this agent holds a mandate for it already.
    """
    require_about(principal, EDIT, by=by)
    agent_name, relation, evidence = (
        squeeze(agent_name)[:120],
        squeeze(relation)[:60],
        squeeze(evidence)[:200],
    )
    first = valid_from or day_of(at)
    _check(principal, by, agent_name, agent_number, scope, procedures, how, evidence, first, valid_to)
    no_codes(relation, evidence)
    agent = person_of(agent_number, name=agent_name)
    if agent is not None and agent.pk == principal.pk:
        raise Refusal(_("Người được nhờ phải là người khác."))
    with transaction.atomic():
        if key is not None and (earlier := Mandate.objects.filter(client_key=key).first()):
            return _the_same(earlier, principal)
        _no_second(principal, agent_number, scope, procedures, first, valid_to)
        made = Mandate.objects.create(
            principal=principal,
            village_id=principal.village_id,
            agent=agent,
            agent_name=agent_name,
            agent_index=index_of(agent_number),
            relation=relation,
            scope=scope,
            procedures=sorted(set(procedures)) if scope == MandateScope.PROCEDURES else [],
            valid_from=first,
            valid_to=valid_to,
            how=how,
            evidence=evidence,
            given_at=at,
            given_by=by.id,
            client_key=key,
        )
        _note(by, at, "people.give_mandate", made)
    return made


def end_mandate(*, mandate: Mandate, by: Actor, at: datetime) -> Mandate:
    """From now on the agent may not act for the principal any more; what they filed stays. Ending twice changes nothing.

    By the principal, by the agent (who gives it back), or by staff.

    Raises: NotAllowed.
    """
    is_agent = isinstance(by, ResidentActor) and mandate.agent is not None and by.person == mandate.agent.uuid
    if not is_agent:
        require_about(mandate.principal, EDIT, by=by)
    with transaction.atomic():
        found: Mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
        if found.ended_at is None:
            found.ended_at, found.ended_by = at, by.id
            found.save(update_fields=["ended_at", "ended_by"])
            _note(by, at, "people.end_mandate", found)
    return found


def _check(
    principal: Person,
    by: Actor,
    name: str,
    number: str,
    scope: str,
    procedures: Collection[str],
    how: str,
    evidence: str,
    first: date,
    last: date,
) -> None:
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        raise Refusal(_("Số định danh của người được nhờ gồm 12 chữ số, ghi trên thẻ căn cước."))
    if not name:
        raise Refusal(_("Ghi họ và tên người được nhờ."))
    if principal.national_id_index is not None and index_of(number) == bytes(principal.national_id_index):
        raise Refusal(_("Người được nhờ phải là người khác."))
    if scope not in MandateScope.values or (scope == MandateScope.PROCEDURES and not procedures):
        raise Refusal(_("Chọn nhờ làm thủ tục nào."))
    is_self = isinstance(by, ResidentActor)
    if (how == MandateHow.ONLINE) != is_self or (not is_self and how not in _AT_DESK):
        raise Refusal(_("Chọn người uỷ quyền đã đồng ý bằng cách nào."))
    if how in (MandateHow.PAPER, MandateHow.GUARDIAN) and not evidence:
        raise Refusal(_("Ghi giấy tờ đã xem: loại giấy, số, ngày, nơi cấp."))
    if last <= first:
        raise Refusal(_("Ngày cuối phải sau ngày đầu."))
    if last - first > LONGEST_MANDATE and how != MandateHow.GUARDIAN:
        raise Refusal(_("Uỷ quyền dài nhất một năm. Hết hạn có thể cho lại."))


def _no_second(
    principal: Person, number: str, scope: str, procedures: Collection[str], first: date, last: date
) -> None:
    """Raises: Conflict when the agent may do all of this already, for some of these days."""
    standing = Mandate.objects.filter(
        principal=principal,
        agent_index=index_of(number),
        ended_at=None,
        valid_from__lt=last,
        valid_to__gt=first,
    )
    for each in standing:
        if each.scope == MandateScope.ALL or (
            scope == MandateScope.PROCEDURES and set(procedures) <= set(each.procedures)
        ):
            raise Conflict(_("Người này đã được nhờ việc đó rồi. Muốn đổi thời hạn, hãy kết thúc lần trước."))


def _the_same(earlier: Mandate, principal: Person) -> Mandate:
    if earlier.principal_id != principal.pk:
        raise Conflict(_("Biểu mẫu này đã dùng cho người khác. Hãy mở lại trang."))
    return earlier


def _note(by: Actor, at: datetime, deed: str, mandate: Mandate) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="mandate",
        object_id=mandate.uuid,
        place_id=mandate.village_id,
        principal=str(mandate.principal.uuid),
        scope=str(mandate.scope),
    )
