"""A law and a decision to amend it as drafts, built as digitization builds them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gazette.digitization.blocks import Block, BlockKind
from gazette.digitization.structure import build_body
from gazette.draft import Body, BodyType, Node
from gazette.record.ingest import Ingested
from gazette.store import Store
from tests.gazette.builders import a_draft, take_in

LAW = "江城市供水条例"
OLD = """第一条　为了加强供水管理，制定本条例。
第二条　市水务局主管供水工作。
第三条　禁止盗用城市公共供水和毁坏供水设施。
第四条　违反第三条的，处一千元罚款。
第五条　本条例自2001年1月1日起施行。"""
DECISION = f"""决定对《{LAW}》作如下修改：
一、将第二条中的“水务局”修改为“水行政部门”。
二、增加一条，作为第三条：“供水应当节约用水。”
条文序号作相应调整。
本决定自2010年7月1日起施行。"""
NEW = """第一条　为了加强供水管理，制定本条例。
第二条　市水行政部门主管供水工作。
第三条　供水应当节约用水。
第四条　禁止盗用城市公共供水和毁坏供水设施。
第五条　违反第三条的，处一千元罚款。
第六条　本条例自2001年1月1日起施行。"""


def as_printed(*lines: str) -> Body:
    """A body of plain lines."""
    return tuple(
        Node(type=BodyType.PARAGRAPH, text=line) for each in lines for line in each.splitlines() if line.strip()
    )


def a_text(text: str, *, amends: bool = False) -> Body:
    return build_body([Block(kind=BlockKind.PARAGRAPH, text=line) for line in text.split("\n")], amends=amends)[0]


def the_law(store: Store, text: str = OLD, *, publish: bool = True, **facts: Any) -> Ingested:
    """The law as adopted, or as `acts` say."""
    given: dict[str, Any] = {
        "acts": (("adopted", "2000-12-01"),),
        "published": "2000-12-01",
        "place": f"{len(text)}.html",
    }
    return take_in(store, replace(a_draft(LAW, **given | facts), body=a_text(text)), publish=publish)


def the_amended_law(store: Store, text: str = NEW) -> Ingested:
    """The official text after the decision."""
    acts = (("adopted", "2000-12-01"), ("amended", "2010-06-01"))
    return the_law(store, text, acts=acts, published="2010-06-01", place="official.html")


def the_decision(store: Store, text: str = DECISION, **facts: Any) -> Ingested:
    given: dict[str, Any] = {"signed": "2010-06-01", "effective": "2010-07-01", "place": "decision.html"}
    title = facts.pop("title", f"江城市人民代表大会常务委员会关于修改《{LAW}》的决定")
    return take_in(store, replace(a_draft(title, **given | facts), body=a_text(text, amends=True)))
