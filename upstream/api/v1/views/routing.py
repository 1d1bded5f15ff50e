"""Who is told of incidents and when: to read, and to decide as in the portal."""

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import Shape, accepted
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_NONE_MATCH, refusals
from upstream.api.v1.serializers import routing as shapes
from upstream.api.views import ApiView, CommittingView, found, tagged
from upstream.claims.models import Payer
from upstream.core import clock
from upstream.routing import policies, queries, ruling, scopes
from upstream.routing.models import Mute, Rule
from upstream.routing.preview import preview
from upstream.tenants.choices import Right
from upstream.tenants.queries import active_members, bound_organization

WRITES = [IDEMPOTENCY_KEY]


def known() -> dict[str, Any]:
    """What shapes need to name people and payers."""
    return {
        "payers": dict(Payer.objects.values_list("pk", "public_id")),
        "members": {member.pk: member for member in active_members()},
        "zone": bound_organization().time_zone,
        "now": clock.now(),
    }


def scope_said(said: Any) -> dict[str, Any]:
    """A scope as the services take it."""
    return shapes.scope_of(said, dict(Payer.objects.values_list("public_id", "pk")))


def shown(shape: type[Shape], row: Any, status: int = 200) -> Response:
    return Response(shape(row, context=known()).data, status=status)


class PolicyView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.ROUTE}

    @extend_schema(
        operation_id="routing_policy_read", parameters=[IF_NONE_MATCH],
        responses={200: shapes.PolicyShape, **refusals()},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Budget, severities, quiet hours, digest and office hours."""
        with transaction.atomic():
            return tagged(request, shapes.PolicyShape(queries.policy(), context=known()).data)

    @extend_schema(
        operation_id="routing_policy_write", request=shapes.PolicyRequest,
        responses={200: shapes.PolicyShape, **refusals(400, 409, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def put(self, request: Request) -> Response:
        """Say all of it anew; 409 when somebody has changed it since the version that you name."""
        return once(request, lambda: self._written(request))

    def _written(self, request: Request) -> Response:
        with transaction.atomic():
            wanted = accepted(shapes.PolicyRequest, request.data)
            row = policies.save_policy(version=wanted.pop("version"), values=wanted)
            return shown(shapes.PolicyShape, row)


class RulesView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.ROUTE}

    @extend_schema(operation_id="routing_rules_list", responses={200: shapes.RuleShape(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """Rules that count; there are never many."""
        with transaction.atomic():
            return Response({"results": shapes.RuleShape(queries.rules(), many=True, context=known()).data})

    @extend_schema(
        operation_id="routing_rules_create", request=shapes.RuleRequest,
        responses={201: shapes.RuleShape, **refusals(400, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A new rule."""
        return once(request, lambda: saved_rule(request, None, self.caller.actor, 201))


def saved_rule(request: Request, public_id: uuid.UUID | None, actor: str, status: int = 200) -> Response:
    """The rule as it was said, new without an id."""
    with transaction.atomic():
        row = one_of(Rule, public_id) if public_id is not None else None
        wanted = accepted(shapes.RuleRequest, request.data)
        made = ruling.save_rule(
            row, version=wanted["version"], name=wanted["name"], how=wanted["how"], scope=scope_said(wanted["scope"]),
            targets=shapes.targets_of(wanted["targets"]), actor=actor,
        )  # fmt: skip
        return shown(shapes.RuleShape, queries.all_rules().get(pk=made.pk), status)


def one_of(kind: Any, public_id: uuid.UUID) -> Any:
    return found(kind.objects.filter(public_id=public_id).first())


class RuleView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.ROUTE}

    @extend_schema(
        operation_id="routing_rules_read", parameters=[IF_NONE_MATCH],
        responses={200: shapes.RuleShape, **refusals(404)},
    )  # fmt: skip
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One rule, also one that was ended."""
        with transaction.atomic():
            row = found(queries.all_rules().filter(public_id=id).first())
            return tagged(request, shapes.RuleShape(row, context=known()).data)

    @extend_schema(
        operation_id="routing_rules_write", request=shapes.RuleRequest,
        responses={200: shapes.RuleShape, **refusals(400, 404, 409, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def put(self, request: Request, id: uuid.UUID) -> Response:
        """Say all of the rule anew; 409 when somebody has changed it since."""
        return once(request, lambda: saved_rule(request, id, self.caller.actor))


class ActView(CommittingView):
    """A step on one thing that carries the version it was decided by; the actor is the client."""

    rights: ClassVar = {"POST": Right.ROUTE}
    kind: ClassVar[Any]
    shape: ClassVar[type[Shape]]
    act: ClassVar[Callable[..., Any]]

    def acted(self, request: Request, public_id: uuid.UUID, **more: Any) -> Response:
        """What the step made of the thing, once."""

        def step() -> Response:
            with transaction.atomic():
                row = one_of(self.kind, public_id)
                version = accepted(shapes.VersionRequest, request.data)["version"]
                return shown(self.shape, type(self).act(row, version=version, **more))

        return once(request, step)


def documented(operation: str, shape: type[Shape]) -> Callable[[Any], Any]:
    """What the document says of a step."""
    return extend_schema(
        operation_id=operation, request=shapes.VersionRequest,
        responses={200: shape, **refusals(400, 404, 409, 415, 422)}, parameters=WRITES,
    )  # fmt: skip


class RuleEndView(ActView):
    kind, shape, act = Rule, shapes.RuleShape, staticmethod(ruling.end_rule)

    @documented("routing_rules_end", shapes.RuleShape)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """The rule counts no more."""
        return self.acted(request, id)


class RuleBackView(ActView):
    kind, shape, act = Rule, shapes.RuleShape, staticmethod(ruling.put_rule_back)

    @documented("routing_rules_put_back", shapes.RuleShape)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """An ended rule counts again."""
        return self.acted(request, id)


class RuleTestView(CommittingView):
    rights: ClassVar = {"POST": Right.ROUTE}

    @extend_schema(
        operation_id="routing_rules_test", request=None,
        responses={200: shapes.TriedShape, **refusals(404, 409, 422)}, parameters=WRITES,
    )  # fmt: skip
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Send a test to those whom the rule would tell first."""
        return once(request, lambda: self._tried(id))

    def _tried(self, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            told = ruling.try_rule(found(queries.rules().filter(public_id=public_id).first()))
            return Response(shapes.TriedShape({"told": told}).data)


class PreviewView(ApiView):
    rights: ClassVar = {"POST": Right.READ}

    @extend_schema(
        operation_id="routing_preview", request=shapes.PreviewRequest,
        responses={200: shapes.PreviewShape, **refusals(400, 415, 422)},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """What of the last year a scope would have fitted; nothing is saved."""
        values = scopes.checked(scope_said(accepted(shapes.PreviewRequest, request.data)["scope"]))
        return Response(shapes.PreviewShape(preview(Mute(**values).scope, values["condition"])).data)
