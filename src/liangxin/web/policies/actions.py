"""What is done to a town's policies: bringing a text, and working by one from a day on."""

from __future__ import annotations

from hashlib import sha256

from django.db import transaction

from liangxin.findings import Finding, InputError, Place
from liangxin.policy import Library, Policy, PolicySummary, available, check_policy_text, summarize_policy
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.web.policies.inputs import AdoptPolicyInput, BringPolicyInput
from liangxin.web.policies.models import Adoption, PolicyText
from liangxin.web.policies.queries import Choice, library_of, load_choice, newest_texts, pinned_texts, today
from liangxin.wording import Text


@transaction.atomic
def bring_policy(permit: Permit, given: BringPolicyInput) -> PolicyText:
    """Keep a policy's text as the next version of its id. It changes no figure until it is adopted.

    The same text again is the version that it was. Raises InputError with everything wrong, by line, and keeps nothing then.
    """
    permit.require(Action.SETTINGS)
    Town.objects.select_for_update().get(pk=permit.town.pk)
    known = newest_texts(permit.town)
    text = given.text.replace("\r\n", "\n")  # as browsers send what was pasted
    summary = _summarize_checked(text, given.name, library_of(known))
    if summary.id in {each.id for each in available()}:
        raise InputError.of(
            "policy_id",
            "这个编号是程序自带的政策，请另起一个编号",
            "This is the id of a policy that comes with the program; choose another",
            place=Place(file=given.name),
            found=summary.id,
        )
    digest = sha256(text.encode()).hexdigest()
    same = PolicyText.objects.filter(town=permit.town, policy=summary.id, sha256=digest).first()
    if same is not None:
        return same
    kept = PolicyText.objects.create(
        town=permit.town,
        policy=summary.id,
        number=known[summary.id].number + 1 if summary.id in known else 1,
        title=summary.title.as_dict(),
        is_overlay=summary.is_overlay,
        needs=list(summary.needs),
        text=text,
        sha256=digest,
        by=permit.user,
    )
    detail = {"policy": kept.policy, "version": kept.number, "sha256": digest}
    record(permit.user, permit.town, "policy.bring", "policy", kept.policy, detail=detail)
    return kept


def _summarize_checked(text: str, name: str, library: Library) -> PolicySummary:
    """What the text says of itself. InputError with everything wrong in it, on any day."""
    findings = list(check_policy_text(text, name=name, library=library))
    try:
        summary = summarize_policy(text, name=name)
    except InputError as refused:
        raise InputError(dict.fromkeys((*refused.findings, *findings))) from None
    if findings:
        raise InputError(findings)
    return summary


@transaction.atomic
def adopt_policy(permit: Permit, given: AdoptPolicyInput) -> Policy:
    """Work by a policy from a day on; earlier days keep theirs. It is loaded first: one that does not load is refused."""
    permit.require(Action.SETTINGS)
    town = Town.objects.select_for_update().get(pk=permit.town.pk)
    starts = given.starts or today(town)
    _refuse_overlay_without_notice(given)
    texts = pinned_texts((given.policy, *given.overlays), newest_texts(town))
    choice = Choice(given.policy, tuple(given.overlays), tuple(sorted(texts.items())))
    policy = load_choice(choice, max(starts, today(town)))
    Adoption.objects.create(
        town=town, starts=starts, policy=given.policy, overlays=given.overlays, texts=texts, by=permit.user
    )
    detail = {
        "policy": given.policy,
        "overlays": given.overlays,
        "starts": starts.isoformat(),
        "sha256": policy.sha256,
    }
    record(permit.user, town, "town.policy", "town", town.code, detail=detail)
    permit.town.refresh_from_db()
    return policy


def _refuse_overlay_without_notice(given: AdoptPolicyInput) -> None:
    if "+" in given.policy:
        message = Text("一次选一个基本政策，叠加规定另选", "Choose one policy; overlays are chosen apart")
        raise InputError([Finding("policy_unknown", message, found=given.policy, column_of="policy")])
