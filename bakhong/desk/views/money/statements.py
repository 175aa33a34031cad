"""A bank's statement: sent, looked through with its columns as guessed, taken in; and those that were taken in before."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.forms.list_file import sent_list
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.list_columns import NOT_USED, refuse_twice
from bakhong.desk.views.money.choosing import billers_here
from bakhong.desk.views.money.words import bank_words
from bakhong.payments.actions.taking import Preview, preview_statement, take_statement
from bakhong.payments.models import BankAccount, Biller, Statement
from bakhong.payments.permissions import RECONCILE, VIEW
from bakhong.payments.queries.bank_lines import statement_of
from bakhong.payments.queries.feeds import statements_of
from bakhong.payments.statement_words import MEANING_NAMES, RowProblem
from bakhong.people.uploads import Upload, keep, kept, new_upload
from bakhong.places.models import Unit

SHOWN, TIMES = 100, 30  # doubts, and earlier statements, on a page
MANY = 20_000  # rows from which on taking in is felt


@unit_page(VIEW, post=RECONCILE)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """A file is sent here for one account; nothing is stored before it is looked through."""
    billers = billers_here(request, unit)
    accounts = _accounts(billers)
    asked = request.POST.get("account", request.GET.get("account", ""))
    problem = ""
    if request.method == "POST":
        try:
            return _receive(request, unit)
        except Refusal as refusal:
            problem = str(refusal)
    return page(
        request,
        "desk/money/statements.html",
        unit=unit,
        active="statement",
        status=422 if problem else 200,
        problem=problem,
        target="file" if any(str(each.uuid) == asked for each in accounts) else "account",
        has_biller=bool(billers),
        accounts=[(each, _names(each)) for each in accounts],
        chosen_account=asked,
        statements=[
            {"statement": each, "bank": bank_words(each.account), "doubts": len(each.problems)}
            for each in statements_of(request.actor, billers)[:TIMES]
        ],
        may=bool(billers_here(request, unit, RECONCILE)),
    )


def _accounts(billers: list[Biller]) -> list[BankAccount]:
    """Those in use, then those closed not long ago: a bank's last statement comes after."""
    rows = BankAccount.objects.stating(today()).filter(biller__in=[each.pk for each in billers])
    return list(rows.select_related("biller").order_by(F("closed_on").asc(nulls_first=True), "pk"))


def _names(account: BankAccount) -> str:
    said = f"{bank_words(account)}, {account.biller.name}"
    if account.closed_on is None:
        return said
    return _("%(account)s (đã đóng ngày %(day)s)") % {"account": said, "day": format_day(account.closed_on)}


def _account(request: StaffRequest, unit: Unit, uuid: UUID) -> BankAccount | None:
    rows = BankAccount.objects.filter(biller__in=billers_here(request, unit, RECONCILE), uuid=uuid)
    return rows.select_related("biller").first()


def _receive(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Raises: Refusal."""
    try:
        account = _account(request, unit, UUID(request.POST.get("account", "")))
    except ValueError:
        account = None
    if account is None:
        raise Refusal(_("Hãy chọn tài khoản ngân hàng của sao kê này."))
    name, content = sent_list(request, _("Hãy chọn tệp sao kê."))
    preview_statement(account=account, content=content, name=name, at=now())  # refused before it is kept
    upload = new_upload(
        content=content, filename=name, commune_id=unit.pk, actor_id=request.actor.id, as_of=None
    )
    return redirect("desk:statement_check", unit=unit.uuid, account=account.uuid, upload=upload.uuid)


@unit_page(RECONCILE, post=RECONCILE)
def check(request: StaffRequest, unit: Unit, account: UUID, upload: UUID) -> HttpResponseBase:
    """The first rows, the columns as guessed or remembered, the doubts. POST `deed`: check (look again) or import."""
    bank = _account(request, unit, account)
    if bank is None:
        raise Http404
    found = kept(upload, commune_id=unit.pk, actor_id=request.actor.id)
    problem = ""
    if request.method == "POST":
        try:
            found = keep(found.chosen(None, _chosen(request, bank, found), {}))
            if request.POST.get("deed") == "import":
                return _take(request, unit, bank, found)
        except Refusal as refusal:
            problem = str(refusal)
    return _check_page(request, unit, bank, found, problem)


def _columns(upload: Upload) -> Mapping[str, int] | None:
    """What was said of the columns: meaning → position; None while nothing was."""
    return {meaning: position for (_sheet, position), meaning in upload.fields.items()} or None


def _preview(account: BankAccount, upload: Upload) -> Preview:
    return preview_statement(
        account=account, content=upload.content, name=upload.filename, at=now(), columns=_columns(upload)
    )


def _chosen(request: StaffRequest, account: BankAccount, upload: Upload) -> dict[tuple[str, int], str]:
    """Raises: Refusal where two columns are said to hold the same."""
    count = len(_preview(account, upload).header)
    said = {at: request.POST.get(f"column-{at}", "") for at in range(count)}
    told = {("", at): meaning for at, meaning in said.items() if meaning in MEANING_NAMES}
    refuse_twice(told.values(), MEANING_NAMES, twice=NOT_USED)
    return told


def _take(request: StaffRequest, unit: Unit, account: BankAccount, upload: Upload) -> HttpResponseBase:
    taken = take_statement(
        account=account,
        content=upload.content,
        name=upload.filename,
        columns=_columns(upload),
        by=request.actor,
        at=now(),
    )
    return redirect("desk:statement_taken", unit=unit.uuid, statement=taken.statement.uuid)


def _check_page(
    request: StaffRequest, unit: Unit, account: BankAccount, upload: Upload, problem: str
) -> HttpResponse:
    preview = _preview(account, upload)
    meaning = {position: code for code, position in preview.columns.items()}
    return page(
        request,
        "desk/money/statement_check.html",
        unit=unit,
        active="statement",
        status=422 if problem else 200,
        problem=problem,
        upload=upload,
        bank=bank_words(account),
        preview=preview,
        came=sum(each.amount for each in preview.file.told if each.direction == "in"),
        went=sum(each.amount for each in preview.file.told if each.direction == "out"),
        is_many=preview.total > MANY,
        columns=[
            (at, title, meaning.get(at, ""), [row[at] if at < len(row) else "" for row in preview.rows[:3]])
            for at, title in enumerate(preview.header)
        ],
        meanings=[(code, str(name)) for code, name in MEANING_NAMES.items()],
        problems=[each.sentence for each in preview.problems[:SHOWN]],
        problem_count=len(preview.problems),
    )


@unit_page(VIEW)
def taken(request: StaffRequest, unit: Unit, statement: UUID) -> HttpResponse:
    """What became of a statement; every number opens its list."""
    found = statement_of(billers_here(request, unit), statement)
    if found is None:
        raise Http404
    return page(
        request,
        "desk/money/statement_taken.html",
        unit=unit,
        active="statement",
        statement=found,
        bank=bank_words(found.account),
        problems=_sentences(found),
    )


def _sentences(statement: Statement) -> list[tuple[str, str]]:
    """(code, sentence) of its doubts."""
    told = [RowProblem(**each) for each in statement.problems[:SHOWN]]
    return [(each.code, each.sentence) for each in told]
