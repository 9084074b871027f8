"""A portal over a small store, and its client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from gazette.settings import RecordSettings
from gazette.store import Store
from portal.app import create_app
from portal.settings import PortalSettings


@pytest.fixture
def app(store: Store, record_settings: RecordSettings) -> Iterator[APIFlask]:
    made = create_app(PortalSettings(secret_key="for tests only"), record_settings)
    yield made
    made.extensions["gongbao"].store.close()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()
