"""What could not be taken of an archive, told once a reason: twenty thousand empty members are one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from gazette.draft import SourceFile
from gazette.errors import Finding, Level

#: So many members are named before the rest are counted.
_NAMED = 3


@dataclass(slots=True)
class Refusals:
    """Errors of archives' members, gathered until all files are through."""

    #: By archive, code, and the message without the member's name: the first finding, and the members' names.
    _found: dict[tuple[str, str, str], tuple[Finding, list[str]]] = field(default_factory=dict)

    def add(self, source: SourceFile, findings: Iterable[Finding]) -> None:
        """Keep the errors of a member of an archive."""
        for finding in findings:
            if finding.level is Level.ERROR:
                key = source.archive or source.name, finding.code, finding.message.replace(source.name, "")
                self._found.setdefault(key, (finding, []))[1].append(source.name)

    def take(self) -> Iterator[tuple[str, Finding]]:
        """The archives' names, each with one finding a reason."""
        for (archive, _code, _reason), (first, names) in self._found.items():
            if len(names) == 1:
                yield archive, first
                continue
            named = "、".join(names[:_NAMED]) + ("等" if len(names) > _NAMED else "")
            yield archive, replace(first, message=f"{first.message}（同样的文件共 {len(names)} 个：{named}）")
        self._found.clear()
