"""One sentence for every unit: the form, the host, the facts behind it, in the office's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liangxin.planning.forms import (
    ALONE,
    INDUSTRY,
    JOINT,
    LEADER,
    MOBILE,
    NAMES,
    NONE,
    SECONDED,
    SEPARATE,
    VILLAGE,
)
from liangxin.planning.problem import chain_linked, industry_distance, unchanged
from liangxin.registry.fields import FORMS
from liangxin.wording import Text, join

if TYPE_CHECKING:
    from liangxin.planning.build import Built
    from liangxin.planning.existing import Broken
    from liangxin.planning.organizations import Organizations
    from liangxin.planning.plan import Alternative, Change
    from liangxin.planning.problem import Arrangement

CLAUSE: Final = {
    "separate": "2.1",
    "mobile": "2.1",
    "seconded": "2.2",
    "park": "2.3",
    "industry": "2.4",
    "leader": "2.5",
    "zone": "2.6",
    "village": "2.7",
    "none": "4.1",
}


class Explainer:
    def __init__(
        self, built: Built, arrangement: Arrangement, organizations: Organizations, areas: dict[str, str]
    ) -> None:
        self.built, self.problem, self.arrangement = built, built.problem, arrangement
        self.organizations, self.areas = organizations, areas
        self.names: list[str] = [name or "" for name in built.frame["name"].to_list()]
        self.full_known: list[bool] = built.frame["full_members"].is_not_null().to_list()
        self.groups = arrangement.groups()
        self.broken_of = {unit: each for each in built.existing.broken for unit in each.units}

    def change(self, unit: int) -> Change:
        form, host = int(self.arrangement.form[unit]), int(self.arrangement.host[unit])
        had = self.problem.previous_form[unit] >= 0
        if form == NONE:
            return "moved" if had else "none"
        if unit in self.built.existing.split_off and form in (*ALONE, LEADER):
            return "split_off"
        if not had:
            return "new"
        return "kept" if unchanged(self.problem, unit, form, host) else "moved"

    def reason(self, unit: int, alternatives: tuple[Alternative, ...]) -> Text:
        form, host = int(self.arrangement.form[unit]), int(self.arrangement.host[unit])
        parts = [self._why(unit, form, host, alternatives)]
        drawn = self._for_the_rate(unit, form)
        if drawn is not None:
            parts.insert(0, drawn)
        change = self.change(unit)
        broken = self.broken_of.get(unit)
        if broken is not None and change != "kept":
            parts.append(_say_broken(broken))
        if change == "kept":
            parts.append(Text("保持原有安排", "as it is today"))
        elif change == "moved":
            before = FORMS[NAMES[int(self.problem.previous_form[unit])]]
            parts.append(Text(f"原为{before.zh}，本次调整", f"was {before.en} and is changed now"))
        elif change == "split_off":
            parts.append(Text("从原联合党组织中剥离", "split off from its joint organization"))
        if unit in self.built.pinned or (
            self.problem.pinned_host[unit] >= 0 and not self.problem.stays[unit]
        ):
            parts.append(Text("按人工指定", "as pinned by hand"))
        return Text(join(parts).zh + "。", join(parts).en + ".")

    def _for_the_rate(self, unit: int, form: int) -> Text | None:
        """Why a unit that nothing requires is drawn in: for 1.4 alone."""
        problem = self.problem
        free = not problem.required[unit] and problem.t[unit] == 0 and problem.pinned_host[unit] < 0
        counts = bool(problem.in_base[unit]) and problem.counts(unit, form)
        if not free or not counts or self.built.establishment_target is None:
            return None
        target, needed = self.built.establishment_target, problem.establishment_needed
        return Text(
            f"为达到总体组建率{target:.0%}（需要{needed}家）",
            f"for the overall rate of {target:.0%} ({needed} units)",
        )

    def _members(self, unit: int) -> Text:
        t = int(self.problem.t[unit]) - self.built.existing.lent.get(unit, 0)
        if unit in self.built.existing.assumed:
            return Text(
                "正式党员数待核，按原有组织成立",
                "full members not yet known, its organization taken at its word",
            )
        if t == 0:
            if not self.full_known[unit]:
                return Text("正式党员数待核", "full members not yet known")
            return Text("没有正式党员", "no full members")
        return Text(f"有{t}名正式党员", f"{t} full member{'s' if t > 1 else ''}")

    def _why(self, unit: int, form: int, host: int, alternatives: tuple[Alternative, ...]) -> Text:
        members = self._members(unit)
        limits = self.problem.limits
        if form == MOBILE:
            return self._mobile(unit)
        if form == SEPARATE:
            label = FORMS[NAMES[form]]
            if unit in self.built.existing.assumed:
                return Text(f"{members.zh}，{label.zh}", f"{members.en}: {label.en}")
            return Text(
                f"{members.zh}，达到{limits.min_full_members}名，{label.zh}",
                f"{members.en}, at least {limits.min_full_members}: {label.en}",
            )
        if form == SECONDED:
            guide = int(self.organizations.contacts.of_unit[unit])
            instructor = self.built.contacts.instructors[guide].id if guide >= 0 else None
            zh = f"从业{int(self.problem.staff[unit])}人，{members.zh}，选派指导员{instructor or ''}的组织关系迁入后满{limits.min_full_members}名，派员帮建"
            en = f"{int(self.problem.staff[unit])} staff, {members.en}; the relation of instructor {instructor or ''} moves in and makes {limits.min_full_members}"
            return Text(zh, en)
        if form in JOINT:
            return self._joint(unit, form, host, members)
        if form == VILLAGE:
            return self._village(unit, members, alternatives)
        if self.problem.required[unit]:
            return Text(
                f"{members.zh}，按规定应当覆盖，本方案没有覆盖，原因见“未满足的部分”",
                f"{members.en}; must be covered and is not (see what is not met)",
            )
        return Text(
            f"{members.zh}，不在必须覆盖之列，本次不组建",
            f"{members.en}; not among those that must be covered, so none this time",
        )

    def _mobile(self, unit: int) -> Text:
        label, count = FORMS["mobile"], self.built.frame["mobile_members"][unit]
        if count is None:
            return Text(
                f"流动党员数待核，按原有组织成立，{label.zh}",
                f"mobile members not yet known, its organization taken at its word: {label.en}",
            )
        return Text(f"有{count}名流动党员，{label.zh}", f"{count} mobile members: {label.en}")

    def _joint(self, unit: int, form: int, host: int, members: Text) -> Text:
        problem, units = self.problem, self.groups[host, form]
        existing = self.built.existing
        known = [each for each in units if each not in existing.assumed]
        full = sum(int(problem.t[each]) - existing.lent.get(each, 0) for each in known)
        total = int(problem.members[known].sum())
        label = FORMS[NAMES[form]]
        sums = Text(
            f"{len(units)}家合计正式党员{full}名、党员{total}名",
            f"{len(units)} units with {full} full members, {total} members in all",
        )
        if len(known) < len(units):
            unknown = len(units) - len(known)
            sums = Text(
                f"{sums.zh}，另有{unknown}家待核，按原有组织成立",
                f"{sums.en}, those of {unknown} not yet known; the organization is taken at its word",
            )
        if unit == host:
            role = (
                Text("作为龙头企业牵头", "leads as the leading enterprise")
                if form == LEADER
                else Text("作为主单位牵头", "is the lead unit")
            )
            return Text(
                f"{members.zh}，{role.zh}{label.zh}，{sums.zh}",
                f"{members.en}; {role.en} of a {label.en} organization: {sums.en}",
            )
        parts = [
            Text(
                f"距主单位{self.names[host]}{self._away(unit, host):.1f}公里",
                f"{self._away(unit, host):.1f} km from the lead unit {self.names[host]}",
            ),
            self._trade(unit, host),
        ]
        if chain_linked(problem, unit, host):
            parts.append(Text("有上下游关系", "linked in the industry chain"))
        if form == INDUSTRY:
            shared = set(problem.associations.of(unit).tolist()) & set(problem.associations.of(host).tolist())
            if shared:
                parts.insert(0, Text("同属一个协会", "of one association"))
        near = join(parts, zh="，", en=", ")
        return Text(
            f"{members.zh}，{near.zh}，加入{label.zh}，{sums.zh}",
            f"{members.en}; {near.en}; joins a {label.en} organization: {sums.en}",
        )

    def _away(self, unit: int, host: int) -> float:
        x, y = self.problem.x_km, self.problem.y_km
        return float(((x[unit] - x[host]) ** 2 + (y[unit] - y[host]) ** 2) ** 0.5)

    def _trade(self, unit: int, host: int) -> Text:
        weights = self.problem.weights
        apart = industry_distance(self.problem, unit, host)
        if apart == 0.0:
            return Text("行业小类相同", "same industry class")
        if apart <= weights.industry_same_group:
            return Text("行业中类相同", "same industry group")
        if apart <= weights.industry_same_division:
            return Text("行业大类相同", "same industry division")
        return Text("行业不同", "another industry")

    def _village(self, unit: int, members: Text, alternatives: tuple[Alternative, ...]) -> Text:
        place = self.problem.place_ids[int(self.problem.place[unit])]
        name = self.areas.get(place, place)
        other = next(
            (each for each in alternatives if each.form in ("park", "industry", "leader", "zone")), None
        )
        if other is None:
            because = Text(
                "同园区、同协会、同片区都没有可以加入的联合党组织",
                "no joint organization of its park, associations or area can take it",
            )
        elif other.extra_cost <= 0:
            because = Text("联合组建与挂靠相当", "joining and affiliation come to the same")
        else:
            because = Text(
                f"改为{FORMS[other.form].zh}，全镇方案至多多花{other.extra_cost:.2f}",
                f"as {FORMS[other.form].en} the whole plan would cost at most {other.extra_cost:.2f} more",
            )
        return Text(
            f"{members.zh}，{because.zh}，挂靠{name}党组织",
            f"{members.en}; {because.en}; affiliated with {name}",
        )


def _say_broken(broken: Broken) -> Text:
    why = join([each.text for each in broken.violations], zh="、", en=", ")
    return Text(
        f"原组织因{why.zh}，不符合规定，拟改组，要保留的由人指定",
        f"its organization does not keep the rules ({why.en}) and is to be reorganized; a pin keeps it",
    )
