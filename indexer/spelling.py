"""Did you mean: the piece of a name that what was typed comes near to.

The dictionary is the book of names itself (`indexer.names`): titles hold the words the record is about. A piece of up
to seven characters may have one slip (a wrong, missing, added or swapped character), a longer one two; whatever was
misspelt, one of its parts is not, and where that stands in a name the piece around it is compared. Pinyin, and wrong
characters that are read alike, find the piece that is read so. Nothing here changes what is searched for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, islice, pairwise

from indexer.analysis import is_slip
from indexer.records import title_key
from indexer.suggest import NameTable

#: Pieces outside these lengths are not corrected: too short to know, or no name.
SHORTEST, LONGEST = 3, 60
#: From this length on a second slip is allowed.
_TWO_SLIPS = 8
#: Places looked at for each part, and pieces compared by their distance: bounds on time.
_PLACES, _COMPARED = 1000, 60


def correct(table: NameTable, typed: str) -> str | None:
    """The likeliest piece of a name for `typed`; None where names hold it as it is, or nothing near it."""
    key = title_key(typed)
    if not SHORTEST <= len(key) <= LONGEST or table.holds(key):
        return None
    if key.isascii():
        return _read_alike(table, key) if key.isalpha() else None
    return _best(key, _one_slip(table, key)) or _homophone(table, key) or _best(key, _two_slips(table, key))


def _best(key: str, found: Counter[str]) -> str | None:
    """Of pieces that are as near: one that begins and ends as typed, then one as long, then the most frequent. People
    seldom type a character too many, unless twice, and a piece with one left out is held wherever the whole is."""
    once = {key[:at] + key[at + 1 :] for at in range(len(key) - 1) if key[at] == key[at + 1]}

    def likeness(piece: str) -> tuple[int, bool, int, str]:
        left_out = len(piece) < len(key) and piece not in once
        ends = (piece[0] == key[0]) + (piece[-1] == key[-1]) - left_out
        return ends, len(piece) == len(key), found[piece], piece

    return max(found, key=likeness, default=None)


def _one_slip(table: NameTable, key: str) -> Counter[str]:
    swapped = (f"{key[:at]}{key[at + 1]}{key[at]}{key[at + 2 :]}" for at in range(len(key) - 1))
    found = Counter(each for each in swapped if table.holds(each))
    for piece, often in Counter(_pieces(table, key, 1)).items():
        if is_slip(key, piece):
            found[piece] += often
    return found


def _two_slips(table: NameTable, key: str) -> Counter[str]:
    if len(key) < _TWO_SLIPS:
        return Counter()
    pieces = Counter(_pieces(table, key, 2))
    near = (each for each, _often in pieces.most_common(_COMPARED) if _distance(key, each) <= 2)
    return Counter({each: pieces[each] for each in near})


def _pieces(table: NameTable, key: str, slips: int) -> Iterator[str]:
    """Pieces of names around each part of `key`: with so many slips, one of the parts stands as it is. Each slip
    leaves out one of the characters typed at most."""
    typed = frozenset(key)
    for start, end in _rare_parts(table, key, slips + 1):
        for line, place in islice(table.keys.places(key[start:end]), _PLACES):
            name = table.names[line].key
            around = name[max(0, place - start - slips) : place - start + len(key) + slips]
            if len(typed.intersection(around)) < len(typed) - slips:
                continue
            # What stands before the part may be shifted, and what stands after it.
            firsts = range(place - start - slips, place - start + slips + 1) if start else (place,)
            behind = len(key) - end
            lasts = range(place + len(key) - start - slips, place + len(key) - start + slips + 1)
            for first in firsts:
                for last in lasts if behind else (place + end - start,):
                    if first >= 0 and last <= len(name) and abs(last - first - len(key)) <= slips:
                        yield name[first:last]


def _rare_parts(table: NameTable, key: str, count: int) -> Iterator[tuple[int, int]]:
    """Where to cut `key` into so many parts that names have them at the fewest places, by the rarest pair of
    characters in each."""
    often: dict[tuple[int, int], int] = {}
    for start, character in enumerate(key):
        least = table.often[character]
        for end in range(start + 1, len(key) + 1):
            least = min(least, table.often[key[end - 2 : end]]) if end > start + 1 else least
            often[start, end] = least
    cuts = ((0, *inside, len(key)) for inside in combinations(range(1, len(key)), count - 1))
    return pairwise(min(cuts, key=lambda cut: sum(often[part] for part in pairwise(cut))))


def _homophone(table: NameTable, key: str) -> str | None:
    """The piece that is read as the characters typed are, each by its usual reading."""
    if any(each not in table.readings for each in key):
        return None
    found = _read_alike(table, "".join(table.readings[each] for each in key))
    return found if found and len(found) == len(key) else None


def _read_alike(table: NameTable, letters: str) -> str | None:
    """The most frequent piece of a name whose syllables spell the letters."""
    found: Counter[str] = Counter()
    for line, place in islice(table.spelled.places(letters), _PLACES):
        name = table.names[line]
        starts = dict(_starts(name.read))
        first, last = starts.get(place), starts.get(place + len(letters))
        if first is not None and last is not None:
            found[name.key[first:last]] += 1
    return max(found, key=lambda piece: (found[piece], piece)) if found else None


def _starts(read: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """(where a syllable begins among the letters, its number), and where the last one ends."""
    at = 0
    for number, syllable in enumerate(read):
        yield at, number
        at += len(syllable)
    yield at, len(read)


def _distance(one: str, other: str) -> int:
    """Slips between two strings (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        following = [i]
        for j, b in enumerate(other, 1):
            best = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            following.append(best)
        before, row = row, following
    return row[-1]
