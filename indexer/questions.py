"""What ranks the articles that may answer a question, and the documents that treat a topic.

People ask in their own words and at length, so the question is looked at in three ways: its words in the text, its
headings and title; all pairs of its characters, which also meet words cut otherwise; and the words the law has for
what was said. How much each weighs stands in fields.toml; how much the law itself weighs, in `authority`.

A document is ranked as a whole: what it is called says most of what it is about, its words the rest. The scores of its
best passages add nothing to that (README.md).
"""

from __future__ import annotations

import re

from indexer import clauses as c
from indexer.analysis import content_words, grams, is_question, is_set_apart, legal_terms, words
from indexer.clauses import Score
from indexer.intent import find_intent
from indexer.schema import schema

#: How many words, and pairs of characters, a question is ranked by.
_MAX_WORDS, _MAX_PAIRS = 48, 160
#: How titles of documents end, a version or a number of an annex in brackets after it.
_TITLE = re.compile(
    r"(?:法|法典|条例|规定|办法|细则|规则|解释|决定|决议|命令|公报|公告|通告|意见|通知|通报|报告|批复|议案|函|纪要"
    r"|方案|规划|纲要|目录|标准|规范)(?:[(（][^()（）]*[)）])?》?\s*$"
)


def is_asked(text: str) -> bool:
    """Whether this is a question to be answered, rather than a name or a few words to be found."""
    if names_outright(text):
        return False
    most = schema().matching[0].all_up_to
    return is_question(text) or (len(content_words(text)) > most and not is_set_apart(text, most))


def is_topic(text: str) -> bool:
    """Whether this asks for documents about something, in words nobody chose to be found: a question, or several words
    in one go that are no title. Words set apart by spaces are meant as typed."""
    if names_outright(text):
        return False
    least = schema().matching[0].all_up_to - bool(legal_terms(text, of_documents=True))
    several = len(text.split()) == 1 and len(content_words(text)) >= least
    return is_question(text) or (several and not _TITLE.search(text))


def names_outright(text: str) -> bool:
    """Whether the text is a document number or a provision, which is there or is not."""
    intent = find_intent(text)
    return bool(intent.eid or intent.number)


def rank_answers(asked: str) -> tuple[Score, ...]:
    """The scores of articles that answer what was asked."""
    weights, text = schema().question, schema().get_field("text")
    kept, terms = content_words(asked)[:_MAX_WORDS], legal_terms(asked)
    of_words = ((with_inner(kept), weights.words), (with_inner(terms), weights.terms))
    of_pairs = ((pairs_of(asked), weights.pairs), (pairs_of(" ".join(terms)), weights.terms))
    scores = [c.Words(field=text.ranked or text.name, words=each, boost=boost) for each, boost in of_words if each]
    scores += [c.Words(field=text.pieces or text.name, words=each, boost=boost) for each, boost in of_pairs if each]
    return tuple(scores)


def rank_documents(asked: str) -> tuple[Score, ...]:
    """The scores of documents that treat what was asked."""
    weights, title, text = schema().topic, schema().get_field("title"), schema().get_field("text")
    kept, terms = with_inner(content_words(asked)[:_MAX_WORDS]), with_inner(legal_terms(asked, of_documents=True))
    scores = (
        c.Words(field=title.ranked or title.name, words=kept, boost=weights.title_words),
        c.Words(field=title.pieces or title.name, words=pairs_of(asked), boost=weights.title_pairs),
        c.Words(field=title.ranked or title.name, words=terms, boost=weights.title_terms),
        c.Words(field=text.ranked or text.name, words=kept, boost=weights.text_words),
    )
    return tuple(each for each in scores if each.words)


def with_inner(kept: tuple[str, ...]) -> tuple[str, ...]:
    """Words, and the words inside them."""
    return tuple(dict.fromkeys((*kept, *(word for word in words(" ".join(kept)) if len(word) > 1))))


def pairs_of(text: str) -> tuple[str, ...]:
    """The pairs of characters in a text, across words, as often as they stand there."""
    return tuple(token for token in grams(text) if len(token) > 1)[:_MAX_PAIRS]
