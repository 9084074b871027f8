"""Renditions kept for a while because they are slow to make: one folder a document, derived and always dispensable.

They hold the document's text, so a purge destroys them with everything else.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from gazette.settings import RecordSettings


def kept_folder(settings: RecordSettings, document: str) -> Path:
    """Where renditions of `document` are kept; it need not exist."""
    return settings.home / "renditions" / document


def forget_renditions(settings: RecordSettings, document: str) -> None:
    """Destroy every kept rendition of `document`."""
    shutil.rmtree(kept_folder(settings, document), ignore_errors=True)
