"""Exact pricing of stars: for given prices, the best organizations of every host, and bounds for every arc.

The reduced cost of an organization is its star's base plus a sum over its arcs, plus a term of the *pattern* (how many
units with 1 and with 2 full members join; from it follow the sum of full members and the territory's cuts). So for one
star it is enough to keep the best four arcs of each class and to try every pattern: exact, and linear in the arcs.
This module is compiled; import it only where it is used.
"""

from __future__ import annotations

import numpy as np

from liangxin.planning.compiled import compiled

WIDEST = 4  # seats of a star when max_units is 5; larger limits widen the arrays by the ``widest`` argument
NEVER = 1e18


@compiled
def share_of_three(total, rest):  # type: ignore[no-untyped-def]
    """F(s): floor(s / 3), plus 1/2 if s mod 3 = 2 and the territory's members mod 3 = 1 (mixed-integer rounding)."""
    value = float(total // 3)
    if rest == 1 and total % 3 == 2:
        value += 0.5
    return value


@compiled
def pattern_term(k, a1, a2, base_t, base_twos, base_holders, cut, rest, thirds, halves, bare, min_full):  # type: ignore[no-untyped-def]
    """What pattern (a1, a2) of star k costs by itself, with what the territory's two cuts add to its reduced cost."""
    term = bare[k] if base_t[k] + a1 + 2 * a2 == min_full else 0.0
    c = cut[k]
    if c < 0:
        return term
    if thirds[c] != 0.0:
        coefficient = share_of_three(base_t[k] + a1 + 2 * a2, rest[c])
        if rest[c] == 1:
            coefficient -= 0.5 * (base_twos[k] + a2)
        term -= thirds[c] * coefficient
    if halves[c] != 0.0:
        term -= halves[c] * ((base_holders[k] + a1 + a2) // 2)
    return term


@compiled
def _best_arcs(first, last, keep, arc_unit, arc_cost, arc_counts, price, lam, at, value):  # type: ignore[no-untyped-def]
    """The ``keep`` arcs of least reduced cost in [first, last), best first, into ``at`` and ``value``; how many."""
    have = 0
    for arc in range(first, last):
        reduced = arc_cost[arc] - price[arc_unit[arc]] - lam * arc_counts[arc]
        if have == keep and reduced >= value[keep - 1]:
            continue
        slot = have if have < keep else keep - 1
        while slot > 0 and value[slot - 1] > reduced:
            value[slot] = value[slot - 1]
            at[slot] = at[slot - 1]
            slot -= 1
        value[slot] = reduced
        at[slot] = arc
        if have < keep:
            have += 1
    return have


@compiled
def price_stars(  # type: ignore[no-untyped-def]
    per_star,
    threshold,
    min_full,
    bounds,
    arc_unit,
    arc_cost,
    arc_counts,
    base_value,
    base_t,
    base_twos,
    base_holders,
    base_size,
    seats,
    crowded,
    base_members,
    members,
    max_members,
    cut,
    rest,
    thirds,
    halves,
    bare,
    price,
    lam,
):
    """Best reduced cost of every star, and up to ``per_star`` organizations of each below ``threshold``.

    Returns (best [K], star [m], arcs [m, widest] padded with -1, reduced [m]). Where the members' cap could bind, ``best``
    is a valid lower bound and organizations beyond the cap are left out.
    """
    stars = len(base_value)
    widest = max(1, seats.max()) if stars else 1
    best = np.full(stars, NEVER)
    out_star = np.empty(stars * per_star, np.int32)
    out_arcs = np.full((stars * per_star, widest), -1, np.int32)
    out_value = np.empty(stars * per_star)
    made = 0
    at = np.empty((3, widest), np.int32)
    value = np.empty((3, widest))
    have = np.zeros(3, np.int64)
    chosen_value = np.empty(per_star)
    chosen = np.empty((per_star, 3), np.int64)
    for k in range(stars):
        room = seats[k]
        for c in range(3):
            have[c] = 0
            if room > 0:
                have[c] = _best_arcs(
                    bounds[k, c],
                    bounds[k, c + 1],
                    room,
                    arc_unit,
                    arc_cost,
                    arc_counts,
                    price,
                    lam,
                    at[c],
                    value[c],
                )
        kept = 0
        sum2 = 0.0
        for a2 in range(min(have[2], room) + 1):
            if a2 > 0:
                sum2 += value[2, a2 - 1]
            sum1 = 0.0
            for a1 in range(min(have[1], room - a2) + 1):
                if a1 > 0:
                    sum1 += value[1, a1 - 1]
                if base_t[k] + a1 + 2 * a2 < min_full:
                    continue
                total = base_value[k] + sum1 + sum2
                total += pattern_term(
                    k, a1, a2, base_t, base_twos, base_holders, cut, rest, thirds, halves, bare, min_full
                )
                a0 = 0
                while a0 < have[0] and a0 < room - a1 - a2 and value[0, a0] < 0.0:
                    total += value[0, a0]
                    a0 += 1
                if base_size[k] + a0 + a1 + a2 < 2:
                    if have[0] == 0 or room == 0:
                        continue
                    total += value[0, 0]
                    a0 = 1
                if total < best[k]:
                    best[k] = total
                if total >= threshold:
                    continue
                if crowded[k]:
                    load = base_members[k]
                    for i in range(a0):
                        load += members[arc_unit[at[0, i]]]
                    for i in range(a1):
                        load += members[arc_unit[at[1, i]]]
                    for i in range(a2):
                        load += members[arc_unit[at[2, i]]]
                    if load > max_members:
                        continue
                slot = kept
                if kept == per_star:
                    if total >= chosen_value[kept - 1]:
                        continue
                    slot = kept - 1
                while slot > 0 and chosen_value[slot - 1] > total:
                    chosen_value[slot] = chosen_value[slot - 1]
                    chosen[slot] = chosen[slot - 1]
                    slot -= 1
                chosen_value[slot] = total
                chosen[slot, 0] = a0
                chosen[slot, 1] = a1
                chosen[slot, 2] = a2
                if kept < per_star:
                    kept += 1
        for j in range(kept):
            place = 0
            for c in range(3):
                for i in range(chosen[j, c]):
                    out_arcs[made, place] = at[c, i]
                    place += 1
            out_star[made] = k
            out_value[made] = chosen_value[j]
            made += 1
    return best, out_star[:made], out_arcs[:made], out_value[:made]


@compiled
def bound_arcs(  # type: ignore[no-untyped-def]
    min_full,
    bounds,
    arc_unit,
    arc_cost,
    arc_counts,
    base_value,
    base_t,
    base_twos,
    base_holders,
    base_size,
    seats,
    cut,
    rest,
    thirds,
    halves,
    bare,
    price,
    lam,
):
    """A lower bound on the reduced cost of any organization that uses an arc, and of any that has a pattern.

    Returns (through [A], patterns [K, widest + 1, widest + 1] indexed by (a1, a2); NEVER where impossible).
    """
    stars = len(base_value)
    widest = max(1, seats.max()) if stars else 1
    through = np.full(len(arc_unit), NEVER)
    patterns = np.full((stars, widest + 1, widest + 1), NEVER)
    at = np.empty((3, widest), np.int32)
    value = np.empty((3, widest))
    have = np.zeros(3, np.int64)
    with_one = np.empty(3)
    for k in range(stars):
        room = seats[k]
        if room == 0:
            patterns[k, 0, 0] = base_value[k] + pattern_term(
                k, 0, 0, base_t, base_twos, base_holders, cut, rest, thirds, halves, bare, min_full
            )
            continue
        for c in range(3):
            have[c] = _best_arcs(
                bounds[k, c],
                bounds[k, c + 1],
                room,
                arc_unit,
                arc_cost,
                arc_counts,
                price,
                lam,
                at[c],
                value[c],
            )
        with_one[:] = NEVER
        best = NEVER
        sum2 = 0.0
        for a2 in range(min(have[2], room) + 1):
            if a2 > 0:
                sum2 += value[2, a2 - 1]
            sum1 = 0.0
            for a1 in range(min(have[1], room - a2) + 1):
                if a1 > 0:
                    sum1 += value[1, a1 - 1]
                if base_t[k] + a1 + 2 * a2 < min_full:
                    continue
                total = base_value[k] + sum1 + sum2
                total += pattern_term(
                    k, a1, a2, base_t, base_twos, base_holders, cut, rest, thirds, halves, bare, min_full
                )
                left = room - a1 - a2
                a0 = 0
                zeros = 0.0
                fewer = 0.0  # the same with one seat kept free
                while a0 < have[0] and a0 < left and value[0, a0] < 0.0:
                    zeros += value[0, a0]
                    a0 += 1
                    if a0 < left:
                        fewer = zeros
                if left > 0 and total + fewer < with_one[0]:
                    with_one[0] = total + fewer
                whole = total + zeros
                if base_size[k] + a0 + a1 + a2 < 2:
                    if have[0] == 0:
                        continue
                    whole += value[0, 0]
                patterns[k, a1, a2] = whole
                if whole < best:
                    best = whole
                if a1 > 0 and whole - value[1, a1 - 1] < with_one[1]:
                    with_one[1] = whole - value[1, a1 - 1]
                if a2 > 0 and whole - value[2, a2 - 1] < with_one[2]:
                    with_one[2] = whole - value[2, a2 - 1]
        for c in range(3):
            for arc in range(bounds[k, c], bounds[k, c + 1]):
                if with_one[c] < NEVER:
                    reduced = arc_cost[arc] - price[arc_unit[arc]] - lam * arc_counts[arc]
                    through[arc] = max(with_one[c] + reduced, best)
    return through, patterns
