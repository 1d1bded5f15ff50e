"""Charts: literal structure, escaped text, equal bytes, and a table with the same facts."""

import re
from datetime import date, timedelta

import pytest
from defusedxml.minidom import parseString

from upstream.core import charts
from upstream.core.charts.scale import Scale, round_top, spread, ticks
from upstream.core.charts.words import day, percent, short_dollars

MONDAY = date(2026, 8, 31)
RATES = (0.10, 0.12, None, 0.11, 0.31, 0.36)
WEEKS = tuple(
    charts.RateWeek(
        week=MONDAY + timedelta(weeks=i),
        rate=rate,
        low=(rate or 0) - 0.03 if rate else 0,
        high=(rate or 0) + 0.04 if rate else 0,
        claims=80 + i if rate else 0,
        complete=i < 5,
    )
    for i, rate in enumerate(RATES)
)
NOWCAST = charts.NowcastChart("Summit Mutual: denial rate", WEEKS, 0.11, date(2026, 9, 28), "authorization denials")
BARS = charts.BarChart(
    "Denied dollars by cause",
    (charts.Bar("Authorization", 3_212_000, 1_004_000), charts.Bar("Bundled", 702_000)),
    "13 weeks before",
)
LAG = charts.LagChart(
    "Days to decide",
    (
        charts.LagCurve("Summit Mutual", ((0, 0.0), (7, 0.3), (14, 0.6), (30, 0.95))),
        charts.LagCurve("Civic Care", ((0, 0.0), (14, 0.2), (30, 0.55))),
    ),
)
FALL = charts.WaterfallChart(
    "Denied dollars",
    "Last quarter",
    5_684_000,
    (charts.Step("Auth", 2_208_000), charts.Step("Coding", -348_000)),
    "Now",
)
SPARK = charts.Sparkline("Summit Mutual", (0.1, 0.12, None, 0.3), 3)

DRAWN = {
    "nowcast": lambda: charts.nowcast_chart(NOWCAST),
    "bars": lambda: charts.bars(BARS),
    "lag": lambda: charts.lag_curves(LAG),
    "waterfall": lambda: charts.waterfall(FALL),
    "sparkline": lambda: charts.sparkline(SPARK),
}


def elements(svg, tag, **attributes):
    found = parseString(svg).getElementsByTagName(tag)
    wanted = {name.rstrip("_"): value for name, value in attributes.items()}
    return [e for e in found if all(e.getAttribute(n) == v for n, v in wanted.items())]


def texts(svg):
    return [e.firstChild.data for e in parseString(svg).getElementsByTagName("text")]


@pytest.mark.parametrize("kind", DRAWN)
def test_each_chart_is_a_named_picture_without_script_or_style(kind):
    svg = DRAWN[kind]()
    root = parseString(svg).documentElement
    assert root.getAttribute("role") == "img"
    assert root.getAttribute("class") == f"chart chart-{kind}"
    assert re.fullmatch(r"0 0 \d+ \d+", root.getAttribute("viewBox"))
    assert [e.tagName for e in root.childNodes[:2]] == ["title", "desc"]
    assert root.childNodes[1].firstChild.data.endswith(".")
    assert not re.search(r"style=|<style|<script|\son\w+=|href", svg)


@pytest.mark.parametrize("kind", DRAWN)
def test_the_same_facts_give_the_same_bytes(kind):
    assert DRAWN[kind]() == DRAWN[kind]()


@pytest.mark.parametrize("planted", ['<script>alert("1")</script>', "a & b", "quote ' and \"", "null \x00 and \x1b"])
def test_text_is_escaped_and_stays_text(planted):
    drawn = [
        charts.nowcast_chart(charts.NowcastChart(planted, WEEKS, 0.1, date(2026, 9, 28), planted)),
        charts.bars(charts.BarChart(planted, (charts.Bar(planted, 100, 50),), planted), width=4000),
        charts.lag_curves(charts.LagChart(planted, (charts.LagCurve(planted, ((0, 0.0), (9, 1.0))),)), width=4000),
        charts.waterfall(charts.WaterfallChart(planted, planted, 1, (charts.Step(planted, 2),), planted), width=4000),
        charts.sparkline(charts.Sparkline(planted, (0.1,))),
    ]
    clean = planted.replace("\x00", "").replace("\x1b", "")
    for svg in drawn:
        assert parseString(svg).getElementsByTagName("title")[0].firstChild.data == clean
        assert "<script" not in svg
    assert all(any(clean in text for text in texts(svg)) for svg in drawn[:4])


