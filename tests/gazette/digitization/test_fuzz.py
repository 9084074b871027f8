"""Damaged files of every format: read as far as they go, or refused with one clear error. Never anything else."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.digitization.digitize import digitize_here
from gazette.digitization.readers import ocr, pdf
from gazette.draft import SourceFile
from gazette.errors import CopyUnreadable, Level
from tests.damage import damage, samples

SAMPLES = samples()


@pytest.fixture(autouse=True)
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without text stay pictures: recognition has tests of its own."""
    monkeypatch.setattr(pdf, "find_recognizer", lambda: None)
    monkeypatch.setattr(ocr, "find_recognizer", lambda: None)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_read_whole(name: str):
    assert digitize_here(SourceFile(name=name, data=SAMPLES[name])).drafts


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_is_read_or_refused(name: str, seed: int):
    _read_or_refuse(name, damage(SAMPLES[name], random.Random(seed)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"<?xml version='1.0'?><Gazette>"]),
    data=st.binary(max_size=400),
)
def test_any_bytes_are_read_or_refused(start: bytes, data: bytes):
    _read_or_refuse("a.bin", start + data)


def _read_or_refuse(name: str, data: bytes) -> None:
    try:
        read = digitize_here(SourceFile(name=name, data=data))
    except CopyUnreadable:
        return
    assert read.drafts or any(finding.level is Level.ERROR for finding in read.findings)
