"""Every sentence a person reads exists in Chinese and in English: an untranslated one fails here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import liangxin

SOURCE = Path(liangxin.__file__).parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
TYPED = ("统一社会信用代码", "单位名称", "编号", "长委〔2011〕44号", "是", "否", "有", "无", "待核")
"""What people type or read in their own files: named as it stands, in English sentences too."""
FILES = sorted(path for path in SOURCE.rglob("*.py"))


def without_typed(words: str) -> str:
    for word in TYPED:
        words = words.replace(word, "")
    return words


def literal(node: ast.AST) -> str | None:
    """The constant text of a string or f-string (places shown as {}), else None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) or "{}" for part in node.values)
    return None


def pairs(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """(line, zh, en) of every Text(zh, en) and say(zh, en) whose words are written out."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        if name in {"Text", "say"}:
            zh, en = literal(node.args[0]), literal(node.args[1])
            if zh is not None and en is not None:
                yield node.lineno, zh, en


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_both_languages_say_something(path: Path) -> None:
    """A pair has words on both sides, and no Chinese is left in the English (names in quotation marks aside)."""
    wrong: list[str] = []
    for line, zh, en in pairs(ast.parse(path.read_text(encoding="utf-8"))):
        if bool(zh.strip()) != bool(en.strip()):
            wrong.append(f"{line}: one side is empty: {zh!r} / {en!r}")
        bare = re.sub(r"[\"“‘'(（〔][^\"”’')）〕]*[\"”’')）〕]", "", without_typed(en))
        if CHINESE.search(bare):
            wrong.append(f"{line}: Chinese in the English: {en!r}")
    assert [] == wrong


def test_the_check_sees_an_untranslated_pair() -> None:
    """The check above can fail."""
    assert [(1, "名单", "")] == list(pairs(ast.parse('Text("名单", "")')))


OUTPUT_CALLS = {
    "echo",
    "secho",
    "write",
    "print",
    "UsageError",
    "BadParameter",
    "ClickException",
    "prompt",
    "confirm",
}


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if "cli" in path.parts],
    ids=lambda path: path.relative_to(SOURCE).as_posix(),
)
def test_the_command_speaks_through_say(path: Path) -> None:
    """What the command prints goes through say() or a Text, never as a bare sentence in one language."""
    wrong: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in OUTPUT_CALLS:
            for argument in node.args:
                words = literal(argument)
                if words and re.search(r"[A-Za-z\u3400-\u9fff]{2,}", words) and " / " not in words:
                    wrong.append(f"{node.lineno}: {words!r}")
    assert [] == wrong


TEMPLATES = sorted(SOURCE.rglob("*.html"))
SAY = re.compile(r"{%\s*say\s+(\"[^\"]*\"|'[^']*')\s+(\"[^\"]*\"|'[^']*')[^%]*%}")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_pages_speak_both_languages(path: Path) -> None:
    """Chinese stands in a page only within a ``say`` with both languages; every ``say`` has both."""
    text = path.read_text(encoding="utf-8")
    pairs = [(zh[1:-1], en[1:-1]) for zh, en in SAY.findall(text)]
    assert [] == [zh for zh, en in pairs if CHINESE.search(without_typed(en))]
    rest = SAY.sub("", re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.S))
    allowed = "中文"  # the button that leads to the other language names it in that language
    assert [] == [
        line.strip()[:80] for line in rest.splitlines() if CHINESE.search(line.replace(allowed, ""))
    ]
