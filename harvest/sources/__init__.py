"""The registry of sources: the profiles in this folder, those of the user, and the packages we can read.

A user's own profiles are the `*.toml` in `sources/` under GONGBAO_HOME.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from gazette.errors import NotFound
from harvest.china_law import ChinaLawPackage
from harvest.profile import ProfileInvalid, read_profile
from harvest.site import Site
from harvest.source import Source


class SourceUnknown(NotFound):
    code = "harvest.source_unknown"
    zh, en = "没有来源 {what}（可用 gongbao harvest list 查看）", "There is no source {what} (see gongbao harvest list)"


def list_sources(home: Path | None = None) -> tuple[Source, ...]:
    """Every source we know how to harvest, by name. `home` adds the user's own profiles.

    Raises ProfileInvalid for a name used twice.
    """
    found: dict[str, Source] = {}
    for source in (*_built_in(), *(_read(path) for path in _own_profiles(home)), ChinaLawPackage()):
        if source.name in found:
            raise ProfileInvalid(name=source.name, why="名称已被另一来源使用")
        found[source.name] = source
    return tuple(found[name] for name in sorted(found))


def get_source(name: str, home: Path | None = None) -> Source:
    """The source of that name; raises SourceUnknown."""
    for source in list_sources(home):
        if source.name == name:
            return source
    raise SourceUnknown(what=name)


def _built_in() -> tuple[Source, ...]:
    folder = files(__name__)
    named = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    return tuple(Site(read_profile(folder.joinpath(name).read_text("utf-8"), name=name)) for name in named)


def _own_profiles(home: Path | None) -> tuple[Path, ...]:
    return tuple(sorted((home / "sources").glob("*.toml"))) if home else ()


def _read(path: Path) -> Source:
    return Site(read_profile(path.read_text("utf-8"), name=path.name))
