"""One chain of revisions makes exactly the tables that the rooms declare."""

from gazette.store import Store
from portal.database import metadata, migrate, open_store, schema_differences, schema_revision, unwind


def test_the_migrations_make_exactly_what_the_models_declare(store: Store) -> None:
    assert schema_differences(store) == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    before = schema_revision(store)
    migrate(store)
    assert schema_revision(store) == before is not None


def test_the_revisions_can_be_walked_back_to_an_empty_database(store: Store) -> None:
    unwind(store, "base")
    assert schema_revision(store) is None
    assert len(schema_differences(store)) >= len(metadata().tables)
    migrate(store)
    assert schema_differences(store) == []


def test_opening_a_store_in_an_empty_home_makes_its_tables(record_settings) -> None:
    opened = open_store(record_settings)
    assert schema_revision(opened) is not None
    opened.close()
