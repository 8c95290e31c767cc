"""Who may not read the units of the town cannot read members from its small counts: page, document, API, tree."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.registry.small_counts import withhold
from liangxin.web.accounts.permission import permit
from liangxin.web.overview import queries, telling
from liangxin.web.units.models import Unit
from liangxin.web.units.services import Edit, write
from liangxin.wording import Text

DAY = date(2011, 8, 15)


@pytest.fixture
def sparse(town: Any) -> Any:
    """One work area in which a single enterprise has members."""
    first = next(area.id for area in town.as_core().areas if area.kind == "work_area")
    units = list(Unit.objects.filter(town=town, area=first, kind="enterprise", removed=False))
    edits = [
        Edit(each, {"full_members": 1 if at == 0 else 0, "probationary_members": 0, "mobile_members": 0})
        for at, each in enumerate(units)
    ]
    write(town, None, "bulk", Text("改", "change"), edits)
    return first


def rates(user: Any, town: Any) -> dict[str, Any]:
    """Of 1.1, by work area."""
    return {value: rows[0].rate for value, _, rows in queries.by_part(permit(user, town), "area", DAY)}


@pytest.mark.clause("1.1")
def test_the_county_reads_no_single_unit_from_an_area(sparse: Any, town: Any, alice: Any) -> None:
    """The office reads 1; the county neither that nor what it follows from; figures of staff stay as they are."""
    county = person("county", town, Role.COUNTY_READER)
    full, shown = rates(alice, town), rates(county, town)
    assert (1, False) == (full[sparse].denominator, full[sparse].hidden)
    assert (0, 0, True) == (shown[sparse].numerator, shown[sparse].denominator, shown[sparse].hidden)
    hidden = [value for value in shown if shown[value].hidden]
    assert len(hidden) > 1 and sum(full[value].denominator for value in hidden) >= 3
    by_staff = [rows[1].rate for _, _, rows in queries.by_part(permit(county, town), "area", DAY)]
    assert not any(rate.hidden for rate in by_staff)


def test_page_and_document_say_so(sparse: Any, town: Any, as_person: Any) -> None:
    """少于3* with its note, in the Word file too."""
    client = as_person(person("county", town, Role.COUNTY_READER))
    page = client.get(f"/t/{town.code}/overview/").content.decode()
    assert "少于3*" in page and "*少于3家" in page
    made = docx.Document(io.BytesIO(client.get(f"/t/{town.code}/overview/document.docx").content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert "少于3*" in cells and any("不显示" in paragraph.text for paragraph in made.paragraphs)


@pytest.fixture
def tiny(town: Any) -> Any:
    """A town in which two enterprises have three full members each, and no unit more."""
    units = list(Unit.objects.filter(town=town, kind="enterprise", removed=False).order_by("unit_id"))
    edits = [
        Edit(each, {"full_members": 3 if at < 2 else 0, "probationary_members": 0, "mobile_members": 0})
        for at, each in enumerate(units)
    ]
    write(town, None, "bulk", Text("改", "change"), edits)
    return town


@pytest.mark.clause("1.1")
def test_a_small_town_is_not_told_as_a_whole_either(tiny: Any, alice: Any, as_person: Any) -> None:
    """Page, Word, list of towns, trend and API: the county reads no 2; the office does."""
    county = person("county", tiny, Role.COUNTY_READER)
    assert 2 == queries.readable_rates(permit(alice, tiny), DAY)["1.1"].denominator
    assert queries.readable_rates(permit(county, tiny), DAY)["1.1"].hidden
    assert not queries.readable_rates(permit(county, tiny), DAY)["1.4"].hidden
    client = as_person(county)
    page = client.get(f"/t/{tiny.code}/overview/").content.decode()
    targets = page.split('<div class="table targets">')[1].split("</table>")[0]
    assert "少于3*" in targets and "*少于3家" in page
    made = docx.Document(io.BytesIO(client.get(f"/t/{tiny.code}/overview/document.docx").content))
    assert "少于3*" in [cell.text for cell in made.tables[0].rows[1].cells]
    listed = queries.towns([permit(county, tiny)])[0][1]
    assert listed["1.1"].rate.hidden
    told = {
        each["id"]: each for each in client.get(f"/api/v1/towns/{tiny.code}/indicators").json()["indicators"]
    }
    assert (True, 0, 0) == tuple(told["1.1"][name] for name in ("withheld", "numerator", "denominator"))
    assert not told["1.4"]["withheld"]
    trend = client.get(f"/t/{tiny.code}/overview/trend.json").json()
    assert {None} >= set(next(each for each in trend["series"] if each["id"] == "1.1")["values"][-1:])


def test_a_group_member_reads_no_other_groups_small_counts(sparse: Any, town: Any, bob: Any) -> None:
    """Outside the own group the same holds."""
    assert rates(bob, town)[sparse].hidden


def test_at_least_what_each_table_alone_must_withhold_is_withheld(town: Any) -> None:
    """For every part, of denominator and numerator."""
    county, office = person("county", town, Role.COUNTY_READER), person("office", town, Role.OFFICE)
    withheld = 0
    for part in telling.PARTS:
        full = [rows[0].rate for _, _, rows in queries.by_part(permit(office, town), part, DAY)]
        shown = [rows[0].rate.hidden for _, _, rows in queries.by_part(permit(county, town), part, DAY)]
        for name in ("denominator", "numerator"):
            alone = withhold([getattr(rate, name) for rate in full])
            must = [alone.total or each for each in alone.parts]
            assert all(gone for gone, wanted in zip(shown, must, strict=True) if wanted)
            withheld += sum(must)
    assert withheld, "the town has small numbers"


@pytest.mark.clause("1.1")
def test_a_group_that_is_an_area_does_not_give_it_away(sparse: Any, town: Any) -> None:
    """Each work area has its own group: what is withheld by area is withheld by group, and the office reads all."""
    areas = [area.id for area in town.as_core().areas if area.kind == "work_area"]
    groups = [group.id for group in town.as_core().task_groups]
    of = dict(zip(areas, groups, strict=False))
    edits = [
        Edit(each, {"task_group": of.get(each.area)})
        for each in Unit.objects.filter(town=town, removed=False)
    ]
    write(town, None, "bulk", Text("改", "change"), edits)
    county, office = person("county", town, Role.COUNTY_READER), person("office", town, Role.OFFICE)
    hidden = {}
    for part in ("area", "task_group"):
        table = queries.by_part(permit(county, town), part, DAY)
        hidden[part] = {value for value, _, rows in table if rows[0].rate.hidden}
        assert not any(rows[0].rate.hidden for _, _, rows in queries.by_part(permit(office, town), part, DAY))
    assert (
        sparse in hidden["area"] and {of.get(each, each) for each in hidden["area"]} == hidden["task_group"]
    )


def test_the_page_of_rules_tells_no_small_number(tiny: Any, alice: Any, as_person: Any) -> None:
    """2 units by 1.1 in the whole town: not told to county or to a group's member, whose own units are counted apart."""
    from liangxin.web.policies import reading
    from liangxin.web.units.live import live

    member = person("member", tiny, Role.GROUP_MEMBER, tiny.as_core().task_groups[0].id)
    county = person("county", tiny, Role.COUNTY_READER)
    said = {
        who: {
            rule.anchor: rule.numbers
            for section in reading.sections(permit(who, tiny), live(tiny))
            for rule in section.rules
        }
        for who in (alice, member, county)
    }
    assert [2] == [each.value for each in said[alice]["indicator-1.1"] if each.words.zh == "分母"]
    for who in (member, county):
        assert all(each.withheld for each in said[who]["indicator-1.1"])
    assert not any(
        0 < each.value < 3 for numbers in said[county].values() for each in numbers if not each.withheld
    )
    client = as_person(county)
    assert "少于3*" in client.get(f"/t/{tiny.code}/policy/").content.decode()
    rules = client.get(f"/api/v1/towns/{tiny.code}/policy").json()["sections"]
    numbers = [n for section in rules for rule in section["rules"] for n in rule["numbers"]]
    assert any(n["withheld"] for n in numbers) and not any(0 < n["value"] < 3 for n in numbers)


