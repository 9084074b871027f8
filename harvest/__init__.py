"""Harvesting: what other places publish, taken in politely, mapped to our words, and reported on.

Read in this order: `profile` (what a site declares), `pages` (what is read from a page), `spider` (the crawl, in its
own process), `reach` (which addresses it may touch), `site` and `china_law` (the two kinds of source), `run` (one
run), `items` (what is remembered of each address), `reports` (what a run tells, and the health of a source).
"""
