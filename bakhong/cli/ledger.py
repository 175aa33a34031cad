"""`bakhong ledger …`: do the three sides of the money agree?"""

import argparse
from dataclasses import asdict
from typing import Any

from bakhong.cli.say import json_option, print_json, say, warn
from bakhong.core.numbers import format_int, format_money


def register(groups: Any) -> None:
    commands = groups.add_parser("ledger", help="sổ tiền của các đơn vị thu").add_subparsers(
        metavar="VIỆC", required=True
    )
    check = commands.add_parser("check", help="đối chiếu sổ, dòng tiền ngân hàng và khoản thu, từ ngày đầu")
    check.add_argument("--unit", default="", metavar="MÃ", help="chỉ các đơn vị thu của một xã")
    json_option(check)
    check.set_defaults(run=_check)


def _check(arguments: argparse.Namespace) -> int:
    from bakhong.cli.database import database

    with database():
        from bakhong.core.actor import OPERATOR
        from bakhong.payments.models import Biller
        from bakhong.payments.queries.reconciling import check, looked_at
        from bakhong.people import scope

        billers = Biller.objects.filter(keeps_ledger=True).order_by("pk")
        if arguments.unit:
            billers = billers.filter(unit__code=arguments.unit)
        names = {str(each.uuid): each.name for each in billers}
        if arguments.unit and not names:
            warn(f"Không có đơn vị thu nào có sổ ở xã mã {arguments.unit}. Xem lại mã xã.")
            return 2
        with scope.seeing(OPERATOR):
            result, counted = check(billers), looked_at(billers)
    if arguments.json:
        print_json(asdict(result) | asdict(counted))
        return 0 if result.ok else 1
    for problem in result.problems:
        warn(f"{names.get(problem.biller, '')}: {problem.words}")
    about = (
        f"{counted.billers} đơn vị thu, {format_int(counted.lines)} dòng tiền, "
        f"{format_int(counted.charges_paid)} khoản đã trả"
    )
    if result.ok:
        say(f"Sổ khớp: mọi dòng tiền đã vào sổ một lần và đều có lý do ({about}).")
    else:
        say(f"Tiền chưa giải thích: {format_money(result.unexplained_amount)} ({about}).")
    return 0 if result.ok else 1
