"""Profiles: what a site declares. Some ten lines of TOML; a layout and the vocabulary of labels do the rest.

    name = "jiangcheng-market"
    title = "江城市市场监督管理局政府信息公开专栏"
    agency = "江城市市场监督管理局"
    start_urls = ["https://scjgj.jiangcheng.example/gkml/index.html"]
    layout = "column"

Every field of `Profile` may be declared; what is not comes from the layout (data/layouts.toml) or has a default.
The words of metadata labels (索引号, 发文机关 …) are those of `gazette.digitization.labels`; `labels` adds a site's
own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any

from gazette.digitization.labels import element_of_label
from gazette.errors import GongbaoError
from harvest.reach import Reach, host_of

_NAME = re.compile(r"[a-z][a-z0-9-]{1,58}")


class ProfileInvalid(GongbaoError):
    code = "harvest.profile_invalid"
    zh, en = "来源配置 {name} 有误：{why}", "The source profile {name} is wrong: {why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A site of list pages, detail pages and attachments. Selectors are CSS.

    `detail_url` and `list_url` narrow which links of a list are followed (regular expressions over the address).
    `labels` adds this site's own words for a field. `attachments` is keep (bytes are stored) or skip.
    `pause_s` is the delay between two requests, `every_days` how often a success is due. `local` is for a site on
    this machine.
    """

    name: str
    title: str
    agency: str
    start_urls: tuple[str, ...]
    more_hosts: tuple[str, ...] = ()
    language: str = "zh"
    pause_s: float = 2.0
    every_days: int = 1
    local: bool = False
    list_pages: int = 500
    list_item: str
    list_link: str
    list_date: str
    next_page: str
    next_words: tuple[str, ...]
    detail_url: str | None = None
    title_selector: str
    metadata: str
    content: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attachments: str = "keep"
    attachment_types: tuple[str, ...] = ("pdf", "doc", "docx", "xls", "xlsx", "csv", "ofd", "wps", "zip", "txt", "rtf")

    @property
    def reach(self) -> Reach:
        hosts = {host_of(url) for url in self.start_urls} | set(self.more_hosts)
        return Reach(hosts=frozenset(hosts), local=self.local)

    def field_of(self, label: str) -> str | None:
        """The field a printed label names, e.g. 「索 引 号：」 is index_number."""
        word = bare(label)
        own = (name for name, words in self.labels.items() if word in map(bare, words))
        return next(own, None) or element_of_label(word)

    def to_json(self) -> dict[str, Any]:
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Profile:
        return cls(**{name: _frozen(value) for name, value in data.items()})


def bare(label: str) -> str:
    """A label without spaces, colons and brackets."""
    return re.sub(r"[\s　:：\[\]【】]+", "", label)


def read_profile(text: str, *, name: str) -> Profile:
    """A profile from TOML. `name` is for the message. Raises ProfileInvalid."""
    try:
        declared = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileInvalid(name=name, why=str(error)) from error
    layout = declared.pop("layout", "column")
    if layout not in _layouts():
        raise ProfileInvalid(name=name, why=f"没有布局 {layout}")
    values = {**_layouts()[layout], **declared}
    unknown = sorted(values.keys() - {each.name for each in fields(Profile)})
    if unknown:
        raise ProfileInvalid(name=name, why=f"不认识的项 {'、'.join(unknown)}")
    try:
        profile = Profile.from_json(values)
    except TypeError as error:
        raise ProfileInvalid(name=name, why="缺少必填项（name、title、agency、start_urls）") from error
    return _checked(profile)


def _checked(profile: Profile) -> Profile:
    if not _NAME.fullmatch(profile.name):
        raise ProfileInvalid(name=profile.name, why="name 只能用小写字母、数字和连字符")
    if not profile.start_urls:
        raise ProfileInvalid(name=profile.name, why="没有起始网址")
    for url in profile.start_urls:
        profile.reach.check_url(url)
    if profile.attachments not in ("keep", "skip"):
        raise ProfileInvalid(name=profile.name, why="attachments 只能是 keep 或 skip")
    if profile.pause_s < 0 or profile.every_days < 1:
        raise ProfileInvalid(name=profile.name, why="pause_s 不得为负，every_days 至少为 1")
    return profile


@cache
def _layouts() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("harvest").joinpath("data/layouts.toml").read_text("utf-8"))


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {key: _frozen(each) for key, each in value.items()}
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value
