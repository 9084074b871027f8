"""What the documents say of the program is so: commands, dependencies and modules stand where they should."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from portal.cli import cli

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def _table(text: str, heading: str) -> str:
    """The rows of the table under a heading."""
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return "\n".join(line for line in section.splitlines() if line.startswith("|"))


def _documented_commands() -> set[str]:
    """`issue list\\|show` is issue list and issue show."""
    documented: set[str] = set()
    for span in re.findall(r"`([^`]+)`", _table(README, "命令")):
        name, _, below = span.partition(" ")
        documented |= {name, *(f"{name} {each}" for each in below.replace("\\", "").split("|") if each)}
    return documented


def _commands() -> set[str]:
    found: set[str] = set()
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        found.add(name)
        if isinstance(command, click.Group):
            found |= {f"{name} {each}" for each in command.commands}
    return found


def _dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *(each for extra in extras if extra != "test" for each in extras[extra])]
    return sorted({re.split(r"[\[><=~!; ]", each)[0] for each in named})


def _mapped() -> list[tuple[str, str]]:
    rows = re.findall(r"^\| `([\w/]+)/` \| (.*) \|$", _table(ARCHITECTURE, "The map"), re.MULTILINE)
    return [(room, module) for room, nouns in rows for module in re.findall(r"`([^`]+)`", nouns)]


def test_the_readme_lists_every_command_and_no_other():
    assert _documented_commands() == _commands()


@pytest.mark.parametrize("name", _dependencies())
def test_every_dependency_has_its_reason(name: str):
    words = re.sub(r"[^a-z0-9]", "", _table(ARCHITECTURE, "Dependencies, and why").lower())
    assert re.sub(r"[^a-z0-9]", "", name.lower()) in words


@pytest.mark.parametrize(("room", "module"), _mapped())
def test_every_module_on_the_map_exists(room: str, module: str):
    path = ROOT / room / module
    assert path.exists() or path.with_suffix(".py").exists()
