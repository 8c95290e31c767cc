"""A proposal goes from a task group to an organization that stands, in a real browser, and every document is opened."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader
from tests.browser.conftest import DESKTOP, PHONE, follow
from tests.browser.test_accessibility import findings
from tests.web.cast import MINUTES, PDF, TODAY, Cast, founding, the_cast  # noqa: F401

from liangxin.procedure import Take
from liangxin.web.organizations import queries as organizations
from liangxin.web.organizations import services as tree
from liangxin.web.plans.models import PlanRun
from liangxin.web.procedures import services
from liangxin.web.procedures.models import Case, Paper
from liangxin.web.units.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[..., Page]


@pytest.fixture
def published(cast: Cast) -> PlanRun:
    """The plan of the sample, solved and made the town's proposal by the office."""
    from liangxin.web.plans.services import Options, publish, start

    tree.found_framework(cast.town, None, frozenset({"3.3a", "3.3b"}))
    run = start(cast.may(cast.office), Options(time_limit=10))
    run.refresh_from_db()
    publish(cast.may(cast.office), run)
    return run


def opened(page: Page) -> int:
    """Every document of the case on the page, as Word and as PDF, with the words of its kind in it; gives their number."""
    from docx import Document

    links = page.locator("#papers .papers a").evaluate_all("all => all.map(each => each.href)")
    kinds = page.locator("#papers .papers th").all_inner_texts()
    assert 2 * len(kinds) == len(links) > 0
    for href in links:
        answer = page.request.get(href)
        assert answer.ok, href
        if href.endswith(".pdf"):
            assert "".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.body())).pages).strip()
        else:
            made = Document(io.BytesIO(answer.body()))
            assert any(each.text.strip() for each in made.paragraphs) or made.tables
    return len(kinds)


def press(page: Page, act: str, **typed: str) -> None:
    """Open the act's form, fill it in, press its button."""
    form = page.locator(f"form[action$='/do/{act}/']")
    details = page.locator("details.act", has=form)
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    for name, value in typed.items():
        form.locator(f"[name={name}]").fill(value)
    follow(page, form.locator("button"))


MEETING = {"minutes_entitled": "9", "minutes_present": "8", "minutes_in_favour": "8"}


