"""Words, counts and days as they are sent: how long they may be, and no character that no database keeps."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints


def printable(words: str) -> str:
    if any(letter < " " and letter not in "\t\r\n" for letter in words):
        raise ValueError("control characters cannot be kept / 含有不能保存的字符")
    return words


printable_text = AfterValidator(printable)
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), printable_text]
Sentence = Annotated[str, Field(max_length=500), AfterValidator(printable)]
Count = Annotated[int, Field(ge=0, le=999_999)]
PersonId = Annotated[int, Field(ge=1, le=2_147_483_647)]
Version = Annotated[int, Field(ge=0, le=2_147_483_647)]
Day = Annotated[date, Field(ge=date(1949, 10, 1), le=date(2999, 12, 31))]
Seen = Annotated[
    str, Field(max_length=64, description="the token that a preview gave: what is done is what it showed")
]
