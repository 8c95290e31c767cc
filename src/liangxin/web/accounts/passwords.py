"""Words that a password of this site must not be made of: everybody here would try them first."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

from liangxin.web.ui.language import current
from liangxin.wording import Text

WORDS: Final = (
    "liangxin",
    "dangjian",
    "zuzhiban",
    "zuzhibu",
    "dangwei",
    "dangzhibu",
    "gongchandang",
    "两新",
    "党建",
    "组织部",
)
SAID: Final = Text(
    "密码不要用单位、镇名或“两新”“党建”这类大家都会猜的词拼成",
    "Do not make the password of the town's name or words that everybody here would guess (liangxin, dangjian)",
)  # fmt: skip


class LengthValidator(MinimumLengthValidator):
    """Django's own, whose sentence has no Chinese in this version."""

    def get_error_message(self) -> str:
        return (
            Text("密码太短，至少{n}个字", "Too short: at least {n} characters")
            .fill(n=self.min_length)
            .in_language(current())
        )

    def get_help_text(self) -> str:
        return (
            Text("密码至少{n}个字", "At least {n} characters").fill(n=self.min_length).in_language(current())
        )


class ContextValidator:
    """Refuses a password that is little more than such a word, a town's name or the site's host name."""

    LEFT = 6  # characters that must be left when the word is taken out

    def validate(self, password: str, user: Any = None) -> None:
        low = password.lower()
        own = {user.username.lower()} if user is not None else set()
        for word in self._words() | own:
            if word in low and len(low.replace(word, "")) < self.LEFT:
                raise ValidationError(SAID.in_language(current()), code="password_context")

    def get_help_text(self) -> str:
        return SAID.in_language(current())

    def _words(self) -> set[str]:
        from django.conf import settings
        from pypinyin import lazy_pinyin

        from liangxin.web.areas.models import Town

        names = list(Town.objects.values_list("name", flat=True))
        spelled = ["".join(lazy_pinyin(name.removesuffix("镇").removesuffix("街道"))) for name in names]
        hosts = [host.split(".")[0] for host in settings.ALLOWED_HOSTS if host[:1].isalpha()]
        return {word.lower() for word in (*WORDS, *names, *spelled, *hosts) if len(word) > 1}
