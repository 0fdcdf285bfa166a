"""Flask-Security over our own persons: sign-in by password or link, second factors, recovery."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any

from flask import Flask, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, user_authenticated, webauthn_util
from flask_security import webauthn as security_keys
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.totp import Totp
from passlib import totp  # type: ignore[import-untyped]

from cdp.config import Settings
from cdp.http.account_forms import PasskeyForm, RegisterForm, RescueForm, SelectForm, SetupForm
from cdp.http.context import actor, session
from cdp.http.mail import OutboxMail
from cdp.i18n import catalogs
from cdp.kernel.clock import now
from cdp.kernel.late import brought
from cdp.people import queries
from cdp.people.models import Passkey, Person
from cdp.people.states import Role

STRONG_ROLES = frozenset({Role.PRESIDENT, Role.OFFICER, Role.TREASURER})
"""Mandates that are asked for a second factor where the installation wants it."""

LINK_LIFE = timedelta(minutes=30)
"""How long a link of a letter signs in."""

OPEN_WITHOUT_SECOND_FACTOR = frozenset({"security", "accounts", "static", "healthz", "readyz"})


class _Database:
    """What Flask-Security's datastore needs of a database: the session of the request."""

    @property
    def session(self) -> Any:
        return session()


class _NoRole(RoleMixin):
    """Flask-Security wants a class of roles; there is none of them."""


class Datastore(SQLAlchemyUserDatastore):
    """Persons as Flask-Security's users; it knows no roles, ours are mandates."""

    def __init__(self) -> None:
        super().__init__(_Database(), Person, _NoRole, Passkey)

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Any:
        """A person by one attribute; by the identifier of the session together with the commune of the address."""
        if by.keys() != {"fs_uniquifier"} or case_insensitive:
            return super().find_user(case_insensitive, **by)
        is_known = not has_request_context() or "commune" in g
        slug = None if is_known else getattr(g, "commune_slug", None)
        found = queries.by_identifier(session(), by["fs_uniquifier"], slug)
        if found is not None and found[1] is not None:
            g.commune = found[1]
        return None if found is None else found[0]

    def commit(self) -> None:
        """One commit an act."""
        session().commit()

    def create_webauthn(self, user: Any, *given: Any, **values: Any) -> None:
        """Keep a passkey; the kind of its device as plain text."""
        kind = values["device_type"]
        values["device_type"] = str(getattr(kind, "value", kind))
        super().create_webauthn(user, *given, **values)

    def _prepare_create_user_args(self, **given: Any) -> dict[str, Any]:
        """Values of a new person; roles never pass through here."""
        values: dict[str, Any] = super()._prepare_create_user_args(**given)  # type: ignore[no-untyped-call]
        values.pop("roles", None)
        return values


def options(settings: Settings) -> dict[str, Any]:
    """Flask-Security's settings as this house wants them."""
    return {
        "PASSWORD_SALT": settings.password_salt,
        "URL_PREFIX": "/<lang>/account",
        "STATIC_FOLDER": None,
        "I18N_DOMAIN": "messages",
        "I18N_DIRNAME": str(catalogs.FOLDER),
        "INPUT_NORMALIZE_FORM": "NFC",
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "DEPRECATED_PASSWORD_SCHEMES": [],
        "PASSWORD_LENGTH_MIN": 10,
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "EMAIL_HTML": False,
        "EMAIL_SENDER": settings.mail_from,
        "JOIN_USER_ROLES": False,
        "DATETIME_FACTORY": now,
        "RETURN_GENERIC_RESPONSES": True,
        "REGISTERABLE": True,
        "CONFIRMABLE": True,
        "AUTO_LOGIN_AFTER_CONFIRM": False,
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "CHANGE_EMAIL": True,
        "POST_CHANGE_EMAIL_VIEW": "accounts.strong",
        "CHANGE_EMAIL_ERROR_VIEW": "accounts.strong",
        "LOGIN_WITHIN": LINK_LIFE,
        "POST_LOGIN_VIEW": "accounts.welcome",
        "POST_LOGOUT_VIEW": "home.show",
        "POST_REGISTER_VIEW": "accounts.registered",
        "POST_CONFIRM_VIEW": "security.login",
        "POST_RESET_VIEW": "security.login",
        "POST_CHANGE_VIEW": "accounts.strong",
        "POST_VERIFY_VIEW": "accounts.welcome",
        "LOGOUT_CSRF": True,
        "FRESHNESS": timedelta(hours=12),
        "FRESHNESS_GRACE_PERIOD": timedelta(hours=1),
        "API_ENABLED_METHODS": ["session"],
    } | _second_factors(settings)


