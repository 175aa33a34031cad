"""All settings, read from the environment. docs/operations.md lists the variables."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from bakhong.ui.assets import style_hash

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("BAKHONG_DATA", ROOT / "var")).absolute()


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


def _pairs(name: str, otherwise: str) -> dict[str, str]:
    """`ours=theirs ours=theirs` from the environment."""
    words = os.environ.get(name, otherwise).split()
    return {ours: theirs for ours, _, theirs in (word.partition("=") for word in words)}


def _kept_secret(name: str) -> str:
    """From the environment, else from the data folder; empty where there is neither."""
    path = DATA / "secrets" / name
    value = os.environ.get(f"BAKHONG_{name.upper()}", "")
    if not value and path.is_file():
        value = path.read_text().strip()
    return value


def _secret(name: str) -> str:
    """The kept one, else a random one (lost at exit)."""
    return _kept_secret(name) or secrets.token_urlsafe(48)


def _served_at() -> str:
    """Where a running service answers; `bakhong up` notes it in the data folder."""
    path = DATA / "address"
    return path.read_text().strip() if path.is_file() else "http://127.0.0.1:8000"


def database(url: str, **options: Any) -> dict[str, Any]:
    """One entry of DATABASES from a libpq address."""
    parts: dict[str, Any] = conninfo_to_dict(url)
    taken = {key: parts.pop(key, "") for key in ("host", "port", "user", "password", "dbname")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": taken["host"],
        "PORT": taken["port"],
        "USER": taken["user"],
        "PASSWORD": taken["password"],
        "NAME": taken["dbname"],
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, **options},
    }


DEBUG = _flag("BAKHONG_DEBUG")
DEMO = _flag("BAKHONG_DEMO")
# The code of the one province or commune this installation serves.
UNIT = os.environ.get("BAKHONG_UNIT", "38")
SECRET_KEY = _secret("secret_key")
# Seals the numbers of residents (people/sealed.py). Never made up: what is sealed with a lost key is lost.
FIELD_KEY = _kept_secret("field_key")
# The class that answers for each register of the State (people/registers.py): "population=package.Class …"; in a demo, invented ones.
_DEMO_REGISTERS = {
    code: f"bakhong.people.adapters.registers.demo.{name}"
    for code, name in {
        "population": "Population",
        "civil_status": "CivilStatus",
        "social_insurance": "SocialInsurance",
        "health_insurance": "HealthInsurance",
        "land": "Land",
    }.items()
}
REGISTERS = dict(pair.split("=", 1) for pair in os.environ.get("BAKHONG_REGISTERS", "").split()) or (
    _DEMO_REGISTERS if DEMO else {}
)
REGISTER_SECONDS = 3.0  # how long a page waits for a register
# The systems dossiers are exchanged with (dossiers/adapters): none without an address.
EXCHANGES = {
    code: {
        "url": os.environ.get(f"BAKHONG_{code.upper()}_URL", ""),
        "token": os.environ.get(f"BAKHONG_{code.upper()}_TOKEN", ""),
        "adapter": os.environ.get(
            f"BAKHONG_{code.upper()}_ADAPTER", "bakhong.dossiers.adapters.national.http.HttpExchange"
        ),
    }
    for code in ("national", "provincial")
}
ALLOWED_HOSTS = os.environ.get("BAKHONG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("BAKHONG_ORIGINS", "").split(",") if origin]
# Where links that leave the site (an invitation) point to.
ORIGIN = CSRF_TRUSTED_ORIGINS[0] if CSRF_TRUSTED_ORIGINS else _served_at()
IS_SECURE = _flag("BAKHONG_HTTPS")

# `bakhong` sets DATABASE_URL to its embedded PostgreSQL where nobody else did.
_URL = os.environ.get("DATABASE_URL", "postgresql:///bakhong")
_POOLED = {"pool": {"min_size": 1, "max_size": 16, "timeout": 20}} if _flag("BAKHONG_POOL") else {}
DATABASES = {"default": database(_URL, **_POOLED)}
# The restricted role the site runs as, where another one owns the tables: migrations narrow its rights. Empty where there is none.
APP_ROLE = os.environ.get("BAKHONG_APP_ROLE", "")

INSTALLED_APPS = [
    "bakhong.ui",
    "bakhong.audit",
    "bakhong.places",
    "bakhong.accounts",
    "bakhong.documents",
    "bakhong.people",
    "bakhong.messaging",
    "bakhong.eforms",
    "bakhong.procedures",
    "bakhong.payments",
    "bakhong.dossiers",
    "bakhong.outreach",
    "bakhong.indicators",
    "bakhong.desk",
    "bakhong.field",
    "bakhong.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bakhong.ui.middleware.chosen_language",
    "bakhong.ui.middleware.bounded_body",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bakhong.accounts.middleware.AccessMiddleware",
    "bakhong.people.middleware.PeopleMiddleware",
    "bakhong.payments.middleware.PaymentsMiddleware",
    "bakhong.accounts.middleware.ReadOnlyMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bakhong.accounts.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "bakhong.accounts.passphrases.PassphraseValidator"}]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",  # hard on memory, and needs no further package
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "/accounts/login/"
RESIDENTS_LOGIN_URL = "/toi/dang-nhap/"
# How residents sign in: any provider that speaks OpenID Connect. Without an issuer there is none, and pages say how to go on without.
E_IDENTITY = {
    "issuer": os.environ.get("BAKHONG_EID_ISSUER", ""),
    "client_id": os.environ.get("BAKHONG_EID_CLIENT_ID", ""),
    "client_secret": _kept_secret("eid_client_secret"),
    "name": os.environ.get("BAKHONG_EID_NAME", "định danh điện tử"),
    "scope": os.environ.get("BAKHONG_EID_SCOPE", "openid profile"),
    # ours=theirs: what the provider calls each claim, and its value for a level.
    "claims": _pairs(
        "BAKHONG_EID_CLAIMS",
        "national_id=citizen_id full_name=name birth=birthdate sex=gender address=address",
    ),
    "level_claim": os.environ.get("BAKHONG_EID_LEVEL_CLAIM", "acr"),
    "levels": _pairs("BAKHONG_EID_LEVELS", "1=1 2=2"),
    "asked_level": os.environ.get("BAKHONG_EID_ACR_VALUES", ""),
    "least_level": int(os.environ.get("BAKHONG_EID_LEAST_LEVEL", "2")),
}
ENTRANCES = {"/to/": "/to/vao/"}  # team members sign in on a page of their own
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "bakhong.accounts.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator invites; nobody registers
ACCOUNT_RATE_LIMITS = False  # accounts.throttle counts, in the database and per account
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser, the session after SESSION_COOKIE_AGE
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_FORMS = {
    "login": "bakhong.accounts.forms.LoginForm",
    "change_password": "bakhong.accounts.forms.ChangePasswordForm",
    "reauthenticate": "bakhong.accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "bakhong.accounts.sign_in.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # phones' clocks are half a minute off
MFA_FORMS = {
    "authenticate": "bakhong.accounts.forms.AuthenticateForm",
    "reauthenticate": "bakhong.accounts.forms.MFAReauthenticateForm",
    "activate_totp": "bakhong.accounts.forms.ActivateTOTPForm",
}
# Letters (messaging/adapters/mail.py); without a server they wait.
EMAIL_HOST = os.environ.get("BAKHONG_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("BAKHONG_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("BAKHONG_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BAKHONG_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("BAKHONG_MAIL_TLS", "starttls") == "starttls"
EMAIL_USE_SSL = os.environ.get("BAKHONG_MAIL_TLS", "") == "ssl"
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("BAKHONG_MAIL_FROM", "bakhong@localhost")
# How many proxies of ours stand in front and append to X-Forwarded-For.
TRUSTED_PROXIES = int(os.environ.get("BAKHONG_PROXIES", "0"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Moments are UTC, days are Vietnamese.
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
LANGUAGE_CODE = "vi"  # the msgid of every text is Vietnamese; locale/en translates it
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "lang"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME = "__Host-session" if IS_SECURE else "session"
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_IDLE = timedelta(minutes=30)
# With a PIN, on one's own phone: a day of walking from house to house, and a month before the PIN is asked again in any case.
PIN_SESSION_IDLE = timedelta(hours=12)
PIN_SESSION_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, style_hash()],  # residents' pages carry their styles inside
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# One upload is at most this large; the reader bounds what it unpacks to (documents room).
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
LARGEST_REQUEST = 100 * 1024 * 1024  # several files together

# Digital signatures: a time stamping authority, and a remote provider of the SmartCA kind; empty where there is none.
SIGNING = {
    "tsa": os.environ.get("BAKHONG_TSA_URL", ""),
    "smartca_url": os.environ.get("BAKHONG_SMARTCA_URL", ""),
    "smartca_id": os.environ.get("BAKHONG_SMARTCA_ID", ""),
    "smartca_password": _kept_secret("smartca_password"),
    "smartca_webhook": _kept_secret("smartca_webhook"),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"keys": {"()": "config.logs.HideKeys"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["keys"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("BAKHONG_LOG", "WARNING")},
}
