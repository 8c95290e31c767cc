"""``liangxin policy new``: from a notice's own text to a draft policy."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from liangxin.cli.language import language, say, tell

if TYPE_CHECKING:
    from liangxin.policy.drafting import Card, Draft, Sentence


@click.command(
    "new",
    help=say(
        "由通知的文字起草一份政策：每条规则上面是它的原句，要人来定的标“待定”；最后列出没有用上的句子。"
        "不联网，不用语言模型；只是草稿，逐条核对后再用。\n\n例：liangxin policy new --from 通知.docx --out 我县.yaml",
        "Draft a policy from the text of a notice: every rule under its sentence, what is for somebody to decide marked "
        "“待定”; the sentences that no rule uses are listed at the end. Offline, no language model. A draft: check each "
        "rule before using it.\n\nExample: liangxin policy new --from notice.docx --out my-county.yaml",
    ),
)
@click.option(
    "--from", "source", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=say("通知：.docx、.txt 或有文字的 .pdf", "The notice: .docx, .txt, or a .pdf with text in it"),
)  # fmt: skip
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help=say("写到这个文件", "Write this file")
)  # fmt: skip
@click.option(
    "--id",
    "policy_id",
    help=say("政策编号，默认取文件名", "Id of the policy; by default from the file's name"),
)
@click.option("--json", "as_json", is_flag=True, help=say("输出 JSON", "Print JSON"))
def command(source: Path, out: Path, policy_id: str | None, as_json: bool) -> None:
    from liangxin.files.notices import read_notice
    from liangxin.files.whole import output_file
    from liangxin.findings import InputError, Place
    from liangxin.policy import check_policy_text, summarize_policy
    from liangxin.policy.drafting import compose_policy, draft_policy, refuse_contradictions

    if out.exists():
        raise InputError.of(
            "exists", "已经有这个文件，没有改动它", "This file is there already and was not changed",
            place=Place(file=str(out)),
        )  # fmt: skip
    draft = draft_policy(read_notice(source))
    refuse_contradictions(draft)
    assert draft.heading.issued_on is not None
    id = policy_id or _id_from(out.stem, draft.heading.issued_on.year)
    title = draft.heading.title or source.stem
    text = compose_policy(
        draft, [card.id for card in draft.cards], id=id, title=title, issued_on=draft.heading.issued_on
    )
    summarize_policy(text, name=out.name)  # the id that was asked for
    findings = check_policy_text(text, name=out.name)
    if findings:
        raise InputError(findings)
    with output_file(out) as scratch:
        scratch.write_text(text, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(document(draft, out, id), ensure_ascii=False, indent=2))
    else:
        _print(draft, out)


def _id_from(stem: str, year: int) -> str:
    """A file's name where it can be an id, else one of the year."""
    return stem if re.fullmatch(r"[a-z0-9][a-z0-9-]{1,58}[a-z0-9]", stem) else f"draft-{year}"


def document(draft: Draft, out: Path, id: str) -> dict[str, Any]:
    return {
        "file": str(out),
        "id": id,
        "title": draft.heading.title,
        "serial": draft.heading.serial,
        "issued_on": draft.heading.issued_on.isoformat() if draft.heading.issued_on else None,
        "issued_on_guessed": draft.heading.issued_on_guessed,
        "cards": [_card(card) for card in draft.cards],
        "remainder": [_sentence(each) for each in draft.remainder],
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "kind": card.kind,
        "rule": card.rule.as_dict(),
        "certainty": card.certainty,
        "open": [each.as_dict() for each in card.open],
        "sentence": _sentence(card.sentence),
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {"clause": sentence.clause, "text": sentence.text, "start": sentence.start, "end": sentence.end}


def _print(draft: Draft, out: Path) -> None:
    from liangxin.policy.drafting import KINDS

    click.echo(
        say(f"写出 {out}。草稿，逐条核对后再用。", f"Wrote {out}. A draft: check each rule before using it.")
    )
    if draft.heading.issued_on_guessed:
        day = draft.heading.issued_on
        click.echo(
            say(
                f"发文日期没有写清，按 {day} 起草，请核对。",
                f"The day of issue is not clear; {day} was taken, check it.",
            )
        )
    for kind, label in KINDS.items():
        cards = [card for card in draft.cards if card.kind == kind]
        if not cards:
            continue
        click.echo(f"{tell(label)} {len(cards)}")
        for card in cards:
            clause = f"[{card.sentence.clause}] " if card.sentence.clause else ""
            click.echo(f"  {clause}{tell(card.rule)}")
            for each in card.open:
                click.echo(
                    f"      {say('待定', 'to be decided')}{say('：', ': ')}{each.in_language(language())}"
                )
    click.echo(
        say(
            f"没有用上的句子（有数字、日期或“应、必须、全部”）{len(draft.remainder)} 句",
            f"Sentences with a number, a day or a duty that no rule uses: {len(draft.remainder)}",
        )
        + (say("：", ":") if draft.remainder else "")
    )
    for sentence in draft.remainder:
        clause = f"[{sentence.clause}] " if sentence.clause else ""
        click.echo(f"  {clause}{sentence.text}")