def _second_factors(settings: Settings) -> dict[str, Any]:
    return {
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_POST_SETUP_VIEW": "accounts.strong",
        "TOTP_SECRETS": {"1": settings.secret_key},
        "TOTP_ISSUER": "CDP",
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [_key_of_codes(settings)],
        "WEBAUTHN": True,
        "WAN_RP_NAME": "CDP",
        "WAN_ALLOW_AS_FIRST_FACTOR": False,
        "WAN_ALLOW_AS_VERIFY": ["secondary"],
        "WAN_POST_REGISTER_VIEW": "accounts.strong",
    }


def _key_of_codes(settings: Settings) -> bytes:
    """Recovery codes lie encrypted in the database under a key made of the installation's secret."""
    return urlsafe_b64encode(sha256(f"recovery codes {settings.secret_key}".encode()).digest())


def remember_sign_in(_app: Flask, user: Any, **_signal: Any) -> None:
    """Keep the day of a sign-in: links sent before it are dead from now on."""
    user.signed_in_at = now()
    session().commit()


def is_strong(person: Any) -> bool:
    """Whether a person has a second factor."""
    return bool(person.tf_primary_method) or queries.has_passkey(session(), person.id)


def ask_for_second_factor() -> ResponseReturnValue | None:
    """Officers and treasurers get only the page that sets one up until they have it."""
    room = (request.endpoint or "static").split(".")[0]
    if room in OPEN_WITHOUT_SECOND_FACTOR or current_user.is_anonymous:
        return None
    if not any(role in STRONG_ROLES for _, role in actor().mandates) or is_strong(current_user):
        return None
    return redirect(url_for("accounts.strong"))


class OneTimeCodes(Totp):
    """Flask-Security's codes of six digits; the ciphers that seal their secrets are loaded with the first of them."""

    @property
    def _totp(self) -> Any:
        if totp._cg_ciphers is None:
            totp._cg_ciphers = import_module("cryptography.hazmat.primitives.ciphers")
            totp._cg_default_backend = import_module("cryptography.hazmat.backends").default_backend
            for part in ("algorithms", "modes"):
                import_module(f"cryptography.hazmat.primitives.ciphers.{part}")
            totp.AES_SUPPORT = True
        return self._made

    @_totp.setter
    def _totp(self, made: Any) -> None:
        self._made = made


class RecoveryCodes(MfRecoveryCodesUtil):
    """Flask-Security's recovery codes; what seals them is loaded with the first of them."""

    _keys: Sequence[bytes] = ()

    def setup_cryptor(self, keys: list[bytes]) -> None:
        """Remember the keys."""
        self._keys = keys

    @property
    def cryptor(self) -> Any:
        """What seals and opens the codes."""
        if self._cryptor is None and self._keys:
            super().setup_cryptor(list(self._keys))
        return self._cryptor

    @cryptor.setter
    def cryptor(self, made: Any) -> None:
        self._cryptor = made


PASSKEYS = (
    "webauthn",
    "webauthn.authentication.verify_authentication_response",
    "webauthn.registration.verify_registration_response",
    "webauthn.helpers",
    "webauthn.helpers.exceptions",
    "webauthn.helpers.structs",
)
"""What Flask-Security's pages of passkeys stand on: seven megabytes that other pages need not carry."""


def bring_passkeys() -> None:
    """Load what passkeys need with the first page that speaks of them."""
    if (request.endpoint or "").startswith("security.wan") and not hasattr(security_keys, "webauthn"):
        for module in (security_keys, webauthn_util):
            brought(module, PASSKEYS)


def init_app(app: Flask, settings: Settings) -> None:
    """Put Flask-Security on the application."""
    app.config.update({f"SECURITY_{name}": value for name, value in options(settings).items()})
    app.security = Security(  # type: ignore[attr-defined]
        app,
        Datastore(),
        mail_util_cls=OutboxMail,
        totp_cls=OneTimeCodes,
        mf_recovery_codes_util_cls=RecoveryCodes,
        register_form=RegisterForm,
        two_factor_setup_form=SetupForm,
        two_factor_select_form=SelectForm,
        two_factor_rescue_form=RescueForm,
        wan_register_form=PasskeyForm,
    )
    app.before_request_funcs[None].remove(app.security.principal._on_before_request)  # type: ignore[attr-defined]
    app.before_request(bring_passkeys)
    user_authenticated.connect(remember_sign_in, app)
    if settings.strong_sign_in:
        app.before_request(ask_for_second_factor)