def test_a_plan_tells_no_small_number_to_a_group(tiny: Any, alice: Any, as_person: Any) -> None:
    """The targets of a plan, on its page and in the API: 2 of 1.1 are the office's to read; a target on staff is everybody's."""
    from liangxin.web.plans import queries as plans
    from liangxin.web.plans.models import PlanRun

    def target(id: str, numerator: int) -> dict[str, Any]:
        rate = {
            "numerator": numerator,
            "denominator": max(numerator, 2),
            "unknown": 0,
            "low": None,
            "high": None,
        }
        label = {"zh": id, "en": id}
        return {"id": id, "label": label, "target": 1.0, "due": None, "before": rate, "after": rate}

    run = PlanRun(town=tiny, number=1, summary={"indicators": [target("1.1", 2), target("1.2", 2)]})
    leader = person("leader", tiny, Role.GROUP_LEADER, tiny.as_core().task_groups[0].id)
    shown = {
        who: {each.id: each.after.rate.hidden for each in plans.targets(permit(who, tiny), run, DAY)}
        for who in (alice, leader)
    }
    assert {alice: {"1.1": False, "1.2": False}, leader: {"1.1": True, "1.2": False}} == shown
    one, two = plans.target_pairs(permit(leader, tiny), run, run, DAY)[0]
    assert one and two and one.after.rate.hidden and 0 == one.after.rate.denominator


