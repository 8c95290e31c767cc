"""From the YAML files to a ``Policy`` of one day, or every error in them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

from liangxin.findings import Finding, InputError, Place
from liangxin.policy.document import File, Items, Scalar, Table, read_document
from liangxin.policy.model import Policy
from liangxin.policy.office import read_procedure
from liangxin.policy.overlay import boundaries, combined, is_overlay, refused_dates, refused_sections
from liangxin.policy.reading import Reader
from liangxin.policy.rules import RuleReader
from liangxin.policy.suggestions import instead
from liangxin.policy.survey import read_clears, read_haves, read_size_lists
from liangxin.policy.timetable import (
    read_bodies,
    read_group_slots,
    read_milestones,
    read_planning,
    read_style,
    read_texts,
)
from liangxin.policy.vocabulary import read_parameters, read_vocabulary
from liangxin.wording import Text

FORMAT: Final = "liangxin.policy/1"


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """A policy that comes with the program."""

    id: str
    title: Text
    is_overlay: bool
    issued_on: date | None = None


def available() -> tuple[PolicySummary, ...]:
    """The policies that come with the program, by id."""
    found: list[PolicySummary] = []
    for id in _own_texts():
        findings: list[Finding] = []
        table = _read(id, findings)
        if table is None:
            raise InputError(findings)
        reader = Reader(table, findings)
        found.append(
            PolicySummary(id, reader.text("title"), reader.truth("overlay", False), reader.day("issued_on"))
        )
    return tuple(found)


def load_policy(name: str | Path, *, as_of: date, overlays: Sequence[str] = ()) -> Policy:
    """The policy as it holds on ``as_of``.

    ``name``: an id of ``available()``, or a YAML file; overlays may be named with it ("changle-2011-44+branch-regulations-2018")
    or given apart. An overlay not yet in force on ``as_of`` changes nothing. Raises InputError with every error by
    file, line and column.

    >>> load_policy("changle-2011-44", as_of=date(2011, 8, 15)).parameter("staff_large")
    80.0
    """
    findings: list[Finding] = []
    layers, names = _layers(name, overlays, findings)
    if not layers:
        raise InputError(findings)
    policy = _build(layers, names, as_of, findings)
    if findings:
        raise InputError(_once(findings))
    return policy


def check_policy(name: str | Path, *, overlays: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Everything wrong with a policy on any day: each stretch of time in which other versions hold is read.

    An overlay is checked where it will be used: laid over the first notice that comes with the program.
    """
    findings: list[Finding] = []
    alone = _read(str(name), []) if "+" not in str(name) else None
    if alone is not None and is_overlay(alone):
        name, overlays = _first_notice(), (str(name), *overlays)
    layers, names = _layers(name, overlays, findings)
    if layers:
        for day in boundaries(layers):
            _build(layers, names, day, findings)
    return _once(findings)


def _build(layers: Sequence[Table], names: tuple[str, ...], as_of: date, findings: list[Finding]) -> Policy:
    document = Reader(combined(layers, as_of), findings)
    document.asked |= {"format", "based_on", "replace", "overlay", "from", "to", "overlays"}
    parameters = read_parameters(document)
    rules = RuleReader(document, read_vocabulary(document, parameters, as_of))
    forms = rules.forms()
    policy = Policy(
        id=document.word("id"),
        overlays=names,
        title=document.text("title"),
        issued_on=document.day("issued_on", need=True) or date.min,
        as_of=as_of,
        parameters=parameters,
        definitions=rules.definitions(),
        scope=rules.scope(),
        classes=rules.classes(),
        indicators=rules.indicators(forms),
        forms=forms,
        conflicts=rules.conflicts(),
        clears=read_clears(rules),
        haves=read_haves(rules),
        statuses=rules.statuses(),
        return_columns=rules.return_columns(),
        size_lists=read_size_lists(rules),
        bodies=read_bodies(rules),
        group_slots=read_group_slots(rules),
        milestones=read_milestones(rules),
        style=read_style(document),
        planning=read_planning(document),
        procedure=read_procedure(rules),
        clauses=rules.clauses,
        texts=read_texts(document),
    )
    document.finish()
    return policy


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Each finding once, in the order of the file."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda f: (f.place.file, f.place.line or 0, f.place.offset or 0)))


