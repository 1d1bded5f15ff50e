"""Contracts of payers: to write down, to load prices into, to take back; and how much of the answers they price."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.multipart import file_of
from upstream.api.shapes import Shape, accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, PAGES, refusals
from upstream.api.v1.serializers.contracts import (
    ContractChange,
    ContractRequest,
    ContractShape,
    CoverageDetail,
    CoverageQuery,
    CoverageShape,
    LoadShape,
    ModifierRequest,
    ModifierShape,
    PriceShape,
    Seen,
    ToleranceRequest,
    ToleranceShape,
    UnpricedShape,
)
from upstream.api.v1.serializers.uploads import UploadQuery
from upstream.api.v1.views.uploads import FORM
from upstream.api.views import ApiView, CommittingView, PagedView, found
from upstream.claims import payer_queries
from upstream.claims.models import Payer, Product
from upstream.contracts import loading, queries, services
from upstream.contracts.models import Contract
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.core.money import cents_of
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization

CHANGED: dict[Any, Any] = {201: ContractShape, **refusals(400, 404, 409, 415, 422)}
YEAR = timedelta(weeks=52)


def contract_of(public_id: uuid.UUID) -> Contract:
    return found(queries.contract(public_id))


def done(request: Request, shape: type[Shape], act: Callable[[], Any], *, sent: Any = None) -> Response:
    """201 with what the act made; the same under the same key, told apart by what was `sent`, else by the body."""

    def answer() -> Response:
        with transaction.atomic():
            return Response(shape(act()).data, status=201)

    return once(request, answer, sent=sent)


class PayerContractsView(CommittingView, PagedView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.PAYERS}

    @extend_schema(
        operation_id="payer_contracts_list", parameters=PAGES,
        responses={200: ContractShape(many=True), **refusals(400, 404)},
    )  # fmt: skip
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """What was agreed with a payer, in the order in which it was written down."""
        asked(UploadQuery, request.query_params)
        with transaction.atomic():
            return self.paged(queries.contracts_of(found(payer_queries.payer(id)).pk), ContractShape)

    @extend_schema(
        operation_id="payer_contracts_create", parameters=[IDEMPOTENCY_KEY], request=ContractRequest, responses=CHANGED
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Write a contract down; load its prices next."""

        def act() -> Contract:
            payer = found(payer_queries.payer(id))
            values = _values(payer, accepted(ContractRequest, request.data))
            return services.add_contract(payer=payer, actor=self.caller.actor, **values)

        return done(request, ContractShape, act)


class CoverageView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="payer_coverage_read", parameters=[CoverageQuery],
        responses={200: CoverageDetail, **refusals(400, 404)},
    )  # fmt: skip
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """How much of the payer's answers its contracts price, and the procedures that they do not."""
        payer, wanted = found(payer_queries.payer(id)), asked(CoverageQuery, request.query_params)
        first = wanted.get("first") or clock.today(bound_organization().time_zone) - YEAR
        names = ("procedure_code", "reason", "lines", "billed_cents", "allowed_cents")
        rows = [dict(zip(names, row, strict=True)) for row in queries.unpriced(payer.pk, first)]
        whole = CoverageShape(queries.coverage(payer.pk, first, wanted.get("last"))).data
        return Response({**whole, "unpriced": UnpricedShape(rows, many=True).data})


