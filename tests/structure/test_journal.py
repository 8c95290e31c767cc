"""Operations on the dated tree: small cases of section 3, refusals with their reasons, and the invariants of every day."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from liangxin.findings import InputError
from liangxin.structure import (
    Adjust,
    Annul,
    Attach,
    Dissolve,
    Found,
    Merge,
    Operation,
    Record,
    Release,
    SplitOff,
    Transfer,
    Tree,
    Upgrade,
    apply,
    apply_all,
    preview,
)

AUGUST = [date(2011, 8, 1) + timedelta(days=day) for day in range(31)]


def town() -> Tree:
    """A committee over an area and a park, a joint branch of three units in the park."""
    strengths = {"u1": 2, "u2": 1, "u3": 3, "u4": 1, "u5": None}
    return apply_all(
        Tree(strengths),
        [
            Record(on=None, id="T", name="中共长乐镇委员会", type="party_committee", parent=None),
            Record(on=date(2008, 7, 1), id="A", name="第一工作片党总支", type="general_branch", parent="T"),
            Record(on=date(2009, 7, 1), id="P", name="工业园区联合党支部", type="joint_branch", parent="T"),
            Found(
                on=AUGUST[4],
                id="J",
                name="东片联合党支部",
                type="joint_branch",
                form="park",
                host="u1",
                parent="P",
                units=("u1", "u2", "u3"),
            ),
        ],
    )


def codes(refused: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


@pytest.mark.clause("2.1")
def test_split_off_leaves_the_days_before_as_they_were() -> None:
    """A member unit that now has three full members gets its own branch; the day before still shows it inside."""
    tree = apply(town(), SplitOff(on=AUGUST[14], units=("u3",), id="S", name="三达公司党支部", host="u3"))
    assert ("u1", "u2", "u3") == tree.on(AUGUST[13]).organizations["J"].units
    assert ("u1", "u2") == tree.on(AUGUST[14]).organizations["J"].units
    assert "P" == tree.on(AUGUST[14]).organizations["S"].parent


def test_a_joint_branch_does_not_fall_below_its_minimum() -> None:
    """Releasing two members leaves too few: refused with both numbers."""
    with pytest.raises(InputError) as refused:
        apply_all(
            town(),
            [
                Release(on=AUGUST[14], units=("u1", "u3")),
                Adjust(on=AUGUST[14], organization="A", name="第一片党总支"),
            ],
        )
    assert ["structure.below_minimum"] == codes(refused)
    said = "“2家单位脱离”（2011-08-15）不能办理：东片联合党支部只有正式党员1名（1家单位），至少要3名"
    assert said == refused.value.findings[0].message.zh


@pytest.mark.clause("2.3")
@pytest.mark.parametrize(
    ("units", "accepted"), [(("u3",), True), (("u1", "u4"), True), (("u2", "u4"), False)]
)
def test_three_full_members_are_enough_and_two_are_not(units: tuple[str, ...], accepted: bool) -> None:
    """The edge 2/3 when a joint organization is founded."""
    founding = Found(
        on=AUGUST[5], id="Q", name="西片", type="joint_branch", form="park", parent="P", units=units
    )
    without = Adjust(on=AUGUST[4], organization="J", form="village")  # so that only the new one is judged
    if accepted:
        assert units == apply_all(town(), [without, founding]).on(AUGUST[5]).organizations["Q"].units
        return
    with pytest.raises(InputError, match="西片只有正式党员2名"):
        apply_all(town(), [without, founding])


def test_units_are_regrouped_within_one_day() -> None:
    """What several operations of one day do together is judged when the day ends."""
    tree = apply_all(
        town(),
        [
            Release(on=AUGUST[14], units=("u3",)),
            Release(on=AUGUST[14], units=("u1",)),
            Attach(on=AUGUST[14], units=("u1", "u4"), to="J"),
        ],
    )
    assert {"u1", "u2", "u4"} == set(tree.on(AUGUST[14]).organizations["J"].units)


def test_an_unknown_count_is_not_too_few() -> None:
    """待核 members may make up the number, so nothing is refused."""
    tree = apply(
        town(),
        Found(
            on=AUGUST[5],
            id="Q",
            name="西片联合党支部",
            type="joint_branch",
            form="park",
            parent="P",
            units=("u4", "u5"),
        ),
    )
    assert ("u4", "u5") == tree.on(AUGUST[5]).organizations["Q"].units


@pytest.mark.clause("3.3b")
def test_an_upgrade_changes_the_type_by_date_and_not_the_founding() -> None:
    """The park's organization becomes a general branch; its founding day stays."""
    tree = apply(
        town(), Upgrade(on=AUGUST[9], organization="P", type="general_branch", name="工业园区党总支")
    )
    assert "joint_branch" == tree.on(AUGUST[8]).organizations["P"].standing.type
    park = tree.on(AUGUST[9]).organizations["P"]
    assert ("general_branch", "工业园区党总支", date(2009, 7, 1)) == (
        park.standing.type,
        park.name,
        park.since,
    )
    with pytest.raises(InputError) as refused:
        apply(tree, Upgrade(on=AUGUST[10], organization="P", type="branch"))
    assert ["structure.not_higher"] == codes(refused)


