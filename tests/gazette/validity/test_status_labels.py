import pytest

from gazette.errors import BadInput
from gazette.validity.status_labels import label_status, label_words


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("现行有效", "in_force"),
        ("有效", "in_force"),
        ("【已失效】", "lapsed"),
        ("（该文件已废止）", "repealed"),
        ("已被修改", "amended"),
        ("历史版本", "amended"),
        ("尚未生效", "pending"),
        ("部分失效", "partial"),
        ("有效（有效期至2027年12月31日）", "in_force"),
        ("已废止（2020-01-01）", "repealed"),
        ("时效性：已废止", "repealed"),
        ("是否有效：否", "lapsed"),
        ("有效性：现行有效", "in_force"),
        ("停止执行", "lapsed"),
        ("全文有效", "in_force"),
        ("条款失效", "partial"),
        ("停止適用", "repealed"),
        ("拟修改", "announced"),
        ("需修改重新发布", "announced"),
        ("情况不明", None),
        ("", None),
        (None, None),
    ],
)
def test_every_site_s_word_has_one_meaning(label, status):
    assert label_status(label) == status


def test_a_code_counts_only_with_its_system():
    assert label_status("1") is None
    assert label_status("1", "flk") == "repealed"
    assert label_status("1", "flk-before-2025") == "in_force"


def test_an_administrator_s_table_adds_words_and_goes_before_ours(tmp_path):
    file = tmp_path / "labels.toml"
    file.write_text('[labels]\nlapsed = ["不再沿用"]\nrepealed = ["失效"]\n', "utf-8")
    words = label_words(file)
    assert label_status("不再沿用", None, words) == "lapsed"
    assert label_status("失效", None, words) == "repealed"
    assert label_status("有效", None, words) == "in_force"


@pytest.mark.parametrize(
    "table",
    ["", "[labels", "[labels]\nlapsed = '不再沿用'", "[labels]\nended = ['停了']", "[labels]\npending = ['待']"],
)
def test_a_broken_table_is_one_clear_error(tmp_path, table):
    file = tmp_path / "labels.toml"
    file.write_text(table, "utf-8")
    with pytest.raises(BadInput, match="官方标注对照表"):
        label_words(file)