class ContractView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.PAYERS}

    @extend_schema(operation_id="contracts_read", responses={200: ContractShape, **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One contract."""
        with transaction.atomic():
            return Response(ContractShape(contract_of(id)).data)

    @extend_schema(
        operation_id="contracts_change", parameters=[IDEMPOTENCY_KEY], request=ContractChange, responses=CHANGED
    )
    def put(self, request: Request, id: uuid.UUID) -> Response:
        """The contract says this from now on, and lines are priced anew. 409 when somebody changed it meanwhile."""

        def act() -> Contract:
            contract = contract_of(id)
            told = accepted(ContractChange, request.data)
            version = told.pop("version")
            return services.change_contract(contract, version=version, **_values(contract.payer, told))

        return done(request, ContractShape, act)


class ContractBackView(CommittingView):
    """Takes a contract back, or (`put`) puts it back."""

    rights: ClassVar = {"POST": Right.PAYERS}

    @extend_schema(operation_id="contracts_take_back", parameters=[IDEMPOTENCY_KEY], request=Seen, responses=CHANGED)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """The contract prices nothing any more."""
        return self.moved(request, id, services.take_back)

    def moved(self, request: Request, id: uuid.UUID, act: Callable[..., Contract]) -> Response:
        return done(
            request, ContractShape, lambda: act(contract_of(id), version=accepted(Seen, request.data)["version"])
        )


class ContractPutBackView(ContractBackView):
    @extend_schema(operation_id="contracts_put_back", parameters=[IDEMPOTENCY_KEY], request=Seen, responses=CHANGED)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """The contract prices lines again."""
        return self.moved(request, id, services.put_back)


class PricesView(CommittingView, PagedView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.PAYERS}
    max_body = loading.MOST_BYTES

    @extend_schema(
        operation_id="contract_prices_list", parameters=PAGES,
        responses={200: PriceShape(many=True), **refusals(400, 404)},
    )  # fmt: skip
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """The prices that stand, in the order in which they were loaded."""
        asked(UploadQuery, request.query_params)
        with transaction.atomic():
            return self.paged(queries.rates_of(contract_of(id)), PriceShape)

    @extend_schema(
        operation_id="contract_prices_load", parameters=[IDEMPOTENCY_KEY],
        request={"application/octet-stream": OpenApiTypes.BINARY, "multipart/form-data": FORM},
        responses={201: LoadShape, **refusals(400, 404, 409, 411, 413, 422)},
    )  # fmt: skip
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Load a fee schedule (CSV or Excel), as the raw body or as the part "file" of a form. The same file again
        changes nothing; rows that will not do are named and left out."""
        with transaction.atomic():
            contract = contract_of(id)
        data = b"".join(file_of(request._request)[1])
        return done(
            request, LoadShape, lambda: loading.load_file(contract, [data], actor=self.caller.actor),
            sent=hashlib.sha256(data).hexdigest(),
        )  # fmt: skip


class LoadUndoView(CommittingView):
    rights: ClassVar = {"POST": Right.PAYERS}

    @extend_schema(
        operation_id="contract_loads_undo", parameters=[IDEMPOTENCY_KEY], request=None,
        responses={201: LoadShape, **refusals(404, 409, 422)},
    )  # fmt: skip
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Prices stand as before the load, the newest load first."""
        return done(request, LoadShape, lambda: loading.undo_load(found(queries.load(id)), actor=self.caller.actor))


class ModifiersView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.PAYERS}

    @extend_schema(operation_id="contract_modifiers_list", responses={200: ModifierShape(many=True), **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """What modifiers take of the contract's prices."""
        with transaction.atomic():
            return Response(ModifierShape(queries.modifiers_of(contract_of(id)), many=True).data)

    @extend_schema(
        operation_id="contract_modifiers_set", parameters=[IDEMPOTENCY_KEY], request=ModifierRequest,
        responses={201: ModifierShape, **refusals(400, 404, 409, 415, 422)},
    )  # fmt: skip
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Say what a modifier takes, from a day on."""

        def act() -> Any:
            contract = contract_of(id)
            return services.set_modifier(contract, actor=self.caller.actor, **accepted(ModifierRequest, request.data))

        return done(request, ModifierShape, act)


class ModifierBackView(CommittingView):
    rights: ClassVar = {"POST": Right.PAYERS}

    @extend_schema(
        operation_id="contract_modifiers_take_back", parameters=[IDEMPOTENCY_KEY], request=None,
        responses={201: ModifierShape, **refusals(404, 409, 422)},
    )  # fmt: skip
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """What was said of the modifier before holds again; answers with the row that says so."""
        return done(
            request, ModifierShape,
            lambda: services.take_modifier_back(found(queries.modifier(id)), actor=self.caller.actor),
        )  # fmt: skip


class ToleranceView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.PAYERS}

    @extend_schema(operation_id="underpaid_tolerance_read", responses={200: ToleranceShape, **refusals()})
    def get(self, request: Request) -> Response:
        """By how much a line may be allowed less where its contract says nothing."""
        with transaction.atomic():
            return Response(ToleranceShape(queries.leeway()).data)

    @extend_schema(
        operation_id="underpaid_tolerance_set", parameters=[IDEMPOTENCY_KEY], request=ToleranceRequest,
        responses={201: ToleranceShape, **refusals(400, 409, 415, 422)},
    )  # fmt: skip
    def put(self, request: Request) -> Response:
        """The larger of both counts from now on."""

        def act() -> Any:
            told = accepted(ToleranceRequest, request.data)
            return services.set_leeway(
                cents=cents_of(told["tolerance"]), percent=told["percent"], actor=self.caller.actor
            )

        return done(request, ToleranceShape, act)


def _values(payer: Payer, told: dict[str, Any]) -> dict[str, Any]:
    """As the services take them. Invalid for a product that the payer does not have."""
    values = {name: value for name, value in told.items() if name not in {"product", "written_in", "tolerance"}}
    if "written_in" in told:
        values["source"] = told["written_in"]
    if "tolerance" in told:
        values["tolerance_cents"] = None if told["tolerance"] is None else cents_of(told["tolerance"])
    if told.get("product"):
        values["product"] = Product.objects.filter(payer=payer, name__iexact=told["product"]).first()
        if values["product"] is None:
            raise Invalid("product", "this payer has no such product")
    elif "product" in told:
        values["product"] = None
    return values
