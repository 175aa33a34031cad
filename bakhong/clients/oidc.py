"""OpenID Connect, the side that asks: the authorization code flow with PKCE.

    provider = Provider("https://eid.example.vn", "ba-khong", "secret")
    asked = ask(provider, redirect_uri="https://xa.example.vn/toi/dang-nhap/ve/", scope="openid profile")
    # send the browser to asked.address, keep asked.state, asked.nonce and asked.verifier
    said = answer(provider, code=…, redirect_uri=…, nonce=asked.nonce, verifier=asked.verifier)

Nothing is believed that was not checked: who issued the token, for whom, when, its signature against the provider's keys, and the nonce of
this very question. The caller compares `state`, and forgets all three after one answer.

Source: OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3.7; Discovery 1.0, section 4; RFC 7636 (PKCE); RFC 9207 (iss in the answer).
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

import jwt

SECONDS = 10
LARGEST = 512 * 1024
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_LEEWAY = 60  # seconds two clocks may be apart
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Unreachable(Exception):
    """The provider does not answer, or not in its protocol: try again later."""


class NotBelieved(Exception):
    """An answer came, and must not be believed; the text says what was wrong, for the log."""


@dataclass(frozen=True)
class Provider:
    """`issuer`: its address, under which it describes itself. `secret` empty: a client that is known by PKCE alone."""

    issuer: str
    client_id: str
    secret: str = ""


@dataclass(frozen=True)
class Asked:
    """A question on its way. `address`: where the browser goes; the rest is kept until the answer comes."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Described:
    """What a provider says of itself."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    says_iss: bool


def describe(provider: Provider) -> Described:
    """Raises: Unreachable; NotBelieved when it calls itself something else."""
    found = _json(Request(provider.issuer.rstrip("/") + "/.well-known/openid-configuration"))  # noqa: S310 (_open looks at the scheme)
    if found.get("issuer") != provider.issuer:
        raise NotBelieved(f"the provider calls itself {found.get('issuer')!r}")
    try:
        return Described(
            issuer=provider.issuer,
            authorization=str(found["authorization_endpoint"]),
            token=str(found["token_endpoint"]),
            keys=str(found["jwks_uri"]),
            userinfo=str(found.get("userinfo_endpoint", "")),
            end_session=str(found.get("end_session_endpoint", "")),
            says_iss=found.get("authorization_response_iss_parameter_supported") is True,
        )
    except KeyError as missing:
        raise Unreachable(f"its description lacks {missing}") from missing


def ask(
    provider: Provider, *, redirect_uri: str, scope: str, levels: str = "", language: str = "vi"
) -> Asked:
    """Where to send the browser. `levels`: the assurance asked for (acr_values), the wanted ones first.

    `prompt=login`: whoever sat at this computer before must not be signed in by the provider's memory.

    Raises: Unreachable; NotBelieved.
    """
    described = describe(provider)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": scope,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        "prompt": "login",
        "ui_locales": language,
        **({"acr_values": levels} if levels else {}),
    }
    mark = "&" if urlsplit(described.authorization).query else "?"
    return Asked(described.authorization + mark + urlencode(asked), state, nonce, verifier)


def answer(
    provider: Provider, *, code: str, redirect_uri: str, nonce: str, verifier: str, iss: str = ""
) -> Mapping[str, Any]:
    """The claims of whoever signed in: the token's, with what the userinfo endpoint adds. `iss`: the answer's own, where it has one.

    Raises: Unreachable; NotBelieved, also for a code that was used before.
    """
    described = describe(provider)
    if (described.says_iss or iss) and iss != provider.issuer:
        raise NotBelieved("the answer came from another provider")
    tokens = _tokens(provider, described, code, redirect_uri, verifier)
    said = believed(
        str(tokens.get("id_token", "")),
        provider=provider,
        nonce=nonce,
        keys=_json(Request(described.keys)),  # noqa: S310
    )
    return {**_more(described, tokens, said), **said}


def believed(token: str, *, provider: Provider, nonce: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of an identity token, once everything about it was checked.

    Raises: NotBelieved.
    """
    try:
        said: dict[str, Any] = jwt.decode(
            token,
            _key(token, keys),
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=_LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as wrong:
        raise NotBelieved(f"the token: {wrong}") from wrong
    if not secrets.compare_digest(str(said.get("nonce", "")), nonce):
        raise NotBelieved("the token answers another question (nonce)")
    if said.get("azp", provider.client_id) != provider.client_id:
        raise NotBelieved("the token was made for another client (azp)")
    if isinstance(said["aud"], list) and len(said["aud"]) > 1 and "azp" not in said:
        raise NotBelieved("the token is for several, and does not say whose it is")
    return said


def challenge(verifier: str) -> str:
    """
    >>> challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def is_safe(address: str) -> bool:
    """Whether an address may be asked at all: encrypted, or on this machine.

    >>> is_safe("https://eid.example.vn/x"), is_safe("http://127.0.0.1:9/x"), is_safe("http://eid.example.vn"), is_safe("file:///etc/passwd")
    (True, True, False, False)
    """
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


# --- asking ----------------------------------------------------------------------------------------------------------


def _tokens(
    provider: Provider, described: Described, code: str, redirect_uri: str, verifier: str
) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "client_id": provider.client_id,
    }
    request = Request(described.token, data=urlencode(form).encode())  # noqa: S310
    if provider.secret:
        pair = f"{_quoted(provider.client_id)}:{_quoted(provider.secret)}"
        request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    return _json(request, refused="the code was not taken")


def _more(described: Described, tokens: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the userinfo endpoint says of the same subject; nothing where there is none."""
    if not described.userinfo or "access_token" not in tokens:
        return {}
    request = Request(described.userinfo, headers={"Authorization": f"Bearer {tokens['access_token']}"})  # noqa: S310
    found = _json(request, refused="userinfo was not given")
    if found.get("sub") != said["sub"]:
        raise NotBelieved("userinfo speaks of somebody else")
    return found


def _key(token: str, keys: Mapping[str, Any]) -> Any:
    """The provider's key that signed this token.

    Raises: NotBelieved.
    """
    try:
        header = jwt.get_unverified_header(token)
        known = jwt.PyJWKSet.from_dict(dict(keys)).keys
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as wrong:
        raise NotBelieved(f"the token: {wrong}") from wrong
    fit = [key for key in known if key.key_id == header.get("kid")] if "kid" in header else known
    if header.get("alg") not in ALGORITHMS or len(fit) != 1:
        raise NotBelieved("no key of the provider fits the token")
    return fit[0]


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_OPENER: OpenerDirector = build_opener(_NoRedirects)


def _json(request: Request, *, refused: str = "") -> Mapping[str, Any]:
    """Raises: Unreachable; NotBelieved (`refused`) where a 4xx means that it says no."""
    if not is_safe(request.full_url):
        raise NotBelieved("an address that is not encrypted")
    try:
        with _OPENER.open(request, timeout=SECONDS) as response:
            body = response.read(LARGEST + 1)
    except HTTPError as wrong:
        if refused and 400 <= wrong.code < 500:
            raise NotBelieved(f"{refused} ({wrong.code})") from wrong
        raise Unreachable(f"{request.host}: {wrong.code}") from wrong
    except (URLError, OSError, ValueError) as wrong:
        raise Unreachable(f"{request.host}: {wrong}") from wrong
    try:
        found = json.loads(body) if len(body) <= LARGEST else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreachable(f"{request.host}: the answer is not what was asked for")
    return found


def _quoted(text: str) -> str:
    return urlencode({"": text})[1:]
