"""What goes into the logs: never an address that opens something by itself."""

import logging
import re

# A sign-in card, an invitation, the attendance page of a training, a slip's code: whoever has the address needs nothing or little else.
_KEY = re.compile(r"(/to/vao/|/accounts/invitation/|/t/|/tra-cuu/|/kiem-tra/)[^/\s?]+")


class HideKeys(logging.Filter):
    """Blanks the secret part of addresses, which Django writes down for every answer of 400 and above."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _KEY.sub(r"\1***", record.getMessage()), ()
        return True
