"""The office brings a policy, is told what is wrong with it by line, and says from which day it holds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from liangxin.web.policies.models import Adoption, PolicyText
from liangxin.web.policies.queries import load
from liangxin.web.units.live import live

COUNTY = """format: liangxin.policy/1
id: x-county-2011-3
based_on: changle-2011-44
title: {zh: 某县通知, en: A county's notice}
issued_on: 2011-08-01
parameters:
  staff_large: {values: [{from: 2011-08-09, value: 60, source: {zh: 某县通知, en: the county}}]}
"""
OVERLAY = """format: liangxin.policy/1
id: x-county-caps
overlay: true
title: {zh: 某县补充规定, en: The county's supplement}
parameters:
  joint_max_units: {values: [{from: 2011-08-09, value: 4, source: {zh: 补充, en: supplement}}]}
"""


def url(town: Any, part: str) -> str:
    return f"/t/{town.code}/policy/{part}"


def bring(client: Any, town: Any, text: str = COUNTY, status: int = 302) -> str:
    answer = client.post(url(town, "texts/"), {"text": text})
    assert status == answer.status_code, answer.content.decode()[:2000]
    return str(answer.content.decode())


def adopt(client: Any, town: Any, policy: str, starts: str, *overlays: str) -> Any:
    return client.post(url(town, "adopt/"), {"policy": policy, "starts": starts, "overlays": list(overlays)})


def test_brought_checked_adopted_and_every_number_follows(town: Any, alice: Any, as_person: Any) -> None:
    """From the file to the classes of the ledger; bringing it alone changes nothing."""
    client = as_person(alice)
    before = live(town).classified.frame["is_staff_80"].sum()
    bring(client, town)
    assert before == live(town).classified.frame["is_staff_80"].sum()
    assert 302 == adopt(client, town, "x-county-2011-3", "2011-08-01").status_code
    town.refresh_from_db()
    policy = live(town).policy
    assert ("x-county-2011-3", 60.0) == (policy.id, policy.parameter("staff_large"))
    assert live(town).classified.frame["is_staff_80"].sum() > before
    page = client.get(url(town, "texts/")).content.decode()
    assert "某县通知" in page and "alice" in page
    assert COUNTY == client.get(url(town, "texts/x-county-2011-3/1.yaml")).content.decode()


def test_earlier_days_keep_their_policy(town: Any, alice: Any, as_person: Any) -> None:
    """A decision has a first day. One that comes later, for an earlier day, holds from there."""
    client = as_person(alice)
    bring(client, town)
    day = town.today
    adopt(client, town, "x-county-2011-3", day.isoformat())
    town.refresh_from_db()
    eve = day - timedelta(days=1)
    assert ["changle-2011-44", "x-county-2011-3"] == [load(town, each).id for each in (eve, day)]
    adopt(client, town, "changle-2011-44", (day + timedelta(days=5)).isoformat())
    town.refresh_from_db()
    ahead = [load(town, day + timedelta(days=each)).id for each in (4, 5)]
    assert ["x-county-2011-3", "changle-2011-44"] == ahead
    adopt(client, town, "example-two-years", eve.isoformat())
    town.refresh_from_db()
    assert {"example-two-years"} == {load(town, each).id for each in (eve, day, day + timedelta(days=9))}


def test_a_version_is_never_changed_by_a_later_one(town: Any, alice: Any, as_person: Any) -> None:
    """The text that was adopted holds until another is adopted; the same text again is no new version."""
    client = as_person(alice)
    bring(client, town)
    adopt(client, town, "x-county-2011-3", town.today.isoformat())
    bring(client, town, COUNTY.replace("value: 60", "value: 50"))
    bring(client, town)
    town.refresh_from_db()
    assert [2, 1] == list(PolicyText.objects.values_list("number", flat=True))
    assert 60.0 == load(town).parameter("staff_large")
    adopt(client, town, "x-county-2011-3", town.today.isoformat())
    town.refresh_from_db()
    assert 50.0 == load(town).parameter("staff_large")


def test_a_policy_based_on_one_that_was_brought(town: Any, alice: Any, as_person: Any) -> None:
    """The county's and a town's own; a later version of the county's changes nothing until it is adopted."""
    client = as_person(alice)
    bring(client, town)
    own = COUNTY.replace("x-county-2011-3", "our-town").replace("changle-2011-44", "x-county-2011-3")
    own = own.replace("staff_large", "staff_medium").replace("value: 60", "value: 20")
    bring(client, town, own)
    bring(client, town, OVERLAY)
    adopt(client, town, "our-town", town.today.isoformat(), "x-county-caps")
    bring(client, town, COUNTY.replace("value: 60", "value: 70"))
    town.refresh_from_db()
    policy = load(town)
    found = [policy.parameter(each) for each in ("staff_large", "staff_medium", "joint_max_units")]
    assert [60.0, 20.0, 4.0] == found
    held = Adoption.objects.get()
    assert {"our-town", "x-county-2011-3", "x-county-caps"} == set(held.texts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有填"),
        (COUNTY.replace("changle-2011-44", "none-such"), "没有编号为“none-such”的政策"),
        (COUNTY.replace("x-county-2011-3", "changle-2011-44"), "程序自带"),
        (COUNTY.replace("x-county-2011-3", "../县"), "编号写得不对"),
        (COUNTY.replace("staff_large:", "staff_larg:").replace("title", "titel"), "titel"),
        (COUNTY + "#\x01", "含有不能保存的字符"),
        ("format: liangxin.town/1\nid: x-county\ntitle: {zh: 甲, en: a}\n", "不认识这个格式"),
        ("[" * 5000, "嵌套超过"),
    ],
    ids=["empty", "base", "ours", "path", "keys", "letter", "format", "deep"],
)
def test_a_wrong_text_is_refused_whole(text: str, said: str, town: Any, alice: Any, as_person: Any) -> None:
    """In words, by line; nothing is kept, and what was pasted stands in the box."""
    page = bring(as_person(alice), town, text, status=422)
    assert said in page
    assert not PolicyText.objects.exists()
    if text.startswith("format") and "\x01" not in text:
        assert "x-county" in page or "县" in page


def test_all_errors_at_once_with_their_lines(town: Any, alice: Any, as_person: Any) -> None:
    """Two faults, two lines."""
    wrong = COUNTY + "replace: [clases]\nforms:\n  park: {limits: {max_unit: 5}}\n"
    page = bring(as_person(alice), town, wrong, status=422)
    assert "第8行" in page and "第10行" in page, page[page.index("error-summary") :][:900]


@pytest.mark.parametrize("key", ["policy", "overlays"])
def test_no_path_of_the_server_is_a_policy(
    key: str, town: Any, alice: Any, as_person: Any, tmp_path: Path
) -> None:
    """What is posted is an id: a file of the server is not opened, and nothing of it is shown."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: 12345678\n", encoding="utf-8")
    posted = {"policy": "changle-2011-44", "starts": "2011-08-15"} | {key: str(secret)}
    page = as_person(alice).post(url(town, "adopt/"), posted).content.decode()
    assert "没有编号为" in page
    assert "12345678" not in page and "找不到政策文件" not in page
    assert not Adoption.objects.filter(by=alice).exists()


def test_an_overlay_alone_is_no_policy(town: Any, alice: Any, as_person: Any) -> None:
    client = as_person(alice)
    bring(client, town, OVERLAY)
    answer = adopt(client, town, "x-county-caps", "2011-08-15")
    assert 422 == answer.status_code and "叠加规则" in answer.content.decode()
    assert 422 == adopt(client, town, "changle-2011-44", "some day").status_code


def test_a_plan_keeps_the_text_it_was_made_by(town: Any, alice: Any, as_person: Any) -> None:
    """``load_choice`` with the plan's own texts: later versions do not reach back into its documents."""
    from liangxin.web.policies.queries import Choice, chosen, load_choice

    client = as_person(alice)
    bring(client, town)
    adopt(client, town, "x-county-2011-3", town.today.isoformat())
    town.refresh_from_db()
    then = chosen(town, town.today)
    bring(client, town, COUNTY.replace("value: 60", "value: 50"))
    adopt(client, town, "x-county-2011-3", town.today.isoformat())
    again = load_choice(Choice(then.policy, then.overlays, then.texts), date(2011, 8, 15))
    assert 60.0 == again.parameter("staff_large")


def test_who_may(town: Any, alice: Any, bob: Any, as_person: Any) -> None:
    """A group reads the text that is in force; it neither brings nor decides."""
    client = as_person(bob)
    for answer in (client.get(url(town, "texts/")), client.post(url(town, "texts/"), {"text": COUNTY})):
        assert 403 == answer.status_code
    assert 403 == adopt(client, town, "changle-2011-44", "2011-08-15").status_code
    assert 200 == client.get(url(town, "texts/changle-2011-44/0.yaml")).status_code
    assert 404 == client.get(url(town, "texts/changle-2011-44/1.yaml")).status_code
