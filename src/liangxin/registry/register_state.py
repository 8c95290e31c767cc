"""The state of registration (登记状态) as a state of the ledger. What the register cannot know stays 待核."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from liangxin.registry.reading import narrow
from liangxin.wording import Text

ACCEPTED: Final = Text(
    "存续、在业、开业、正常、停业、歇业、吊销、注销、迁出",
    'one of "存续", "在业", "开业", "正常", "停业", "歇业", "吊销", "注销", "迁出"',
)
_NOTHING: Final = frozenset({"", "N/A", "NA", "-", "--", "—", "NULL"})
_REVOKED: Final = Text(
    "执照已吊销、未注销：是否还在经营要上门核实",
    "Licence revoked, not deregistered: see on site whether it still operates",
)
_IN_DEREGISTRATION: Final = Text("正在清算或注销，须核实", "Being wound up: to be checked")
# The first word found decides: "吊销，已注销" is deregistered, "吊销，未注销" is not.
_WORDS: Final[Mapping[str, tuple[str | None, Text | None]]] = {
    "未注销": (None, _REVOKED),
    "注销中": (None, _IN_DEREGISTRATION),
    "清算": (None, _IN_DEREGISTRATION),
    "注销": ("deregistered", None),
    "迁出": ("moved_out", None),
    "外迁": ("moved_out", None),
    "吊销": (None, _REVOKED),
    "停业": ("suspended", None),
    "歇业": ("suspended", None),
    "撤销": (None, Text("登记已撤销，须核实", "Registration annulled: to be checked")),
    "迁入": ("operating", None),
    "存续": ("operating", None),
    "在业": ("operating", None),
    "在营": ("operating", None),
    "开业": ("operating", None),
    "营业": ("operating", None),
    "正常": ("operating", None),
    "登记成立": ("operating", None),
}


@dataclass(frozen=True, slots=True)
class RegisteredState:
    """``state`` of the ledger or None = 待核; ``note`` for the survey; ``readable`` False: a word that is not known."""

    state: str | None = None
    note: Text | None = None
    readable: bool = True


def read_state(written: str) -> RegisteredState:
    """
    >>> read_state("存续（在营、开业、在册）").state, read_state("吊销，未注销").state, read_state("注销").state
    ('operating', None, 'deregistered')
    """
    text = re.sub(r"\s", "", narrow(written))
    if text.upper() in _NOTHING:
        return RegisteredState()
    for word, (state, note) in _WORDS.items():
        if word in text:
            return RegisteredState(state, note)
    return RegisteredState(readable=False)
