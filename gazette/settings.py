"""Settings: one frozen dataclass per room, parsed once at the edge and passed in.

Values come from, in rising order: the defaults, `gongbao.toml` in the working directory (one table per room),
environment variables `GONGBAO_<FIELD>` for the record and `GONGBAO_<ROOM>_<FIELD>` for the other rooms.
`gongbao doctor` and the settings page are printed from the fields themselves.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from gazette.errors import GongbaoError

S = TypeVar("S", bound="RoomSettings")


class SettingInvalid(GongbaoError):
    code = "setting.invalid"
    zh, en = "设置 {name} 的值无效：{value}", "The setting {name} has an invalid value: {value}"


def setting(default: Any, help: str) -> Any:
    """A dataclass field with one line of help."""
    return field(default=default, metadata={"help": help})


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "float": float,
    "Path": Path,
    "bool": lambda text: {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()],
}


@dataclass(frozen=True, kw_only=True)
class RoomSettings:
    """Base of every room's settings. `room` names the TOML table; the record's variables carry no prefix."""

    room: ClassVar[str] = ""

    @classmethod
    def variable(cls, name: str) -> str:
        """The environment variable of the field `name`."""
        middle = "" if cls.room == "gazette" else f"{cls.room.upper()}_"
        return f"GONGBAO_{middle}{name.upper()}"

    @classmethod
    def load(cls: type[S], environ: Mapping[str, str] | None = None, file: Path | None = None) -> S:
        """Read the settings. Raises SettingInvalid for a value or a file that does not parse."""
        environ = os.environ if environ is None else environ
        file = Path("gongbao.toml") if file is None else file
        try:
            table = tomllib.loads(file.read_text("utf-8")).get(cls.room, {}) if file.is_file() else {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingInvalid(name=file.name, value=error) from error
        values: dict[str, Any] = {}
        for each in fields(cls):
            raw = environ.get(cls.variable(each.name), table.get(each.name))
            if raw is None:
                continue
            try:
                values[each.name] = _PARSERS[str(each.type).split(" |")[0]](str(raw))
            except (KeyError, ValueError) as error:
                raise SettingInvalid(name=cls.variable(each.name), value=raw) from error
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class RecordSettings(RoomSettings):
    """Settings of the record."""

    room: ClassVar[str] = "gazette"

    home: Path = setting(Path("var"), "Folder that holds everything that is written")
    database_url: str = setting("", "SQLAlchemy URL; empty means SQLite inside the home folder")
    blobs_url: str = setting("", "fsspec URL of the blob folder; empty means a folder inside the home folder")
    max_file_bytes: int = setting(64 * 1024 * 1024, "Largest file that is opened")
    max_unpacked_bytes: int = setting(256 * 1024 * 1024, "Most bytes that an archive may unpack to")
    read_timeout_s: float = setting(
        60.0, "Most processor seconds a file, or a few pages of a long one, may take to be read"
    )
    read_longest_s: float = setting(
        6 * 3600.0, "After so many seconds the reading of a long file pauses; read again, it goes on from there"
    )
    accept_from: float = setting(0.9, "How sure an effect read from a text must be (0-1) to count without an editor")
    term_policies: str = setting("", "TOML file of default terms by place; empty means the table of the package")
    status_labels: str = setting("", "TOML file of further official labels; they go before those of the package")
    consolidate: str = setting(
        "propose", "What an amending decision makes of a held text: propose (an editor publishes), publish, off"
    )
    read_memory_bytes: int = setting(2 * 1024**3, "Most memory a reader process may use")

    def __post_init__(self) -> None:
        # A relative home means the folder we were started in, also to child processes that stand elsewhere.
        object.__setattr__(self, "home", self.home.absolute())

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'gongbao.db'}"

    @property
    def blob_folder(self) -> str:
        return self.blobs_url or str(self.home / "blobs")
