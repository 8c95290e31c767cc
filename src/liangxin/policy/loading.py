"""From the YAML files to a ``Policy`` of one day, or every error in them at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Final

from liangxin.findings import Finding, InputError, Place
from liangxin.policy.model import Policy
from liangxin.policy.naming import read_naming
from liangxin.policy.office import read_procedure
from liangxin.policy.overlay import boundaries, combined, is_overlay, refused_dates, refused_sections
from liangxin.policy.reading import Reader
from liangxin.policy.remarks import remark_on
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
from liangxin.yaml_tree import Items, Scalar, Table, decode_yaml, grow_tree, read_document

FORMAT: Final = "liangxin.policy/1"


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """What a policy says of itself. ``needs``: the ids of those it is based on or lays over itself."""

    id: str
    title: Text
    is_overlay: bool
    issued_on: date | None = None
    needs: tuple[str, ...] = ()


def available() -> tuple[PolicySummary, ...]:
    """The policies that come with the program, by id."""
    found: list[PolicySummary] = []
    for id in _own_texts():
        findings: list[Finding] = []
        found.append(_summary(NO_OTHERS.read(id, findings), findings))
    return tuple(found)


def own_text(id: str) -> str | None:
    """The YAML of a policy that comes with the program; None where there is none of that id."""
    return _own_texts().get(id)


def summarize_policy(text: str | bytes, *, name: str = "policy.yaml") -> PolicySummary:
    """What a policy's text says of itself. Raises InputError where even that cannot be read; ``check_policy_text`` says all else."""
    findings: list[Finding] = []
    return _summary(_read_document(name, text, findings), findings)


def _summary(table: Table | None, findings: list[Finding]) -> PolicySummary:
    if table is None:
        raise InputError(findings)
    reader = Reader(table, findings)
    id = reader.word("id")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,58}[a-z0-9]", id):
        reader.wrong(
            "policy_id",
            Text("编号写得不对", "This cannot be an id"),
            table.entries["id"].place if "id" in table.entries else table.place,
            id,
            Text(
                "小写字母、数字和连字符，3至60个，如 x-county-2026-3",
                "lower-case letters, digits and hyphens, 3 to 60, such as x-county-2026-3",
            ),
        )
    made = PolicySummary(
        id, reader.text("title"), reader.truth("overlay", False), reader.day("issued_on"), _named_in(table)
    )
    if findings:
        raise InputError(_once(findings))
    return made


def _named_in(table: Table) -> tuple[str, ...]:
    base, overlays = table.entries.get("based_on"), table.entries.get("overlays")
    named = [base, *(overlays.items if isinstance(overlays, Items) else ())]
    return tuple(each.text for each in named if isinstance(each, Scalar))


@dataclass(frozen=True, slots=True)
class Library:
    """Where a policy is found by its name: those that came with the program, then ``brought`` (id: YAML text).

    ``files``: a name may also be the path of a YAML file, for the command line. Nothing that came over a network may be.
    """

    brought: Mapping[str, str] = field(default_factory=dict)
    files: bool = False

    def read(self, name: str, findings: list[Finding], place: Place | None = None) -> Table | None:
        """The document of that name with its ``format`` checked; None where there is none or it cannot be read."""
        if name in _own_texts():
            table, found = _own_document(name)
            findings += found
            return table
        if name in self.brought:
            return _read_document(f"{name}.yaml", self.brought[name], findings)
        path = Path(name)
        if self.files and path.is_file():
            return _read_document(path.name, path.read_bytes(), findings)
        findings.append(self._unknown(name, place or Place()))
        return None

    def _unknown(self, name: str, place: Place) -> Finding:
        if self.files and (name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name):
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
            instead(name, (*_own_texts(), *self.brought)),
        )


NO_OTHERS: Final = Library()


