"""`bakhong accounts …`: the way to the first administrator, and the operator's handles on accounts."""

import argparse
from typing import Any

from bakhong.cli.say import by_option, json_option, print_json, say, table


def register(groups: Any) -> None:
    commands = groups.add_parser("accounts", help="tài khoản cán bộ").add_subparsers(
        metavar="VIỆC", required=True
    )
    invite = commands.add_parser("invite", help="giao vai trò và tạo liên kết một lần để đặt cụm mật khẩu")
    invite.add_argument("email", metavar="EMAIL")
    invite.add_argument("--role", required=True, metavar="VAI_TRÒ")
    invite.add_argument("--unit", required=True, metavar="MÃ", help="mã đơn vị hành chính, ví dụ 38")
    _finish(invite, _invite)
    listing = commands.add_parser("list", help="ai đang giữ vai trò gì, ở đâu")
    json_option(listing)
    listing.set_defaults(run=_list)
    disable = commands.add_parser("disable", help="khóa một tài khoản")
    disable.add_argument("email", metavar="EMAIL")
    _finish(disable, _disable)
    reset = commands.add_parser(
        "reset", help="hủy cụm mật khẩu và xác thực hai lớp, tạo liên kết một lần mới"
    )
    reset.add_argument("email", metavar="EMAIL")
    _finish(reset, _reset)


def _finish(parser: argparse.ArgumentParser, run: Any) -> None:
    by_option(parser)
    json_option(parser)
    parser.set_defaults(run=run)


def _invite(arguments: argparse.Namespace) -> int:
    from bakhong.cli.database import actor, database, now

    with database():
        from django.db import transaction
        from django.urls import reverse

        from bakhong.accounts.actions import invite
        from bakhong.core.days import day_of
        from bakhong.core.errors import NotFound
        from bakhong.places.queries import unit_on

        at = now()
        unit = unit_on(arguments.unit, day_of(at))
        if unit is None:
            raise NotFound(f"Hôm nay không có đơn vị nào mang mã “{arguments.unit}”.")
        by = actor(arguments)
        # In one transaction: a link that could not be shown was never made.
        with transaction.atomic():
            invited = invite(email=arguments.email, role=arguments.role, unit=unit, by=by, at=at)
            link = _link(invited.token) if invited.token else _address(reverse("account_login"))
    if arguments.json:
        print_json({"link": link, "is_new": bool(invited.token)})
    elif invited.token:
        say("Mở liên kết này trong 7 ngày để đặt cụm mật khẩu. Liên kết chỉ dùng được một lần:", link)
    else:
        say("Người này đã có tài khoản, vai trò mới có hiệu lực ngay. Đăng nhập tại:", link)
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from bakhong.cli.database import database, now

    with database():
        from bakhong.accounts.models import Assignment
        from bakhong.accounts.permissions import live
        from bakhong.core.days import day_of

        found = (
            Assignment.objects.filter(live(day_of(now())))
            .select_related("user", "place")
            .order_by("user__email", "pk")
        )
        rows = [
            {
                "email": each.user.email,
                "name": each.user.name,
                "role": each.role,
                "unit": each.place.code,
                "is_active": each.user.is_active,
            }
            for each in found
        ]
    if arguments.json:
        print_json({"accounts": rows})
    elif rows:
        table([row["email"], row["role"], row["unit"], "" if row["is_active"] else "đã khóa"] for row in rows)
    else:
        say(
            "Chưa có tài khoản nào. Tạo quản trị đầu tiên: bakhong accounts invite EMAIL --role system_admin --unit MÃ"
        )
    return 0


def _disable(arguments: argparse.Namespace) -> int:
    from bakhong.cli.database import actor, database, now

    with database():
        from bakhong.accounts.actions import disable_user
        from bakhong.accounts.queries import user_by_email

        disable_user(user=user_by_email(arguments.email), by=actor(arguments), at=now())
    if arguments.json:
        print_json({"disabled": arguments.email})
    else:
        say("Đã khóa tài khoản; mọi phiên đăng nhập của người này đã kết thúc.")
    return 0


def _reset(arguments: argparse.Namespace) -> int:
    from bakhong.cli.database import actor, database, now

    with database():
        from django.db import transaction

        from bakhong.accounts.actions import reset_user
        from bakhong.accounts.queries import user_by_email

        by = actor(arguments)
        with transaction.atomic():
            link = _link(reset_user(user=user_by_email(arguments.email), by=by, at=now()))
    if arguments.json:
        print_json({"link": link})
    else:
        say("Mở liên kết này trong 7 ngày để đặt cụm mật khẩu mới. Liên kết chỉ dùng được một lần:", link)
    return 0


def _link(token: str) -> str:
    from django.urls import reverse

    return _address(reverse("accounts:accept", args=[token]))


def _address(path: str) -> str:
    from django.conf import settings

    return f"{settings.ORIGIN}{path}"
