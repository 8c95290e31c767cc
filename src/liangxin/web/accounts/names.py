"""User names: one way of writing each, none that looks like another's."""

from __future__ import annotations

import unicodedata
from typing import Final

from liangxin.findings import Finding
from liangxin.web.accounts.models import User
from liangxin.wording import Text

LONGEST: Final = 30
_SIGNS: Final = frozenset("_.-")
# Characters of one name that an eye takes for those of another.
_ALIKE: Final = str.maketrans({"1": "l", "i": "l", "|": "l", "0": "o", "〇": "o"})


def fold(name: str) -> str:
    """As names are compared: full-width and other forms as the usual ones (NFKC), no case, no blanks around."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def stored_name(name: str) -> str:
    """The user name that somebody means who typed ``name``: as it is stored, or as it was typed where there is none."""
    if User.objects.filter(username=name).exists():
        return name
    meant = fold(name)
    found = [each for each in User.objects.values_list("username", flat=True) if fold(each) == meant]
    return found[0] if len(found) == 1 else name


def read_new(typed: str) -> tuple[str, list[Finding]]:
    """The name that a new account gets, and what stands against it: another alphabet, or that it reads like one there is.

    Latin letters without marks, Chinese characters and digits: two alphabets of like letters never meet.
    """
    name = unicodedata.normalize("NFKC", typed).strip()
    if not name or len(name) > LONGEST or not all(_may_stand(each) for each in name):
        said = Text(
            "用户名只能用汉字、英文字母、数字、下划线、点和横线，最长30个字",
            "A user name is Chinese characters, the letters a to z, digits, _ . and -, at most 30",
        )
        return name, [Finding("username", said, found=typed[:60])]
    for other in User.objects.values_list("username", flat=True):
        if fold(other) == fold(name):
            said = Text("这个用户名已经有人用了", "This user name is taken")
            return name, [Finding("username-taken", said, found=name)]
        if _seen(other) == _seen(name):
            said = Text(
                f"这个用户名和已有的“{other}”看起来一样，请换一个",
                f'This user name looks like "{other}", which there is; choose another',
            )
            return name, [Finding("username-alike", said, found=name)]
    return name, []


def _may_stand(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in _SIGNS
    return character == "〇" or unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


def _seen(name: str) -> str:
    return fold(name).translate(_ALIKE)
