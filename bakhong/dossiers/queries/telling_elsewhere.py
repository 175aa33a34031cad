"""What another system is told of a dossier, gathered from all that is known of it."""

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.applicants import email_of, number_of, phone_of
from bakhong.dossiers.models import Attachment, Check, Dossier, Event, Given, PaperCheck
from bakhong.dossiers.queries.fees import paid_charge
from bakhong.dossiers.rules.national import (
    BY_GATEWAY,
    CITIZEN,
    ENTERPRISE,
    HERE,
    NOT_ONLINE,
    PORTAL,
    Telling,
    ToldFee,
    ToldPaper,
)
from bakhong.dossiers.rules.states import national
from bakhong.payments.models import Method
from bakhong.people import scope
from bakhong.procedures.queries.local import version_of
from bakhong.procedures.rules.catalogue import Procedure


def telling_of(event: Event, dossier: Dossier, code: str) -> Telling:
    """As the dossier stands after the event. `code`: what the other system knows it by."""
    found = version_of(dossier.procedure, dossier.procedure_version)
    paid_online, fees = _money(dossier)
    papers = _papers(dossier)
    return Telling(
        code=code,
        procedure=dossier.procedure,
        procedure_name=dossier.procedure_name,
        sector=found.sector.of("vi") if found is not None else "",
        unit=dossier.village.code,
        channel=dossier.channel,
        state=national(event.state_to, is_received=dossier.received_at is not None),
        number=event.number,
        applicant=dossier.applicant_name,
        national_id=number_of(dossier.applicant_national_id, dossier.uuid),
        phone=phone_of(dossier.applicant_phone, dossier.uuid),
        summary=dossier.summary,
        submitted_at=dossier.submitted_at,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        finished_at=dossier.finished_at,
        returned_at=dossier.returned_at,
        is_digitised=any(each.is_digitised for each in papers),
        is_population=dossier.draft is not None and dossier.draft.known_by == "e_identity",
        own_state=event.state_to,
        applicant_kind=_kind(dossier, found),
        email=email_of(dossier.applicant_email, dossier.uuid),
        agent=dossier.agent_name,
        result_mode=dossier.result_mode,
        filed_at=PORTAL if dossier.external_codes.get("national") else HERE,
        paid_online=paid_online,
        papers=papers,
        fees=fees,
    )


def _kind(dossier: Dossier, procedure: Procedure | None) -> int:
    """Without a personal number it is an organisation's, where the procedure is for these too."""
    is_for_both = procedure is not None and "organisation" in procedure.applicants
    return ENTERPRISE if is_for_both and not dossier.applicant_id_tail else CITIZEN


def _money(dossier: Dossier) -> tuple[int, tuple[ToldFee, ...]]:
    """Whether it was paid from account to account, and what it cost; nothing where nothing is owed."""
    if not dossier.fee_amount:
        return NOT_ONLINE, ()
    with scope.seeing(OPERATOR):  # whoever does the deed need not see charges
        paid = paid_charge(dossier)
    fees = tuple(
        ToldFee(str(each["words"]), int(each["amount"]), paid is not None) for each in dossier.fee_lines
    )
    return (BY_GATEWAY if paid is not None and paid.method == Method.TRANSFER else NOT_ONLINE), fees


def _papers(dossier: Dossier) -> tuple[ToldPaper, ...]:
    """Each paper once: the State's own data and papers given before need not be given again (766, 4.3)."""
    rows = list(Attachment.objects.filter(dossier=dossier).order_by("id").values_list("paper", "how", "file"))
    files = {paper for paper, _how, file in rows if file is not None}
    reused = {paper for paper, how, _file in rows if how in (Given.REUSED, Given.REGISTER)}
    checks = PaperCheck.objects.filter(dossier=dossier).exclude(state=Check.NOT_NEEDED).order_by("id")
    told = [
        ToldPaper(
            each.name,
            each.paper,
            each.paper in files,
            each.paper in reused or each.state == Check.HELD,
        )
        for each in checks
    ]
    named = {each.code for each in told}
    return (
        *told,
        *(
            ToldPaper("Giấy tờ khác", paper, True, paper in reused)
            for paper in dict.fromkeys(paper for paper, _how, file in rows if file is not None)
            if paper not in named
        ),
    )
