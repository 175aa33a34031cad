"""`bakhong documents …`: check a signed PDF, from the file alone."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bakhong.cli.say import json_option, print_json, say, warn
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import Refusal


def register(groups: Any) -> None:
    commands = groups.add_parser("documents", help="giấy tờ điện tử").add_subparsers(
        metavar="VIỆC", required=True
    )
    verify = commands.add_parser("verify", help="kiểm tra chữ ký số của một tệp PDF, không cần mạng")
    verify.add_argument("file", metavar="TỆP")
    json_option(verify)
    verify.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    content = _content(Path(arguments.file))
    from bakhong.cli.database import data_folder, set_up_django

    data_folder()
    set_up_django()  # for the folder of trusted roots; no database is asked
    from bakhong.documents.queries.verification import verify

    result = verify(content, at=datetime.now(UTC))
    if arguments.json:
        print_json(asdict(result))
    else:
        _tell(result)
    return 0 if result.holds else 1


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"Không mở được tệp {path}: {error.strerror}.") from None


def _tell(result: Any) -> None:
    for each in result.signers:
        when = f", ký lúc {each.signed_at.astimezone(VIET_NAM):%d/%m/%Y %H:%M}" if each.signed_at else ""
        who = f"{each.name} ({each.organisation})" if each.organisation else each.name
        who = f"con dấu số: {who}" if each.is_agency else who
        say(f"{'được' if each.valid else 'KHÔNG'}  {who}; nơi cấp: {each.issuer}{when}")
    if result.holds:
        say("Tệp nguyên vẹn từ khi ký, chữ ký phủ toàn bộ tệp, tin được người ký.")
    else:
        warn(result.problem)
