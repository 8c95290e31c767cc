"""Who may only see counts reads no firm's name: not in the name of an organization, nor in a file, a list or a record."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from tests.web.cast import Cast, the_cast  # noqa: F401
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.web.accounts.permission import permit
from liangxin.web.areas.services import save_town
from liangxin.web.audit.services import record
from liangxin.web.organizations import queries
from liangxin.web.units.models import Unit

ONLY_COUNTS = [Role.COUNTY_READER, Role.ADMINISTRATOR]


def addresses(resolver: URLResolver, prefix: str = "") -> list[str]:
    """Every address of a town that needs no further name, with the API's."""
    found = []
    for each in resolver.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            found += addresses(each, path)
        elif isinstance(each, URLPattern):
            found.append(path)
    return found


@pytest.fixture
def named(recorded: Any, alice: Any) -> Any:
    """Organizations named after firms: in the tree, in the town file, in the record of what was done."""
    held = queries.tree_of(recorded)
    assert any(
        str(Unit.objects.filter(town=recorded, unit_id=unit).get().name)[:6] in each.name
        for each in queries.day_tree(recorded, recorded.today).organizations.values()
        for unit in each.units
    )
    assert held
    return recorded


def sensitive(town: Any) -> list[str]:
    names = [str(name) for name in Unit.objects.filter(town=town).values_list("name", flat=True)]
    return [name for name in names if len(name) >= 5]


@pytest.mark.parametrize("role", ONLY_COUNTS)
def test_no_page_and_no_answer_names_a_firm(role: Role, named: Any, as_person: Any) -> None:
    """Every address of the site that the role may open, with every organization's own page."""
    who = person("counts", named, role)
    client = as_person(who)
    shapes = [f"/{path}" for path in addresses(get_resolver()) if "town" in path or "code" in path]
    tree = queries.day_tree(named, named.today)
    some = [id for id, each in tree.organizations.items() if each.units][:8]
    opened, leaks = 0, []
    names = re.compile("|".join(map(re.escape, sensitive(named))))
    for shape in shapes:
        path = re.sub(r"<(?:str:|slug:)?town>|<town:town>|<[^>]*town>", named.code, shape)
        path = path.replace("<str:section>", "areas")
        wanted = (
            [re.sub(r"<[^>]*organization>", id, path) for id in some] if "organization>" in path else [path]
        )
        for each in wanted:
            if "<" in each or "^" in each:
                continue
            for query in (
                ("", "?view=table", "?view=chart", "?view=changes&since=2000-01-01")
                if each.endswith("organizations/")
                else ("",)
            ):
                answer = client.get(each + query)
                if answer.status_code != 200:
                    continue
                opened += 1
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                if found := names.findall(body.decode("utf-8", "replace")):
                    leaks.append((each + query, found[:2]))
    assert [] == leaks and opened > 10


@pytest.mark.parametrize("role", ONLY_COUNTS)
def test_the_api_names_none_either(role: Role, named: Any, api: Any = None) -> None:
    """Tree, one organization with its history, what changed."""
    from liangxin.web.api import reads
    from liangxin.web.api.rooms import organizations

    may = permit(person("counts", named, role), named)
    tree = reads.organizations(may, None)
    said = str(tree) + "".join(str(organizations._history(may, each["id"])) for each in tree["organizations"])
    assert [] == [name for name in sensitive(named) if name in said]
    assert any("（" in each["name"] for each in tree["organizations"])
    assert any("联合" in each["name"] or "村" in each["name"] for each in tree["organizations"])


def test_who_reads_units_reads_the_names(named: Any, alice: Any) -> None:
    """The office sees the tree as it is."""
    from liangxin.web.api import reads

    real = {each.name for each in queries.day_tree(named, named.today).organizations.values()}
    assert real == {each["name"] for each in reads.organizations(permit(alice, named), None)["organizations"]}


def test_a_town_file_sent_back_loses_no_name(named: Any, as_person: Any) -> None:
    """The administrator edits the file that they were shown: names they did not see stay what they are."""
    client = as_person(person("counts", named, Role.ADMINISTRATOR))
    firm = Unit.objects.filter(town=named, removed=False, kind="enterprise").first()
    before = named.as_core()
    first = before.organizations[0]
    from dataclasses import replace

    called = replace(first, name=f"{firm.name}党支部")
    save_town(named, replace(before, organizations=(called, *before.organizations[1:])))
    address = f"/t/{named.code}/settings/town-file/"
    page = client.get(address)
    text = page.context["text"]
    assert firm.name not in page.content.decode() and f"（{first.id}）" in text
    assert 302 == client.post(address, {"text": text}).status_code
    named.refresh_from_db()
    assert f"{firm.name}党支部" == named.as_core().organizations[0].name


