"""Search over the 1,641 laws: latency with facets and highlights, and rebuilding against the bare work it contains.

The baseline of a rebuild, measured in the same run: cutting every article into the same tokens and handing those to
one bare Tantivy index.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from gazette.record import DocumentRecord
from gazette.settings import RecordSettings
from indexer import Index, SearchRequest
from indexer.analysis import grams, words
from indexer.records import passages
from indexer.sync import rebuild_from
from tests.laws import iter_laws

QUESTIONS = (
    "公司不给员工交社会保险怎么办",
    "食品过期了还在卖应该怎么处罚",
    "房东不退押金可以起诉吗",
    "电动自行车在楼道里充电违法吗",
    "孩子在学校受伤学校要不要负责任",
    "政府信息公开申请多少天之内答复",
)
WORDS = ("食品 安全 处罚", "行政许可 期限", "环境保护 罚款 企业", "标题:条例 安全生产", '"信息公开" 申请', "税")
RUNS = 300


def rows(corpus: Path) -> list[dict[str, object]]:
    """Rows of name, ours, baseline, ratio, target."""
    laws = list(iter_laws(corpus))
    with tempfile.TemporaryDirectory() as folder, Index.open(RecordSettings(home=Path(folder))) as index:
        bare_s, bare = _bare(laws, Path(folder) / "bare")
        begun = time.perf_counter()
        rebuild_from(index, laws)
        rebuild_s = time.perf_counter() - begun
        queries = _queries(laws)
        times = _timed(lambda query: index.search(SearchRequest(query=query)), queries)
        bare_times = _timed(bare, queries)
        held, bare_mb = _resident_mb(_READER, str(folder), *WORDS, *QUESTIONS), _resident_mb(_IMPORTER)
    name = f"over {len(laws)} laws, facets and highlights included; baseline is bare Tantivy's ten passages"
    return [
        _row(f"search: p95 ms {name}", _p95(times), _p95(bare_times), "<= 20"),
        _row("search: median ms", statistics.median(times), statistics.median(bare_times), "<= 20"),
        _row("search: rebuild s; baseline is tokenizing plus bare Tantivy", rebuild_s, bare_s, "ratio <= 2"),
        _row(
            "search: resident MB of a reading process; baseline has imported the engine only", held, bare_mb, "<= 250"
        ),
    ]


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[18]


def _row(name: str, ours: float, baseline: float, target: str) -> dict[str, object]:
    ours, baseline = round(ours, 2), round(baseline, 2)
    return {"name": name, "ours": ours, "baseline": baseline, "ratio": round(ours / baseline, 2), "target": target}


def _bare(laws: Sequence[DocumentRecord], folder: Path) -> tuple[float, Callable[[str], object]]:
    """One bare Tantivy index of the same tokens: the seconds it took, and a search in it."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    folder.mkdir()
    begun = time.perf_counter()
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(25_000_000, 1)
    for law in laws:
        for passage in passages(law.current.body):
            text = {"text": " ".join(grams(passage.text)), "words": " ".join(words(passage.text))}
            writer.add_document(tantivy.Document(**text))
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.perf_counter() - begun
    index.reload()
    searcher = index.searcher()

    def search(query: str) -> object:
        terms = [tantivy.Query.term_query(index.schema, "words", word) for word in words(query)]
        return searcher.search(tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms]), 10)

    return seconds, search


def _queries(laws: Sequence[DocumentRecord]) -> list[str]:
    """Titles, halves of titles, words and questions, shuffled."""
    chance = random.Random(2)
    titles = [law.title for law in chance.sample(list(laws), RUNS // 4)]
    pieces = [title[len(title) // 3 :] for title in titles]
    queries = [*titles, *pieces, *(chance.choices(WORDS, k=RUNS // 4)), *(chance.choices(QUESTIONS, k=RUNS // 4))]
    chance.shuffle(queries)
    return queries


def _timed(search: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """Milliseconds of each query, after one of each kind."""
    for query in (queries[0], WORDS[0], QUESTIONS[0]):
        search(query)
    times = []
    for query in queries:
        begun = time.perf_counter()
        search(query)
        times.append(1000 * (time.perf_counter() - begun))
    return times


_READER = """
import sys
from pathlib import Path
from gazette.settings import RecordSettings
from indexer import Index, SearchRequest
with Index.open(RecordSettings(home=Path(sys.argv[1]))) as index:
    for query in sys.argv[2:]:
        index.search(SearchRequest(query=query))
    status = Path("/proc/self/status").read_text()
print(status)
"""
_IMPORTER = "import sqlalchemy.orm, tantivy, rjieba; print(open('/proc/self/status').read())"


def _resident_mb(code: str, *arguments: str) -> float:
    """What a process holds when `code` has run and printed its status."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True)
    return next(int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("VmRSS")) / 1024
