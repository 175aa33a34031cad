#!/usr/bin/env python3
"""Verify an exported audit trail without the program that wrote it. Needs Python 3.8 or newer and nothing else.

    bakhong audit export trail.jsonl
    python3 verify_audit.py trail.jsonl [--expect-head NUMBER:HASH]…

One line an event: {"number": 1, "hash": "…", "event": {"actor", "at", "deed", "details", "kind", "object", "place", "uuid"}}.
hash n = SHA-256 of (the 64 hexadecimal digits of hash n - 1, then the event as JSON in UTF-8 with sorted keys and no spaces); hash 0 is
64 zeros. Prints the head, which can be compared with one printed on paper earlier: only that shows that the end was not cut off
and the whole not written anew. Exit status: 0 the trail is whole, 1 it is not, 2 wrong usage.
"""

import argparse
import hashlib
import json
import sys


def digest(previous, event):
    text = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous.encode("ascii") + text.encode("utf-8")).hexdigest()


def walk(lines, anchors):
    """Returns (events, last hash, problem or None, anchors not met)."""
    number, previous, problem = 0, "0" * 64, None
    missing = dict(anchors)
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            stated, found, event = entry["number"], entry["hash"], entry["event"]
        except (ValueError, KeyError, TypeError):
            problem = problem or f"line {row} is not an entry of the trail"
            continue
        if problem is None and stated != number + 1:
            problem = f"event {number + 1} is missing (line {row} has number {stated})"
        if problem is None and digest(previous, event) != found:
            problem = f"event {stated} was changed, inserted or moved"
        number, previous = stated, found
        if missing.get(number) == found:
            del missing[number]
    return number, previous, problem, missing


def anchor(text):
    number, _, digits = text.partition(":")
    if not number.isdigit() or len(digits) != 64:
        raise argparse.ArgumentTypeError("a head looks like 1234:0f3a… with 64 hexadecimal digits")
    return int(number), digits.lower()


def main():
    parser = argparse.ArgumentParser(description="Verify an exported audit trail.")
    parser.add_argument("file", help="the file written by `bakhong audit export`, or - for standard input")
    parser.add_argument("--expect-head", type=anchor, action="append", default=[], metavar="NUMBER:HASH")
    arguments = parser.parse_args()
    try:
        with open(0 if arguments.file == "-" else arguments.file, encoding="utf-8") as source:
            number, head, problem, missing = walk(source, arguments.expect_head)
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"cannot read {arguments.file}: {error}")
    print(f"events: {number}")
    print(f"head: {number}:{head}")
    for expected in missing:
        problem = problem or f"the head noted earlier, number {expected}, is not in this trail"
    if problem:
        print(f"BROKEN: {problem}", file=sys.stderr)
        return 1
    print("whole: every event is where it was sealed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
