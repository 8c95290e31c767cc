"""Cores: the units with full members of an organization, listed explicitly; only those without any stay choices.

Few units have members, so for one star the sets of units with members that could join (at most four, reaching three full
members) are few once arcs beyond the gap are gone, while the units without members are many but alike: they fill the seats
left in order of reduced cost and never matter for feasibility. A core is such a set. With cores as variables the
conflicts between organizations over members are plain set packing, which is where the integrality gap lies.
"""

from __future__ import annotations

import numpy as np

from liangxin.planning.compiled import compiled
from liangxin.planning.pricing import NEVER, _best_arcs, pattern_term


@compiled
def list_cores(  # type: ignore[no-untyped-def]
    limit,
    most,
    min_full,
    bounds,
    arc_unit,
    arc_cost,
    arc_counts,
    useful,
    base_value,
    base_t,
    base_twos,
    base_holders,
    base_size,
    seats,
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
    t,
):
    """All cores whose organizations could have a reduced cost up to ``limit[k]`` (by star): at most ``most`` of them.

    ``useful`` [A]: arcs that may be used at all. Returns (star [m], arcs [m, widest] padded with -1, value [m], complete).
    """
    stars = len(base_value)
    widest = max(1, seats.max()) if stars else 1
    out_star = np.empty(most, np.int32)
    out_arcs = np.full((most, widest), -1, np.int32)
    out_value = np.empty(most)
    made = 0
    at = np.empty(widest, np.int32)
    value = np.empty(widest)
    filled = np.zeros(widest + 1)
    stack = np.empty(widest, np.int64)
    for k in range(stars):
        room = seats[k]
        have = 0
        if room > 0:
            have = _best_arcs(
                bounds[k, 0], bounds[k, 1], room, arc_unit, arc_cost, arc_counts, price, lam, at, value
            )
        filled[0] = 0.0
        for i in range(room):  # the best value of i + 1 free seats
            gain = value[i] if i < have and value[i] < 0.0 else 0.0
            filled[i + 1] = filled[i] + gain
        first, last = bounds[k, 1], bounds[k, 3]
        holders = np.empty(last - first, np.int32)
        reduced = np.empty(last - first)
        count = 0
        for arc in range(first, last):
            if useful[arc]:
                holders[count] = arc
                reduced[count] = arc_cost[arc] - price[arc_unit[arc]] - lam * arc_counts[arc]
                count += 1
        order = np.argsort(reduced[:count])
        depth = 0
        following = 0  # the next holder (in order of reduced cost) to try at this depth
        total = base_value[k]
        full = base_t[k]
        load = base_members[k]
        listed = False
        while True:
            if not listed:
                listed = True
                if full >= min_full and load <= max_members:
                    a2 = 0
                    for i in range(depth):
                        a2 += t[arc_unit[holders[order[stack[i]]]]] - 1
                    worth = total + filled[room - depth]
                    worth += pattern_term(
                        k,
                        depth - a2,
                        a2,
                        base_t,
                        base_twos,
                        base_holders,
                        cut,
                        rest,
                        thirds,
                        halves,
                        bare,
                        min_full,
                    )
                    if base_size[k] + depth < 2:  # a lead unit needs company
                        if have == 0:
                            worth = NEVER
                        else:
                            worth += max(value[0], 0.0)
                    if worth <= limit[k]:
                        if made == most:
                            return out_star, out_arcs, out_value, False
                        out_star[made] = k
                        out_value[made] = worth
                        for i in range(depth):
                            out_arcs[made, i] = holders[order[stack[i]]]
                        made += 1
            if depth < room and following < count:
                hope = total + reduced[order[following]] + filled[room - depth - 1]
                for p in range(following + 1, min(following + room - depth, count)):
                    hope += min(reduced[order[p]], 0.0)
                if hope <= limit[k]:
                    stack[depth] = following
                    depth += 1
                    total += reduced[order[following]]
                    full += t[arc_unit[holders[order[following]]]]
                    load += members[arc_unit[holders[order[following]]]]
                    following += 1
                    listed = False
                    continue
            if depth == 0:
                break
            depth -= 1
            following = stack[depth]
            total -= reduced[order[following]]
            full -= t[arc_unit[holders[order[following]]]]
            load -= members[arc_unit[holders[order[following]]]]
            following += 1
    return out_star[:made], out_arcs[:made], out_value[:made], True
