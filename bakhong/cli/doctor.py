"""`bakhong doctor`: every external port and whether it answers."""

import argparse
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict

from bakhong.cli.catalogue import check_catalogue
from bakhong.cli.database import data_folder, database, set_up_django
from bakhong.cli.say import json_option, print_json, say
from bakhong.core.errors import Refusal

LEAST_DISK = 1024**3  # bytes; below it a day's uploads and PostgreSQL's log of changes may fill the disk


class Check(TypedDict):
    name: str
    ok: bool
    detail: str


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = groups.add_parser("doctor", help="kiểm tra mọi thứ bên ngoài mà chương trình cần")
    json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    checks = examine()
    if arguments.json:
        print_json({"checks": checks})
    else:
        for check in checks:
            say(f"{'được' if check['ok'] else 'HỎNG'}  {check['name']}: {check['detail']}")
    return 0 if all(check["ok"] for check in checks) else 1


def examine() -> list[Check]:
    """Every check, in the order an operator mends things."""
    checks = [_check("disk", _disk), _check("catalogue", check_catalogue)]
    try:
        with database():
            checks += [_check("database", _database), _check("queue", _queue), _check("mail", _mail)]
    except Refusal as refusal:
        checks += [Check(name=name, ok=False, detail=str(refusal)) for name in ("database", "queue", "mail")]
    return [
        *checks,
        *_registers(),
        *_exchanges(),
        _check("signing", _signing),
        _check("bank_feed", _bank_feed),
        _check("e_identity", _e_identity),
    ]


def _e_identity() -> str:
    """Whether residents could sign in now; without a provider the pages say how to go on without."""
    from bakhong.accounts.adapters.e_identity import e_identity

    provider = e_identity()
    return provider.check() if provider else "không cấu hình; người dân dùng mã quay lại"


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, ok=True, detail=look())
    except Exception as error:
        return Check(name=name, ok=False, detail=str(error).strip() or type(error).__name__)


def _disk() -> str:
    folder: Path = data_folder()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        raise Refusal(f"không ghi được vào {existing}")
    free = shutil.disk_usage(existing).free
    sentence = f"còn {free / 1024**3:.1f} GB ở {folder}"
    if free < LEAST_DISK:
        raise Refusal(f"{sentence}; cần ít nhất {LEAST_DISK // 1024**3} GB")
    return sentence


def _database() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_user, pg_database_size(current_database())"
        )
        version, role, size = cursor.fetchone()
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (is_superuser,) = cursor.fetchone()
    if is_superuser:
        raise Refusal(
            f"PostgreSQL {version}: vai trò {role} là superuser; hãy dùng một vai trò thường trong DATABASE_URL"
        )
    return f"PostgreSQL {version}, vai trò {role}, {size / 1024**2:.0f} MB"


def _queue() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        counts = dict(cursor.fetchall())
    sentence = f"{counts.get('todo', 0)} việc đang chờ, {counts.get('failed', 0)} việc hỏng"
    if counts.get("failed"):
        raise Refusal(sentence)
    return sentence


def _mail() -> str:
    from bakhong.core.actor import OPERATOR
    from bakhong.messaging.adapters import mail
    from bakhong.messaging.queries import letters_waiting
    from bakhong.people import scope

    with scope.seeing(OPERATOR):
        waiting, failed = letters_waiting()
    sentence = f"{waiting} thư đang chờ, {failed} thư không gửi được"
    if mail.is_configured():
        return f"{_answering(mail.check)}; {sentence}"
    if waiting:
        raise Refusal(
            f"chưa có máy chủ thư (BAKHONG_MAIL_HOST); {sentence}: thư được giữ lại, chưa ai nhận được"
        )
    return f"chưa có máy chủ thư (BAKHONG_MAIL_HOST); {sentence}"


def _answering(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:
        raise Refusal(f"máy chủ thư không trả lời: {error}") from None


def _registers() -> list[Check]:
    """A check for each register of the State that is connected, or one that says that none is."""
    set_up_django()
    from bakhong.people.registers import checks

    found = checks()
    if not found:
        sentence = "chưa kết nối cơ sở dữ liệu nào (BAKHONG_REGISTERS): thông tin chỉ lấy từ danh sách của xã và kết quả đã có"
        return [Check(name="registers", ok=True, detail=sentence)]
    return [
        Check(name=f"register_{code}", ok=check.ok, detail=f"{name}: {check.detail}")
        for code, name, check in found
    ]


def _exchanges() -> list[Check]:
    """A check for each system dossiers are exchanged with: whether it answers, and what waits."""
    set_up_django()
    from bakhong.dossiers.adapters.registry import exchanges

    found = exchanges()
    if not found:
        sentence = (
            "không cấu hình (BAKHONG_NATIONAL_URL, BAKHONG_PROVINCIAL_URL): danh sách của tỉnh nhập bằng tệp"
        )
        return [Check(name="exchange", ok=True, detail=sentence)]
    return [_exchange(code, each) for code, each in found.items()]


def _exchange(code: str, side: Any) -> Check:
    def look() -> str:
        check = side.check()
        sentence = f"{side.name}: {check.detail}; {_outbox(code)}"
        if not check.ok:
            raise Refusal(sentence)
        return sentence

    return _check(f"exchange_{code}", look)


def _outbox(code: str) -> str:
    from bakhong.core.actor import OPERATOR
    from bakhong.dossiers.queries.exchange_sync import strays_of, waiting_everywhere
    from bakhong.people import scope

    try:
        with database(), scope.seeing(OPERATOR):
            waiting, held = waiting_everywhere().get(code, (0, 0))
            strays = len(strays_of(code))
    except Refusal:
        return "chưa đọc được hàng chờ"
    return f"{waiting} lần gửi đang chờ, {held} lần bên kia không nhận, {strays} hồ sơ gửi nhầm đơn vị"


def _bank_feed() -> str:
    """Every broker that can be asked answers; notifications are worked on."""
    from bakhong.cli.database import now
    from bakhong.core.actor import OPERATOR
    from bakhong.core.days import day_of
    from bakhong.payments.actions.pulling import asked_accounts
    from bakhong.payments.adapters.registry import feed_of
    from bakhong.payments.queries.feeds import deliveries_waiting
    from bakhong.people import scope

    with database(), scope.seeing(OPERATOR):
        accounts, waiting = asked_accounts(day_of(now())), deliveries_waiting()
    if not accounts:
        return "không tài khoản nào nhận tin của bên trung gian; dòng tiền lấy từ tệp sao kê"
    checks = [feed.check(each.number) for each in accounts if (feed := feed_of(each))]
    said = [
        f"{len(accounts)} tài khoản nhận tin, {waiting} thông báo đang chờ",
        *(each.detail for each in checks),
    ]
    if not all(each.ok for each in checks):
        raise Refusal("; ".join(said))
    return "; ".join(said)


def _signing() -> str:
    """Every provider that is set up answers, and there is somebody to trust."""
    from bakhong.documents import trust
    from bakhong.documents.adapters.signing.registry import providers

    checks = [(port.name, port.check()) for port in providers().values()]
    sentence = "; ".join(f"{name}: {check.detail}" for name, check in checks)
    if not all(check.ok for _, check in checks):
        raise Refusal(sentence)
    return f"{sentence}; {len(trust.roots())} gốc tin cậy trong {trust.folder()}"
