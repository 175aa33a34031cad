"""Staff, the roles they hold at a place for a period, and the roster of officials with their certificates."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.core.text import nfc
from bakhong.places.models import Unit

_PERIOD = Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A member of staff who can sign in. What they may do comes from their assignments alone.

    Somebody without an e-mail address has a telephone number instead, and in place of the passphrase a PIN that works on one phone.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    # One of the two is there; many may lack the other, which a unique "" would forbid.
    email = models.EmailField(unique=True, null=True)  # noqa: DJ001 (in lower case: people type it as they like)
    phone = models.CharField(max_length=15, unique=True, null=True)  # noqa: DJ001 (ten digits)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    session_generation = models.PositiveIntegerField(default=0)  # raised: every session of this user ends

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "email": Privacy.PERSONAL,
        "phone": Privacy.PERSONAL,
        "name": Privacy.PERSONAL,
        "password": Privacy.SENSITIVE,
        "last_login": Privacy.PERSONAL,
        "is_active": Privacy.INTERNAL,
        "joined_at": Privacy.INTERNAL,
        "session_generation": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(
                condition=Q(email__isnull=False, phone=None) | Q(email=None, phone__isnull=False),
                name="user_email_or_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.login

    @property
    def login(self) -> str:
        """What they type to sign in: e-mail address or telephone number."""
        return self.email or self.phone or ""

    # One passphrase has two Unicode forms (a Mac types "ế" as three code points): compare the composed one.

    def set_password(self, raw_password: str | None) -> None:
        self.password = make_password(None if raw_password is None else nfc(raw_password))
        self._password = raw_password

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(None if raw_password is None else nfc(raw_password))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        base: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{base}.{self.session_generation}"


class Assignment(models.Model):
    """A role held at a place for a period (`valid_to` excluded, None: open)."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=40)  # a code of accounts.rules.roles
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "user": Privacy.INTERNAL,
        "role": Privacy.INTERNAL,
        "place": Privacy.INTERNAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            # An assignment ended on its first day was never in force.
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="assignment_period"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "place"], condition=Q(valid_to=None), name="assignment_open_once"
            ),
        ]


class Invitation(models.Model):
    """A one-time link with which a member of staff chooses a passphrase, or a card for a PIN. Only the hash of its token is kept."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "user": Privacy.INTERNAL,
        "token_hash": Privacy.SENSITIVE,
        "created_at": Privacy.INTERNAL,
        "expires_at": Privacy.INTERNAL,
        "used_at": Privacy.INTERNAL,
    }


class Throttle(models.Model):
    """Failed sign-ins of one account from one source, and until when the next try must wait.

    `key` is an HMAC: the table tells nobody who tried what from where.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField()
    tried_at = models.DateTimeField(db_index=True)

    privacy = {
        "key": Privacy.INTERNAL,
        "failures": Privacy.INTERNAL,
        "blocked_until": Privacy.INTERNAL,
        "tried_at": Privacy.INTERNAL,
    }


class Familiar(models.Model):
    """A device or an address from which a user has signed in: guesses made elsewhere do not slow it down."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=64)  # an HMAC of the device's cookie or of the address
    seen_at = models.DateTimeField(db_index=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "user": Privacy.INTERNAL,
        "source": Privacy.INTERNAL,
        "seen_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "source"], name="familiar_once")]


class PhoneDevice(models.Model):
    """The one phone on which a member's PIN works: the one that opened the card. A new card ends it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="device")
    digest = models.CharField(max_length=64)  # an HMAC of the phone's cookie
    bound_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)  # wrong PINs in a row; at the last the PIN is dead

    privacy = {
        "id": Privacy.INTERNAL,
        "user": Privacy.INTERNAL,
        "digest": Privacy.SENSITIVE,
        "bound_at": Privacy.INTERNAL,
        "failures": Privacy.INTERNAL,
    }


class SpentCode(models.Model):
    """A second-factor code that was accepted; it is not accepted again. Source: RFC 6238, section 5.2."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    spent_at = models.DateTimeField(db_index=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "user": Privacy.INTERNAL,
        "digest": Privacy.SENSITIVE,
        "spent_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="spent_code_once")]


class Official(models.Model):
    """A leader, official or civil servant in the roster of a unit; the headcount of criteria G1 and G2."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="officials")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="officials")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "name": Privacy.PERSONAL,
        "position": Privacy.PERSONAL,
        "unit": Privacy.INTERNAL,
        "user": Privacy.INTERNAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=_PERIOD, name="official_period")]

    def __str__(self) -> str:
        return self.name


class CertificateKind(models.TextChoices):
    ORGANISATION = "organisation", _("Chứng thư số cơ quan nhà nước cấp cho cá nhân")
    PERSONAL = "personal", _("Chứng thư số cá nhân")


class CertificateStore(models.TextChoices):
    USB_TOKEN = "usb_token", _("Thiết bị USB")
    REMOTE = "remote", _("Ký số từ xa")
    SIM = "sim", _("SIM ký số")


class Certificate(models.Model):
    """A digital certificate of an official; valid from the first day until before the last."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=12, choices=CertificateKind)
    store = models.CharField(max_length=12, choices=CertificateStore)
    issuer = models.CharField(max_length=120)
    serial = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField()
    revoked_on = models.DateField(null=True, blank=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "official": Privacy.INTERNAL,
        "kind": Privacy.INTERNAL,
        "store": Privacy.INTERNAL,
        "issuer": Privacy.INTERNAL,
        "serial": Privacy.PERSONAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
        "revoked_on": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="certificate_period"),
            models.UniqueConstraint(fields=["issuer", "serial"], name="certificate_serial_once"),
        ]


class Resident(models.Model):
    """Somebody who has signed in with an e-identity. Never a `User`: a resident holds no role and no permission.

    Nothing of what the e-identity said is kept here: not the name, not the number. `subject_digest` is an HMAC of the name the provider
    gives them, `person` the uuid of their record in the roll (the room above), where one was found at level 2.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    issuer = models.CharField(max_length=200)
    subject_digest = models.BinaryField(max_length=32)
    person = models.UUIDField(null=True, db_index=True)
    level = models.PositiveSmallIntegerField()  # 1: declared only; 2: seen in person
    made_at = models.DateTimeField()
    signed_in_at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "issuer": Privacy.INTERNAL,
        "subject_digest": Privacy.SENSITIVE,
        "person": Privacy.PERSONAL,
        "level": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "signed_in_at": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject_digest"], name="resident_once"),
            models.CheckConstraint(condition=Q(level__in=(1, 2)), name="resident_level"),
        ]
