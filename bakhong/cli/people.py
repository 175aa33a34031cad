"""`bakhong people`: a list of residents taken in, taken back, and its suspected doubles."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from bakhong.cli.database import actor, database, now
from bakhong.cli.say import by_option, json_option, print_json, say, warn
from bakhong.core.days import day_of, parse_day
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import format_day, format_int

SHOWN = 20  # problems printed without --json
MOST_BYTES = 20 * 1024 * 1024  # one more byte, and the reader says that it is too large


def register(groups: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = groups.add_parser("people", help="danh sách người dân")
    commands = parser.add_subparsers(metavar="VIỆC", required=True)
    importing = commands.add_parser("import", help="nhập danh sách người dân từ tệp Excel hoặc CSV của xã")
    importing.add_argument("file", metavar="TỆP", help=".xlsx, .xls hoặc .csv")
    importing.add_argument(
        "--commune", metavar="MÃ", required=True, help="mã xã, phường vào ngày của danh sách"
    )
    importing.add_argument(
        "--as-of", metavar="NGÀY", type=_day, help="ngày của danh sách (mặc định: theo tiêu đề)"
    )
    importing.add_argument("--dry-run", action="store_true", help="chỉ xem trước, không lưu gì")
    by_option(importing)
    json_option(importing)
    importing.set_defaults(run=run_import)
    undoing = commands.add_parser("undo-import", help="thu hồi cả một lần nhập")
    undoing.add_argument("id", metavar="MÃ")
    by_option(undoing)
    json_option(undoing)
    undoing.set_defaults(run=run_undo)
    doubles = commands.add_parser("duplicates", help="những cặp nghi là một người, kèm lý do")
    doubles.add_argument("--commune", metavar="MÃ", required=True)
    by_option(doubles)
    json_option(doubles)
    doubles.set_defaults(run=run_duplicates)


def run_import(arguments: argparse.Namespace) -> int:
    content = _content(arguments.file)
    with database():
        document = take_in(arguments, content)
    if arguments.json:
        print_json(document)
    else:
        _print_import(document)
    for line in document["warnings"]:
        warn(line)
    return 0


def take_in(arguments: argparse.Namespace, content: bytes) -> dict[str, Any]:
    """The JSON of `people import`.

    Raises: Refusal.
    """
    from bakhong.people import scope
    from bakhong.people.actions.taking_in import take_in as take_in_file

    at, by, path = now(), actor(arguments), Path(arguments.file)
    with scope.seeing(by):
        taken = take_in_file(
            content=content,
            filename=path.name,
            commune=lambda day: _commune(arguments.commune, day),
            where=arguments.commune,
            by=by,
            at=at,
            as_of=arguments.as_of,
            dry_run=arguments.dry_run,
        )
    document = taken.outcome.as_json()
    document |= {"questions": taken.questions, "columns": taken.columns, "warnings": taken.warnings}
    is_whole = arguments.dry_run or taken.residents is None
    document["rejected_file"] = None if is_whole else _write_rejected(taken.residents, path)
    return document


def _write_rejected(residents: Any, path: Path) -> str | None:
    from bakhong.people.rejected import rejected_workbook

    book = rejected_workbook(residents)
    if book is None:
        return None
    target = path.with_name(f"{path.stem}-can-sua.xlsx")
    with book:
        try:
            target.write_bytes(book.read())
        except OSError as error:
            warn(f"Không ghi được tệp các dòng cần sửa “{target}”: {error.strerror or error}.")
            return None
    target.chmod(0o600)  # it holds what people's cells hold
    return str(target)


def run_undo(arguments: argparse.Namespace) -> int:
    try:
        import_id = UUID(arguments.id)
    except ValueError:
        raise Refusal(f"“{arguments.id}” không phải mã của một lần nhập.") from None
    with database():
        from bakhong.people import scope
        from bakhong.people.actions.undoing import undo_import

        by = actor(arguments)
        with scope.seeing(by):
            document = undo_import(import_id=import_id, by=by, at=now())
    if arguments.json:
        print_json(document)
    else:
        say(
            f"Đã thu hồi: {format_int(document['removed'])} người không còn trong danh sách, "
            f"{format_int(document['restored'])} người trở lại như trước."
        )
    return 0


def run_duplicates(arguments: argparse.Namespace) -> int:
    with database():
        from bakhong.people import scope
        from bakhong.people.queries.duplicates import suspected_duplicates

        by, on = actor(arguments), day_of(now())
        with scope.seeing(by):
            pairs = suspected_duplicates(_commune(arguments.commune, on), on, by)
            document = {
                "pairs": [
                    {
                        "a": str(pair.a.uuid),
                        "b": str(pair.b.uuid),
                        "score": pair.score,
                        "reasons": list(pair.reasons),
                        "messages": pair.sentences,
                    }
                    for pair in pairs
                ]
            }
    if arguments.json:
        print_json(document)
        return 0
    say(f"{format_int(len(pairs))} cặp nghi là một người.")
    for pair in pairs[:SHOWN]:
        say(
            f"- {pair.score:.2f}: {pair.a.name} và {pair.b.name} ({', '.join(pair.sentences)})".replace(
                ".", ",", 1
            )
        )
    return 0


def _commune(code: str, on: date) -> Any:
    """Raises: NotFound."""
    from bakhong.places.queries import unit_on

    unit = unit_on(code.strip(), on)
    if unit is None or unit.level != "commune":
        raise NotFound(
            f"Không có xã, phường nào mang mã “{code}” vào ngày {format_day(on)}. Hãy kiểm tra mã, hoặc ghi ngày bằng --as-of."
        )
    return unit


def _content(name: str) -> bytes:
    """Raises: Refusal."""
    path = Path(name)
    if path.is_dir():
        raise Refusal(f"“{name}” là một thư mục. Hãy chỉ một tệp danh sách.")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise Refusal(f"Không tìm thấy tệp “{name}”. Hãy kiểm tra lại đường dẫn.") from None
    except OSError as error:
        raise Refusal(f"Không đọc được tệp “{name}”: {error.strerror or error}.") from None
    return content


def _print_import(document: dict[str, Any]) -> None:
    counts = {
        name: format_int(document[name])
        for name in ("rows", "created", "updated", "unchanged", "duplicates", "rejected")
    }
    say(
        "Xem trước, chưa lưu gì." if document["dry_run"] else f"Đã nhập, mã lần nhập: {document['import_id']}"
    )
    say(
        f"{counts['rows']} dòng tính đến ngày {format_day(document['as_of'])}: {counts['created']} người mới, "
        f"{counts['updated']} có thêm thông tin, {counts['unchanged']} như cũ, {counts['duplicates']} trùng trong tệp, "
        f"{counts['rejected']} bị loại."
    )
    if document["villages_created"]:
        say(f"Thôn được lập: {', '.join(document['villages_created'])}.")
    problems = document["problems"]
    if problems:
        say(f"{format_int(len(problems))} chỗ cần xem:")
    for each in problems[:SHOWN]:
        say(f"- {each['sheet']}!{each['cell']}: {each['message']}")
    if len(problems) > SHOWN:
        say(f"… và {format_int(len(problems) - SHOWN)} chỗ nữa (xem đủ bằng --json).")
    for question in document["questions"]:
        say(f"Hỏi: “{question['mark']}” ở {question['cell']} ({question['count']} ô) nghĩa là có hay không?")
    if document["rejected_file"]:
        say(f"Các dòng bị loại ở {document['rejected_file']}: hãy sửa rồi nhập lại tệp đó.")


def _day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"“{text}” không phải một ngày, ví dụ 2025-05-06 hoặc 06/05/2025")
    return day
