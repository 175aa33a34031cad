"""Letters by SMTP. Without a server nothing is sent and nothing is lost: letters wait."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

_LASTING = range(500, 600)  # RFC 5321, section 4.2.1: the same letter will be refused again
_SERVER_SAYS_NO = {530, 534, 535, 538}  # of whoever sends, not of this letter


class NotSent(Exception):
    """`problem` is a code for the operator; `is_final`: the same letter will never be taken."""

    def __init__(self, problem: str, *, is_final: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_final = is_final


def is_configured() -> bool:
    return bool(settings.EMAIL_HOST)


@contextmanager
def opened() -> Iterator[BaseEmailBackend]:
    """One connection for many letters. Raises: NotSent where the server cannot be reached."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_problem(error)) from None
    try:
        yield connection
    finally:
        connection.close()


def send_letter(
    *, to: str, name: str, subject: str, text: str, number: str, connection: BaseEmailBackend
) -> None:
    """One letter to one address. `number` names it: sent twice by mischance, mail programs see one letter.

    Raises: NotSent.
    """
    letter = EmailMessage(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((name, to))] if name else [to],
        headers={"Message-ID": f"<{number}@{_domain()}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        raise NotSent("recipient_refused", is_final=all(code in _LASTING for code in codes)) from None
    except smtplib.SMTPResponseException as error:
        is_final = error.smtp_code in _LASTING and error.smtp_code not in _SERVER_SAYS_NO
        raise NotSent(f"smtp_{error.smtp_code}", is_final=is_final) from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise NotSent(_problem(error), is_final=isinstance(error, ValueError)) from None


def check() -> str:
    """A sentence for the operator. Raises: NotSent when the server does not answer."""
    with opened():
        return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def _domain() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip("> ") or "localhost"


def _problem(error: Exception) -> str:
    """The kind of error only: its words may quote the address."""
    return type(error).__name__[:40]