def test_nowcast_draws_band_line_onset_and_open_weeks():
    svg = charts.nowcast_chart(NOWCAST)
    assert len(elements(svg, "path", class_="chart-band")) == 2
    assert len(elements(svg, "path", class_="chart-line")) == 2
    assert len(elements(svg, "circle", class_="chart-dot")) == 5
    assert [e.getAttribute("fill") for e in elements(svg, "circle", class_="chart-dot")][-2:] == ["#1f5a85", "#ffffff"]
    (pattern,) = elements(svg, "pattern")
    (still_open,) = elements(svg, "rect", class_="chart-open")
    assert still_open.getAttribute("fill") == f"url(#{pattern.getAttribute('id')})"
    assert len(elements(svg, "line", **{"stroke-dasharray": "2 3"})) == 1
    assert texts(svg) == [
        *("0%", "10%", "20%", "30%", "40%"),
        "authorization denials from 28 Sep",
        *("31 Aug", "7 Sep", "14 Sep", "21 Sep", "28 Sep", "5 Oct"),
        *("rate, 95% band", "usual 11.0%", "still filling"),
    ]


def test_nowcast_says_in_words_what_it_shows():
    (desc,) = elements(charts.nowcast_chart(NOWCAST), "desc")
    assert desc.firstChild.data == (
        "6 weeks to 5 Oct; last rate 36.0%, usual 11.0%, authorization denials from 28 Sep."
    )


def test_nowcast_rows_hold_the_same_weeks():
    assert NOWCAST.headings == ("Week of", "Claims", "Denial rate", "95% interval", "Status")
    assert NOWCAST.rows()[1] == ("7 Sep 2026", "81", "12.0%", "9.0% to 16.0%", "complete")
    assert NOWCAST.rows()[2] == ("14 Sep 2026", "0", "no claims", "", "complete")
    assert NOWCAST.rows()[5] == ("5 Oct 2026", "85", "36.0%", "33.0% to 40.0%", "still filling")


@pytest.mark.parametrize("weeks", [(), (charts.RateWeek(MONDAY, None),)])
def test_nowcast_without_claims_says_so(weeks):
    assert "No claims in these weeks." in texts(charts.nowcast_chart(charts.NowcastChart("t", weeks, 0.1, MONDAY)))


@pytest.mark.parametrize("width", [320, 440, 900])
def test_nowcast_labels_of_weeks_do_not_touch(width):
    many = tuple(charts.RateWeek(MONDAY + timedelta(weeks=i), 0.1, 0.05, 0.15, 90) for i in range(60))
    svg = charts.nowcast_chart(charts.NowcastChart("t", many), width=width)
    places = [float(e.getAttribute("x")) for e in elements(svg, "text", **{"text-anchor": "middle"})]
    assert min(b - a for a, b in zip(places, places[1:], strict=False)) > 50


def test_bars_draw_both_periods_and_shorten_long_names():
    svg = charts.bars(BARS)
    now = [float(e.getAttribute("width")) for e in elements(svg, "rect", class_="chart-bar")]
    before = [float(e.getAttribute("width")) for e in elements(svg, "rect", class_="chart-before")]
    assert now == [220.0, 48.08, 16.0]
    assert before == [68.77, 16.0]
    assert texts(svg) == ["Authorization", "$32.1k", "Bundled", "$7k", "this period", "13 weeks before"]
    long = charts.bars(charts.BarChart("t", (charts.Bar("Medical necessity of the service", 1),)))
    assert texts(long)[0] == "Medical necessity of the ser…"
    assert BARS.rows() == [("Authorization", "$32,120.00", "$10,040.00"), ("Bundled", "$7,020.00", "")]


def test_lag_curves_differ_in_dash_and_are_named_at_their_end():
    svg = charts.lag_curves(LAG)
    lines = elements(svg, "path", class_="chart-line")
    assert [e.getAttribute("stroke-dasharray") for e in lines] == ["", "7 3"]
    assert texts(svg)[-2:] == ["Summit Mutual", "Civic Care"]
    assert LAG.rows() == [("Summit Mutual", "14", "30", "30"), ("Civic Care", "30", "over 30", "over 30")]


