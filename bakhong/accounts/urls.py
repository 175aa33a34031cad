"""Only the addresses of allauth that we need, then our own."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, path

from bakhong.accounts.views import me, people, phones, roster, trail

_allauth = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("passphrase/", account.password_change, name="account_change_password"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("code/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/enrol/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery-codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
]
_ours: list[URLPattern | URLResolver] = [
    path("me/", me.me, name="me"),
    path("me/sign-out-everywhere/", me.leave_everywhere, name="sign_out_everywhere"),
    path("invitation/<str:token>/", me.accept, name="accept"),
    path("u/<uuid:unit>/people/", people.people, name="people"),
    path("u/<uuid:unit>/people/<uuid:user>/<slug:deed>/", people.change, name="change_user"),
    path("u/<uuid:unit>/phones/", phones.phones, name="phones"),
    path("u/<uuid:unit>/phones/cards/", phones.cards, name="cards"),
    path("u/<uuid:unit>/roles/<uuid:assignment>/end/", people.end, name="end_assignment"),
    path("u/<uuid:unit>/roster/", roster.roster, name="roster"),
    path("u/<uuid:unit>/trail/", trail.trail, name="trail"),
    path("officials/<uuid:official>/", roster.official, name="official"),
    path("officials/<uuid:official>/end/", roster.end_official, name="end_official"),
    path("certificates/<uuid:certificate>/revoke/", roster.revoke, name="revoke_certificate"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_allauth, path("", include((_ours, "accounts")))]
