"""Whatever order files arrive in, the same ones are one document."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.draft import Draft
from gazette.settings import RecordSettings
from gazette.store import Store
from tests.gazette.builders import a_draft, take_in

_FIRST, _SECOND = [("adopted", "2002-06-29")], [("adopted", "2002-06-29"), ("amended", "2014-08-31")]
_NOTICE = "江城市人民政府关于印发《江城市公园管理办法》的通知"

#: Each draft with the document and version that it is.
DRAFTS: list[tuple[str, str, Draft]] = [
    ("law", "2002", a_draft("中华人民共和国安全生产法", acts=_FIRST, text=("旧法的文本。",), place="a")),
    ("law", "2002", a_draft("安全生产法", acts=_FIRST, text=("旧法的文本", "页脚一行。"), place="b")),
    ("law", "2014", a_draft("安全生产法（2014年修正）", acts=_SECOND, text=("新法的文本。",), place="c")),
    (
        "notice",
        "1",
        a_draft(_NOTICE, number="江政发〔2020〕1号", signed="2020-01-02", text=("现印发给你们。",), place="d"),
    ),
    ("carried", "1", a_draft("江城市公园管理办法", number="江政发〔2020〕1号", text=("第一条 为了公园。",), place="e")),
    ("key points", "zh", a_draft("关于要点的通知", number="国办发〔2018〕23号", signed="2018-04-08", place="f")),
    (
        "key points",
        "en",
        a_draft(
            "Notice on Key Points",
            number="国发〔2018〕23号",
            signed="2018-04-08",
            language="en",
            is_translation=True,
            text=("The key points are hereby issued to you.",),
            place="g",
        ),
    ),
]


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(DRAFTS))
def test_identity_does_not_depend_on_the_order_of_arrival(
    migrated_home: Path, order: list[tuple[str, str, Draft]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        shutil.copyfile(migrated_home / "gongbao.db", home / "gongbao.db")
        store = Store(RecordSettings(home=home))
        found = {(name, version): take_in(store, draft) for name, version, draft in order}
        by_place = {draft.source.name: take_in(store, draft) for _, _, draft in order}
        store.close()
    assert {outcome.action for outcome in by_place.values()} == {"unchanged"}
    documents = {name: {each.document for (other, _), each in found.items() if other == name} for name, _ in found}
    assert all(len(held) == 1 for held in documents.values())
    assert len(set().union(*documents.values())) == len(documents)
    assert len({each.version for each in found.values()}) == len(found)