def _layers(
    name: str | Path, overlays: Sequence[str], findings: list[Finding]
) -> tuple[list[Table], tuple[str, ...]]:
    """The policy's documents from the one it is based on to the last overlay, and the names of the overlays."""
    first, *named = str(name).split("+") if not Path(name).is_file() else [str(name)]
    layers = _chain(first, findings, ())
    wanted: dict[str, Place] = {}
    if layers:
        declared = layers[-1].entries.get("overlays")
        for item in declared.items if isinstance(declared, Items) else ():
            if isinstance(item, Scalar):
                wanted[item.text] = item.place
        if is_overlay(layers[-1]):
            message = Text(
                "“{id}”是叠加规则，要叠加在一个通知上用，例如“{base}+{id}”",
                "“{id}” is an overlay; use it on a notice, for example “{base}+{id}”",
            )
            findings.append(Finding("policy_overlay", message.fill(id=first, base=_first_notice())))
            return [], ()  # all that a notice has would be called missing
    for overlay in (*named, *overlays):
        wanted.setdefault(overlay, Place())
    for overlay, place in wanted.items():
        table = _read(overlay, findings, place)
        if table is None:
            continue
        if not is_overlay(table):
            message = Text(
                "“{id}”不是叠加规则，不能叠加在别的通知上",
                "“{id}” is not an overlay and cannot be laid over another notice",
            )
            findings.append(Finding("policy_overlay", message.fill(id=overlay), place))
        layers.append(table)
    return layers, tuple(
        Path(overlay).stem if overlay.endswith((".yaml", ".yml")) else overlay for overlay in wanted
    )


def _chain(
    name: str, findings: list[Finding], path: tuple[str, ...], place: Place | None = None
) -> list[Table]:
    """The document with those it is ``based_on`` before it."""
    if name in path:
        message = Text("based_on 成了圈：{path}", "based_on goes round in a circle: {path}")
        findings.append(
            Finding("policy_circle", message.fill(path=" → ".join((*path, name))), place or Place())
        )
        return []
    table = _read(name, findings, place)
    if table is None:
        return []
    base = table.entries.get("based_on")
    if not isinstance(base, Scalar):
        return [table]
    return [*_chain(base.text, findings, (*path, name), base.place), table]


def _read(name: str, findings: list[Finding], place: Place | None = None) -> Table | None:
    """The document of a policy of our own or of a file, with its ``format`` checked."""
    if name in _own_texts():
        table, found = _own_document(name)
        findings += found
        return table
    path = Path(name)
    if not path.is_file():
        findings.append(_unknown(name, place or Place()))
        return None
    try:
        return _checked_document(File(path.name, path.read_text(encoding="utf-8-sig")), findings)
    except UnicodeDecodeError as wrong:
        message = Text("文件要用 UTF-8 编码保存", "The file must be saved in UTF-8")
        findings.append(Finding("policy_encoding", message, Place(file=path.name), f"byte {wrong.start + 1}"))
        return None


@lru_cache(maxsize=32)
def _own_document(id: str) -> tuple[Table | None, tuple[Finding, ...]]:
    """A document of our own; trees are never changed, so a second load need not read it again."""
    findings: list[Finding] = []
    return _checked_document(File(f"{id}.yaml", _own_texts()[id]), findings), tuple(findings)


def _checked_document(file: File, findings: list[Finding]) -> Table | None:
    table = read_document(file, findings)
    if table is None:
        return None
    findings += refused_dates(table) + refused_sections(table)
    reader = Reader(table, findings)
    written = reader.scalar("format")
    if written is not None and written.text != FORMAT:
        reader.wrong(
            "policy_format",
            Text("不认识这个格式", "This format is not known"),
            written.place,
            written.text,
            Text(FORMAT, FORMAT),
        )
    return table


def _unknown(name: str, place: Place) -> Finding:
    if name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name:
        return Finding(
            "policy_unknown",
            Text("找不到政策文件“{name}”", "There is no policy file “{name}”").fill(name=name),
            place,
        )
    return Finding(
        "policy_unknown",
        Text("没有编号为“{name}”的政策", "There is no policy with the id “{name}”").fill(name=name),
        place,
        "",
        instead(name, _own_texts()),
    )


def _first_notice() -> str:
    return next(id for id, text in _own_texts().items() if "\noverlay: true" not in text)


@lru_cache(maxsize=1)
def _own_texts() -> dict[str, str]:
    folder = resources.files("liangxin.policy") / "policies"
    return {
        entry.name.removesuffix(".yaml"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    }
