"""Who acts: a person with the roles held, and one person standing in for another for some days (委托)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from liangxin.registry.access import Action, Grant, Reach, groups, reach


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the site: its id, and the name under which it signs."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the roles held in this town on this day."""

    person: Person
    grants: tuple[Grant, ...]

    def may(self, action: Action, task_group: str) -> bool:
        """By the one table of permissions: over the whole town, or over the units of this task group."""
        reached = reach(self.grants, action)
        return reached is Reach.TOWN or (reached is Reach.GROUP and task_group in groups(self.grants, action))


@dataclass(frozen=True, slots=True)
class Delegation:
    """委托: ``taker`` acts for ``giver`` from ``since`` to ``until``, both days included; then it ends by itself."""

    giver: Actor
    taker: Person
    since: date
    until: date

    def holds(self, day: date) -> bool:
        return self.since <= day <= self.until


def capacities(
    actor: Actor, delegations: Iterable[Delegation], day: date
) -> Iterator[tuple[Actor, Person | None]]:
    """As whom somebody can act on a day: as oneself (None), then for each person one stands in for."""
    yield actor, None
    for delegation in delegations:
        if delegation.taker.id == actor.person.id and delegation.holds(day):
            yield delegation.giver, delegation.giver.person