def test_only_six_lag_curves_are_drawn_but_all_stay_in_the_table():
    many = charts.LagChart("t", LAG.curves * 5)
    assert len(elements(charts.lag_curves(many), "path", class_="chart-line")) == 6
    assert len(many.rows()) == 10


def test_waterfall_ends_where_its_steps_lead():
    assert FALL.end_cents == 7_544_000
    assert FALL.rows() == [
        ("Last quarter", "", "$56,840.00"),
        ("Auth", "+$22,080.00", "$78,920.00"),
        ("Coding", "-$3,480.00", "$75,440.00"),
        ("Now", "", "$75,440.00"),
    ]
    svg = charts.waterfall(FALL)
    assert [e.getAttribute("fill")[:4] for e in elements(svg, "rect", class_="chart-fall")] == ["url("]
    assert len(elements(svg, "rect", class_="chart-rise")) == 1


def test_sparkline_has_a_fixed_size_and_marks_the_change():
    svg = charts.sparkline(SPARK)
    root = parseString(svg).documentElement
    assert (root.getAttribute("width"), root.getAttribute("height")) == ("104", "26")
    assert len(elements(svg, "line", **{"stroke-dasharray": "2 2"})) == 1
    assert elements(svg, "desc")[0].firstChild.data == "4 weeks, from 10.0% to 30.0%, change at week 4."
    assert SPARK.rows()[2] == ("3", "no claims")


def test_empty_charts_are_drawn_and_say_so():
    assert (
        elements(charts.sparkline(charts.Sparkline("t", ())), "desc")[0].firstChild.data == "No claims in these weeks."
    )
    assert elements(charts.bars(charts.BarChart("t", ())), "desc")[0].firstChild.data == "Nothing to show."
    assert elements(charts.lag_curves(charts.LagChart("t", ())), "desc")[0].firstChild.data == "Nothing to show."


@pytest.mark.parametrize(
    ("value", "steps", "top"),
    [(0, 4, (1.0, 1.0)), (0.36, 4, (0.4, 0.1)), (0.4, 4, (0.4, 0.1)), (61, 5, (80, 20)), (1, 4, (1.0, 0.25))],
)
def test_round_top_is_reached_in_round_steps(value, steps, top):
    assert round_top(value, steps) == pytest.approx(top)


def test_scale_clamps_and_survives_an_empty_range():
    assert [Scale(0, 10, 0, 100)(v) for v in (-1, 0, 5, 12)] == [0, 0, 50, 100]
    assert Scale(3, 3, 7, 9)(3) == 7
    assert ticks(1.0, 0.25) == [0, 0.25, 0.5, 0.75, 1.0]


def test_spread_keeps_order_and_distance():
    assert spread([10, 11, 12], 15, 0, 100) == [10, 25, 40]
    assert spread([95, 97], 15, 0, 100) == [85, 100]


def test_figures_in_words():
    assert [short_dollars(c) for c in (0, 4_850, 702_000, 3_212_000, 99_999_000, 140_000_000, -35_000)] == [
        *("$0", "$48", "$7k", "$32.1k", "$1M", "$1.4M", "-$350"),
    ]
    assert [percent(0.125), percent(0.1235, 1), percent(0.0, 1)] == ["13%", "12.4%", "0.0%"]
    assert day(MONDAY) == "31 Aug"


FUNNEL = charts.FunnelChart(
    "Refused by place",
    (charts.FunnelPoint("Harborview", 120, 1_000), charts.FunnelPoint("Westgate <&>", 90, 300),
     charts.FunnelPoint("Pine Street", 3, 40), charts.FunnelPoint("Closed", 0, 0)),
)  # fmt: skip


def test_a_funnel_names_only_what_chance_does_not_explain():
    assert [row[-1] for row in FUNNEL.rows()] == ["below", "above", "as the others", "no claims"]
    drawn = charts.funnel(FUNNEL)
    names = [text.firstChild.data for text in parseString(drawn).getElementsByTagName("text")]
    assert ("Harborview" in names, "Westgate <&>" in names, "Pine Street" in names) == (True, True, False)
    assert drawn.count("<circle") == 3
    assert drawn == charts.funnel(FUNNEL)
    description = parseString(drawn).getElementsByTagName("desc")[0].firstChild.data
    assert description == "All together 15.9%. Harborview 12.0%, below; Westgate <&> 30.0%, above."


def test_a_funnel_of_nothing_is_a_picture_too():
    assert "None is outside the limits." in charts.funnel(charts.FunnelChart("Nothing", ()))
