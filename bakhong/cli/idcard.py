"""`bakhong idcard parse TEXT`: what the QR code of an identity card says. Needs no database; stores nothing."""

import argparse
import sys
from typing import Any

from bakhong.cli.say import json_option, print_json, say, warn
from bakhong.core.numbers import format_day

_LABELS = (
    ("national_id", "Số định danh"),
    ("old_id", "Số CMND cũ"),
    ("full_name", "Họ và tên"),
    ("born_on", "Ngày sinh"),
    ("sex", "Giới tính"),
    ("address", "Nơi cư trú"),
    ("issued_on", "Ngày cấp"),
)
_SEXES = {"male": "Nam", "female": "Nữ"}


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    commands = groups.add_parser("idcard", help="thẻ căn cước").add_subparsers(metavar="VIỆC", required=True)
    parse = commands.add_parser("parse", help="đọc nội dung mã QR trên thẻ căn cước")
    parse.add_argument(
        "text", metavar="NỘI_DUNG", help="nội dung máy quét đọc được, hoặc - để đọc từ bàn phím"
    )
    json_option(parse)
    parse.set_defaults(run=run_parse)


def run_parse(arguments: argparse.Namespace) -> int:
    from bakhong.people.rules import idcard

    text = sys.stdin.read() if arguments.text == "-" else arguments.text
    card = idcard.parse(text)
    if card is None:
        warn("Đây không phải nội dung mã QR của thẻ căn cước. Hãy quét lại mã ở mặt có mã QR của thẻ.")
        return 1
    document: dict[str, Any] = {**card.as_json(), "reference": "shipped"}
    if arguments.json:
        print_json(document)
    else:
        _print(document)
    return 0


def _print(document: dict[str, Any]) -> None:
    for key, label in _LABELS:
        value = document[key]
        if value is not None:
            shown = format_day(value) if hasattr(value, "year") else _SEXES.get(value, value)
            say(f"{label}: {shown}")
    for part in document["tail"]:
        say(f"Phần thêm: {part}")
    for code in document["warnings"]:
        warn(f"Cần xem lại: {code}")
