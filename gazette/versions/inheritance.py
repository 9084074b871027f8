"""Inheritance of permanent addresses: the `wid` of a provision goes on from version to version, whatever its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gazette.draft import Body, BodyType, Node
from gazette.versions.alignment import align


def inherit_addresses(old: Body, new: Body) -> Body:
    """`new` with the permanent addresses of the provisions of `old` that it still holds."""
    pairs = align(old, new)
    inherited = {pair.new.eid: pair.old.wid for pair in pairs if pair.new and pair.old and pair.old.wid}
    taken = set(inherited.values())
    return tuple(_readdressed(node, inherited, taken, None) for node in new)


def _readdressed(node: Node, inherited: Mapping[str, str], taken: set[str], above: tuple[str, str] | None) -> Node:
    """`above` is the address of the article around and the permanent one it has now."""
    if node.eid in inherited:
        wid = inherited[node.eid]
    elif above is not None and node.eid.startswith(above[0]):
        wid = above[1] + node.eid[len(above[0]) :]
    else:
        wid, n = node.eid, 1
        while wid in taken:
            n += 1
            wid = f"{node.eid}_v{n}"
    inner = (node.eid, wid) if node.type is BodyType.ARTICLE else above
    children = tuple(_readdressed(child, inherited, taken, inner) for child in node.children)
    return replace(node, wid=wid, children=children)
