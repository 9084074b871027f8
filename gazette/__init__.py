"""The record: agencies, gazettes, issues, documents, versions, copies, events and what reads them.

Ground floor of the house: nothing here knows Flask, HTTP or a search engine. Files become drafts in `digitization`,
drafts documents in `record`; `citations` ties their texts to each other, `validity` says what they do to each other,
`versions` what becomes of their wording. `editing`, `cleanups` and `issues` are the editor's, `renditions` the
reader's.
"""
