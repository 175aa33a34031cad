"""`bakhong vietqr encode` and `decode`: the text in a VietQR. Needs no database; stores nothing."""

import argparse
import sys
from typing import Any

from bakhong.cli.say import json_option, print_json, say, warn
from bakhong.core.numbers import format_money
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.purposes import unaccented
from bakhong.payments.rules.vietqr import BadCode, Code, decode, encode

_METHODS = {True: "mã động, ứng dụng không cho sửa số tiền", False: "mã tĩnh"}


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    commands = groups.add_parser("vietqr", help="mã VietQR").add_subparsers(metavar="VIỆC", required=True)
    making = commands.add_parser("encode", help="lập nội dung mã VietQR của một tài khoản")
    making.add_argument("--bank", required=True, metavar="BIN", help="mã ngân hàng, 6 chữ số")
    making.add_argument("--account", required=True, metavar="SỐ", help="số tài khoản")
    making.add_argument(
        "--amount", metavar="N", type=int, help="số đồng; bỏ trống thì người trả tự ghi số tiền"
    )
    making.add_argument(
        "--purpose",
        metavar="NỘI_DUNG",
        default="",
        help="nội dung chuyển khoản, nhiều nhất 25 ký tự; dấu được bỏ",
    )
    json_option(making)
    making.set_defaults(run=run_encode)
    reading = commands.add_parser("decode", help="đọc và kiểm tra nội dung một mã VietQR")
    reading.add_argument(
        "payload", metavar="NỘI_DUNG", help="nội dung máy quét đọc được, hoặc - để đọc từ bàn phím"
    )
    json_option(reading)
    reading.set_defaults(run=run_decode)


def run_encode(arguments: argparse.Namespace) -> int:
    try:
        payload = encode(
            bank_bin=arguments.bank,
            account=arguments.account,
            amount=arguments.amount,
            purpose=unaccented(arguments.purpose),
        )
    except BadCode as bad:
        warn(bad.message)
        return 1
    if arguments.json:
        print_json({"payload": payload, "reference": "shipped"})
    else:
        say(payload)
    return 0


def run_decode(arguments: argparse.Namespace) -> int:
    payload = sys.stdin.read(10_000).rstrip("\r\n") if arguments.payload == "-" else arguments.payload
    try:
        code, bad = decode(payload), None
    except BadCode as found:
        code, bad = None, found
    if arguments.json:
        print_json(_document(code, bad))
    elif code is not None:
        _print(code)
    if bad is not None:
        warn(bad.message)
    return 1 if bad else 0


def _document(code: Code | None, bad: BadCode | None) -> dict[str, Any]:
    """What does not hold is not told in parts: all of it is null, and why."""
    return {
        "bank_bin": code and code.bank_bin,
        "account": code and code.account,
        "service": code and code.service,
        "amount": code and code.amount,
        "purpose": code and code.purpose,
        "dynamic": code and code.dynamic,
        "bank": code and bank_name(code.bank_bin),
        "name": code and code.name,
        "city": code and code.city,
        "mcc": code and code.mcc,
        "extra": code and dict(code.extra),
        "ok": bad is None,
        "problem": bad and {"code": bad.code, "message": bad.message},
        "reference": "shipped",
    }


def _print(code: Code) -> None:
    say(f"Ngân hàng: {bank_name(code.bank_bin)} ({code.bank_bin})", f"Tài khoản: {code.account}")
    if code.name:
        say(f"Tên trên mã: {code.name}")
    if code.amount is not None:
        say(f"Số tiền: {format_money(code.amount)}")
    if code.purpose:
        say(f"Nội dung: {code.purpose}")
    say(f"Loại mã: {_METHODS[code.dynamic]}, {code.service}")
