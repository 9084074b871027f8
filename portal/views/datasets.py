"""开放数据: the catalogue, each dataset with its table, and its downloads."""

from __future__ import annotations

import io

from apiflask import APIBlueprint
from flask import Response, g, render_template, request, stream_with_context
from flask_babel import gettext as _

from datasets.catalogue import count_datasets, get_dataset, list_datasets
from datasets.dataset import Dataset, DatasetState, get_resource
from datasets.package import descriptor, json_bytes, write_package
from datasets.query import iter_csv, rows
from gazette.errors import NotFound, Withdrawn
from portal.filenames import content_disposition
from portal.pages import dataset as page
from portal.pages.dataset import ROWS, Question
from portal.pages.paging import first_of, make_pager, page_asked
from portal.rooms import rooms

bp = APIBlueprint("datasets", __name__, url_prefix="/dataset", enable_openapi=False)


@bp.get("")
def show_all() -> str:
    number, size = page_asked(), rooms().portal.page_size
    pager = make_pager(number, count_datasets(g.session), size)
    found = list_datasets(g.session, offset=first_of(number, size), limit=size)
    return render_template("datasets.html", datasets=found, pager=pager, total=count_datasets(g.session))


@bp.get("/<name>")
def show(name: str) -> str:
    dataset = _published(name)
    tables = tuple(resource for resource in dataset.resources if resource.is_table)
    shown = pager = None
    if tables:
        wanted = request.args.get("table")
        resource = get_resource(dataset, wanted) if wanted else tables[0]
        question, number = Question.from_args(request.args), page_asked()
        offset = min(first_of(number, ROWS), 10**9)
        found = rows(rooms().store, resource, question.filters, question.order, offset, ROWS)
        pager = make_pager(number, found.total, ROWS)
        shown = page.view_table(dataset, resource, question, found)
    return render_template("dataset.html", dataset=dataset, tables=tables, table=shown, pager=pager, words_of=page)


@bp.get("/<name>/<resource>.csv")
def download_csv(name: str, resource: str) -> Response:
    """The cleaned table; with a condition in the address, the rows that meet it."""
    dataset = _published(name)
    question = Question.from_args(request.args)
    lines = iter_csv(rooms().store, get_resource(dataset, resource), question.filters, question.order)
    response = Response(stream_with_context(lines), mimetype="text/csv")
    return _saved(response, f"{name}-{resource}.csv")


@bp.get("/<name>/<resource>/original")
def download_original(name: str, resource: str) -> Response:
    """The file as it came: a stranger's, so saved and never shown."""
    found = get_resource(_published(name), resource)
    response = Response(rooms().store.blobs.get(found.sha256), mimetype=found.media_type)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return _saved(response, found.file_name)


@bp.get("/<name>/datapackage.zip")
def download_package(name: str) -> Response:
    target = io.BytesIO()
    write_package(_published(name), rooms().store.blobs, target)
    return _saved(Response(target.getvalue(), mimetype="application/zip"), f"{name}.zip")


@bp.get("/<name>/datapackage.json")
def show_descriptor(name: str) -> Response:
    return Response(json_bytes(descriptor(_published(name))), mimetype="application/json")


def _published(name: str) -> Dataset:
    dataset = get_dataset(g.session, name)
    if dataset.state is DatasetState.WITHDRAWN:
        raise Withdrawn(title=dataset.title, reason=_("未载明"))
    if dataset.state is not DatasetState.PUBLISHED:
        raise NotFound(what=name)
    return dataset


def _saved(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = content_disposition(name)
    return response
