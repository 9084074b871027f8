import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.citations.titles import letters, names_document, normal_title, split_title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中华人民共和国公司法", "公司法"),
        ("《中华人民共和国公司法》", "公司法"),
        ("公司法（2018年修正）", "公司法"),
        ("公司法(2018-10-26)", "公司法"),
        ("公司法（2023修订）", "公司法"),
        ("中华人民共和国 审计法", "审计法"),
        ("关于修改〈公司法〉的决定", "关于修改《公司法》的决定"),
        ("解释（一）", "解释(一)"),
        ("【已失效】某某办法", "某某办法"),
        ("某办法（2024年2月18日起施行，有效期至2029年2月17日）", "某办法"),
    ],
)
def test_one_title_in_two_prints_is_one(one, other):
    assert normal_title(one) == normal_title(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("某某办法（试行）", "某某办法"),
        ("某某暂行办法", "某某办法"),
        ("刑法修正案（十一）", "刑法修正案（十二）"),
        ("产业结构调整指导目录（2019年本）", "产业结构调整指导目录（2024年本）"),
        ("某办法（草案）", "某办法"),
    ],
)
def test_two_documents_keep_two_titles(one, other):
    assert normal_title(one) != normal_title(other)


def test_the_version_mark_is_kept_apart():
    parts = split_title("中华人民共和国公司法（2018年修正）")
    assert (parts.name, parts.suffix, parts.year) == ("公司法", "2018年修正", 2018)


def test_letters_ignores_layout_and_punctuation():
    assert letters("第 一　条，（一）ＡＢ①") == "第一条一AB1"


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    once = letters(text)
    assert letters(once) == once


def test_papers_that_bear_title_marks_are_told_from_documents():
    papers = tomllib.loads(files("gazette").joinpath("data/papers.toml").read_text("utf-8"))
    assert not any(names_document(each) for each in papers["yes"] + papers["bare"])
    assert all(names_document(each) for each in papers["no"])
