"""Charts as SVG text: the same picture in the portal, in the mail preview and in the PDF.

Each chart is a frozen dataclass plus one function that draws it. `headings` and `rows()` of the dataclass
are the same facts as a table, to stand below the picture. Drawing is pure and its bytes depend on the input only.
"""

from upstream.core.charts.ahead import AheadChart, AheadWeek, ahead_chart
from upstream.core.charts.bars import Bar, BarChart, bars
from upstream.core.charts.burndown import BurnDown, burn_down
from upstream.core.charts.funnel import FunnelChart, FunnelPoint, funnel
from upstream.core.charts.lag import MOST_CURVES, LagChart, LagCurve, lag_curves
from upstream.core.charts.nowcast import NowcastChart, RateWeek, nowcast_chart
from upstream.core.charts.scores import ScoreChart, ScoreWeek, score_chart
from upstream.core.charts.sparkline import Sparkline, sparkline
from upstream.core.charts.values import Amount, ValueChart, value_chart
from upstream.core.charts.waterfall import Step, WaterfallChart, waterfall
from upstream.core.charts.words import day, percent

__all__ = [
    "MOST_CURVES",
    "AheadChart",
    "AheadWeek",
    "Amount",
    "Bar",
    "BarChart",
    "BurnDown",
    "FunnelChart",
    "FunnelPoint",
    "LagChart",
    "LagCurve",
    "NowcastChart",
    "RateWeek",
    "ScoreChart",
    "ScoreWeek",
    "Sparkline",
    "Step",
    "ValueChart",
    "WaterfallChart",
    "ahead_chart",
    "bars",
    "burn_down",
    "day",
    "funnel",
    "lag_curves",
    "nowcast_chart",
    "percent",
    "score_chart",
    "sparkline",
    "value_chart",
    "waterfall",
]
