"""What ranks the articles that may answer a question.

People ask in their own words and at length, so the question is looked at in three ways: its words in the text, its
headings and title; all pairs of its characters, which also meet words cut otherwise; and the words the law has for
what was said. How much each weighs stands in fields.toml; how much the law itself weighs, in `authority`.
"""

from __future__ import annotations

from indexer import clauses as c
from indexer.analysis import content_words, grams, is_question, legal_terms, words
from indexer.clauses import Score
from indexer.intent import find_intent
from indexer.schema import schema

#: How many words, and pairs of characters, a question is ranked by.
_MAX_WORDS, _MAX_PAIRS = 48, 160


def is_asked(text: str) -> bool:
    """Whether this is a question to be answered, rather than a name or a few words to be found."""
    if find_intent(text).eid:
        return False
    return is_question(text) or len(content_words(text)) > schema().matching[0].all_up_to


def rank_answers(asked: str) -> tuple[Score, ...]:
    """The scores of articles that answer what was asked."""
    weights, text = schema().question, schema().get_field("text")
    kept, terms = content_words(asked)[:_MAX_WORDS], legal_terms(asked)
    of_words = ((with_inner(kept), weights.words), (with_inner(terms), weights.terms))
    of_pairs = ((pairs_of(asked), weights.pairs), (pairs_of(" ".join(terms)), weights.terms))
    scores = [c.Words(field=text.ranked or text.name, words=each, boost=boost) for each, boost in of_words if each]
    scores += [c.Words(field=text.pieces or text.name, words=each, boost=boost) for each, boost in of_pairs if each]
    return tuple(scores)


def with_inner(kept: tuple[str, ...]) -> tuple[str, ...]:
    """Words, and the words inside them."""
    return tuple(dict.fromkeys((*kept, *(word for word in words(" ".join(kept)) if len(word) > 1))))


def pairs_of(text: str) -> tuple[str, ...]:
    """The pairs of characters in a text, across words, as often as they stand there."""
    return tuple(token for token in grams(text) if len(token) > 1)[:_MAX_PAIRS]
