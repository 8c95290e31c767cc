"""Sessions whose key is not in the database: only its keyed hash is. Who reads the file has no cookie to sign in with.

A key as it is stored begins with ``~``, which no cookie may: what was read from the database is no key.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as InDatabase

MARK: Final = "~"


def stored(key: str) -> str:
    """The key as the database has it: 40 characters; one that is in that form already stays."""
    if key.startswith(MARK):
        return key
    secret = b"liangxin session " + settings.SECRET_KEY.encode()
    return MARK + hmac.new(secret, key.encode("utf-8", "surrogatepass"), sha256).hexdigest()[:39]


class SessionStore(InDatabase):
    """The engine of the site: a key in, its hash in every query."""

    key_salt = "django.contrib.sessions.SessionStore"  # of the signature: the same below and before

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key) and len(str(key)) >= 8 and not str(key).startswith(MARK)

    def _get_session_from_db(self) -> Any:
        key = self.session_key
        if key is None:
            return None
        found = self.model.objects.filter(session_key=stored(key), expire_date__gt=self._now()).first()
        if found is None:
            self._session_key = None
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        made = super().create_model_instance(data)
        made.session_key = stored(made.session_key)
        return made

    def exists(self, session_key: str) -> bool:
        return bool(super().exists(stored(session_key)))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored(key))

    @staticmethod
    def _now() -> Any:
        from django.utils import timezone

        return timezone.now()


class StoredSessionStore(SessionStore):
    """Opened by the server from its own list of sessions, which holds stored keys only."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key)


def keep_no_keys() -> None:
    """The list of a person's open sessions (allauth) holds stored keys too, and finds the present one by it."""
    from allauth.core import context
    from allauth.usersessions.models import UserSession

    field = UserSession._meta.get_field("session_key")
    plain = field.get_prep_value
    # Three methods are replaced: the library has no setting for what its list keeps.
    field.get_prep_value = lambda value: None if value is None else stored(plain(value))  # type: ignore[method-assign]  # as said above
    UserSession._session_store = lambda self, *args: StoredSessionStore(*args)  # type: ignore[method-assign]  # as said above
    UserSession.is_current = lambda self: (  # type: ignore[method-assign]  # as said above
        stored(self.session_key) == stored(context.request.session.session_key)
    )
