"""The secrets of two-step sign-in, sealed with a key outside the database: who has only its file can make no code.

They are sealed as names and telephones are (``holders.sealing``), in the same key file, under a key of their own.
"""

from __future__ import annotations

import base64
import logging
import secrets
from collections.abc import Callable
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter

from liangxin.web.holders import sealing

OWNER: Final = "sign-in"  # in the key file, where a town's code stands for the keys of its holders
BOUND: Final = "second step"
PREFIX: Final = "sealed:"


class MFAAdapter(DefaultMFAAdapter):
    """Seals what the library stores, opens what it reads."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that nobody knows where it does not open, so that every code is refused and the page stands."""
        try:
            return unseal(encrypted_text)
        except sealing.NotReadable as lost:
            logging.getLogger("liangxin.accounts").error(
                "两步验证的密钥打不开，动态码不会通过：把 personal-key 放回数据文件夹，或由管理员关闭这个人的两步验证 / a secret of two-step "
                "sign-in does not open and no code will pass: put personal-key back, or take the person's second step off (%s)",
                lost,
            )
            return base64.b32encode(secrets.token_bytes(40)).decode()


def seal(words: str) -> str:
    return PREFIX + base64.b64encode(sealing.seal(words, OWNER, BOUND)).decode()


def unseal(stored: str) -> str:
    """Raises NotReadable: the key is not here, or the value was not sealed by this site."""
    if not stored.startswith(PREFIX):
        raise sealing.NotReadable("not sealed")
    try:
        return sealing.unseal(base64.b64decode(stored[len(PREFIX) :]), OWNER, BOUND)
    except ValueError:
        raise sealing.NotReadable("not whole") from None


def changed(data: dict[str, Any], by: Callable[[str], str]) -> dict[str, Any]:
    """The data of an authenticator with each of its secrets changed by ``by``."""
    found = dict(data)
    for name in ("secret", "seed"):
        if name in found:
            found[name] = by(found[name])
    if "migrated_codes" in found:
        found["migrated_codes"] = [by(code) for code in found["migrated_codes"]]
    return found


def rotate() -> int:
    """Seal every secret with a new key, then destroy the old ones. Gives the number of rows. Raises InputError where one
    does not open, or where the key comes from the environment; nothing is changed then."""
    from allauth.mfa.models import Authenticator
    from django.db import transaction

    from liangxin.findings import InputError
    from liangxin.web.audit.services import record

    if sealing.from_environment():
        raise InputError.of(
            "personal-key",
            "密钥来自 LIANGXIN_PERSONAL_KEY，请在那里更换",
            "The key comes from LIANGXIN_PERSONAL_KEY; change it there",
        )
    with transaction.atomic():
        rows = list(Authenticator.objects.select_for_update())
        try:
            opened = [changed(row.data, unseal) for row in rows]
        except sealing.NotReadable:
            raise InputError.of(
                "personal-key",
                "有的两步验证密钥打不开，没有更换：密钥文件里没有加密它的密钥",
                "A secret of two-step sign-in does not open: its key is not in the key file. Nothing was changed",
            ) from None
        if not rows:
            return 0
        made = sealing.add_key(OWNER)
        for row, data in zip(rows, opened, strict=True):
            row.data = changed(data, seal)
            row.save(update_fields=["data"])
        record(None, None, "account.rotate", "account", "", detail={"rows": len(rows)})
        transaction.on_commit(lambda: sealing.forget(OWNER, but=made.id))
    return len(rows)