@pytest.mark.slow
@pytest.mark.clause("5.2", "4.3", "A3")
def test_from_the_groups_proposal_to_the_founded_organization(
    cast: Cast, published: PlanRun, sign_in: SignIn
) -> None:
    """The seventh group begins from the plan; approval, request, reply, election, reply on the result, filing."""
    from tests.web.conftest import person

    from liangxin.registry.access import Role

    town = cast.town
    group = next(each for each in town.as_core().task_groups if each.id == "G7")
    leader = person("第七组长", town, Role.GROUP_LEADER, group.id)
    home = f"/t/{town.code}/procedures/"
    ours = sign_in(leader)
    ours.goto(home + "plan/")
    assert 1 == ours.locator("input[name=group]").count(), "a group begins only its own"
    ours.check("input[name=group]")
    ours.click("text=发起选中的")
    ours.wait_for_url("**/case/*/")
    press(ours, "submit")
    assert "领导小组审批" in ours.inner_text(".steps [aria-current]")

    approving = sign_in(cast.leading_group)
    approving.goto(home)
    assert "1" == approving.inner_text("nav .waits")
    follow(approving, approving.locator(".case-list td.title a").first)
    press(approving, "approve", reason="同意")
    assert 1 <= opened(approving)

    ours.reload()
    follow(ours, ours.locator("text=拟写各党组织的请示"))
    rows = ours.locator("tbody tr", has_text="关于成立")
    joint = rows.filter(has_text="联合党支部").first
    title = joint.locator("td").nth(1).inner_text()
    joint.locator("input[type=checkbox]").check()
    ours.click("text=发起选中的请示")
    ours.wait_for_url("**/case/*/")
    assert "还没有签承诺书" in ours.inner_text("#ways"), "what is missing is said before the button"
    ours.fill("input[name=commitment-all]", TODAY.isoformat())
    follow(ours, ours.get_by_role("button", name="保存"))
    press(ours, "submit")
    address = ours.url
    case = Case.objects.get(title=title)

    deciding = sign_in(cast.committee)
    deciding.goto(address)
    press(deciding, "reply_elect", **(MEETING | {"minutes_in_favour": "4"}))
    assert "没有过半" in deciding.inner_text(".error-summary")
    press(deciding, "reply_elect", minutes_in_favour="8")
    assert "长委〔2011〕1号" in deciding.inner_text("#papers")
    assert case.organization in organizations.day_tree(town, TODAY).organizations
    assert set(
        Unit.objects.filter(town=town, organization_id=case.organization).values_list("unit_id", flat=True)
    )

    ours.goto(address)
    entitled = ours.input_value("[name=vote_entitled]")
    ours.fill("details[open] [name=vote_present]", "1")
    ours.fill("details[open] [name=votes]", "1")
    ours.wait_for_selector("text=选举无效")
    ours.fill("details[open] [name=vote_present]", entitled)
    ours.fill("details[open] [name=votes]", entitled)
    ours.wait_for_selector("text=已选出")
    press(ours, "report_result")
    deciding.goto(address)
    press(deciding, "reply_result")
    ours.goto(address)
    ours.set_input_files(
        "[name=evidence]", {"name": "备案回执.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    press(ours, "file")
    assert "办结" in ours.inner_text(".head")
    assert {"request", "roster", "commitment", "reply", "minutes", "notice", "election_report", "result_reply", "filing_report"} == set(
        Paper.objects.filter(case=case).values_list("kind", flat=True)
    )  # fmt: skip
    assert 9 == opened(ours)
    ours.goto(f"/t/{town.code}/organizations/one/{case.organization}/")
    assert "长委〔2011〕1号" in ours.inner_text("main")


@pytest.mark.clause("4.3")
def test_in_english_and_on_a_phone(cast: Cast, sign_in: SignIn) -> None:
    """A founding replied to in English on a phone: nothing scrolls sideways, the documents open in English."""
    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    cast.do(cast.leader, case, Take(transition="submit"))
    page = sign_in(cast.committee, lang="en", size=PHONE)
    page.goto(f"/t/{cast.town.code}/procedures/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    follow(page, page.locator(".case-list td.title a").first)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    press(page, "reply_elect", **MEETING)
    assert "Done: reply: agreed" in page.inner_text("#messages")
    assert 5 == opened(page)


@pytest.mark.clause("5.2")
def test_two_approvers_at_once(cast: Cast, sign_in: SignIn) -> None:
    """Both have the page open; the second to press reads who was first, and the case is as the first left it."""
    from tests.web.conftest import person

    from liangxin.registry.access import Role

    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    cast.do(cast.leader, case, Take(transition="submit"))
    second = person("镇党委乙", cast.town, Role.COMMITTEE)
    address = f"/t/{cast.town.code}/procedures/case/{case.pk}/"
    one, two = sign_in(cast.committee), sign_in(second)
    one.goto(address)
    two.goto(address)
    press(one, "reply_elect", **MEETING)
    press(two, "refuse", **MEETING, reason="再议")
    assert "镇党委已于2011-08-15先办了" in two.inner_text(".error-summary")
    assert "组织选举" in two.inner_text(".steps [aria-current]")


@pytest.mark.parametrize(("size", "lang"), [(DESKTOP, "zh-hans"), (PHONE, "en")], ids=["desktop", "phone"])
def test_no_serious_finding_on_the_pages_of_a_case(
    cast: Cast, sign_in: SignIn, size: dict[str, int], lang: str
) -> None:
    """Lists, a case at each kind of step with every form open, several at once: everything axe calls serious or worse."""
    cases = [services.start(cast.may(cast.leader), "founding", founding(cast, number)) for number in range(3)]
    for case in cases[:2]:
        cast.do(cast.leader, case, Take(transition="submit"))
    home = f"/t/{cast.town.code}/procedures/"
    wrong: dict[str, list[str]] = {}

    def look(page: Page, what: str) -> None:
        page.wait_for_load_state("networkidle")
        page.evaluate("for (const each of document.querySelectorAll('details.act')) each.open = true")
        if found := findings(page):
            wrong[what] = found

    deciding = sign_in(cast.committee, lang=lang, size=size)
    deciding.goto(home)
    look(deciding, "list")
    deciding.locator("[name=case]").first.check()
    deciding.locator("[name=case]").nth(1).check()
    follow(deciding, deciding.locator("button[form=together]"))
    look(deciding, "together")
    deciding.goto(f"{home}case/{cases[0].pk}/")
    look(deciding, "committee")
    press(deciding, "reply_elect", **(MEETING | {"minutes_in_favour": "1"}))
    look(deciding, "refused")
    cast.do(cast.committee, cases[0], Take(transition="reply_elect", minutes=MINUTES))
    ours = sign_in(cast.leader, lang=lang, size=size)
    ours.goto(f"{home}case/{cases[0].pk}/")
    look(ours, "election")
    ours.goto(f"{home}case/{cases[2].pk}/")
    look(ours, "request")
    assert {} == wrong