@pytest.mark.parametrize("beside", [0, 10])
def test_what_if_does_not_single_out_another_groups_unit(
    beside: int, town: Any, alice: Any, as_person: Any
) -> None:
    """One unit of another group has exactly 3 full members: with 4 asked for, the office reads 1, a group that it is few. With
    others beside it that have 5, the rates are not small themselves, but 11 and 10 would say as much."""
    from liangxin.web.plans import whatif
    from liangxin.web.units.live import live

    mine, other = (each.id for each in town.as_core().task_groups[:2])
    units = list(Unit.objects.filter(town=town, removed=False))
    one, *more = [each for each in units if each.task_group == other and each.kind == "enterprise"]
    members = {one.pk: 3} | {each.pk: 5 for each in more[:beside]}
    edits = [
        Edit(each, {"full_members": members.get(each.pk, 0), "probationary_members": 0}) for each in units
    ]
    write(town, None, "bulk", Text("改", "change"), edits)
    now = live(town)
    asked = [each for each in whatif.read(now.policy, {"p-min_full_members": "4"}) if each.changed]
    found = whatif.moved(town, now, asked)
    leader = person("leader", town, Role.GROUP_LEADER, mine)
    office, group = (whatif.told(permit(who, town), now, found) for who in (alice, leader))
    assert (1, None) == (office.touched, group.touched)
    assert all(group.counts[aspect] is None for aspect, n in office.counts.items() if n)
    told = [(after.numerator, after.denominator) for _, _, after in office.rates]
    assert told and all(before.hidden and after.hidden for _, before, after in group.rates)
    assert (max(denominator for _, denominator in told) >= 10) is (beside == 10)
    page = as_person(leader).get(f"/t/{town.code}/plans/what-if/?p-min_full_members=4").content.decode()
    assert "少于3家会变*" in page and one.name not in page


@pytest.mark.parametrize(
    "rest", ["overview/monthly.docx", "overview/summary.docx", "documents/file/indicators.xlsx"]
)
def test_figures_of_the_town_are_for_who_exports_the_town(town: Any, as_person: Any, rest: str) -> None:
    """A group's leader exports the group's units; the town's small numbers are in these files."""
    leader = person("leader", town, Role.GROUP_LEADER, town.as_core().task_groups[0].id)
    assert as_person(leader).get(f"/t/{town.code}/{rest}").status_code in (403, 404)
    assert 200 == as_person(person("office", town, Role.OFFICE)).get(f"/t/{town.code}/{rest}").status_code


def test_sisters_in_the_tree_are_told_together_or_not_at_all(town: Any, alice: Any) -> None:
    """What is told of members cannot be subtracted down to fewer than five units, own ones of the superior included."""
    from liangxin.web.organizations.queries import FEWEST_SHOWN, day_tree, rows
    from liangxin.web.organizations.services import record_existing
    from liangxin.web.units.live import live

    record_existing(town)
    standing = day_tree(town, DAY)
    county = person("county", town, Role.COUNTY_READER)
    shown = {row.organization.id: row for row in rows(permit(county, town), live(town), standing)}
    full = {row.organization.id: row for row in rows(permit(alice, town), live(town), standing)}
    assert all(row.full_members is not None for row in full.values())
    told = {id for id, row in shown.items() if row.full_members is not None}
    assert told and told < set(full)
    for id in full:
        below = set(standing.children.get(id, ()))
        assert not below & told or below <= told
        if below & told:
            parts = [full[id].own_units, *(full[child].units for child in below)]
            assert id in told and all(units == 0 or units >= FEWEST_SHOWN for units in parts)
