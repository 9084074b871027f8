"""The terminal's language: Chinese, or English where LC_ALL, LC_MESSAGES or LANG begins with "en".

Commands speak Chinese; `commands/phrases.toml` says the same in English, the notes and reasons of the rooms below are
in books of their own. Help is looked up either way, so that each option is explained in the language of the rest.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib.resources import files
from inspect import cleandoc

import click

from gazette.phrases import phrase_book

BOOK = "commands/phrases.toml"


def terminal_language() -> str:
    """`en` or `zh`."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "zh"
    return "en" if wanted.startswith("en") else "zh"


def say(text: str) -> str:
    """`text`, which is Chinese, in the terminal's language; as it is where no book knows it."""
    if terminal_language() == "zh":
        return text
    for book in (phrase_book("portal", BOOK), phrase_book("gazette"), phrase_book("indexer", "phrases.toml")):
        if (said := book.say(text)) != text:
            return said
    return text


def tell(text: str, *, err: bool = False) -> None:
    """Lines for people, in the terminal's language."""
    click.echo("\n".join(map(say, text.split("\n"))), err=err)


def speak(command: click.Command) -> None:
    """Put the help of a command, its options and its subcommands into the terminal's language."""
    helps = _helps(terminal_language())
    command.help = helps.get(cleandoc(command.help or ""), command.help)
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = helps.get(option.help or "", option.help)
    if isinstance(command, click.Group):
        for each in command.commands.values():
            speak(each)


@cache
def _helps(language: str) -> dict[str, str]:
    other = "zh" if language == "en" else "en"
    rows = tomllib.loads((files("portal") / BOOK).read_text("utf-8"))["phrase"]
    return {row[other]: row[language] for row in rows if "{" not in row["zh"]}
