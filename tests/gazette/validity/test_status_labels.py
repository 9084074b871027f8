import pytest

from gazette.status_labels import label_status


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
        ("拟修改", None),
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
