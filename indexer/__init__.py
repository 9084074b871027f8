"""Search: one field list, one query language, one plan, several engines.

schema, analysis      what is searched, and how Chinese text is cut
records               a document of the record → what is indexed
query, intent, plan   a request → what an engine is asked
engines               what answers
search, sync          the index for reading; the index following the store
"""

from indexer.plan import SearchRequest
from indexer.search import FacetValue, Hit, Index, SearchResults

__all__ = ["FacetValue", "Hit", "Index", "SearchRequest", "SearchResults"]
