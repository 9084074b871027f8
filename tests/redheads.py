"""Red-head documents (红头文件) of invented agencies as a copier scans them: red masthead and rule, number, title over
several lines, seal over signature and date. What each says is known field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy
from PIL import Image, ImageDraw, ImageFont

from tests import paper

_RED = (205, 25, 30)
_HEAD_FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
_WIDTH, _LEFT, _RIGHT, _TOP = 210.0, 28.0, 184.0, 37.0
_STEP = 10.2
_BODY_POINTS, _TITLE_POINTS = 16.0, 22.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RedHead:
    """One document: the lines as they are set, and the facts they state."""

    head: tuple[str, ...]
    number: str
    title: tuple[str, ...]
    recipients: str
    body: str
    signers: tuple[str, ...]
    date: str
    signed: str
    note: str = "（此件公开发布）"
    signatory: str = ""
    is_letter: bool = False

    @property
    def whole_title(self) -> str:
        return "".join(self.title)


DOCUMENTS = (
    RedHead(
        head=("江城市人民政府文件",),
        number="江政发〔2023〕15号",
        title=("江城市人民政府关于印发江城市", "城市更新三年行动方案（2023—2025年）", "的通知"),
        recipients="各区人民政府，市政府各部门：",
        body="现将《江城市城市更新三年行动方案（2023—2025年）》印发给你们，请认真贯彻执行。执行中遇有问题，及时报告市政府。",
        signers=("江城市人民政府",),
        date="2023年6月9日",
        signed="2023-06-09",
    ),
    RedHead(
        head=("江城市人民政府办公厅文件",),
        number="江政办发〔2019〕102号",
        title=("江城市人民政府办公厅关于", "进一步加强道路运输安全管理工作的意见"),
        recipients="各区人民政府，市政府各部门，各直属机构：",
        body="为进一步加强道路运输安全管理，经市政府同意，现提出以下意见。各单位要结合实际，制定具体办法，确保落实到位。",
        signers=("江城市人民政府办公厅",),
        date="2019年11月28日",
        signed="2019-11-28",
    ),
    RedHead(
        head=("安平县人民政府",),
        number="安政函〔2021〕7号",
        title=("安平县人民政府关于同意设立", "安平县职业技术学校的批复"),
        recipients="县教育局：",
        body="你局《关于设立安平县职业技术学校的请示》收悉。经研究，同意设立安平县职业技术学校，隶属关系和编制按照有关规定办理。",
        signers=("安平县人民政府",),
        date="2021年1月30日",
        signed="2021-01-30",
        is_letter=True,
    ),
    RedHead(
        head=("江城市财政局文件",),
        number="江财规〔2020〕3号",
        title=("江城市财政局关于修订市级行政事业单位", "会议费管理办法有关条款的通知"),
        recipients="市级各部门、各单位：",
        body="根据工作需要，对《江城市市级行政事业单位会议费管理办法》有关条款作出修订，自2020年3月1日起施行。",
        signers=("江城市财政局",),
        date="二〇二〇年二月十二日",
        signed="2020-02-12",
    ),
    RedHead(
        head=("江城市教育局", "江城市公安局", "江城市卫生健康委员会"),
        number="江教发〔2022〕41号",
        title=("江城市教育局　江城市公安局", "江城市卫生健康委员会关于加强", "校园安全工作的通知"),
        recipients="各区教育局、公安分局、卫生健康局：",
        body="为加强校园安全工作，保障师生人身安全，现将有关事项通知如下，请结合实际认真抓好落实。",
        signers=("江城市教育局", "江城市公安局", "江城市卫生健康委员会"),
        date="2022年9月1日",
        signed="2022-09-01",
    ),
    RedHead(
        head=("临河区人民政府文件",),
        number="临政字〔2018〕66号",
        title=("关于公布区级非物质文化遗产代表性项目名录", "（第三批）的通知"),
        recipients="各街道办事处，区政府各部门：",
        body="区政府批准区文化和旅游局提出的第三批区级非物质文化遗产代表性项目名录，现予公布，请做好保护、管理工作。",
        signers=("临河区人民政府",),
        date="2018年7月16日",
        signed="2018-07-16",
    ),
    RedHead(
        head=("江城市生态环境局文件",),
        number="江环〔2024〕8号",
        title=("江城市生态环境局关于印发《江城市", "重污染天气应急减排清单编制细则》的通知"),
        recipients="各分局，机关各处室：",
        body="《江城市重污染天气应急减排清单编制细则》已经局务会议审议通过，现印发给你们，请遵照执行。",
        signers=("江城市生态环境局",),
        date="2024年3月22日",
        signed="2024-03-22",
        note="（信息公开形式：主动公开）",
    ),
    RedHead(
        head=("江城市人民政府文件",),
        number="江政呈〔2025〕4号",
        signatory="王建国",
        title=("江城市人民政府关于报送", "2024年度法治政府建设情况的报告"),
        recipients="省人民政府：",
        body="现将我市2024年度法治政府建设情况报告如下，请予审阅。",
        signers=("江城市人民政府",),
        date="2025年2月18日",
        signed="2025-02-18",
    ),
    RedHead(
        head=("江城市住房和城乡建设委员会文件",),
        number="江建规范〔2017〕12号",
        title=("江城市住房和城乡建设委员会", "关于废止部分行政规范性文件的通知"),
        recipients="各有关单位：",
        body="经清理，决定废止《江城市商品房预售资金监管暂行规定》（江建规范〔2012〕5号）。本通知自印发之日起施行。",
        signers=("江城市住房和城乡建设委员会",),
        date="2017年12月25日",
        signed="2017-12-25",
    ),
    RedHead(
        head=("安平县人民政府办公室文件",),
        number="安政办〔2016〕9号",
        title=("安平县人民政府办公室", "关于做好2016年防汛抗旱工作的", "紧急通知"),
        recipients="各乡（镇）人民政府，县政府有关部门：",
        body="当前我县已进入主汛期。为切实做好防汛抗旱工作，经县政府同意，现就有关事项紧急通知如下。",
        signers=("安平县人民政府办公室",),
        date="2016年6月2日",
        signed="2016-06-02",
    ),
)


def print_redhead(document: RedHead, *, dpi: int = 150, seed: int = 1) -> Image.Image:
    """The page as scanned: worn, stamped over signature and date."""
    mm = dpi / 25.4
    page = Image.new("RGB", (round(_WIDTH * mm), round(297 * mm)), "white")
    pen = ImageDraw.Draw(page)
    down = _print_head(pen, document, mm, dpi)
    title = paper.font_of(_TITLE_POINTS, dpi)
    down += 14
    for line in document.title:
        pen.text((_WIDTH / 2 * mm, down * mm), line, font=title, fill="black", anchor="mm")
        down += 12
    body = paper.font_of(_BODY_POINTS, dpi)
    for line in (document.recipients, *_set(document.body)):
        pen.text((_LEFT * mm, down * mm), line, font=body, fill="black")
        down += _STEP
    down += 2 * _STEP
    for signer in document.signers:
        pen.text(((_RIGHT - 4 * 5.6) * mm, down * mm), signer, font=body, fill="black", anchor="ra")
        down += _STEP
    pen.text(((_RIGHT - 4 * 5.6) * mm, down * mm), document.date, font=body, fill="black", anchor="ra")
    place = (_RIGHT - 4 * 5.6 - 24) / _WIDTH, (down - 2) / 297
    if document.note:
        pen.text(((_LEFT + 11.2) * mm, (down + 2 * _STEP) * mm), document.note, font=body, fill="black")
    return _worn(paper.stamp(page, dpi=dpi, place=place, agency=document.signers[0]), seed)


def _print_head(pen: ImageDraw.ImageDraw, document: RedHead, mm: float, dpi: int) -> float:
    """Masthead, number and rule; where they end (mm)."""
    longest = max(len(line) for line in document.head)
    points = min(52.0, 150 / longest / 25.4 * 72)
    font = ImageFont.truetype(_HEAD_FONT, round(points * dpi / 72), index=2)
    down = _TOP + 8
    for line in document.head:
        pen.text((_WIDTH / 2 * mm, down * mm), line, font=font, fill=_RED, anchor="mm")
        down += points * 0.45
    body = paper.font_of(_BODY_POINTS, dpi)
    if document.is_letter:
        pen.line((_LEFT * mm, down * mm, _RIGHT * mm, down * mm), fill=_RED, width=round(mm))
        pen.text((_RIGHT * mm, (down + 8) * mm), document.number, font=body, fill="black", anchor="rm")
        return down + 10
    down += 10
    if document.signatory:
        pen.text(((_LEFT + 5.6) * mm, down * mm), document.number, font=body, fill="black", anchor="lm")
        pen.text(
            ((_RIGHT - 5.6) * mm, down * mm), f"签发人：{document.signatory}", font=body, fill="black", anchor="rm"
        )
    else:
        pen.text((_WIDTH / 2 * mm, down * mm), document.number, font=body, fill="black", anchor="mm")
    down += 6
    pen.line((_LEFT * mm, down * mm, _RIGHT * mm, down * mm), fill=_RED, width=max(2, round(mm * 0.6)))
    return down


def _set(text: str) -> Iterator[str]:
    yield from next(paper.iter_pages(text, paper.OFFICIAL))


def _worn(page: Image.Image, seed: int) -> Image.Image:
    """Askew by less than a degree, and grainy."""
    noise = numpy.random.default_rng(seed)
    askew = page.rotate(noise.uniform(-0.8, 0.8), resample=Image.Resampling.BICUBIC, fillcolor="white")
    points = numpy.asarray(askew, dtype=float) * 0.95 + 6
    points += noise.normal(0, 9, points.shape[:2])[..., None]
    return Image.fromarray(points.clip(0, 255).astype("uint8"))
