"""Signing in as people do it: through the pages."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts import throttle
from bakhong.accounts.models import Throttle, User
from bakhong.accounts.tests.conftest import PASSPHRASE, MakeStaff, World, code_at
from bakhong.audit.models import Event

pytestmark = pytest.mark.urls("bakhong.accounts.tests.urls")
LOGIN = "/accounts/login/"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    return Clock(monkeypatch)


class Clock:
    """The time as the sign-in pages see it; `pass_` lets some go by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 11, 22, 3, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)
        monkeypatch.setattr("time.time", lambda: self.now.timestamp())

    def pass_(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def enter(client: Client, user: User, passphrase: str = PASSPHRASE, **extra: str) -> int:
    response = client.post(LOGIN, {"login": user.email, "password": passphrase}, **extra)
    return int(response.status_code)


def test_it_signs_in_with_e_mail_and_passphrase(client: Client, world: World, staff: MakeStaff) -> None:
    user = staff("specialist", world.own)
    page = client.get(LOGIN)
    assert page.status_code == 200
    assert "<nav" not in page.content.decode()
    response = client.post(f"{LOGIN}?next=/staff/", {"login": user.email.upper(), "password": PASSPHRASE})
    assert (response.status_code, response.url) == (302, "/staff/")
    assert client.get("/staff/").content.decode() == user.name
    assert Event.objects.filter(deed="accounts.sign_in", object_id=str(user.uuid)).count() == 1


def test_it_takes_a_passphrase_typed_on_a_mac(client: Client, world: World, staff: MakeStaff) -> None:
    import unicodedata

    assert enter(client, staff("specialist", world.own), unicodedata.normalize("NFD", PASSPHRASE)) == 302


def test_it_tells_a_wrong_passphrase_like_an_unknown_address(
    client: Client, world: World, staff: MakeStaff
) -> None:
    user = staff("specialist", world.own)
    wrong = client.post(LOGIN, {"login": user.email, "password": "sai rồi bạn ơi"})
    unknown = client.post(LOGIN, {"login": "khong.co@example.com", "password": "sai rồi bạn ơi"})
    assert wrong.status_code == unknown.status_code == 200

    def told(response: object) -> str:
        text = response.content.decode()  # type: ignore[attr-defined]
        return (
            text[text.index("<main") : text.index("</main>")]
            .replace(user.email, "@")
            .replace("khong.co@example.com", "@")
        )

    strip = ("csrfmiddlewaretoken",)
    lines = [
        [line for line in told(each).splitlines() if not any(word in line for word in strip)]
        for each in (wrong, unknown)
    ]
    assert lines[0] == lines[1]
    assert "E-mail hoặc cụm mật khẩu không đúng" in told(wrong)


def test_it_follows_no_foreign_address_after_signing_in(
    client: Client, world: World, staff: MakeStaff
) -> None:
    user = staff("specialist", world.own)
    response = client.post(
        f"{LOGIN}?next=https://example.org/", {"login": user.email, "password": PASSPHRASE}
    )
    assert response.url == "/desk/"


def test_it_asks_for_the_second_factor(client: Client, world: World, staff: MakeStaff, clock: Clock) -> None:
    user = staff("chair", world.own, factor=True)
    response = client.post(LOGIN, {"login": user.email, "password": PASSPHRASE})
    assert response.url.startswith(reverse("mfa_authenticate"))
    assert client.get("/staff/").status_code == 302
    page = client.get(reverse("mfa_authenticate"))
    assert page.status_code == 200
    assert "Mã xác thực" in page.content.decode()
    response = client.post(reverse("mfa_authenticate"), {"code": code_at(time.time())})
    assert response.status_code == 302
    assert client.get("/staff/").status_code == 200


def test_it_takes_a_code_only_once(world: World, staff: MakeStaff, clock: Clock) -> None:
    """Whatever worker is asked: allauth remembers spent codes in the memory of one process only."""
    from django.core.cache import cache

    user = staff("chair", world.own, factor=True)
    for client, status in ((Client(), 302), (Client(), 200)):
        cache.clear()
        enter(client, user)
        assert client.post(reverse("mfa_authenticate"), {"code": code_at(time.time())}).status_code == status
        clock.pass_(seconds=2)


def test_it_limits_guesses_of_the_second_factor(
    client: Client, world: World, staff: MakeStaff, clock: Clock
) -> None:
    user = staff("chair", world.own, factor=True)
    enter(client, user)
    address = reverse("mfa_authenticate")
    assert client.post(address, {"code": "000000"}).status_code == 200
    response = client.post(address, {"code": "000001"})
    assert response.status_code == 429
    assert "Hãy đợi 1 giây" in response.content.decode()
    # Knowing the passphrase does not buy further guesses.
    clock.pass_(seconds=1.1)
    client.post(address, {"code": "000002"})
    assert enter(Client(), user) == 429
    clock.pass_(seconds=2.1)
    assert enter(Client(), user) == 302
    assert client.post(address, {"code": "000003"}).status_code == 200
    assert client.post(address, {"code": "000004"}).status_code == 429
    assert Throttle.objects.get().failures == 3


def test_waits_double_with_every_failure(
    client: Client, world: World, staff: MakeStaff, clock: Clock
) -> None:
    user = staff("specialist", world.own)
    for wait in (1, 2, 4, 8, 16):
        assert enter(client, user, "sai rồi bạn ơi") == 200
        clock.pass_(seconds=wait - 0.5)
        assert enter(client, user) == 429
        clock.pass_(seconds=0.6)
    assert enter(client, user) == 302
    assert not Throttle.objects.exists()


def test_guesses_from_anywhere_else_do_not_lock_the_owner_out(
    world: World, staff: MakeStaff, clock: Clock
) -> None:
    user = staff("chair", world.own)
    owner, office, stranger = Client(), Client(), Client()
    assert enter(owner, user, REMOTE_ADDR="203.0.113.5") == 302
    owner.post("/accounts/logout/")
    for guess in range(6):
        enter(stranger, user, f"đoán mò lần {guess}", REMOTE_ADDR="198.51.100.9")
        clock.pass_(seconds=2**guess + 0.1)
    enter(stranger, user, "đoán mò lần nữa", REMOTE_ADDR="198.51.100.9")
    assert enter(stranger, user, REMOTE_ADDR="198.51.100.9") == 429
    # The owner's own device, wherever it is now; and another device behind the owner's usual address.
    assert enter(owner, user, REMOTE_ADDR="192.0.2.77") == 302
    assert enter(office, user, REMOTE_ADDR="203.0.113.5") == 302
    # Negative control: from a place nobody knows even the right passphrase waits.
    assert enter(Client(), user, REMOTE_ADDR="192.0.2.99") == 429


def test_a_guesser_behind_the_same_address_does_not_stop_colleagues(
    world: World, staff: MakeStaff, clock: Clock
) -> None:
    """A commune stands behind one address."""
    chair, clerk = staff("chair", world.own), staff("specialist", world.own)
    for _ in range(5):
        enter(Client(), chair, "đoán mò lần này", REMOTE_ADDR="203.0.113.5")
    assert enter(Client(), clerk, REMOTE_ADDR="203.0.113.5") == 302


def test_the_counter_holds_no_address_and_no_name(client: Client, world: World, staff: MakeStaff) -> None:
    user = staff("specialist", world.own)
    enter(client, user, "sai rồi bạn ơi", REMOTE_ADDR="203.0.113.5")
    row = Throttle.objects.get()
    assert user.email not in row.key
    assert "203.0.113.5" not in row.key


def test_a_failed_sign_in_leaves_a_trace_without_the_address(
    client: Client, world: World, staff: MakeStaff
) -> None:
    user = staff("specialist", world.own)
    enter(client, user, "sai rồi bạn ơi")
    event = Event.objects.get(deed="accounts.refuse_sign_in")
    assert (event.actor_id, event.object_id) == ("anonymous", str(user.uuid))
    assert user.email not in str(event.__dict__)


def test_it_forgets_old_counters(client: Client, world: World, staff: MakeStaff, clock: Clock) -> None:
    enter(client, staff("specialist", world.own), "sai rồi bạn ơi")
    throttle.purge(clock.now)
    assert Throttle.objects.count() == 1
    clock.pass_(days=2)
    throttle.purge(clock.now)
    assert not Throttle.objects.exists()


def test_a_proxy_is_believed_only_where_there_is_one(rf: object, settings: object) -> None:
    request = rf.get("/", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.5", REMOTE_ADDR="10.0.0.1")  # type: ignore[attr-defined]
    assert throttle.client_address(request) == "10.0.0.1"
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]
    assert throttle.client_address(request) == "203.0.113.5"


class TestSessions:
    def test_it_ends_after_half_an_hour_of_idleness(
        self, client: Client, world: World, staff: MakeStaff, clock: Clock
    ) -> None:
        enter(client, staff("specialist", world.own))
        clock.pass_(minutes=29)
        assert client.get("/staff/").status_code == 200
        clock.pass_(minutes=29)
        assert client.get("/staff/").status_code == 200
        clock.pass_(minutes=31)
        assert client.get("/staff/").status_code == 302

    def test_it_ends_after_ten_hours_however_busy(
        self, client: Client, world: World, staff: MakeStaff, clock: Clock
    ) -> None:
        enter(client, staff("specialist", world.own))
        for _ in range(23):
            clock.pass_(minutes=26)
            assert client.get("/staff/").status_code == 200
        clock.pass_(minutes=3)
        assert client.get("/staff/").status_code == 302

    def test_it_gets_a_new_key_at_sign_in(self, client: Client, world: World, staff: MakeStaff) -> None:
        client.cookies["session"] = "abcdefghijklmnopqrstuvwxyz012345"
        enter(client, staff("specialist", world.own))
        assert client.cookies["session"].value != "abcdefghijklmnopqrstuvwxyz012345"

    def test_it_dies_when_the_user_is_disabled(self, client: Client, world: World, staff: MakeStaff) -> None:
        user = staff("specialist", world.own)
        enter(client, user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert client.get("/staff/").status_code == 302

    def test_it_dies_when_its_generation_is_over(
        self, client: Client, world: World, staff: MakeStaff
    ) -> None:
        user = staff("specialist", world.own)
        enter(client, user)
        User.objects.filter(pk=user.pk).update(session_generation=1)
        assert client.get("/staff/").status_code == 302

    def test_changing_the_passphrase_ends_every_session(
        self, client: Client, world: World, staff: MakeStaff, clock: Clock
    ) -> None:
        user, other = staff("specialist", world.own), Client()
        enter(client, user)
        enter(other, user)
        new = "mưa thuận gió hòa quanh năm"
        answer = {"oldpassword": PASSPHRASE, "password1": new, "password2": new}
        assert client.post("/accounts/passphrase/", answer | {"oldpassword": "không phải"}).status_code == 200
        clock.pass_(seconds=1.1)
        assert client.post("/accounts/passphrase/", answer).status_code == 302
        assert client.get("/staff/").status_code == other.get("/staff/").status_code == 302
        assert enter(client, user, new) == 302


def test_it_tells_a_disabled_user_whom_to_ask(client: Client, world: World, staff: MakeStaff) -> None:
    user = staff("specialist", world.own)
    User.objects.filter(pk=user.pk).update(is_active=False)
    response = client.post(LOGIN, {"login": user.email, "password": PASSPHRASE})
    assert response.status_code == 403
    assert "đã bị khóa" in response.content.decode()
    assert client.get("/staff/").status_code == 302


class TestEnrolment:
    def test_an_approver_enrols_and_gets_recovery_codes_once(
        self,
        client: Client,
        world: World,
        staff: MakeStaff,
        clock: Clock,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        from allauth.mfa.models import Authenticator
        from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

        user = staff("chair", world.own)
        enter(client, user)
        page = client.get(reverse("mfa_activate_totp"))
        assert page.status_code == 200
        secret = client.session["mfa.totp.secret"]
        assert secret in page.content.decode()
        code = format_hotp_value(hotp_value(secret, int(clock.now.timestamp()) // 30))
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(reverse("mfa_activate_totp"), {"code": code})
        assert (response.status_code, response.url) == (302, reverse("mfa_view_recovery_codes"))
        stored = Authenticator.objects.get(user=user, type="totp")
        assert secret not in str(stored.data)
        shown = client.get(response.url).content.decode()
        assert shown.count('class="bk-code"') == 10
        assert 'class="bk-code"' not in client.get(response.url).content.decode()
        assert client.get("/staff/").status_code == 200
        assert Event.objects.filter(deed="accounts.add_second_factor").count() == 2

    def test_an_approver_cannot_switch_it_off(
        self, client: Client, world: World, staff: MakeStaff, clock: Clock
    ) -> None:
        user = staff("chair", world.own, factor=True)
        enter(client, user)
        client.post(reverse("mfa_authenticate"), {"code": code_at(time.time())})
        response = client.post(reverse("mfa_deactivate_totp"))
        assert "bắt buộc" in response.content.decode()

    def test_it_asks_for_the_passphrase_again_later(
        self, client: Client, world: World, staff: MakeStaff, clock: Clock
    ) -> None:
        user = staff("specialist", world.own)
        enter(client, user)
        clock.pass_(minutes=16)
        response = client.get(reverse("mfa_activate_totp"))
        assert response.url.startswith(reverse("account_reauthenticate"))
        assert client.get(response.url).status_code == 200
        assert client.post(response.url, {"password": "sai rồi bạn ơi"}).status_code == 200
        clock.pass_(seconds=2)
        assert client.post(response.url, {"password": PASSPHRASE}).status_code == 302
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    def test_a_clerk_may_switch_it_off(
        self,
        client: Client,
        world: World,
        staff: MakeStaff,
        clock: Clock,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        user = staff("specialist", world.own, factor=True)
        enter(client, user)
        client.post(reverse("mfa_authenticate"), {"code": code_at(time.time())})
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
        assert Event.objects.filter(deed="accounts.remove_second_factor").exists()


@pytest.mark.parametrize(
    ("phrase", "is_good"),
    [
        (PASSPHRASE, True),
        ("ngắn quá", False),
        ("Thanhhoa@2026", False),
        ("123456789012", False),
        ("matkhau123456", False),
        ("aaaaaaaaaaaaaa", False),
        ("lehoa.xamot2", False),
        ("x" * 129, False),
        ("iloveyou123456", False),
    ],
)
def test_it_refuses_passphrases_everybody_tries(phrase: str, is_good: bool) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    user = User(email="lehoa.xamot@example.com", name="Lê Hoa")
    if is_good:
        validate_password(phrase, user)
    else:
        with pytest.raises(ValidationError):
            validate_password(phrase, user)
