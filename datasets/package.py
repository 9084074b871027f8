"""A dataset as a Data Package: one zip, valid for frictionless, byte for byte the same whenever nothing changed.

Inside: `datapackage.json`, each cleaned table as UTF-8 CSV under `data/`, the file as it came under `original/`, what
the check found under `reports/`. We write the zip ourselves, for frictionless stamps it with the time of the call.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

from datasets.catalogue import get_dataset
from datasets.dataset import Dataset, Resource
from gazette.blobs import Blobs
from gazette.store import Store

#: The earliest time a zip can tell; the real ones stand in datapackage.json.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LICENSE_ID = re.compile(r"[-a-zA-Z0-9._]+")


def package(store: Store, name: str) -> bytes:
    """The dataset's Data Package; raises NotFound."""
    target = io.BytesIO()
    with store.read() as session:
        dataset = get_dataset(session, name)
    write_package(dataset, store.blobs, target)
    return target.getvalue()


def write_package(dataset: Dataset, blobs: Blobs, target: IO[bytes]) -> None:
    """Write the package to a file; one blob is in memory at a time."""
    with zipfile.ZipFile(target, "w") as archive:
        write_entry(archive, "datapackage.json", json_bytes(descriptor(dataset)))
        for path, data in sorted(_plan(dataset).items()):
            write_entry(archive, path, blobs.get(data) if isinstance(data, str) else data)


def descriptor(dataset: Dataset) -> dict[str, Any]:
    """`datapackage.json`: Data Package properties, the Chinese catalogue's own under `gongbao:`."""
    data: dict[str, Any] = {
        "name": dataset.name,
        "title": dataset.title,
        "description": dataset.description,
        "created": dataset.modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "keywords": list(dataset.keywords),
        "contributors": [{"title": dataset.provider, "role": "publisher"}] if dataset.provider else [],
        "licenses": [_license(dataset.license)] if dataset.license else [],
        "gongbao:theme": dataset.theme,
        "gongbao:updateCycle": dataset.update_cycle,
        "gongbao:access": dataset.access.value,
        "gongbao:issued": dataset.issued.isoformat() if dataset.issued else None,
        "resources": [resource_descriptor(resource) for resource in dataset.resources],
    }
    return {key: value for key, value in data.items() if value not in (None, [], "")}


def resource_descriptor(resource: Resource) -> dict[str, Any]:
    """One resource: path, size and hash of the cleaned table, its schema, and where the original stands."""
    data: dict[str, Any] = {
        "name": resource.name,
        "title": resource.title,
        "path": table_path(resource),
        "encoding": "utf-8",
        "bytes": resource.table_bytes,
        "hash": f"sha256:{resource.table_sha256}",
    }
    if not resource.is_table:
        return data | {"type": "text", "format": "jsonl", "mediatype": "application/x-ndjson"}
    data |= {"type": "table", "format": "csv", "mediatype": "text/csv", "schema": resource.schema}
    if original := _original_path(resource):
        data["gongbao:original"] = {
            "path": original,
            "mediatype": resource.media_type,
            "bytes": resource.bytes,
            "hash": f"sha256:{resource.sha256}",
        }
    if resource.report:
        data["gongbao:valid"] = resource.report.get("valid", True)
    return data


def table_path(resource: Resource) -> str:
    return f"data/{resource.name}.{'csv' if resource.is_table else 'jsonl'}"


def json_bytes(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def write_entry(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    """One file of a zip, without time, owner or machine."""
    info = zipfile.ZipInfo(path, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    archive.writestr(info, data, compresslevel=6)


def _plan(dataset: Dataset) -> dict[str, str | bytes]:
    """Path to digest of a blob, or to the bytes themselves."""
    plan: dict[str, str | bytes] = {}
    for resource in dataset.resources:
        plan.update(_files(resource))
    return plan


def _files(resource: Resource) -> Iterator[tuple[str, str | bytes]]:
    yield table_path(resource), resource.table_sha256
    if original := _original_path(resource):
        yield original, resource.sha256
    if resource.report:
        yield f"reports/{resource.name}.json", json_bytes(resource.report)


def _original_path(resource: Resource) -> str | None:
    """Where the file as it came lies; None for what is its own original. The hash keeps two files of one name apart."""
    if resource.sha256 == resource.table_sha256:
        return None
    name = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', "_", resource.file_name).lstrip(".") or "file"
    return f"original/{resource.sha256[:8]}-{name[-100:]}"


def _license(name: str) -> dict[str, str]:
    if _LICENSE_ID.fullmatch(name):
        return {"name": name}
    return {"name": "other", "title": name}