def test_the_record_of_what_was_done_names_none(named: Any, alice: Any, as_person: Any) -> None:
    """Words of the audit log, on the page and in the file that an administrator takes along."""
    firm = Unit.objects.filter(town=named, removed=False, kind="enterprise").first().name
    record(
        alice,
        named,
        "document.export",
        "export",
        "1",
        reason=f"给{firm}看",
        detail={"filter": f"名称含 {firm}", "file": f"{firm}.xlsx"},
    )
    client = as_person(person("counts", named, Role.ADMINISTRATOR))
    page = client.get(f"/t/{named.code}/audit/").content.decode()
    file = b"".join(client.get(f"/t/{named.code}/audit/export.csv").streaming_content).decode()
    assert "给某单位看" in page and "给某单位看" in file and firm not in page + file
    assert firm in as_person(alice).get(f"/t/{named.code}/audit/").content.decode()


def test_a_refusal_is_one_line_in_the_log(named: Any, as_person: Any) -> None:
    """403 without a traceback; an error of the server keeps its own."""
    import logging

    from liangxin.web.refusals import WithoutTraceback

    said = logging.makeLogRecord({"status_code": 403, "exc_info": (ValueError, ValueError(), None)})
    kept = logging.makeLogRecord({"status_code": 500, "exc_info": (ValueError, ValueError(), None)})
    assert WithoutTraceback().filter(said) and WithoutTraceback().filter(kept)
    assert said.exc_info is None and kept.exc_info is not None
    from django.conf import settings

    assert ["refusals"] == settings.LOGGING["handlers"]["console"]["filters"]


def branch_of(town: Any, id: str, name: str) -> None:
    """One more organization of the town file, of a form that many units share, and in the tree."""
    from dataclasses import replace

    from liangxin.registry.town import OrganizationRecord
    from liangxin.structure import Record
    from liangxin.web.organizations import services

    before = town.as_core()
    record = OrganizationRecord(id, name, "branch", before.organizations[0].id, form="zone")
    save_town(town, replace(before, organizations=(*before.organizations, record)))
    root = queries.day_tree(town, town.today).root
    services.perform(
        town, None, [Record(on=None, id=id, name=name, type="branch", parent=root.id, form="zone")]
    )


def test_a_name_that_the_firm_no_longer_bears_is_one(named: Any, alice: Any, as_person: Any) -> None:
    """A branch of any form that is called as the firm was once called."""
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text

    unit = Unit.objects.filter(town=named, removed=False, kind="enterprise").first()
    once = "长乐望潮精密铸造有限公司"
    for name in (once, "长乐观海重工有限公司"):
        unit.refresh_from_db()
        write(named, alice, "edit", Text("改名", "renamed"), [Edit(unit, {"name": name})])
    branch_of(named, "O-77", "望潮精密铸造联合党支部")
    client = as_person(person("counts", named, Role.ADMINISTRATOR))
    pages = ("organizations/", "organizations/?view=table", "settings/town-file/")
    shown = "".join(client.get(f"/t/{named.code}/{page}").content.decode() for page in pages)
    assert "望潮" not in shown and "（O-77）" in shown
    assert "望潮" in as_person(alice).get(f"/t/{named.code}/{pages[0]}").content.decode()


def test_no_new_number_holds_a_name(named: Any, alice: Any) -> None:
    from dataclasses import replace

    from liangxin.files.town import format_town
    from liangxin.findings import InputError
    from liangxin.registry.town import OrganizationRecord
    from liangxin.web.administration.services import replace_town_file

    firm = Unit.objects.filter(town=named, removed=False, kind="enterprise").first().name
    before = named.as_core()
    added = [
        OrganizationRecord(id, "某支部", "branch", before.organizations[0].id)
        for id in (f"{firm}支部", "O-78")
    ]
    with pytest.raises(InputError) as refused:
        replace_town_file(
            named, alice, format_town(replace(before, organizations=(*before.organizations, *added)))
        )
    assert ["organization-id"] == [each.code for each in refused.value.findings]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR])
def test_a_search_confirms_no_name(role: Role, named: Any, alice: Any) -> None:
    """Who guesses the name of a firm, or of its branch, learns by no search of the log whether it is there."""
    from liangxin.web.audit.queries import Search, found
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text

    unit = Unit.objects.filter(town=named, removed=False, kind="enterprise").first()
    write(named, alice, "edit", Text("改", "edit"), [Edit(unit, {"staff": 7})])
    branch_of(named, "O-79", f"{unit.name}联合党支部")
    counts, office = permit(person("counts", named, role), named), permit(alice, named)
    for words in (unit.name, f"{unit.name}联合党支部"):
        assert found(office, Search(object=words)).exists()
        assert not found(counts, Search(object=words)).exists()
    assert found(counts, Search(object="O-79")).exists()