def load_policy(
    id: str, *, as_of: date, overlays: Sequence[str] = (), library: Library = NO_OTHERS
) -> Policy:
    """The policy of that id as it holds on ``as_of``. An id is never a path, unless the library is of files.

    Overlays may be named with it ("changle-2011-44+branch-regulations-2018") or given apart. An overlay not yet in force
    on ``as_of`` changes nothing. Raises InputError with every error by file, line and column.

    >>> load_policy("changle-2011-44", as_of=date(2011, 8, 15)).parameter("staff_large")
    80.0
    """
    findings: list[Finding] = []
    chain, first, named = _named_chain(id, library, findings)
    layers, names = _layers(chain, first, (*named, *overlays), library, findings)
    return _finished(layers, names, as_of, findings)


def parse_policy(
    text: str | bytes,
    *,
    as_of: date,
    name: str = "policy.yaml",
    overlays: Sequence[str] = (),
    library: Library = NO_OTHERS,
) -> Policy:
    """The policy of a YAML text, or of its bytes in UTF-8, as it holds on ``as_of``. ``name``: what messages call it.

    What it is ``based_on``, and overlays, are found in the library. Raises InputError as ``load_policy``.
    """
    findings: list[Finding] = []
    layers, names = _layers(_parsed_chain(text, name, library, findings), name, overlays, library, findings)
    return _finished(layers, names, as_of, findings)


def read_policy(name: str | Path, *, as_of: date, overlays: Sequence[str] = ()) -> Policy:
    """For the command line: an id of ``available()`` or a YAML file, overlays too. Raises InputError as ``load_policy``."""
    return load_policy(str(name), as_of=as_of, overlays=overlays, library=Library(files=True))


