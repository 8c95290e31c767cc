"""Numbers of requests, reports and notices: each body's own register by year; a blank where the body has none (A3)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.cast import MINUTES, Cast, founding, the_cast  # noqa: F401

from liangxin.findings import InputError
from liangxin.procedure import Take, paper_from_json
from liangxin.web.procedures import numbers, services
from liangxin.web.procedures.models import Case, Paper, SerialNumber, SerialRegister

REPLY = Take(transition="reply_elect", minutes=MINUTES)


def sent(cast: Cast, number: int = 0) -> Case:
    case = services.start(cast.may(cast.leader), "founding", founding(cast, number))
    return cast.do(cast.leader, case, Take(transition="submit"))


def serials(case: Case) -> dict[str, str]:
    return dict(Paper.objects.filter(case=case).values_list("kind", "serial"))


@pytest.mark.clause("A3", "5.2")
def test_a_body_with_a_register_numbers_what_it_issues(cast: Cast) -> None:
    """The working committee asks and passes on under its own numbers, the town committee replies under its own."""
    numbers.open_register(cast.may(cast.office), "长非公党", 2011, 3, "working_committee")
    case = cast.do(cast.committee, sent(cast), REPLY)
    found = serials(case)
    assert ("长非公党〔2011〕3号", "长委〔2011〕1号", "长非公党〔2011〕4号") == (
        found["request"], found["reply"], found["notice"],
    )  # fmt: skip
    paper = paper_from_json(Paper.objects.get(case=case, kind="request").facts)
    assert paper.head is not None and "长非公党〔2011〕3号" == paper.head.serial == paper.serial
    assert {case.pk} == set(SerialNumber.objects.values_list("case_id", flat=True))
    assert ("", "") == (found["minutes"], found["roster"])


@pytest.mark.clause("A3")
def test_a_body_without_one_leaves_the_place_blank(cast: Cast) -> None:
    case = cast.do(cast.committee, sent(cast), REPLY)
    found = serials(case)
    assert ("", "长委〔2011〕1号", "") == (found["request"], found["reply"], found["notice"])
    assert [""] == list(SerialRegister.objects.values_list("issuer", flat=True))


@pytest.mark.clause("A3")
def test_a_refused_act_uses_no_number_of_any_body(cast: Cast, monkeypatch: Any) -> None:
    """What breaks after the documents are composed takes their numbers along: none is left out."""
    numbers.open_register(cast.may(cast.office), "长非公党", 2011, 1, "working_committee")
    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    real = services.record

    def broken(*given: Any, **more: Any) -> Any:
        if given[2] == "case.act":
            raise RuntimeError("broken for the test")
        return real(*given, **more)

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(services, "record", broken)
        cast.do(cast.leader, case, Take(transition="submit"))
    assert not SerialNumber.objects.exists()
    cast.do(cast.leader, case, Take(transition="submit"))
    assert "长非公党〔2011〕1号" == serials(case)["request"]


@pytest.mark.clause("A3")
def test_a_code_is_one_bodys_and_a_body_is_one_of_the_town(cast: Cast) -> None:
    office = cast.may(cast.office)
    numbers.open_register(office, "长非公党", 2011, 1, "working_committee")
    for body, issuer, code in (
        ("长非公党", "leading_group", "serial.body_taken"),
        ("长某", "nobody", "serial.issuer"),
    ):
        with pytest.raises(InputError) as refused:
            numbers.open_register(office, body, 2011, 1, issuer)
        assert [code] == [each.code for each in refused.value.findings]
    assert {"", "working_committee", "leading_group"} <= set(dict(numbers.issuers(cast.town)))


@pytest.mark.clause("A3")
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_page_opens_a_register_of_a_body(cast: Cast, as_person: Any, lang: str) -> None:
    """The town committee's stays the one that replies are numbered from, whatever is opened after it."""
    client = as_person(cast.office)
    client.cookies["django_language"] = lang
    address = f"/t/{cast.town.code}/procedures/numbers/"
    assert 'value="leading_group"' in client.get(address).content.decode()
    given = {"body": "长非公组", "year": "2011", "first": "7", "issuer": "leading_group"}
    assert 302 == client.post(f"{address}open/", given).status_code
    assert "leading_group" == SerialRegister.objects.get(body="长非公组").issuer
    case = cast.do(cast.committee, sent(cast), REPLY)
    assert "长委〔2011〕1号" == serials(case)["reply"]
