"""The command-line library's own sentences in Chinese: usage, missing and invalid arguments, unknown names.

click asks gettext for each sentence under the name ``_`` in its modules, but ships no Chinese. Its modules are given
this table instead of a compiled catalogue, so that the words stand here where they can be read and tested.
"""

from __future__ import annotations

import gettext
from typing import Any, Final

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

from liangxin.wording import Lang

WORDS: Final = {
    "Aborted!": "已中断。",
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Usage:": "用法：",
    "Missing command.": "没有写命令。",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "用“{command} {option}”看用法。",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing {param_type}": "缺少 {param_type}",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "No such option {name!r}.": "没有选项 {name!r}。",
    "No such command {name!r}.": "没有命令 {name!r}。",
    "unknown error": "不明错误",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename!r}：{message}",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是数字（{number_type}）。",
    "{value} is not in the range {range}.": "{value} 不在范围 {range} 内。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} 不是是或否。可填：{states}",
    "{value!r} is not {choice}.": "{value!r} 不是 {choice}。",
    "{value!r} is not one of {choices}.": "{value!r} 不在可选的 {choices} 里。",
    "{value!r} does not match the format {format}.": "{value!r} 不是 {format} 格式。",
    "{value!r} does not match the formats {formats}.": "{value!r} 不是 {formats} 中任何一种格式。",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
    "{name} {filename!r} is a file.": "{name} {filename!r} 是文件。",
    "{name} {filename!r} is a directory.": "{name} {filename!r} 是文件夹。",
    "{name} {filename!r} is not readable.": "{name} {filename!r} 不能读。",
    "{name} {filename!r} is not writable.": "{name} {filename!r} 不能写。",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "Show this message and exit.": "显示这段说明。",
    "Got unexpected extra argument ({args})": "多了参数（{args}）",
    "Got unexpected extra arguments ({args})": "多了参数（{args}）",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是其中一个：{possibilities}？）",
    "Option {name!r} requires an argument.": "选项 {name!r} 后面要有值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name!r} 后面要有 {nargs} 个值。",
    "Option {name!r} does not take a value.": "选项 {name!r} 后面不能有值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name!r} 要 {nargs} 个值。",
    "Takes {nargs} values but 1 was given.": "要 {nargs} 个值，只给了1个。",
    "Takes {nargs} values but {len} were given.": "要 {nargs} 个值，给了 {len} 个。",
}


_ENGLISH: Final[dict[str, Any]] = {"_": gettext.gettext, "ngettext": gettext.ngettext}


def _chinese(words: str) -> str:
    return WORDS.get(words, words)


def _chinese_number(one: str, many: str, count: int) -> str:
    return _chinese(one if count == 1 else many)


def speak(lang: Lang) -> None:
    """Let click say its own sentences in this language from now on, in this process."""
    chosen = {"_": _chinese, "ngettext": _chinese_number} if lang == "zh" else _ENGLISH
    for module in (
        click.core,
        click.decorators,
        click.exceptions,
        click.formatting,
        click.parser,
        click.types,
    ):
        for name, spoken in chosen.items():
            if hasattr(module, name):
                setattr(module, name, spoken)
