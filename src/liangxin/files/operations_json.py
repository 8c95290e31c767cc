"""Operations of the organization tree as JSON and back (``liangxin.operation/1``): for the site's database and hand-overs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any, Final, get_args

from liangxin.findings import InputError
from liangxin.structure import Basis, Operation
from liangxin.wording import Text

FORMAT: Final = "liangxin.operation/1"
KINDS: Final[Mapping[str, type[Any]]] = {kind.__name__: kind for kind in get_args(Operation)}


def operation_to_json(operation: Operation) -> dict[str, Any]:
    """One operation as a JSON object; what is empty is left out.

    >>> from liangxin.structure import Release
    >>> operation_to_json(Release(on=date(2011, 8, 20), units=("U1",)))["on"]
    '2011-08-20'
    """
    made: dict[str, Any] = {"format": FORMAT, "kind": type(operation).__name__}
    for field in fields(operation):
        value = getattr(operation, field.name)
        if isinstance(value, date):
            made[field.name] = value.isoformat()
        elif isinstance(value, Basis):
            reason = value.reason.as_dict() if value.reason else None
            made[field.name] = {
                key: found
                for key, found in (("clause", value.clause), ("document", value.document), ("reason", reason))
                if found
            }
        elif isinstance(value, tuple):
            made[field.name] = list(value)
        else:
            made[field.name] = value
    return {key: value for key, value in made.items() if value not in (None, [], {})}


def operation_from_json(given: Mapping[str, Any]) -> Operation:
    """The operation of a JSON object. Raises InputError for an unknown kind, an unknown or missing key."""
    kind = KINDS.get(str(given.get("kind")))
    if kind is None:
        raise InputError.of(
            "operation-kind",
            "不认识的党组织变更种类",
            "Unknown kind of operation",
            found=str(given.get("kind")),
            accepted=Text("、".join(KINDS), ", ".join(KINDS)),
        )
    known = {field.name: field for field in fields(kind)}
    unknown = sorted(set(given) - set(known) - {"format", "kind"})
    missing = sorted(
        name
        for name, field in known.items()
        if field.default is MISSING
        and field.default_factory is MISSING
        and name not in given
        and name not in ("on", "parent")
    )
    if unknown or missing:
        raise InputError.of(
            "operation-keys",
            f"党组织变更的内容不完整：多了 {'、'.join(unknown) or '无'}，少了 {'、'.join(missing) or '无'}",
            f"The operation is not complete: unknown {', '.join(unknown) or 'none'}, missing {', '.join(missing) or 'none'}",
            found=kind.__name__,
        )
    values: dict[str, Any] = {"on": None} | ({"parent": None} if "parent" in known else {})
    for name, value in given.items():
        if name in known:
            values[name] = _value(name, value)
    made: Operation = kind(**values)
    return made


def _value(name: str, value: Any) -> Any:
    if name == "on":
        return date.fromisoformat(value)
    if name == "basis":
        reason = value.get("reason")
        return Basis(value.get("clause", ""), value.get("document", ""), Text(**reason) if reason else None)
    return tuple(value) if isinstance(value, list) else value
