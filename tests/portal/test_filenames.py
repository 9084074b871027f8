"""File names in headers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage
from werkzeug.http import parse_options_header

from portal.filenames import content_disposition, name_of


@given(st.one_of(st.text(), st.sampled_from(["..", "../..", "a\\..", "公" * 300, "a\0b"])))
def test_what_a_stranger_calls_a_file_is_one_name_in_our_folder(name):
    kept = name_of(FileStorage(filename=name))
    assert kept not in {"", ".", ".."}
    assert not {"/", "\\", "\0"} & set(kept)
    assert len(kept.encode()) <= 255


def test_a_chinese_name_is_kept():
    kind, options = parse_options_header(content_disposition("江城市条例.docx"))
    assert (kind, options["filename"]) == ("attachment", "江城市条例.docx")


@given(st.text())
def test_no_name_leaves_its_header_or_names_a_path(name):
    header = content_disposition(name)
    header.encode("latin-1")
    assert header.isprintable()
    assert "/" not in parse_options_header(header)[1]["filename"]