@pytest.mark.clause("5.1")
def test_a_leading_group_is_no_party_organization() -> None:
    """It coordinates: units do not belong to it, and it does not become a branch."""
    begun = Found(on=AUGUST[5], id="L", name="领导小组", type="leading_group", parent="T")
    tree = apply(town(), begun)
    for wrong in (
        Upgrade(on=AUGUST[9], organization="L", type="general_branch"),
        Attach(on=AUGUST[9], units=("u4",), to="L"),
        replace(begun, on=AUGUST[9], id="M", units=("u4",)),
    ):
        with pytest.raises(InputError) as refused:
            apply(tree, wrong)
        assert ["structure.no_party_organization"] == codes(refused)


@pytest.mark.clause("3.0")
def test_territory_and_line_run_side_by_side() -> None:
    """A branch stands in its area and follows a line; ending the line leaves the territory."""
    tree = apply(town(), Transfer(on=AUGUST[9], organization="J", parent="A", axis="line"))
    on_line = tree.on(AUGUST[9]).organizations["J"]
    assert ("P", "A") == (on_line.parent, on_line.line)
    ended = apply(tree, Transfer(on=AUGUST[19], organization="J", parent=None, axis="line"))
    assert ("P", None) == (
        ended.on(AUGUST[19]).organizations["J"].parent,
        ended.on(AUGUST[19]).organizations["J"].line,
    )


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (Transfer(on=AUGUST[9], organization="P", parent="J"), "structure.cycle"),
        (Transfer(on=AUGUST[9], organization="A", parent=None), "structure.second_root"),
        (Transfer(on=AUGUST[9], organization="T", parent="A"), "structure.root"),
        (Dissolve(on=AUGUST[9], organization="T"), "structure.root"),
        (Dissolve(on=AUGUST[9], organization="P"), "structure.not_empty"),
        (Dissolve(on=AUGUST[9], organization="X"), "structure.not_founded"),
        (Attach(on=AUGUST[1], units=("u4",), to="J"), "structure.not_founded"),
        (Merge(on=AUGUST[9], organizations=("P",), into="J"), "structure.cycle"),
        (Found(on=AUGUST[9], id="A", name="重号", type="branch", parent="T"), "structure.duplicate"),
        (Found(on=AUGUST[9], id="N", name="新", type="branch", parent=None), "structure.second_root"),
        (Found(on=AUGUST[9], id="N", name="新", type="cell", parent="T"), "structure.unknown_type"),
        (SplitOff(on=AUGUST[9], units=("u4",), id="N", name="新"), "structure.not_attached"),
        (Release(on=AUGUST[9], units=("u4",)), "structure.not_attached"),
        (Adjust(on=AUGUST[9], organization="P", type="general_branch"), "structure.is_upgrade"),
        (Adjust(on=AUGUST[9], organization="P", type="group"), "structure.not_empty"),
        (Annul(on=AUGUST[9], entry=99), "structure.no_entry"),
        (Annul(on=AUGUST[9], entry=1), "structure.root"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(operation: Operation, code: str) -> None:
    """Each impossible operation is refused, in both languages."""
    with pytest.raises(InputError) as refused:
        apply(town(), operation)
    assert code in codes(refused)
    for finding in refused.value.findings:
        assert finding.message.zh != finding.message.en
        assert "{" not in finding.message.zh + finding.message.en


def test_a_line_ends_with_the_organization_that_led_it() -> None:
    """What followed the dissolved one keeps its territory and has no line; merged into another, it follows that one."""
    tree = apply(town(), Found(on=AUGUST[5], id="S", name="行业协会党支部", type="branch", parent="T"))
    tree = apply(tree, Transfer(on=AUGUST[6], organization="J", parent="S", axis="line"))
    ended = apply(tree, Dissolve(on=AUGUST[9], organization="S")).on(AUGUST[9]).organizations["J"]
    assert ("P", None) == (ended.parent, ended.line)
    merged = apply(tree, Merge(on=AUGUST[9], organizations=("S",), into="A")).on(AUGUST[9]).organizations["J"]
    assert ("P", "A") == (merged.parent, merged.line)


def test_a_founding_is_not_annulled_under_what_stands_on_it() -> None:
    """First the child goes, then the founding can be taken back."""
    tree = apply(town(), Found(on=AUGUST[5], id="K", name="北片", type="joint_branch", parent="P"))
    founding = tree.journal[-1].number
    tree = apply(tree, Found(on=AUGUST[6], id="C", name="下级", type="branch", parent="K"))
    with pytest.raises(InputError, match="北片下面还有1个党组织"):
        apply(tree, Annul(on=AUGUST[9], entry=founding))
    tree = apply(tree, Dissolve(on=AUGUST[8], organization="C"))
    assert "K" not in apply(tree, Annul(on=AUGUST[9], entry=founding)).on(AUGUST[9]).organizations


def test_a_dissolved_organization_takes_nobody() -> None:
    """After it has ended, the refusal names the day on which it ended."""
    tree = apply(town(), Dissolve(on=AUGUST[9], organization="J", heir="P"))
    with pytest.raises(InputError) as refused:
        apply(tree, Attach(on=AUGUST[10], units=("u4",), to="J"))
    assert ["structure.dissolved"] == codes(refused)
    assert "东片联合党支部已于2011-08-10撤销" in refused.value.findings[0].message.zh


def test_all_errors_of_a_batch_come_at_once() -> None:
    """Two impossible operations give two findings."""
    with pytest.raises(InputError) as refused:
        apply_all(
            town(),
            [Dissolve(on=AUGUST[9], organization="X"), Dissolve(on=AUGUST[9], organization="Y")],
        )
    assert ["structure.not_founded", "structure.not_founded"] == codes(refused)


def test_an_operation_entered_late_is_put_in_its_place() -> None:
    """An area organization found to have stood since 5 August is entered on the 20th; the later entries are done again."""
    tree = apply(town(), Found(on=AUGUST[19], id="K", name="北片联合党支部", type="joint_branch", parent="P"))
    late = apply(tree, Found(on=AUGUST[4], id="L", name="南片联合党支部", type="joint_branch", parent="P"))
    assert "L" in late.on(AUGUST[4]).organizations
    assert ["L", "K"] == [entry.operation.id for entry in late.journal[-2:]]  # type: ignore[union-attr]
    with pytest.raises(InputError) as refused:
        apply(late, Dissolve(on=AUGUST[10], organization="P", heir="T"))
    assert "这样补记以后，已记的“成立北片联合党支部”（2011-08-20）就不成立了" in str(refused.value)


def test_merge_and_its_reversal() -> None:
    """A merger moves units and children; annulled, all are back from that day, and the days between keep it."""
    tree = apply(town(), Merge(on=AUGUST[9], organizations=("P",), into="A"))
    assert "P" not in tree.on(AUGUST[9]).organizations
    assert "A" == tree.on(AUGUST[9]).organizations["J"].parent
    back = apply(tree, Annul(on=AUGUST[19], entry=tree.journal[-1].number))
    assert "A" == back.on(AUGUST[18]).organizations["J"].parent
    assert "P" == back.on(AUGUST[19]).organizations["J"].parent
    again = apply(back, Annul(on=AUGUST[24], entry=back.journal[-1].number))
    assert tree.on(AUGUST[24]).organizations["J"].parent == again.on(AUGUST[24]).organizations["J"].parent


def test_what_was_built_upon_is_not_annulled() -> None:
    """An entry that a later one changed again cannot be taken back before it."""
    tree = apply(town(), Transfer(on=AUGUST[9], organization="J", parent="A"))
    moved = apply(tree, Transfer(on=AUGUST[10], organization="J", parent="T"))
    with pytest.raises(InputError) as refused:
        apply(moved, Annul(on=AUGUST[11], entry=5))
    assert ["structure.built_upon"] == codes(refused)
    assert "（第6笔）" in refused.value.findings[0].message.zh


def test_a_preview_says_what_would_change_and_does_nothing() -> None:
    """The preview of a split lists the new branch and the loss of the joint one."""
    tree = town()
    changes = preview(
        tree, [SplitOff(on=AUGUST[14], units=("u3",), id="S", name="三达公司党支部", host="u3")]
    )
    assert [
        "东片联合党支部的单位：加入0家，离开1家",
        "成立三达公司党支部（党支部），隶属工业园区联合党支部，单位1家",
    ] == [change.text.zh for change in changes]
    assert town() == tree


def test_the_history_of_one_organization() -> None:
    """Every entry that touched it, with the basis of each."""
    tree = apply(town(), Upgrade(on=AUGUST[9], organization="P", type="general_branch"))
    assert [3, 4, 5] == [entry.number for entry in tree.history("P")]


IDS = [f"o{number}" for number in range(7)]
UNITS = [f"u{number}" for number in range(9)]
some_day = st.sampled_from(AUGUST)
some_id = st.sampled_from([*IDS, "T"])
some_units = st.lists(st.sampled_from(UNITS), unique=True, max_size=4).map(tuple)
some_type = st.sampled_from(["general_branch", "joint_branch", "branch", "group"])


class TreeUnderChange(RuleBasedStateMachine):
    """Any operations on any days, possible or not: what is accepted keeps every day a forest with one root."""

    @initialize(strengths=st.lists(st.sampled_from([None, 0, 1, 2, 3, 5]), min_size=9, max_size=9))
    def begin(self, strengths: list[int | None]) -> None:
        start = Tree(dict(zip(UNITS, strengths, strict=True)))
        self.tree = apply(start, Record(on=None, id="T", name="镇党委", type="party_committee", parent=None))

    def attempt(self, operation: Operation) -> None:
        before = self.tree
        try:
            self.tree = apply(before, operation)
        except InputError as refused:
            assert refused.findings
            return
        assert len(before.journal) + 1 == len(self.tree.journal)
        for day in before.days_of_change():
            if operation.on is not None and day < operation.on:
                assert before.on(day) == self.tree.on(day)

    @rule(
        day=some_day,
        id=st.sampled_from(IDS),
        type=some_type,
        parent=some_id,
        units=some_units,
        line=st.none() | some_id,
    )
    def found(
        self, day: date, id: str, type: str, parent: str, units: tuple[str, ...], line: str | None
    ) -> None:
        form = "zone" if type == "joint_branch" and units else None
        self.attempt(
            Found(on=day, id=id, name=id, type=type, parent=parent, units=units, form=form, line=line)
        )

    @rule(day=some_day, id=st.sampled_from(IDS), units=some_units)
    def split(self, day: date, id: str, units: tuple[str, ...]) -> None:
        self.attempt(SplitOff(on=day, id=id, name=id, units=units))

    @rule(day=some_day, to=some_id, units=some_units)
    def attach(self, day: date, to: str, units: tuple[str, ...]) -> None:
        self.attempt(Attach(on=day, to=to, units=units))

    @rule(day=some_day, units=some_units)
    def release(self, day: date, units: tuple[str, ...]) -> None:
        self.attempt(Release(on=day, units=units))

    @rule(day=some_day, id=some_id, type=some_type)
    def upgrade(self, day: date, id: str, type: str) -> None:
        self.attempt(Upgrade(on=day, organization=id, type=type))

    @rule(day=some_day, id=some_id, type=some_type)
    def adjust(self, day: date, id: str, type: str) -> None:
        self.attempt(Adjust(on=day, organization=id, type=type))

    @rule(day=some_day, ids=st.lists(some_id, unique=True, max_size=3).map(tuple), into=some_id)
    def merge(self, day: date, ids: tuple[str, ...], into: str) -> None:
        self.attempt(Merge(on=day, organizations=ids, into=into))

    @rule(day=some_day, id=some_id, heir=st.none() | some_id)
    def dissolve(self, day: date, id: str, heir: str | None) -> None:
        self.attempt(Dissolve(on=day, organization=id, heir=heir))

    @rule(
        day=some_day,
        id=some_id,
        parent=st.none() | some_id,
        axis=st.sampled_from(["territory", "line"]),
    )
    def transfer(self, day: date, id: str, parent: str | None, axis: str) -> None:
        self.attempt(Transfer(on=day, organization=id, parent=parent, axis=axis))  # type: ignore[arg-type]

    @rule(day=some_day, entry=st.integers(1, 12))
    def annul(self, day: date, entry: int) -> None:
        self.attempt(Annul(on=day, entry=entry))

    @invariant()
    def every_day_is_a_forest_with_one_root(self) -> None:
        for day in self.tree.days_of_change():
            today = self.tree.on(day)
            alive = today.organizations
            assert ["T"] == [each.id for each in alive.values() if each.parent is None]
            for each in alive.values():
                assert each.parent is None or each.parent in alive
                assert each.line is None or each.line in alive
                assert each.parent is None or alive[each.parent].kind.leads
            # Everything is reached from the root exactly once, so there is no cycle.
            assert sorted(alive) == sorted(each.id for _, each in today.walk())

    @invariant()
    def a_unit_is_in_at_most_one_organization(self) -> None:
        for day in self.tree.days_of_change():
            inside = [unit for each in self.tree.on(day).organizations.values() for unit in each.units]
            assert sorted(set(inside)) == sorted(inside)

    @invariant()
    def spans_of_a_subject_do_not_overlap(self) -> None:
        for table in (self.tree.standing, self.tree.territory, self.tree.line, self.tree.membership):
            for spans in table.values():
                for earlier, later in itertools.pairwise(spans):
                    assert earlier.until is not None and later.since is not None
                    assert earlier.until <= later.since


TestTreeUnderChange = TreeUnderChange.TestCase
TestTreeUnderChange.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
