"""How a payer behaves, as the last look left it."""

import uuid
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.v1.documented import IF_NONE_MATCH, refusals
from upstream.api.v1.serializers.behaviour import BehaviourShape, told
from upstream.api.views import ApiView, found, tagged
from upstream.claims import payer_queries
from upstream.detection.queries import state_of
from upstream.tenants.choices import Right


class BehaviourView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="payers_behaviour", parameters=[IF_NONE_MATCH], responses={200: BehaviourShape, **refusals(404)}
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """Denial rate, days to a decision and to a payment, expected dollars by submission week, and the smallest
        changes that would be noticed; 404 before the first look that saw the payer.
        """
        payer = found(payer_queries.payer(id))
        return tagged(request, BehaviourShape(told(found(state_of(payer.pk)))).data)
