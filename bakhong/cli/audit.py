"""`bakhong audit …`: verify the trail, and export it for the independent verifier."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bakhong.cli.say import json_option, print_json, say, warn


def register(groups: Any) -> None:
    commands = groups.add_parser("audit", help="nhật ký kiểm toán").add_subparsers(
        metavar="VIỆC", required=True
    )
    verify = commands.add_parser("verify", help="kiểm tra chuỗi niêm phong của nhật ký")
    verify.add_argument("--expect-head", default="", metavar="SỐ:MÃ", help="đầu chuỗi đã ghi lại lần trước")
    json_option(verify)
    verify.set_defaults(run=_verify)
    export = commands.add_parser(
        "export", help="xuất nhật ký ra tệp để kiểm tra độc lập bằng tools/verify_audit.py"
    )
    export.add_argument("file", metavar="TỆP", help="tệp sẽ ghi, hoặc - để in ra màn hình")
    export.set_defaults(run=_export)


def _verify(arguments: argparse.Namespace) -> int:
    from bakhong.cli.database import database

    with database():
        from bakhong.audit.queries import verify

        result = verify(arguments.expect_head)
    broken = result.first_broken
    if arguments.json:
        print_json(asdict(result))
        return 0 if result.ok else 1
    say(f"Sự kiện: {result.events} (đã niêm phong {result.sealed}, chờ niêm phong {result.unsealed})")
    say(f"Đầu chuỗi: {result.head}")
    if broken:
        what = "bị mất hoặc bị bỏ qua" if broken.reason == "missing" else "đã bị sửa, chèn hoặc đổi chỗ"
        warn(f"Chuỗi bị đứt: sự kiện số {broken.number} {what}.")
    if result.expected_head_found is False:
        warn(
            "Đầu chuỗi ghi lần trước không còn trong nhật ký: phần cuối đã bị cắt hoặc cả chuỗi đã bị viết lại."
        )
    if result.ok:
        say("Chuỗi nguyên vẹn.")
    return 0 if result.ok else 1


def _export(arguments: argparse.Namespace) -> int:
    from bakhong.cli.database import database

    with database():
        if arguments.file == "-":
            _write(sys.stdout)
            return 0
        try:
            with Path(arguments.file).open("w", encoding="utf-8", newline="\n") as file:
                count = _write(file)
        except OSError as error:
            warn(f"Không ghi được tệp {arguments.file}: {error.strerror}.")
            return 1
    say(f"Đã xuất {count} sự kiện đã niêm phong.")
    return 0


def _write(file: Any) -> int:
    from bakhong.audit.queries import chain
    from bakhong.audit.rules.chain import canonical

    count = 0
    for each in chain():
        event = canonical(each.event).decode() if each.event is not None else "null"
        file.write(f'{{"number":{each.number},"hash":"{each.hash}","event":{event}}}\n')
        count += 1
    return count
