"""No count of one or two can be read or worked out from what is shown."""

from __future__ import annotations

from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from liangxin.registry.small_counts import about_members, withhold

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=6)
LEAST = st.integers(2, 5)


@given(COUNTS, LEAST)
@example([1], 3)
@example([1, 0, 0], 3)
@example([2, 9], 3)
@example([1, 1, 0, 12], 3)
def test_no_small_count_is_shown(counts: list[int], least: int) -> None:
    """Neither as a part nor as the total."""
    found = withhold(counts, least)
    assert not any(0 < count < least and not gone for count, gone in zip(counts, found.parts, strict=True))
    assert found.total or not 0 < sum(counts) < least


@given(COUNTS, LEAST)
@example([2, 9], 3)
@example([1, 3, 50], 3)
@example([1, 1, 1], 3)
def test_no_small_count_follows_from_the_total(counts: list[int], least: int) -> None:
    """Whoever knows the total and all that is shown finds for each withheld part a value of ``least`` or more possible, and
    another value too."""
    found = withhold(counts, least)
    gone = [count for count, each in zip(counts, found.parts, strict=True) if each]
    if not gone or found.total:
        return
    missing = sum(counts) - sum(count for count, each in zip(counts, found.parts, strict=True) if not each)
    assert missing >= least
    possible = [
        values for values in product(range(1, missing + 1), repeat=len(gone)) if sum(values) == missing
    ] if len(gone) <= 4 and missing <= 20 else None  # fmt: skip
    if possible is not None:
        for at in range(len(gone)):
            assert len({values[at] for values in possible}) > 1


@given(COUNTS, LEAST)
def test_no_more_than_needed(counts: list[int], least: int) -> None:
    """Nothing is withheld where no part is small, and parts of none stay."""
    found = withhold(counts, least)
    if not any(0 < count < least for count in counts):
        assert not any(found.parts)
    assert not any(gone and count == 0 for count, gone in zip(counts, found.parts, strict=True))


def test_which_figures_are_about_members() -> None:
    """Counts of members and what is counted from them; staff and kind are not."""
    assert about_members(frozenset({"kind", "full_members"})) and not about_members(
        frozenset({"kind", "staff"})
    )
