"""The `gongbao` command: the group, its exit codes and its one error line.

Each subcommand lives in `portal/commands/` under the noun it works on and is as thin as a view: arguments in, one
call to a room below, `emit` what came back. Modules are imported when a command is called, so `--help` is quick.
Exit codes: 0 success, 1 a finding of level error, 2 a usage or input error with one line on stderr.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from gazette.errors import GongbaoError
from portal.terminal import say, speak, terminal_language

#: Command name → module that holds it (attribute: the name with underscores), in the order help shows them.
COMMANDS = {
    "init": "store",
    "doctor": "doctor",
    "demo": "demo",
    "serve": "serve",
    "digitize": "digitize",
    "ingest": "digitize",
    "redigitize": "digitize",
    "issue": "issues",
    "validity": "validity",
    "cite": "validity",
    "version": "versions",
    "index": "search",
    "search": "search",
    "harvest": "harvest",
    "backup": "store",
    "restore": "store",
    "dataset": "datasets",
    "export": "datasets",
    "user": "users",
    "daily": "store",
}


class LazyGroup(click.Group):
    """Imports a command's module when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"portal.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        speak(command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongbao")
def cli() -> None:
    """公报：政府公报与规范性文件的开放数据平台。

    写入的一切都在 GONGBAO_HOME（默认 ./var）。
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    speak(cli)
    try:
        result: Any = cli.main(args=arguments, prog_name="gongbao", standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except GongbaoError as error:
        click.echo(f"gongbao: {error.message(terminal_language())}", err=True)
        code = error.exit_code
    except click.ClickException as error:
        click.echo(f"gongbao: {error.format_message()}", err=True)
        code = 2
    except click.Abort:
        click.echo(f"gongbao: {say('已中止')}", err=True)
        code = 130
    except BrokenPipeError:
        # The reader of our output went away (head, less); nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        # A folder that cannot be written, a full disk: the system's own words and the place.
        click.echo(f"gongbao: {error}", err=True)
        code = 2
    sys.exit(code)
