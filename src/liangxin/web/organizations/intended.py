"""What somebody is about to do to the organizations: what would change, in sentences, and how much of it was seen.

``seen`` is the journal's last number when the preview was made. Doing it takes that number back (``services.carry_out``): if
somebody did something meanwhile, nothing is done that was not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import QueryDict

from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.organizations import existing, forms, placing, queries
from liangxin.web.policies.queries import today
from liangxin.web.units.live import live
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import DayTree, Operation

SECTION_3: Final = Text("按通知第三部分设立组织体系", "Set up the organizations of section 3 of the notice")


@dataclass(frozen=True, slots=True)
class Intended:
    """Operations not yet done."""

    operations: tuple[Operation, ...]
    title: Text

    @property
    def founded(self) -> str:
        """The id of the organization that it founds; empty where it founds none."""
        return str(getattr(self.operations[0], "id", "")) if self.operations else ""


@dataclass(frozen=True, slots=True)
class Preview:
    """``changes``: sentences; ``units``: how many units get another organization, form or superior; ``seen``: see above."""

    changes: tuple[Text, ...]
    units: int
    seen: int


def of_form(permit: Permit, kind: forms.Kind, organization: str, now: DayTree, given: QueryDict) -> Intended:
    """What a form asks for. InputError with every finding of the form."""
    reader = forms.Reader(permit, live(permit.town), now, today(permit.town), given)
    operation = reader.operation(kind, organization, _new_id(permit.town))
    return Intended((operation,), forms.described(operation, now))


def of_section_3(town: Town) -> Intended:
    """What section 3 of the notice asks for and the town does not have yet; no operations where it has all."""
    day = today(town)
    operations = existing.framework_operations(town, queries.tree_of(town).on(day), day)
    return Intended(tuple(operations), SECTION_3)


def preview(town: Town, intended: Intended) -> Preview:
    """InputError with every reason of the core why it cannot be done."""
    from liangxin.structure import apply_all, difference

    day, last = today(town), queries.last_number(town)  # the number first: what comes after it was not seen
    before = queries.judged(town)
    was, now = before.on(day), apply_all(before, intended.operations).on(day)
    changes = tuple(change.text for change in difference(was, now))
    return Preview(changes, len(placing.changed_units(was, now)), last)


def _new_id(town: Town) -> str:
    """An id that no organization of the town ever had."""
    known = queries.tree_of(town).standing
    number = queries.last_number(town) + 1
    while f"N{number:04d}" in known:
        number += 1
    return f"N{number:04d}"
