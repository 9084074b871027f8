"""One row of the bench: our figure beside that of its baseline."""

from __future__ import annotations


def row(name: str, ours: float, baseline: float | None, target: str, *, digits: int = 2) -> dict[str, object]:
    """A row of name, ours, baseline, ratio, target; figures to `digits` places, no ratio without a baseline."""
    return {
        "name": name,
        "ours": round(ours, digits),
        "baseline": None if baseline is None else round(baseline, digits),
        "ratio": round(ours / baseline, 2) if baseline else None,
        "target": target,
    }
