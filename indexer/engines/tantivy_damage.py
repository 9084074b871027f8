"""How damage to a Tantivy index tells itself: by what reading raises, and by the checksums its files end with."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path

import orjson

#: How messages begin where a file cannot be read or written, ends too soon or holds what it cannot.
_SAYINGS = ("An IO error occurred", "Data corrupted", "Failed to open file", "An error occurred in a thread")
#: A file ends with its checksum in JSON, the length of that, and a number that marks the end.
_MARK, _LONGEST_FOOTER = 1337, 1 << 14
_PIECE = 1 << 20
#: The files of every segment.
_PARTS = frozenset((".term", ".idx", ".pos", ".fast", ".fieldnorm", ".store"))


def is_damage(error: BaseException) -> bool:
    """Whether reading met a damaged file. What Tantivy did not foresee reaches Python as a panic of Rust's."""
    if type(error).__name__ == "PanicException" or isinstance(error, orjson.JSONDecodeError):
        return True
    return isinstance(error, ValueError) and str(error).startswith(_SAYINGS)


def is_sound(folder: Path) -> bool:
    """Whether the files that the last commit in `folder` names are there and have their checksums. Only for the holder
    of the writer's lock: files that are merged meanwhile would be missed."""
    try:
        state = json.loads((folder / "meta.json").read_text("utf-8"))
        segments = {segment["segment_id"].replace("-", "") for segment in state["segments"]}
        held: dict[str, set[str]] = {each: set() for each in segments}
        for file in folder.iterdir():
            if file.stem.split(".")[0] in segments:
                held[file.stem.split(".")[0]].add(file.suffix)
                if not _is_whole(file):
                    return False
    except (OSError, ValueError, KeyError):
        return False
    return all(parts >= _PARTS for parts in held.values())


def _is_whole(file: Path) -> bool:
    with file.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, size - 8))
        length, mark = (int.from_bytes(opened.read(4), "little") for _ in range(2))
        body = size - 8 - length
        if mark != _MARK or length > _LONGEST_FOOTER or body < 0:
            return False
        opened.seek(body)
        told = json.loads(opened.read(length))["crc"]
        opened.seek(0)
        checksum = 0
        while piece := opened.read(min(_PIECE, body - opened.tell())):
            checksum = zlib.crc32(piece, checksum)
    return bool(checksum == told)
