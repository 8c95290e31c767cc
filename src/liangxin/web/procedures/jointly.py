"""One reply for several cases under one number, and its annulment as a whole: one transaction, one change of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from liangxin import procedure
from liangxin.findings import InputError
from liangxin.procedure import Take, Transition, apply_jointly, joint_effects
from liangxin.web.accounts import two_step
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.web.organizations import services as organizations
from liangxin.web.organizations.queries import judged, tree_of
from liangxin.web.policies.queries import load
from liangxin.web.procedures import numbers, papers, services
from liangxin.web.procedures.actors import actor_of
from liangxin.web.procedures.models import Case
from liangxin.web.procedures.queries import core_case, core_cases, issuing_register, judged_by, visible
from liangxin.web.procedures.services import Chosen
from liangxin.wording import Text


@transaction.atomic
def act_jointly(permit: Permit, chosen: Sequence[Chosen], deed: Take) -> list[Case]:
    """The same transition for several cases by one document with one number; all or none.

    InputError names the case of each reason. The document's text has the cases in the order in which they were begun.
    """
    two_step.require(permit)
    services.refuse_number_of(len(chosen))
    services.read_ahead(permit.town, deed)
    town = Town.objects.select_for_update().get(pk=permit.town.pk)
    ordered = sorted(chosen, key=lambda each: each.key)
    stored = [services.locked_case(permit, each.key) for each in ordered]
    return _decide(permit, town, stored, deed, [each.version for each in ordered])


@transaction.atomic
def annul_whole(permit: Permit, key: int, deed: Take, version: int) -> Case:
    """废止 of the one reply that decided this case with others, for all of them that still hold; gives this case.

    ``version`` is this case's on the screen; how the others stand is read under the lock.
    """
    two_step.require(permit)
    services.read_ahead(permit.town, deed)
    town = Town.objects.select_for_update().get(pk=permit.town.pk)
    asked = services.locked_case(permit, key)
    keys = [each for each in _keys_of_reply(core_case(asked)) if each != asked.pk]
    others = [services.locked_case(permit, each) for each in keys]
    standing = sorted(
        [asked, *(each for each in others if each.step != "annulled")], key=lambda each: each.pk
    )
    if len(standing) == 1:  # the others are annulled already
        return services.act(permit, key, deed, version)
    versions = [version if each.pk == asked.pk else each.version for each in standing]
    done = _decide(permit, town, standing, deed, versions)
    return next(each for each in done if each.pk == asked.pk)


def decided_with(permit: Permit, stored: Case, core: procedure.Case) -> list[Case]:
    """The other cases that the same reply decided, as far as the person may see them."""
    keys = [each for each in _keys_of_reply(core) if each != stored.pk]
    return list(visible(permit).filter(pk__in=keys).order_by("pk"))


def _keys_of_reply(core: procedure.Case) -> list[int]:
    replied = core.reply
    shared = replied[1].jointly if replied is not None else None
    return [int(each) for each in shared.cases] if shared is not None else []


def _decide(
    permit: Permit, town: Town, stored: Sequence[Case], deed: Take, versions: Sequence[int]
) -> list[Case]:
    services.refuse_identity_numbers(deed)
    folded = core_cases(stored)
    cores = [folded[each.pk] for each in stored]
    way = cores[0].procedure.transitions.get(deed.transition)
    if way is None:
        raise InputError.of("procedure.no_act", "没有这种办法", "There is no such act", found=deed.transition)
    judging = replace(judged_by(permit), tree=judged(town))
    day = deed.on or judging.day
    register = issuing_register(town, day.year, deed.serial.body if deed.serial is not None else "")
    deed = replace(deed, on=day, serial=deed.serial or register.next)
    judging = replace(judging, register=register)
    after = apply_jointly(cores, deed, actor_of(permit), judging, versions=versions)
    _keep(permit, town, stored, after, way)
    return list(stored)


def _keep(
    permit: Permit, town: Town, stored: Sequence[Case], after: Sequence[procedure.Case], way: Transition
) -> None:
    """Events, the number, the tree and the ledger, the documents and the audit events of cases decided together."""
    event = after[0].history[-1]
    act, day = event.act, after[0].day_of(event)
    assert isinstance(act, Take) and act.serial is not None and act.jointly is not None
    before = procedure.standing_for(after[0], tree_of(town), day)
    kept: dict[int, dict[str, object]] = {}
    for each, core in zip(stored, after, strict=True):
        each.town = town
        kept[each.pk] = services.store(each, core, permit.user)
    what = f"{way.label.zh}：{act.jointly.title.zh}"
    numbers.issue(stored[0], permit.user, act.serial, day, what, also=stored[1:])
    operations = joint_effects(after, tree_of(town))
    title = Text("{serial}：{title}", "{serial}: {title}").fill(
        serial=act.serial.text, title=act.jointly.title
    )
    tree = organizations.perform(town, permit.user, operations, title)
    policy = load(town)
    in_common = papers.shared(after, town, policy, before)
    for each, core in zip(stored, after, strict=True):
        made = papers.issue(each, core, town, policy, before, in_common, by=permit.user)
        record(
            permit.user,
            town,
            "case.act",
            "case",
            each.pk,
            reason=act.reason,
            detail={
                **kept[each.pk],
                "step": core.step.id,
                "serial": act.serial.text,
                "entries": len(core.matter.operations),
                "journal": max((entry.number for entry in tree.journal), default=0),
                "document": made,
                "act": act.transition,
                "with": [other.pk for other in stored if other.pk != each.pk],
            },
        )
