"""`bakhong bank`: a bank's statement into the ledger, matched."""

import argparse
from pathlib import Path
from typing import Any

from bakhong.cli.database import actor, database, now
from bakhong.cli.say import by_option, json_option, print_json, say, warn
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import format_int

SHOWN = 20  # doubts printed without --json
MOST_BYTES = 20 * 1024 * 1024  # one more byte, and the reader says that it is too large


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = groups.add_parser("bank", help="sao kê ngân hàng")
    commands = parser.add_subparsers(metavar="VIỆC", required=True)
    importing = commands.add_parser("import", help="nhập tệp sao kê vào sổ, tự khớp với khoản thu")
    importing.add_argument("file", metavar="TỆP", help=".xlsx, .xls hoặc .csv của ngân hàng")
    importing.add_argument("--account", metavar="SỐ", required=True, help="số tài khoản nhận tiền")
    importing.add_argument(
        "--bank", metavar="BIN", default="", help="mã ngân hàng, nếu hai ngân hàng trùng số"
    )
    by_option(importing)
    json_option(importing)
    importing.set_defaults(run=run_import)


def run_import(arguments: argparse.Namespace) -> int:
    content = _content(arguments.file)
    with database():
        taken = take_in(arguments, content)
    document = {
        **taken.as_json(),
        "statement": str(taken.statement.uuid),
        "problems": [{**each.as_json(), "message": each.sentence} for each in taken.problems],
    }
    if arguments.json:
        print_json(document)
    else:
        _print(document)
    return 0


def take_in(arguments: argparse.Namespace, content: bytes) -> Any:
    """Raises: Refusal."""
    from bakhong.payments import scope as money
    from bakhong.payments.actions.taking import take_statement
    from bakhong.payments.permissions import RECONCILE, billers_for
    from bakhong.people import scope

    by = actor(arguments)
    allowed = billers_for(by, RECONCILE)
    account = _account(arguments.account, arguments.bank, allowed)
    with scope.seeing(by), money.seeing([account.biller_id]):
        return take_statement(
            account=account, content=content, name=Path(arguments.file).name, by=by, at=now()
        )


def _account(number: str, bank: str, billers: Any) -> Any:
    """Raises: NotFound; Refusal for a number that two banks have."""
    from bakhong.core.days import day_of
    from bakhong.payments.models import BankAccount

    rows = BankAccount.objects.stating(day_of(now())).filter(
        number=number.replace(" ", "").upper(), biller__in=billers
    )
    rows = rows.filter(closed_on=None) if rows.filter(closed_on=None).exists() else rows
    found = list(rows.filter(bank_bin=bank) if bank else rows)
    if not found:
        raise NotFound(f"Không có tài khoản nhận tiền nào mang số “{number}”. Hãy kiểm tra lại số tài khoản.")
    if len(found) > 1:
        raise Refusal(f"Có {len(found)} ngân hàng cùng có số “{number}”. Hãy thêm --bank và mã ngân hàng.")
    return found[0]


def _content(name: str) -> bytes:
    """Raises: Refusal."""
    try:
        with Path(name).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise Refusal(f"Không tìm thấy tệp “{name}”. Hãy kiểm tra lại đường dẫn.") from None
    except OSError as error:
        raise Refusal(f"Không đọc được tệp “{name}”: {error.strerror or error}.") from None


def _print(document: dict[str, Any]) -> None:
    say(
        f"{format_int(document['lines'])} dòng: {format_int(document['new'])} dòng mới, "
        f"{format_int(document['matched'])} dòng khớp khoản thu, {format_int(document['suspense'])} dòng chờ xử lý, "
        f"{format_int(document['duplicates'])} dòng đã có."
    )
    for problem in document["problems"][:SHOWN]:
        warn(problem["message"])
