"""What goes into the logs: never an address that opens something by itself."""

import logging
import re

# A sign-in card, an invitation, the attendance page of a training, a slip's code: whoever has the address needs nothing or little else.
_KEY = re.compile(r"(/to/vao/|/accounts/invitation/|/t/|/tra-cuu/|/kiem-tra/|/tra-tien/)[^/\s?]+")
# The code of a charge, a deposit or a refund, wherever it stands: with a charge's code one sees what is owed.
_CODE = re.compile(r"(?i)\b(BK|BN|BT)[0-9A-Z]{13}\b")


class HideKeys(logging.Filter):
    """Blanks the secret part of addresses, which Django writes down for every answer of 400 and above."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _CODE.sub(r"\1***", _KEY.sub(r"\1***", record.getMessage())), ()
        return True