def check_policy(name: str | Path, *, overlays: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Everything wrong with a policy (an id or a YAML file) on any day, as ``check_policy_text``."""
    library = Library(files=True)
    findings: list[Finding] = []
    chain, first, named = _named_chain(str(name), library, findings)
    return _checked(chain, first, (*named, *overlays), library, findings)


def remark_on_policy(name: str | Path) -> tuple[Finding, ...]:
    """What is no error and yet worth a look, in a policy without errors (an id or a YAML file): see ``remarks``."""
    chain, _, _ = _named_chain(str(name), Library(files=True), [])
    return remark_on(chain)


def check_policy_text(
    text: str | bytes,
    *,
    name: str = "policy.yaml",
    overlays: Sequence[str] = (),
    library: Library = NO_OTHERS,
) -> tuple[Finding, ...]:
    """Everything wrong with a policy on any day: each stretch of time in which other versions hold is read.

    An overlay is checked where it will be used: laid over the first notice that comes with the program.
    """
    findings: list[Finding] = []
    return _checked(_parsed_chain(text, name, library, findings), name, overlays, library, findings)


def _checked(
    chain: list[Table], name: str, overlays: Sequence[str], library: Library, findings: list[Finding]
) -> tuple[Finding, ...]:
    own: list[Table] = []
    if chain and is_overlay(chain[-1]):
        chain, own, name = _chain(_first_notice(), library, findings, ()), chain, _first_notice()
    layers, names = _layers(chain, name, overlays, library, findings)
    layers[len(chain) : len(chain)] = own
    if layers:
        for day in boundaries(layers):
            _build(layers, names, day, findings)
    return _once(findings)


def _finished(
    layers: Sequence[Table], names: tuple[str, ...], as_of: date, findings: list[Finding]
) -> Policy:
    if not layers:
        raise InputError(findings)
    policy = _build(layers, names, as_of, findings)
    if findings:
        raise InputError(_once(findings))
    return policy


@dataclass(frozen=True, slots=True)
class _Layers:
    """The documents of a policy in their order, and its day: a ``PolicySource``."""

    documents: tuple[Table, ...]
    names: tuple[str, ...]
    as_of: date

    def build(self, values: Mapping[str, float | bool]) -> Policy:
        return _finished((*self.documents, _value_layer(values, self.as_of)), self.names, self.as_of, [])


def _fingerprint(layers: Sequence[Table]) -> str:
    """Of the texts of all layers; hexadecimal."""
    texts = sha256()
    for layer in layers:
        words = next(iter(layer.keys.values()), None)
        texts.update(b"\0" if words is None else words.file.text.encode() + b"\0")
    return texts.hexdigest()


def _value_layer(values: Mapping[str, float | bool], day: date) -> Table:
    """An overlay that gives parameters other values from a day on."""
    source = {"zh": "试算", "en": "what-if"}
    tree = grow_tree(
        {
            "overlay": True,
            "parameters": {
                id: {"values": [{"from": day.isoformat(), "value": value, "source": source}]}
                for id, value in values.items()
            },
        },
        name="what-if",
    )
    assert isinstance(tree, Table)
    return tree


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
        naming=read_naming(document),
        procedure=read_procedure(rules),
        clauses=rules.clauses,
        texts=read_texts(document),
        source=_Layers(tuple(layers), names, as_of),
        sha256=_fingerprint(layers),
    )
    document.finish()
    return policy


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Each finding once, in the order of the file."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda f: (f.place.file, f.place.line or 0, f.place.offset or 0)))


def _layers(
    chain: list[Table], name: str, overlays: Sequence[str], library: Library, findings: list[Finding]
) -> tuple[list[Table], tuple[str, ...]]:
    """The policy's documents from the one it is based on to the last overlay, and the names of the overlays."""
    layers = list(chain)
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
            findings.append(Finding("policy_overlay", message.fill(id=name, base=_first_notice())))
            return [], ()  # all that a notice has would be called missing
    for overlay in overlays:
        wanted.setdefault(overlay, Place())
    for overlay, place in wanted.items():
        table = library.read(overlay, findings, place)
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


def _named_chain(
    name: str, library: Library, findings: list[Finding]
) -> tuple[list[Table], str, Sequence[str]]:
    """The chain of the policy that a name begins with, its own name, and the overlays joined to it by “+”."""
    first, *named = [name] if library.files and Path(name).is_file() else name.split("+")
    return _chain(first, library, findings, ()), first, named


def _name_of(table: Table, name: str) -> str:
    own = table.entries.get("id")
    return own.text if isinstance(own, Scalar) else name


def _chain(
    name: str, library: Library, findings: list[Finding], path: tuple[str, ...], place: Place | None = None
) -> list[Table]:
    """The document of that name with those it is ``based_on`` before it."""
    if name in path:
        message = Text("based_on 成了圈：{path}", "based_on goes round in a circle: {path}")
        findings.append(
            Finding("policy_circle", message.fill(path=" → ".join((*path, name))), place or Place())
        )
        return []
    table = library.read(name, findings, place)
    return [] if table is None else _on_its_base(table, library, findings, (*path, name))


def _parsed_chain(text: str | bytes, name: str, library: Library, findings: list[Finding]) -> list[Table]:
    table = _read_document(name, text, findings)
    return [] if table is None else _on_its_base(table, library, findings, (_name_of(table, name),))


def _on_its_base(
    table: Table, library: Library, findings: list[Finding], path: tuple[str, ...]
) -> list[Table]:
    base = table.entries.get("based_on")
    if not isinstance(base, Scalar):
        return [table]
    return [*_chain(base.text, library, findings, path, base.place), table]


@lru_cache(maxsize=32)
def _own_document(id: str) -> tuple[Table | None, tuple[Finding, ...]]:
    """A document of our own; trees are never changed, so a second load need not read it again."""
    findings: list[Finding] = []
    return _read_document(f"{id}.yaml", _own_texts()[id], findings), tuple(findings)


def _read_document(name: str, text: str | bytes, findings: list[Finding]) -> Table | None:
    file = decode_yaml(name, text, findings)
    table = read_document(file, findings) if file is not None else None
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
