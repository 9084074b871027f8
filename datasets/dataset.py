"""A dataset and its resources as plain values, and the words an editor describes them with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from gazette.errors import BadInput, NotFound

#: Data Package names know no Chinese; the Chinese name is the title.
NAME = re.compile(r"[a-z0-9][-a-z0-9._]{0,99}")


class DatasetState(StrEnum):
    """draft: only editors see it; published; withdrawn: its page says so."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Access(StrEnum):
    """开放类型. Words, never the bare codes: platforms number them differently."""

    OPEN = "无条件开放"
    CONDITIONAL = "有条件开放"
    CLOSED = "不予开放"


UPDATE_CYCLES = ("实时", "每日", "每周", "每月", "每季度", "每半年", "每年", "不定期", "不更新", "其他")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetMeta:
    """What an editor says of a dataset."""

    name: str
    title: str
    description: str = ""
    provider: str | None = None
    theme: str | None = None
    update_cycle: str = "不定期"
    access: Access = Access.OPEN
    license: str | None = None
    keywords: tuple[str, ...] = ()
    issued: date | None = None

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> DatasetMeta:
        """From a metadata file; unknown keys and words outside the vocabularies raise BadInput."""
        known = dict(data)
        try:
            known["access"] = Access(known.get("access", Access.OPEN))
            known["keywords"] = tuple(known.get("keywords", ()))
            return cls(**known)
        except (TypeError, ValueError) as error:
            raise BadInput(why=f"数据集元数据不合规：{error}") from error

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise BadInput(
                why=f"数据集名称“{self.name}”只能由小写字母、数字和 - . _ 组成，且以字母或数字开头，中文名称请写入标题"
            )
        if not self.title.strip():
            raise BadInput(why="数据集标题不能为空")
        if self.update_cycle not in UPDATE_CYCLES:
            raise BadInput(why=f"更新周期“{self.update_cycle}”不在目录内：{'、'.join(UPDATE_CYCLES)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDraft:
    """One table ready to be stored: digests of blobs already put, and what the check found.

    `sha256`, `bytes` and `media_type` describe the original file; `table_sha256` and `table_bytes` the cleaned UTF-8
    CSV. `schema` is a Table Schema that this CSV keeps; `report` is what the check found.
    """

    name: str
    title: str
    file_name: str
    media_type: str
    sha256: str
    bytes: int
    table_sha256: str
    table_bytes: int
    rows: int
    schema: dict[str, Any]
    report: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(ResourceDraft):
    """One table of a dataset, as it is kept."""

    id: str
    dataset: str

    @property
    def is_table(self) -> bool:
        """False for a resource of JSON lines, which has no columns to ask about."""
        return bool(self.schema.get("fields"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A dataset as it is kept: what an editor says of it (DatasetMeta), its state and its tables."""

    id: str
    name: str
    title: str
    description: str
    provider: str | None
    theme: str | None
    update_cycle: str
    access: Access
    license: str | None
    keywords: tuple[str, ...]
    state: DatasetState
    issued: date | None
    modified: datetime
    resources: tuple[Resource, ...]

    def to_json(self) -> dict[str, Any]:
        """The dataset without the schemas and reports of its resources, which are long."""
        data: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        return data | {
            "access": self.access.value,
            "state": self.state.value,
            "keywords": list(self.keywords),
            "issued": self.issued.isoformat() if self.issued else None,
            "modified": self.modified.isoformat(),
            "valid": self.valid,
            "resources": [
                {name: getattr(each, name) for name in each.__slots__ if name not in {"schema", "report", "dataset"}}
                for each in self.resources
            ],
        }

    @property
    def valid(self) -> bool:
        """No resource has a problem of level error (页面上的“校验通过”)."""
        return all(resource.report.get("valid", True) for resource in self.resources)


def find_resource(dataset: Dataset, name: str) -> Resource | None:
    return next((resource for resource in dataset.resources if resource.name == name), None)


def get_resource(dataset: Dataset, name: str) -> Resource:
    if (resource := find_resource(dataset, name)) is None:
        raise NotFound(what=f"数据集 {dataset.name} 的资源 {name}")
    return resource
