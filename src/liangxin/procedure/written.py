"""An event as plain JSON values and back, so that a log can be stored by whoever keeps it.

Every value names its class; only the classes of this room, and those of the tree that it uses, are read back.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from liangxin import structure
from liangxin.procedure import actor, acts, case, deadlines, election, matter, serial
from liangxin.registry.access import Grant, Role
from liangxin.wording import Text

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_CLASSES: Final[dict[str, type[Any]]] = {
    each.__name__: each
    for each in (
        actor.Person, actor.Actor, Grant, Role, Text, deadlines.Due, election.Vote, serial.Serial,
        matter.Kind, matter.Leadership, matter.RosterLine, matter.PlanFigures, matter.Matter,
        acts.Evidence, acts.Minutes, acts.Jointly, acts.Start, acts.Revise, acts.Take, acts.Return, acts.HandOver, acts.Delegate,
        acts.Countersign, acts.Answer, acts.TakeBack, acts.Remind, acts.CopyTo, acts.Withdraw, case.Event,
        structure.Basis, structure.Found, structure.Attach, structure.Release, structure.SplitOff, structure.Upgrade,
        structure.Adjust, structure.Merge, structure.Dissolve, structure.Transfer,
    )
}  # fmt: skip


def event_to_json(event: case.Event) -> Json:
    """The event in values that every JSON writer takes.

    >>> event_to_json(serial.Serial("长委", 2011, 44))  # type: ignore  # every value is written so
    {'is': 'Serial', 'body': '长委', 'year': 2011, 'number': 44}
    """
    return _plain(event)


def event_from_json(written: Json) -> case.Event:
    """The event again, equal to what was written. ValueError where this is not one."""
    found = _value(written)
    if not isinstance(found, case.Event):
        raise ValueError("this is not an event")
    return found


def matter_to_json(about: matter.Matter) -> Json:
    return _plain(about)


def matter_from_json(written: Json) -> matter.Matter:
    """ValueError where this is not a matter."""
    found = _value(written)
    if not isinstance(found, matter.Matter):
        raise ValueError("this is not a matter")
    return found


def _plain(value: Any) -> Json:
    if isinstance(value, Enum):
        return {"is": type(value).__name__, "value": value.value}
    if isinstance(value, date):
        return {"is": "date", "value": value.isoformat()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and _CLASSES.get(type(value).__name__) is type(value):
        return {
            "is": type(value).__name__,
            **{field.name: _plain(getattr(value, field.name)) for field in fields(value)},
        }
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} is not part of an event")


def _value(written: Json) -> Any:
    if isinstance(written, list):
        return tuple(_value(each) for each in written)
    if not isinstance(written, dict):
        return written
    name = written.get("is")
    if name == "date":
        return date.fromisoformat(str(written["value"]))
    found = _CLASSES.get(str(name))
    if found is None:
        raise ValueError(f"“{name}” is not part of an event")
    values = {key: _value(value) for key, value in written.items() if key != "is"}
    if issubclass(found, Enum):
        return found(values.get("value"))
    try:
        return found(**values)
    except TypeError as wrong:
        raise ValueError(f"this is not a complete “{name}”") from wrong
