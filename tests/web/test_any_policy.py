"""A county's own policy on the site: every page, file and answer opens under it, whatever targets and clauses it has."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import get_resolver
from tests.web.test_names_of_units import addresses

from liangxin.findings import InputError
from liangxin.policy import available
from liangxin.web.accounts.permission import permit
from liangxin.web.policies import actions
from liangxin.web.policies.inputs import AdoptPolicyInput, BringPolicyInput
from liangxin.web.units.models import Unit

# Another county's: no overall target, no work coverage, clauses and indicators by its own numbers.
SPARSE = """format: liangxin.policy/1
id: sparse-county
based_on: changle-2011-44
replace: [indicators, milestones, size_lists]
title: {zh: 某县社会组织党建工作方案, en: A county's plan for social organizations}
issued_on: 2011-08-01
clauses:
  二1: {zh: 有三名以上正式党员的都要建立党组织。, en: Three full members or more have an organization.}
indicators:
  s1:
    clause: 二1
    label: {zh: 三人以上覆盖率, en: coverage of three or more}
    denominator: full_members >= 3
    forms: [separate, seconded, park, industry, leader, zone, mobile]
    target: 100%
    due: 2011-09-30
milestones: {}
size_lists: {}
"""
DRAFT = """某镇关于推进非公企业党建工作的通知
2011年8月1日
一、目标任务
到2011年9月底，从业人员50人以上的企业党组织覆盖率达到90%，有党员的企业覆盖率达到100%。
二、工作步骤
（一）8月10日前完成摸底调查。
（二）9月20日前完成组建。
"""


def texts() -> dict[str, str]:
    """Policies that are brought: by hand, and drafted from a notice's own text."""
    from liangxin.policy.drafting import compose_policy, draft_policy

    draft = draft_policy(DRAFT)
    chosen = [card.id for card in draft.cards]
    drafted = compose_policy(draft, chosen, id="drafted", title="某镇通知", issued_on=date(2011, 8, 1))
    return {"sparse-county": SPARSE, "drafted": drafted}


def adopt(town: Any, by: Any, policy: str) -> None:
    may = permit(by, town)
    if policy not in {each.id for each in available()}:
        try:
            actions.bring_policy(may, BringPolicyInput(text=texts()[policy]))
        except InputError as refused:
            pytest.fail("\n".join(each.sentence("zh") for each in refused.findings))
    actions.adopt_policy(may, AdoptPolicyInput(policy=policy, starts="2011-08-01"))
    town.refresh_from_db()


@pytest.mark.parametrize(
    "policy", [*(each.id for each in available() if not each.is_overlay), "sparse-county", "drafted"]
)
def test_every_page_opens(policy: str, recorded: Any, alice: Any, as_person: Any) -> None:
    """Every address that needs no further name, with one unit's pages: no server error, and none of another notice's targets."""
    adopt(recorded, alice, policy)
    client = as_person(alice)
    client.raise_request_exception = False
    unit = Unit.objects.filter(town=recorded).first()
    failed, opened = [], 0
    for shape in (f"/{path}" for path in addresses(get_resolver()) if "town>" in path):
        path = re.sub(r"<[^>]*town>", recorded.code, shape).replace("<str:section>", "areas")
        path = path.replace("<str:unit_id>", str(unit.unit_id)).replace("<str:part>", "area")
        for each in [path.replace("<ending>", ending) for ending in ("docx", "pdf")]:
            if "<" in each or "^" in each or (each == path and each.endswith("pdf") and "<ending>" in path):
                continue
            answer = client.get(each)
            opened += answer.status_code == 200
            if answer.status_code >= 500 and "health" not in each:
                failed.append((each, answer.status_code))
            if "<ending>" not in path:
                break
    assert [] == failed
    assert opened > 30
