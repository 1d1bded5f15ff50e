"""What a practice prints on: its paper and its logo."""

from rest_framework import serializers

from upstream.api.shapes import Shape, Strict
from upstream.reports.letterhead import PAPERS

LOGO_MOVES = ("take_away", "undo")


class LogoShape(Shape):
    width = serializers.IntegerField(help_text="In pixels, as documents carry it.")
    height = serializers.IntegerField()
    since = serializers.DateTimeField(source="at")


class LetterheadShape(Shape):
    paper = serializers.ChoiceField(choices=PAPERS)
    logo = LogoShape(allow_null=True)


class PaperRequest(Strict):
    paper = serializers.ChoiceField(choices=PAPERS)


class LogoMoveRequest(Strict):
    move = serializers.ChoiceField(choices=LOGO_MOVES, help_text="No logo any more, or the last word is taken back.")
