"""Letters, to a real server of SMTP: they go out once, wait, are tried again, and are given up."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.conf import LazySettings

from bakhong.messaging.actions import Recipient, deliver_due
from bakhong.messaging.adapters import mail
from bakhong.messaging.models import Delivery
from bakhong.messaging.queries import letters_waiting
from bakhong.messaging.rules.retrying import wait_after
from bakhong.messaging.tests.conftest import DOSSIER, Send


class Sink(socketserver.ThreadingTCPServer):
    """A server of SMTP that keeps what it is sent. `answers`: what it says to "RCPT TO", "DATA" or the greeting instead of yes."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.answers: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), Conversation)


class Conversation(socketserver.StreamRequestHandler):
    server: Sink

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self) -> None:
        self.say(self.server.answers.get("hello", "220 sink"))
        while line := self.rfile.readline().decode().strip():
            word = line.upper()[:4]
            if word == "QUIT":
                self.say("221 bye")
                return
            if word == "DATA" and "DATA" not in self.server.answers:
                self.say("354 go on")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                self.server.letters.append(text.removesuffix(b".\r\n"))
            self.say(self.server.answers.get(word, "250 ok"))


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[Sink]:
    with Sink() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 5
        settings.DEFAULT_FROM_EMAIL = "Xã Thường Xuân <xa@example.vn>"
        yield server
        server.shutdown()


def mailed(at: datetime | None = None) -> Delivery:
    return Delivery.objects.get(channel="mail")


def test_a_letter_goes_out_once(tell: Send, sink: Sink, at: datetime) -> None:
    made = tell()
    assert (deliver_due(at=at), deliver_due(at=at)) == (1, 0)
    (raw,) = sink.letters
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["Subject"].strip() == "Hồ sơ H56.01-261122-0001 cần bổ sung"
    assert letter["To"].strip() == "Lê Thị Hoá <hoa@example.vn>"
    assert letter["Message-ID"] == f"<{made.uuid}@example.vn>"
    assert letter.get_content().strip() == made.text
    row = mailed()
    assert (row.state, row.settled_at, row.attempts) == ("sent", at, 1)
    assert row.get_state_display() == "đã gửi"


def test_without_a_server_letters_wait_and_nothing_is_lost(
    tell: Send, settings: LazySettings, at: datetime
) -> None:
    settings.EMAIL_HOST = ""
    tell()
    assert deliver_due(at=at) == 0
    assert (mailed().state, mailed().attempts) == ("waiting", 0)
    assert letters_waiting() == (1, 0)
    assert not mail.is_configured()


def test_a_server_that_is_down_is_tried_again_later_and_later(
    tell: Send, settings: LazySettings, sink: Sink, at: datetime
) -> None:
    tell()
    right, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for minutes, attempts in ((0, 1), (0.5, 1), (1, 2), (5, 2), (6, 3)):
        assert deliver_due(at=at + timedelta(minutes=minutes)) == 0
        assert mailed().attempts == attempts, minutes
    assert (mailed().state, mailed().problem) == ("waiting", "ConnectionRefusedError")
    settings.EMAIL_PORT = right
    assert deliver_due(at=at + timedelta(hours=2)) == 1
    assert (mailed().state, mailed().problem, len(sink.letters)) == ("sent", "", 1)


def test_what_is_refused_for_now_is_tried_again(tell: Send, sink: Sink, at: datetime) -> None:
    tell()
    sink.answers["DATA"] = "451 later"
    assert deliver_due(at=at) == 0
    assert (mailed().state, mailed().problem) == ("waiting", "smtp_451")


@pytest.mark.parametrize(("word", "answer"), [("RCPT", "550 nobody"), ("DATA", "554 no")])
def test_what_is_refused_for_good_becomes_a_call(
    tell: Send, sink: Sink, at: datetime, word: str, answer: str
) -> None:
    tell()
    sink.answers[word] = answer
    assert deliver_due(at=at) == 0
    assert mailed().state == "failed"
    call = Delivery.objects.get(channel="call")
    assert (call.state, call.next_at) == ("waiting", at)
    assert letters_waiting() == (0, 1)


def test_given_up_after_days_it_becomes_a_call(
    tell: Send, settings: LazySettings, sink: Sink, at: datetime
) -> None:
    tell()
    settings.EMAIL_PORT = 1
    moment = at
    for failures in range(1, 9):
        assert not Delivery.objects.filter(channel="call").exists()
        deliver_due(at=moment)
        moment += wait_after(failures) or timedelta()
    assert mailed().state == "failed"
    assert Delivery.objects.filter(channel="call", state="waiting").count() == 1
    assert moment - at > timedelta(days=2)


def test_one_letter_that_cannot_go_holds_up_no_other(tell: Send, sink: Sink, at: datetime) -> None:
    tell(to=Recipient(holder_uuid=DOSSIER, email="hoa@example.vn", name="Lê Thị Hoá"))
    bad = tell(to=Recipient(holder_uuid=DOSSIER, email="an@example.vn"))
    Delivery.objects.filter(message=bad).update(next_at=at - timedelta(days=1))
    sink.answers["RCPT"] = "250 ok"
    original = mail.send_letter

    def refuse_one(**letter: object) -> None:
        if letter["to"] == "an@example.vn":
            raise mail.NotSent("x", is_final=True)
        original(**letter)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "send_letter", refuse_one)
        assert deliver_due(at=at) == 1
    assert len(sink.letters) == 1


def test_the_check_says_whether_the_server_answers(settings: LazySettings, sink: Sink) -> None:
    assert mail.check() == f"127.0.0.1:{settings.EMAIL_PORT}"
    settings.EMAIL_PORT = 1
    with pytest.raises(mail.NotSent):
        mail.check()
