"""The table of default terms: what ships with the package, what an administrator may put in its place."""

from __future__ import annotations

import pytest

from gazette.errors import BadInput
from gazette.validity.default_terms import term_policies

GOOD = """
[[policy]]
place = "江城市"
source = "《江城市行政规范性文件管理规定》第二十条"
from = 2019-05-01
months = { notice = 12, trial = 24, other = 60 }
"""


def test_the_table_of_the_package_names_its_source():
    assert all(policy.source.startswith("《") for policy in term_policies())


def test_an_administrator_s_table_takes_its_place(tmp_path):
    file = tmp_path / "terms.toml"
    file.write_text(GOOD, "utf-8")
    (policy,) = term_policies(file)
    assert (policy.place, policy.months("江城市停车管理办法（试行）")) == ("江城市", 24)


def test_an_empty_table_turns_default_terms_off(tmp_path):
    file = tmp_path / "terms.toml"
    file.write_text("policy = []", "utf-8")
    assert term_policies(file) == ()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("", "policy"),
        (GOOD.replace("2019-05-01", '"2019年5月1日"'), "第1条规则的 from"),
        (GOOD.replace("trial = 24", 'trial = "两年"'), "第1条规则的 months.trial"),
        (GOOD.replace("other = 60", "other = 0"), "months.other"),
        (GOOD.replace("other = 60", "others = 60"), "months.other、others"),
        (GOOD + GOOD.replace('place = "江城市"', ""), "第2条规则的 place"),
        (GOOD.replace("months = {", "months = 5 # {"), "months.notice"),
        ("policy = [", "TOML|Invalid|line"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(tmp_path, wrong, named):
    file = tmp_path / "terms.toml"
    file.write_text(wrong, "utf-8")
    with pytest.raises(BadInput, match=named):
        term_policies(file)


def test_a_table_that_is_not_there_is_one_clear_error(tmp_path):
    with pytest.raises(BadInput, match="有效期规则表"):
        term_policies(tmp_path / "terms.toml")
