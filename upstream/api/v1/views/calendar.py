"""The calendar of weeks that are unlike others."""

from datetime import timedelta
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.shapes import asked
from upstream.api.v1.documented import refusals
from upstream.api.v1.serializers.calendar import CalendarQuery, CalendarShape
from upstream.api.views import ApiView
from upstream.claims.models import Payer
from upstream.core import clock
from upstream.detection.calendar import queries
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization

BACK = timedelta(days=730)


class CalendarView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="calendar_read", parameters=[CalendarQuery], responses={200: CalendarShape, **refusals(400)}
    )
    def get(self, request: Request) -> Response:
        """Events with a day between two others, as they stand now; the practice's word in place of the shared one."""
        wanted = asked(CalendarQuery, request.query_params)
        last = wanted.get("last") or clock.today(bound_organization().time_zone)
        first = wanted.get("first") or last - BACK
        own = [row for row in queries.own_events() if row.first_day <= last and (row.last_day or last) >= first]
        events = sorted([*own, *queries.shared_events(first, last)], key=lambda row: (row.first_day, row.name))
        payers = Payer.objects.in_bulk({payer for row in own for payer in row.payers})
        body = {"first": first, "last": last, "events": events}
        return Response(CalendarShape(body, context={"payers": payers}).data)
