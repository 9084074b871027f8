"""The command line in both languages: help, options, every line printed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import portal.commands
from portal.cli import COMMANDS, cli
from portal.terminal import say, speak

CHINESE = re.compile("[\u4e00-\u9fff]")
#: What is Chinese in English help as well, being a term.
TERMS = re.compile("栏目")


def every_command(command: click.Command | None = None, name: str = "gongbao") -> Iterator[tuple[str, click.Command]]:
    command = command or cli
    speak(command)
    yield name, command
    if command is cli:
        inner = {each: cli.get_command(click.Context(cli), each) for each in COMMANDS}
    else:
        inner = getattr(command, "commands", {})
    for each, below in inner.items():
        yield from every_command(below, f"{name} {each}")


def helps() -> list[tuple[str, str]]:
    said = []
    for name, command in every_command():
        said.append((name, command.help or ""))
        said += [(f"{name} {each.opts[0]}", each.help) for each in command.params if getattr(each, "help", None)]
    return said


def test_help_is_said_in_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert [each for each in helps() if CHINESE.search(TERMS.sub("", each[1])) or not each[1]] == []
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert [each for each in helps() if not CHINESE.search(each[1])] == []


def printed() -> Iterator[tuple[str, str]]:
    """Every line that the commands print, with 7 for each fact in it."""
    for file in sorted(Path(str(portal.commands.__file__)).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "tell",
                "say",
                "with_pages",
                "told_progress",
            }:
                for each in node.args:
                    yield from ((file.name, text) for text in texts_of(each))


def texts_of(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from texts_of(one)
            yield from texts_of(other)
        case ast.BoolOp(values=each):
            yield from (text for one in each for text in texts_of(one))


def test_every_line_that_is_printed_has_its_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    lines = [(file, text) for file, text in printed() if CHINESE.search(text)]
    assert len(lines) > 30
    assert [(file, text) for file, text in lines if CHINESE.search(say(text))] == []
