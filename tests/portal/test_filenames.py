"""File names in headers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from portal.filenames import content_disposition


def test_a_chinese_name_is_kept():
    kind, options = parse_options_header(content_disposition("江城市条例.docx"))
    assert (kind, options["filename"]) == ("attachment", "江城市条例.docx")


@given(st.text())
def test_no_name_leaves_its_header_or_names_a_path(name):
    header = content_disposition(name)
    header.encode("latin-1")
    assert header.isprintable()
    assert "/" not in parse_options_header(header)[1]["filename"]
