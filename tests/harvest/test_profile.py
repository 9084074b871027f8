"""What a site declares."""

from __future__ import annotations

import json

import pytest

from harvest.profile import Profile, ProfileInvalid, read_profile

DECLARED = """
name = "lincheng-water"
title = "临城市水务局"
agency = "临城市水务局"
start_urls = ["https://slj.lincheng.example/gk/"]
"""


def test_four_lines_declare_a_source():
    profile = read_profile(DECLARED, name="x")
    assert profile.agency == "临城市水务局"
    assert profile.pause_s > 0
    assert profile.reach.hosts == {"slj.lincheng.example"}
    assert not profile.local


def test_a_profile_survives_its_json():
    profile = read_profile(DECLARED + '[labels]\nindex_number = ["目录号"]\n', name="x")
    assert Profile.from_json(json.loads(json.dumps(profile.to_json()))) == profile


def test_a_site_adds_its_own_words_for_a_label():
    profile = read_profile(DECLARED + '[labels]\nindex_number = ["目录号"]\n', name="x")
    assert profile.field_of("目 录 号：") == "index_number"
    assert profile.field_of("发文字号") == "doc_number"
    assert profile.field_of("浏览次数") is None


@pytest.mark.parametrize(
    "wrong",
    [
        "name = ",
        'name = "a"',
        DECLARED + 'layout = "none"',
        DECLARED + 'colour = "red"',
        DECLARED + "pause_s = -1.0",
        DECLARED + 'attachments = "burn"',
        DECLARED.replace("lincheng-water", "../x"),
        DECLARED.replace('["https://slj.lincheng.example/gk/"]', "[]"),
    ],
)
def test_a_wrong_profile_is_one_clear_error(wrong):
    with pytest.raises(ProfileInvalid):
        read_profile(wrong, name="x")
