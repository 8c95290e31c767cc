"""The YAML tree keeps every word's line and column, however it is written."""

from __future__ import annotations

import pytest

from liangxin.findings import Finding
from liangxin.yaml_tree import File, Scalar, Table, read_document


def read(text: str) -> tuple[Table | None, list[Finding]]:
    findings: list[Finding] = []
    return read_document(File("县.yaml", text), findings), findings


@pytest.mark.parametrize(
    "text",
    [
        "when: staff >= 80 and staf < 90\n",
        'when: "staff >= 80 and staf < 90"\n',
        "when: 'staff >= 80 and staf < 90'\n",
        "when: >-\n  staff >= 80\n  and staf < 90\n",
        "when: |\n  staff >= 80\n    and staf < 90\n",
        "when: staff >= 80\n  and staf < 90\n",
        'when: "staff >= 80\n  and staf < 90"\n',
        "when: &rule staff >= 80 and staf < 90\n",
        "规则:\n  - {名: 甲, when: staff >= 80 and staf < 90}\n",
        "when: 'name == ''x'' and staf < 90'\n",
        'when: "name == \\"x\\" and staf < 90"\n',
    ],
)
def test_a_place_inside_a_word(text: str) -> None:
    """The place of ``staf`` is found in plain, quoted, folded and flow style."""
    tree, findings = read(text)
    assert [] == findings
    assert tree is not None
    node = tree.entries.get("when")
    while node is None:
        ((_, tree),) = tree.entries.items()  # the nested example
        tree = tree.items[0]
        node = tree.entries.get("when")
    assert isinstance(node, Scalar)
    place = node.place_of(node.text.index("staf <"))
    line = text.splitlines()[place.line - 1]
    assert "staf <" == line[place.offset - 1 : place.offset + 5]


def test_the_end_of_a_word() -> None:
    """An expression that ends too early is pointed at just after its last letter."""
    tree, _ = read("when: staff >=\nnext: 1\n")
    node = tree.entries["when"]
    place = node.place_of(len(node.text))
    assert (1, 15) == (place.line, place.offset)


@pytest.mark.parametrize(
    ("text", "line", "column", "zh", "en"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3, 2, "这里不是正确的 YAML，请检查缩进、冒号和引号", "This is not correct YAML; check indentation, colons and quotation marks"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "“a”写了两次，第一次在第1行", "“a” is written twice, first on line 1"),
        ("", None, None, "文件是空的", "The file is empty"),
        ("- 1\n", 1, 1, "文件最外层要写“名称: 内容”", "The outermost level must be “name: content”"),
        ("a: 1\n[x]: 2\n", 2, 1, "冒号前要写一个名称", "A name is needed before the colon"),
        ("a: *none\n", 1, 4, "前面没有“&none”", "There is no “&none” before this"),
        ("a: &a [*a]\n", 1, 8, "前面没有“&a”", "There is no “&a” before this"),
        ("a: 1\n---\nb: 2\n", 2, 1, "一个文件只写一份内容（“---”后面不能再有）", "One file holds one document (nothing after “---”)"),
        ("a: " + "[" * 100000, 1, 23, "嵌套超过20层", "Nested deeper than 20 levels"),
        ("镇: 水竹\nb: \ud800\n", 2, 4, "这里有 YAML 不允许的字符", "A character that YAML does not allow"),
        ("a: 1\nb: \x01\n", 2, 4, "这里有 YAML 不允许的字符", "A character that YAML does not allow"),
    ],
    ids=["syntax", "twice", "empty", "list", "key", "alias", "itself", "two", "deep", "surrogate", "letter"],
)  # fmt: skip
def test_what_cannot_be_read(text: str, line: int | None, column: int | None, zh: str, en: str) -> None:
    """One clear message with its place; no file brings the reader down."""
    _, findings = read(text)
    (finding,) = findings
    assert (line, column, zh, en) == (
        finding.place.line,
        finding.place.offset,
        finding.message.zh,
        finding.message.en,
    )


def test_an_anchor_is_the_same_content() -> None:
    """``*name`` stands for what ``&name`` marked."""
    tree, findings = read("a: &x {n: 1}\nb: *x\n")
    assert [] == findings
    assert tree.entries["a"] == tree.entries["b"]


@pytest.mark.parametrize("escape", ["\\0", "\\x01", "\\e", "\\x7f", "\\uFFFE"])
@pytest.mark.parametrize("text", ['a: 1\nb: "x{0}"\n', 'a: ["{0}"]\n"{0}": 2\n'])
def test_an_escape_is_no_way_around(text: str, escape: str) -> None:
    """What no database keeps is refused at its place, also as a key or written as an escape."""
    _, findings = read(text.format(escape))
    assert findings and {"character"} == {each.code for each in findings}
    assert findings[-1].place.line == 2 and findings[0].found.startswith("U+")
