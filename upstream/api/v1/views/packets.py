"""Packets of evidence: asked for, told with their sums, and taken away."""

import uuid
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.alerts.queries import incident as find_incident
from upstream.api.idempotency import once
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, PAGES, refusals
from upstream.api.v1.serializers.letters import PacketQuery, PacketRequest, PacketShape
from upstream.api.v1.views.letter_files import file_of_kind
from upstream.api.v1.views.letters import file_answer
from upstream.api.views import ApiView, CommittingView, PagedView, found
from upstream.appeals import packets, queries
from upstream.appeals.packets import Rate, rate_of
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization


class PacketsView(CommittingView, PagedView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.WORK}

    @extend_schema(
        operation_id="packets_list",
        parameters=[PacketQuery, *PAGES],
        responses={200: PacketShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Packets in the order in which they were asked for."""
        wanted = asked(PacketQuery, request.query_params)
        with transaction.atomic():
            rows = queries.packets()
            return self.paged(rows.filter(incident__public_id=wanted["incident"]) if wanted else rows, PacketShape)

    @extend_schema(
        operation_id="packets_create",
        parameters=[IDEMPOTENCY_KEY],
        request=PacketRequest,
        responses={202: PacketShape, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Ask for an incident's next packet of evidence; a worker makes it."""
        return once(request, lambda: self._asked(request))

    def _asked(self, request: Request) -> Response:
        wanted = accepted(PacketRequest, request.data)
        with transaction.atomic():
            incident = found(find_incident(wanted["incident"]))
            made = packets.ask(
                incident, actor=self.caller.actor, statement=wanted["statement"], clause=wanted["clause"],
                clause_source=wanted["clause_source"], rate=_rate(wanted),
            )  # fmt: skip
            return Response(PacketShape(made).data, status=202)


class PacketView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="packets_read", responses={200: PacketShape, **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One packet: whether it is made, its sums and its hash."""
        return Response(PacketShape(found(queries.packet(id))).data)


class PacketFileView(ApiView):
    """`format` is given by the address."""

    rights: ClassVar = {"GET": Right.READ_PHI}
    format = "pdf"

    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        packet = found(queries.packet(id))
        content = packets.open_file(packet, self.format, actor=self.caller.actor)
        return file_answer(content, packets.name_of(packet), self.format)


class PacketPdfView(PacketFileView):
    @extend_schema(operation_id="packets_pdf", responses=file_of_kind("pdf"))
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """The packet on paper."""
        return super().get(request, id)


class PacketWordView(PacketFileView):
    format = "docx"

    @extend_schema(operation_id="packets_docx", responses=file_of_kind("docx"))
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """The packet as a Word document."""
        return super().get(request, id)


class PacketXlsxView(PacketFileView):
    format = "xlsx"

    @extend_schema(operation_id="packets_xlsx", responses=file_of_kind("xlsx"))
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """The packet's claims as an Excel workbook."""
        return super().get(request, id)


def _rate(wanted: dict[str, Any]) -> Rate | None:
    """The listed state's, an own one, or none; Invalid for a state that is not listed."""
    if wanted["state_rate"]:
        listed = {row.place: row for row in queries.rates_on(clock.today(bound_organization().time_zone))}
        if wanted["state_rate"] not in listed:
            raise Invalid("state_rate", "no rate of this state is listed; give days, percent and where it is written")
        return rate_of(listed[wanted["state_rate"]])
    if "days" in wanted and "percent" in wanted:
        return Rate(wanted["days"], wanted["percent"], wanted["rate_source"])
    return None
