"""Figures of text recognition: characters wrong on pages printed from known text, fields of real scans."""

from __future__ import annotations

import io
import json
import re
import tarfile
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from PIL import Image

from gazette.citations.titles import letters
from gazette.digitization.digitize import digitize
from gazette.digitization.readers.ocr import find_recognizer, read_image
from gazette.draft import Draft, EffectKind, SourceFile
from gazette.settings import RecordSettings
from tests import paper, redheads
from tests.score.row import Measure, Row, wrong_of

#: Of the texts in alphabetical order, every so-and-so-manieth gives one page in each layout.
_EVERY, _LAYOUTS = 18, (paper.OFFICIAL, paper.TIGHT)
#: Resolution (dpi) of a clean and of a worn page.
_CLEAN_DPI, _WORN_DPI = 200, 150
#: A scan's fields stand on its front; three pages show what heads every page.
_FRONT_PAGES = 4


def page_rows(corpus: Path) -> Iterator[Row]:
    """Characters wrong (inserted, lost, changed) of all characters, after NFKC, spaces left out."""
    if reason := _unready():
        print(f"ocr: pages of known text skipped, {reason}")
        return
    errors = {"clean": 0, "worn": 0}
    wrong: dict[str, list[str]] = {"clean": [], "worn": []}
    count = total = 0
    for name, text in _texts(corpus):
        for layout in _LAYOUTS:
            pages = list(paper.iter_pages(text, layout))
            lines = pages[len(pages) // 2]
            count, total = count + 1, total + len(folded("".join(lines)))
            clean = paper.print_page(lines, layout, dpi=_CLEAN_DPI)
            base = paper.print_page(lines, layout, dpi=_WORN_DPI)
            for kind, page in (("clean", clean), ("worn", paper.worn(base, dpi=_WORN_DPI, seed=count))):
                missed = character_errors("".join(lines), _text_of(page))
                errors[kind] += len("".join(missed))
                wrong[kind] += [f"{name}: {each}" for each in missed]
    for kind, metric, target in (
        ("clean", "character error rate, clean", "<= 0.001"),
        ("worn", "character error rate, 150 dpi, noise, skew, seal", "<= 0.005"),
    ):
        figure = errors[kind] / max(total, 1)
        yield Row(set="printed_pages", metric=metric, n=total, figure=figure, target=target, wrong=tuple(wrong[kind]))


def scan_rows(folder: Path) -> Iterator[Row]:
    """Fields of real scans, from their first pages: found and right, and found but wrong."""
    if find_recognizer() is None:
        print("ocr: real scans skipped, the recognizer is not installed (pip install 'gongbao[ocr]')")
        return
    truth = json.loads((folder / "truth_scans.json").read_text("utf-8"))
    count, right, wrong = 0, [], []
    for row in truth:
        data = paper.first_pages((folder / row["file"]).read_bytes(), _FRONT_PAGES)
        (draft, *_others) = digitize(SourceFile(name=row["file"], data=data), settings=RecordSettings()).drafts
        for field, (wanted, found) in _fields(row, draft).items():
            count += 1
            if wanted == found:
                right.append(field)
            elif found:
                wrong.append(f"{row['file']} {field}: {found}")
    yield Row(set="pdf_cn", metric="scan fields found", n=count, figure=len(right) / max(count, 1), target=">= 0.8")
    yield wrong_of("pdf_cn", "scan fields wrong", count, wrong, 0)


def redhead_rows(_corpus: Path) -> Iterator[Row]:
    """Fields of red-head documents of our own, worn and stamped, at 150 dpi."""
    if reason := _unready():
        print(f"ocr: red-head documents skipped, {reason}")
        return
    count, right, wrong = 0, 0, []
    for seed, document in enumerate(redheads.DOCUMENTS):
        kept = io.BytesIO()
        redheads.print_redhead(document, seed=seed).save(kept, "PNG", compress_level=1)
        source = SourceFile(name="红头.png", data=kept.getvalue())
        (draft, *_others) = digitize(source, settings=RecordSettings()).drafts
        fields: dict[str, tuple[object, object]] = {
            "title": (letters(document.whole_title), letters(draft.title or "")),
            "number": (document.number, str(draft.doc_number or "")),
            "signed": (document.signed, str(draft.signed_date or "")),
            "issuers": (document.signers, draft.issuers),
            "recipients": (document.recipients[:-1], "，".join(draft.recipients)),
            "disclosure": (document.note[1:-1], draft.disclosure),
        }
        for field, (wanted, found) in fields.items():
            count, right = count + 1, right + (wanted == found)
            if found and wanted != found:
                wrong.append(f"{document.number} {field}: {found}")
    yield Row(set="red_heads", metric="fields found", n=count, figure=right / count, target=">= 0.8")
    yield wrong_of("red_heads", "fields wrong", count, wrong, 0)


def _fields(row: dict[str, Any], draft: Draft) -> dict[str, tuple[object, object]]:
    """Field by field what the truth says and what was found."""
    replaced = [effect.target.doc_number for effect in draft.effects if effect.kind in _ENDED]
    return {
        "number": (letters(row["number"]), letters(str(draft.doc_number or ""))),
        "title": (letters(row["title"]), letters(draft.title or "")),
        "issued": (row["issued"], str(draft.published_date or "")),
        "effective": (row["effective"], str(draft.effective_date or "")),
        "issuers": (row["issuers"], list(draft.issuers)),
        # The truth words a part as it is printed (…等5项标准的…部分); the number is what is compared.
        "replaces": (
            sorted(letters(_STANDARD.match(text)[0]) for text in row["replaces"]),  # type: ignore[index]
            sorted(letters(str(number)) for number in replaced if number),
        ),
    }


_STANDARD = re.compile(r"[A-Z/]+ ?[\d.]+-\d+")
_ENDED = (EffectKind.REPEALS, EffectKind.REPEALS_PARTIALLY)


def character_errors(truth: str, read: str) -> list[str]:
    """What differs, the longer side of each difference: its length counts the characters wrong."""
    wanted, found = folded(truth), folded(read)
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    return [max(wanted[a:b], found[c:d], key=len) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _text_of(page: Image.Image) -> str:
    data = io.BytesIO()
    page.save(data, "PNG", compress_level=1)
    return "".join(block.text for block in read_image(data.getvalue()).blocks)


def _texts(corpus: Path) -> Iterable[tuple[str, str]]:
    """Texts of laws, every `_EVERY`-th of the folder or, without it, of the archive."""
    folder, archive = corpus / "flk_law_text", corpus / "law_markdown.tar.gz"
    if folder.is_dir():
        for file in sorted(folder.glob("*_*.txt"))[::_EVERY]:
            yield file.stem, file.read_text("utf-8-sig")
        return
    with tarfile.open(archive) as laws:
        members = sorted((each for each in laws if each.name.endswith(".md")), key=lambda each: each.name)
        for member in members[:: max(1, len(members) // 12)]:
            data = laws.extractfile(member)
            if data is not None:
                yield Path(member.name).stem, re.sub(r"[#*|>`]", "", data.read().decode("utf-8", "replace"))


def _unready() -> str | None:
    if not paper.is_there():
        return "Noto Serif CJK is not installed (fonts-noto-cjk)"
    return None if find_recognizer() else "the recognizer is not installed (pip install 'gongbao[ocr]')"


MEASURES = (
    Measure(needs=("flk_law_text",), rows=page_rows),
    Measure(needs=(), rows=redhead_rows),
    Measure(needs=("pdf_cn/truth_scans.json",), rows=lambda corpus: scan_rows(corpus / "pdf_cn")),
)
