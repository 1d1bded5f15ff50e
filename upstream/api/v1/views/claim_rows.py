"""Claims and authorizations in as rows of JSON, through the same door as files."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.parsers import FlatJSONParser, NdjsonParser
from upstream.api.shapes import accepted
from upstream.api.v1.documented import IDEMPOTENCY_KEY, refusals
from upstream.api.v1.receiving import received
from upstream.api.v1.serializers.claim_rows import SentAuthorization, SentClaim
from upstream.api.v1.serializers.uploads import UploadAccepted, UploadRequest
from upstream.api.views import CommittingView
from upstream.ingestion.formats.csv_writer import AUTHORIZATIONS, CLAIMS, Columns, written
from upstream.tenants.choices import Right

MAX_ROWS = 5_000
MOST_ERRORS = 20


class RowsView(CommittingView):
    """Rows of one table; a subclass names the table."""

    rights: ClassVar = {"POST": Right.UPLOAD}
    max_body = 5 * 1024 * 1024
    parser_classes = [FlatJSONParser, NdjsonParser]
    columns: ClassVar[Columns]
    file_name: ClassVar[str]

    def taken(self, request: Request) -> Response:
        """202 with the job that reads the rows."""
        known_at = accepted(UploadRequest, request.query_params.dict()).get("known_at")
        content = written(_rows(request.data, self.columns), self.columns)
        return received(request, self.caller.client_id, iter([content]), name=self.file_name, known_at=known_at)


class ClaimRowsView(RowsView):
    columns = CLAIMS
    file_name = "claims sent as rows.csv"

    @extend_schema(
        operation_id="claims_batch",
        parameters=[UploadRequest, IDEMPOTENCY_KEY],
        request={"application/json": SentClaim(many=True), "application/x-ndjson": OpenApiTypes.STR},
        responses={202: UploadAccepted, **refusals(400, 409, 411, 413, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Send up to 5,000 claims, or claim lines, as a JSON array of rows or one row a line (NDJSON).

        A row has the columns of the canonical claims CSV. The answer is a job, as for a file: rows that cannot be
        loaded are its rejections, where line n + 1 is the n-th row. The same rows again are answered as a duplicate.
        """
        return self.taken(request)


class AuthorizationRowsView(RowsView):
    columns = AUTHORIZATIONS
    file_name = "authorizations sent as rows.csv"

    @extend_schema(
        operation_id="authorizations_batch",
        parameters=[UploadRequest, IDEMPOTENCY_KEY],
        request={"application/json": SentAuthorization(many=True), "application/x-ndjson": OpenApiTypes.STR},
        responses={202: UploadAccepted, **refusals(400, 409, 411, 413, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Send up to 5,000 authorizations, one row for each request and service, as a JSON array or NDJSON.

        A row has the columns of the authorizations CSV. A later row on the same number and service updates the
        register; the same row again changes nothing.
        """
        return self.taken(request)


def _rows(sent: Any, columns: Columns) -> list[dict[str, Any]]:
    """The rows; ValidationError for what is no list of flat rows of known columns. What they say is judged later."""
    if not isinstance(sent, list) or not sent:
        raise ValidationError("send a list of rows", code="no_rows")
    if len(sent) > MAX_ROWS:
        raise ValidationError(f"send at most {MAX_ROWS} rows at once", code="too_many_rows")
    faults: dict[str, list[str]] = {}
    for number, row in enumerate(sent, start=1):
        faults |= _faults_of(number, row, columns)
        if len(faults) >= MOST_ERRORS:
            break
    if faults:
        raise ValidationError(faults)
    return sent


def _faults_of(number: int, row: Any, columns: Columns) -> dict[str, list[str]]:
    if not isinstance(row, dict):
        return {f"row {number}": ["a row is an object"]}
    found = {f"row {number}: {name[:40]}": ["no such field"] for name in columns.unknown(row)}
    nested = (name for name, value in row.items() if not _is_plain(value) and name not in found)
    return found | {f"row {number}: {name[:40]}": ["text, a number or a list of texts"] for name in nested}


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return value is None or (isinstance(value, str | int | float) and not isinstance(value, bool))
