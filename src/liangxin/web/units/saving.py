"""One unit's form as sent by a browser: read, checked, and saved unless somebody changed the same fields meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from liangxin.findings import Finding, InputError
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS, Field
from liangxin.web.accounts.permission import Permit
from liangxin.web.units import editing, services
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """``done`` is None where nothing was saved: then ``errors`` or ``clashes`` say why. ``typed``: to show again."""

    typed: Mapping[str, str]
    done: ChangeSet | None = None
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    clashes: tuple[tuple[services.Clash, Field], ...] = ()


def save_form(permit: Permit, unit: Unit, sent: QueryDict, kind: str, title: Text) -> Outcome:
    """Save the fields that the person changed. ``was-NAME`` says what they saw, ``version`` which state of the unit.

    All errors come at once; where another changed the same field, nothing is saved and ``unit`` is read anew.
    """
    permit.require(Action.EDIT_UNITS)
    typed = {name: sent.get(name, "") for name in editing.editable(permit) if name in sent}
    seen = {name: sent.get(f"was-{name}", "") for name in typed}
    changed = {name: words for name, words in typed.items() if words != seen[name]}
    version = sent.get("version", "")
    values, findings = editing.read_typed(changed)
    seen_values, _ = editing.read_typed({name: seen[name] for name in changed})
    checked = editing.check(
        permit, [(unit, values, int(version) if version.isdigit() else None, seen_values)]
    )
    errors = (*(each for each in findings if each.severity.value == "error"), *checked.errors)
    warnings = (*findings, *checked.warnings)
    if errors:
        return Outcome(typed, errors=errors, warnings=warnings)
    try:
        done = services.write(permit.town, permit.user, kind, title, checked.edits)
    except InputError as refused:  # the tree was changed since it was checked
        return Outcome(typed, errors=tuple(refused.findings))
    except services.EditConflict as conflict:
        unit.refresh_from_db()
        return Outcome(typed, clashes=tuple((each, FIELDS[each.field]) for each in conflict.clashes))
    return Outcome(typed, done, warnings=warnings)
