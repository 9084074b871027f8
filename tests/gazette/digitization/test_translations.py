"""English copies: recognised as translations, named in Chinese, never a source of validity."""

from __future__ import annotations

import pytest

from tests.gazette.digitization.builders import codes, one_draft, read_here

TEXT = "In order to implement the deployment of the State Council, all localities shall publish their catalogues. " * 6
ITEMS = "First, strengthen publicity\n(a) Publish catalogues.\n(2) Answer in time.\n(three) Review every year.\n"


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        (
            "Circular of the General Office of the People's Government of Zhejiang Province on Publicity",
            "浙江省人民政府办公厅",
        ),
        (
            "Notice of the General Office of Guangdong Provincial People's Government on Publicity",
            "广东省人民政府办公厅",
        ),
        ("Notice of the People's Government of Inner Mongolia Autonomous Region on Grassland", "内蒙古自治区人民政府"),
        ("Notice of Beijing Municipal People’s Government on Traffic and on the Roads of the City", "北京市人民政府"),
        ("Notice of the Ministry of Ecology and Environment on the Catalogue of Hazardous Waste", "生态环境部"),
        ("Notice of the General Office of the State Council on Printing and Distributing the Points", "国务院办公厅"),
        ("State Council Office on the issuance of the forest fire plan notice", "国务院办公厅"),
        ("Guangdong Provincial People's Government Office on measures to stabilize employment", "广东省人民政府办公厅"),
        ("Ministry of Finance State Administration of Taxation Notice on the policy of the tax", "财政部"),
    ],
)
def test_the_issuer_is_named_in_chinese(head: str, issuer: str):
    assert one_draft(f"{head}\n{TEXT}\n{ITEMS}").issuers == (issuer,)


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Guo Ban Fa [2020] No.17", "国办发〔2020〕17号"),
        ("State Office [2018] No. 23", "国办发〔2018〕23号"),
        ("Guofa (2019) No. 5", "国发〔2019〕5号"),
        ("State Council Issued 〔2015〕 No 43", "国发〔2015〕43号"),
        ("State Issued (2018) No. 39", "国发〔2018〕39号"),
        ("State Council Office [2018] No. 23", "国办发〔2018〕23号"),
        ("State Office Letter [2018] No. 7", "国办函〔2018〕7号"),
    ],
)
def test_a_mangled_number_is_read_back(printed: str, number: str):
    draft = one_draft(f"Notice on doing what the plan says in the coming year\n{printed}\n{TEXT}\n{ITEMS}")
    assert str(draft.doc_number) == number
    assert draft.issuers


def test_mixed_numerals_are_items_and_nothing_about_validity_is_read():
    text = f"Notice of the State Council on Publicity and so on\n{TEXT}\n{ITEMS}The old measures shall be repealed."
    read = read_here(text)
    (draft,) = read.drafts
    assert (draft.is_translation, draft.effects, draft.language) == (True, (), "en")
    assert "translation.machine" in codes(read)
    assert [child.num for child in draft.body[-1].children][:3] == ["(a)", "(2)", "(three)"]
