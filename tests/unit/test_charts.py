"""Charts: what is drawn is what the table says, in both languages, and nothing else."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from math import dist
from xml.etree import ElementTree

import pytest

from ctlgraph import charts
from ctlgraph.catalogue import Cell, Table, parse
from ctlgraph.charts.picture import MOST
from ctlgraph.charts.style import DARK, PALE, PALETTE, clean, contrast, ink_on, shade
from ctlgraph.errors import ChartError
from ctlgraph.export.provinces import area, provinces
from ctlgraph.vocabulary import PREFIXES, expand

VALUES = {int: "integer", date: "date", float: "decimal"}

Value = str | int | float | date | None


def table(chart: str, columns: str, *rows: Sequence[Value], labels: Mapping[str, str] | None = None) -> Table:
    """A table with a chart. columns: name:type; of the values a text with a slash is an IRI."""
    kinds = dict(column.split(":") for column in columns.split())
    declared = ", ".join(
        f"{name}: {{type: {kind}, label: {{it: '{name} it', en: '{name} en'}}"
        + (", unit: {it: unità, en: units}}" if kind in ("integer", "decimal") else "}")
        for name, kind in kinds.items()
    )
    words = "{none: Niente, one: 'Trovati {count}', ties: 'Trovati {count}'}"
    text = f"""#+ title: {{it: Domanda, en: Question}}
#+ description: {{it: Domanda, en: Question}}
#+ tags: [test]
#+ columns: {{{declared}}}
#+ chart: {{{chart}}}
#+ sentence: {{it: {words}, en: {words.replace("Trovati", "Found").replace("Niente", "None")}}}
#+ tests: [{{args: {{}}, rows: {{min: 0, max: 9}}}}]
SELECT {" ".join(f"?{name}" for name in kinds)} WHERE {{ ?{next(iter(kinds))} ?p ?o }}
"""
    saved = parse(text, "test")
    cells = tuple(tuple(map(cell, row)) for row in rows)
    known = {expand(name): {"it": label, "en": f"{label} en"} for name, label in (labels or {}).items()}
    return Table(saved, saved.fill({}), tuple(saved.columns.values()), cells, known)


def cell(value: Value) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, str):
        year = re.fullmatch(r"\d{4}", value)
        kind = "gYear" if year else "string"
        return Cell(expand(value), "iri") if "/" in value else Cell(value, "literal", PREFIXES["xsd"] + kind)
    return Cell(str(value), "literal", PREFIXES["xsd"] + VALUES[type(value)])


A, B, C = "id/cluster/a", "id/cluster/b", "id/cluster/c"
BAR = table("mark: bar, x: name, y: n", "name:iri n:integer", (A, 1234), (B, 617), (C, 0))
KINDS = [(A, "x", 40), (A, "y", 20), (B, "x", 30), (B, "y", 10)]
STACKED = table("mark: stacked, x: name, y: n, color: kind", "name:iri kind:string n:integer", *KINDS)
GROUPED = table("mark: grouped, x: name, y: n, color: kind", "name:iri kind:string n:integer", *KINDS)
LINE = table(
    "mark: line, x: year, y: n, color: kind",
    "year:date kind:string n:integer",
    *(("2019", "x", 10), ("2019", "y", 40), ("2022", "x", 20), ("2022", "y", 30)),
)
TIMELINE = table(
    "mark: timeline, x: start, end: end, y: what",
    "start:date end:date what:string",
    *(("2013", "2015", "Progetto"), (date(2018, 2, 28), None, "Atto")),
)
MATRIX = table("mark: matrix, x: name, y: kind, color: n", "name:iri kind:string n:integer", *KINDS)
MAP = table("mark: map, x: place, y: n", "place:string n:integer", ("016", 3), ("MI", 6), ("Torino", 1))
GRAPH = table(
    "mark: graph, x: one, y: two, weight: n", "one:iri two:iri n:integer", (A, B, 3), (B, C, 5), (A, C, 1)
)
TWO = table("mark: graph, x: one, y: two", "one:iri two:string", (A, "x"), (A, "y"), (B, "y"))
EVERY = {
    "bar": BAR, "stacked": STACKED, "grouped": GROUPED, "line": LINE, "timeline": TIMELINE, "matrix": MATRIX,
    "map": MAP, "graph": GRAPH, "two-mode": TWO,
}  # fmt: skip
EACH = pytest.mark.parametrize("name", EVERY)
LANGS = pytest.mark.parametrize("lang", ["it", "en"])


def drawn(answer: Table, lang: str = "it") -> str:
    return charts.svg(answer, lang)


def elements(svg: str, name: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{name}"))


def texts(svg: str) -> list[str]:
    return ["".join(each.itertext()) for each in elements(svg, "text")]


def bar_lengths(svg: str, colour: str = PALETTE[0]) -> list[float]:
    paths = [path.get("d", "") for path in elements(svg, "path") if path.get("fill") == colour]
    return [float(length) for path in paths for length in re.findall(r"^M[-\d.]+,[-\d.]+h([-\d.]+)v", path)]


@pytest.fixture(autouse=True, scope="module")
def _one_process() -> Iterator[None]:
    """The charts of this file are drawn by one process."""
    yield
    charts.close()


@EACH
@LANGS
def test_every_mark_is_vega_lite(name: str, lang: str) -> None:
    """The specification is valid by the schema that altair carries, so that any Vega-Lite tool opens it."""
    altair = pytest.importorskip("altair")
    altair.LayerChart.from_dict(charts.spec(EVERY[name], lang))


@EACH
@LANGS
def test_a_chart_states_the_finding_and_has_a_text_alternative(name: str, lang: str) -> None:
    """A reader who does not see it hears the sentence and all values, in the language of the page."""
    svg = drawn(EVERY[name], lang)
    root = ElementTree.fromstring(svg)
    title, description = root[0], root[1]
    assert (root.get("role"), root.get("lang")) == ("img", lang)
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    assert title.text == EVERY[name].sentence(lang)
    assert description.text == charts.description(EVERY[name], lang)
    assert title.text in " ".join(texts(svg))


@EACH
def test_nothing_english_is_said_of_an_italian_chart(name: str) -> None:
    """Vega's own labels of axes and marks are left out."""
    svg = drawn(EVERY[name])
    assert re.findall(r"\baria-(\w+)=", svg) == ["labelledby", "describedby"]
    assert not re.search(r"axis|Found|units|mark container", svg)


@EACH
def test_a_chart_stands_under_the_strict_policy(name: str) -> None:
    """No style, script, class, link or address: it may stand in a page and opens nothing."""
    svg = drawn(EVERY[name])
    assert not re.search(
        r"<(style|script|image|a|use|foreignObject)\b|\b(style|class|on\w+|(xlink:)?href)=", svg
    )
    assert set(re.findall(r"https?://[^\"\s]+", svg)) <= {"http://www.w3.org/2000/svg"}
    assert "url(" not in svg


@EACH
def test_identifiers_differ_between_charts_of_a_page(name: str) -> None:
    """Two charts, or one chart in two languages, stand in one page."""
    ids = [re.findall(r' id="([^"]*)"', drawn(EVERY[name], lang)) for lang in ("it", "en")]
    assert all(len(each) == 2 for each in ids)
    assert set(ids[0]).isdisjoint(ids[1])


def test_bars_are_as_long_as_their_numbers() -> None:
    """Twice the number is twice the bar, from zero; the numbers are written in the reader's form."""
    svg = drawn(BAR)
    first, second, third = bar_lengths(svg)
    assert first == pytest.approx(2 * second, rel=1e-3)
    assert third == 0
    assert {"1.234", "617", "0"} <= set(texts(svg))
    assert {"1,234", "617", "0"} <= set(texts(drawn(BAR, "en")))


def test_bars_below_zero_go_the_other_way() -> None:
    """Zero stays on the axis, and both directions have the same measure."""
    answer = table("mark: bar, x: name, y: n", "name:iri n:decimal", (A, 10.5), (B, -5.25))
    up, down = charts.spec(answer, "it")["data"]["values"]
    assert (up["from"], up["to"], down["from"], down["to"]) == (0, 10.5, 0, -5.25)
    lengths = [abs(length) for length in bar_lengths(drawn(answer))]
    assert lengths[0] == pytest.approx(2 * lengths[1], rel=1e-3)
    assert "-5,25" in texts(drawn(answer))


def test_parts_of_a_bar_lie_end_to_end() -> None:
    """A stacked bar is as long as the sum of its parts, which come in the same order in each."""
    values = charts.spec(STACKED, "it")["data"]["values"]
    spans = [(each["kind"], each["from"], each["to"]) for each in values]
    assert spans == [("x", 0, 40), ("x", 0, 30), ("y", 40, 60), ("y", 30, 40)]
    svg = drawn(STACKED)
    assert bar_lengths(svg)[0] == pytest.approx(2 * bar_lengths(svg, PALETTE[1])[0], rel=1e-3)


def test_points_of_a_line_lie_where_their_numbers_say() -> None:
    """The vertical places of the points are in proportion to the numbers, on an axis that has zero."""
    spec = charts.spec(LINE, "it")
    values = [(each["at"], each["n"]) for each in spec["data"]["values"]]
    assert values == [
        (2019, 10),
        (2019, 40),
        (2022, 20),
        (2022, 30),
    ]
    points = [path for path in elements(drawn(LINE), "path") if path.get("fill") == PALETTE[0]]
    places = [re.fullmatch(r"translate\((.*),(.*)\)", path.get("transform", "")) for path in points]
    heights = [float(place[2]) for place in places if place and float(place[2]) > 20]
    zero = 2 * heights[0] - heights[1]
    assert zero == pytest.approx(320, abs=0.1)


def test_a_date_is_drawn_as_precisely_as_it_is_known() -> None:
    """A year is a bar from its first day to its last, a day a point; without an end, that of its start."""
    project, act = charts.spec(TIMELINE, "it")["data"]["values"]
    assert (project["from"], project["to"], project["bar"]) == ("2013-01-01", "2016-01-01", True)
    assert (act["from"], act["to"], act["bar"]) == ("2018-02-28", "2018-03-01", False)
    assert (project["label"], act["label"]) == ("2013 – 2015", "28 febbraio 2018")


def test_cells_of_a_matrix_have_their_numbers() -> None:
    """Each cell is shaded by its number, zero the palest, and says it."""
    values = charts.spec(MATRIX, "it")["data"]["values"]
    assert [(each["row"], each["column"].rpartition("/")[2], each["kind"]) for each in values] == [
        ("x", "a", "40"), ("y", "a", "20"), ("x", "b", "30"), ("y", "b", "10"),
    ]  # fmt: skip
    assert [each["fill"] for each in values] == [DARK, shade(0.5), shade(0.75), shade(0.25)]


def test_a_cell_of_several_kinds_names_them_all() -> None:
    """Two rows for one cell do not hide each other."""
    rows = ((A, "r", "u"), (A, "r", "v"), (A, "r", "u"), (B, "r", "v"))
    answer = table("mark: matrix, x: name, y: row, color: kind", "name:iri row:string kind:string", *rows)
    assert [each["kind"] for each in charts.spec(answer, "it")["data"]["values"]] == ["u + v", "v"]


def test_provinces_are_found_by_code_sign_and_name() -> None:
    """The twelve provinces of Lombardy; one elsewhere is named beside the map, not dropped in silence."""
    names = ("id/place/prov-bg", "16", "016", "BG", "Bergamo")
    for name in names:
        answer = table("mark: map, x: place, y: n", "place:string n:integer", (name, 7))
        marks = charts.spec(answer, "it")["layer"][1]["data"]["values"]
        assert [each["sign"] for each in marks if each["label"] == "7"] == ["BG"]
    assert "Fuori dalla mappa: Torino." in charts.description(MAP, "it")
    assert "CC BY 4.0" in " ".join(texts(drawn(MAP)))


def test_boundaries_wind_as_vega_wants_them() -> None:
    """Outer rings clockwise, holes the other way: otherwise the whole rectangle is filled."""
    assert len(provinces()) == 12
    for each in provinces():
        for rings in each["geometry"]["coordinates"]:
            assert area(rings[0]) < 0
            assert all(area(hole) > 0 for hole in rings[1:])


def test_every_link_joins_its_nodes() -> None:
    """Each node has one place of its own, and each link runs between the places of its two ends."""
    layers = charts.spec(GRAPH, "it")["layer"]
    lines, nodes = layers[0]["data"]["values"], charts.spec(GRAPH, "it")["data"]["values"]
    places = {" ".join(node["name"]).rpartition("/")[2]: (node["x"], node["y"]) for node in nodes}
    assert len(set(places.values())) == 3
    ends = [((line["x"], line["y"]), (line["x2"], line["y2"])) for line in lines]
    assert ends == [tuple(places[end] for end in pair) for pair in ("ab", "bc", "ac")]
    assert [line["label"] for line in lines] == ["3", "5", "1"]
    assert lines[1]["thick"] > lines[0]["thick"] > lines[2]["thick"]


@LANGS
def test_axes_and_numbers_are_in_the_language(lang: str) -> None:
    """Labels, units, decimal signs and names of months."""
    answer = table(
        "mark: line, x: day, y: n",
        "day:date n:decimal",
        *((date(2021, 1 + month, 3), 0.5 + month) for month in range(9)),
    )
    shown = texts(drawn(answer, lang))
    title, half, month = {
        "it": ("n it (unità)", "0,5", "mag 2021"),
        "en": ("n en (units)", "0.5", "May 2021"),
    }[lang]
    assert {title, half, month} <= set(shown)


HOSTILE = "<script>alert(1)</script> ]]> & \" ' {{7*7}} \x00\x0b\ufffe\u202e datum.x; =1+1"


@EACH
def test_hostile_labels_stay_text(name: str) -> None:
    """A name that looks like markup or code is said and drawn as it is, where XML can carry it."""
    answer = EVERY[name]

    def bad(each: Cell | None) -> Cell | None:
        string = each is not None and each.datatype.endswith("string")
        return Cell(f"{HOSTILE} {each.value}", "literal", each.datatype) if each and string else each

    iris = [each.value for row in answer.rows for each in row if each and each.kind == "iri"]
    rows = tuple(tuple(map(bad, row)) for row in answer.rows)
    labels = {iri: {"it": HOSTILE} for iri in iris}
    svg = drawn(Table(answer.saved, answer.filled, answer.columns, rows, labels))
    assert not elements(svg, "script")
    assert clean(HOSTILE) in "".join(elements(svg, "desc")[0].itertext())


def test_texts_have_nothing_that_xml_or_the_eye_cannot_take() -> None:
    """Control characters and those that turn the direction of writing are replaced."""
    assert clean("a\x00\x0b\ufffe\u202eb\u2066\n c") == "a\ufffd\ufffd\ufffd\ufffdb\ufffd c"


@pytest.mark.parametrize("label", ["", " ", "parola" * 60, "a " * 300])
def test_a_name_of_any_length_is_drawn(label: str) -> None:
    """Broken into lines, then cut short, and beside the bars in any case."""
    answer = table("mark: bar, x: name, y: n", "name:iri n:integer", (A, 1), (B, 2), labels={A: label})
    root = ElementTree.fromstring(drawn(answer))
    assert float(root.get("width", "0")) < 900
    assert len(bar_lengths(drawn(answer))) == 2


def test_things_of_one_name_are_told_apart() -> None:
    """Two IRIs with the same label are two bars."""
    answer = table(
        "mark: bar, x: name, y: n", "name:iri n:integer", (A, 1), (B, 2), labels={A: "Rete", B: "Rete"}
    )
    assert [each["name"] for each in charts.spec(answer, "it")["data"]["values"]] == ["Rete (a)", "Rete (b)"]


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("kind != y", [40, 30]),
        ("kind = y", [20, 10]),
        ("name = a", [40, 20]),
        ("n > 20", [40, 30]),
        ("n <= 20", [20, 10]),
        ("n >= 30", [40, 30]),
        ("n < 20", [10]),
        ("n = many", []),
    ],
)
def test_a_condition_keeps_rows_of_the_chart_only(where: str, kept: list[int]) -> None:
    """An IRI is compared by its end, a number as a number; the table keeps all its rows."""
    chart = f"mark: grouped, x: name, y: n, color: kind, where: '{where}'"
    answer = table(chart, "name:iri kind:string n:integer", *KINDS)
    if not kept:
        with pytest.raises(ChartError):
            charts.spec(answer, "it")
    else:
        assert [each["to"] for each in charts.spec(answer, "it")["data"]["values"]] == kept
    assert len(answer.rows) == 4


def test_more_names_than_can_be_read_are_left_out_in_words() -> None:
    """The first ones are drawn, and the chart says how many there are."""
    most = MOST["bar"]["x"]
    rows = [(f"id/cluster/c{n}", n) for n in range(most + 5)]
    answer = table("mark: bar, x: name, y: n", "name:iri n:integer", *rows)
    spec = charts.spec(answer, "it")
    assert len(spec["data"]["values"]) == most
    assert f"sono disegnati i primi {most} di {most + 5}" in " ".join(spec["title"]["subtitle"])
    assert f"the first {most} of {most + 5} are drawn" in charts.description(answer, "en")


def test_rows_without_a_value_are_counted() -> None:
    """What is missing is not drawn as zero."""
    answer = table("mark: bar, x: name, y: n", "name:iri n:integer", (A, 3), (B, None), (C, None))
    assert "Righe senza valore, non disegnate: 2." in charts.description(answer, "it")
    assert [each["to"] for each in charts.spec(answer, "it")["data"]["values"]] == [3]


def test_what_has_no_kind_is_drawn_as_such() -> None:
    """A bar is as long as all its parts, whether their kind is known or not."""
    rows = ((A, "x", 5), (A, None, 6))
    answer = table("mark: stacked, x: name, y: n, color: kind", "name:iri kind:string n:integer", *rows)
    parts = [(each["kind"], each["to"]) for each in charts.spec(answer, "it")["data"]["values"]]
    assert parts == [("x", 5), ("non indicato", 11)]
    assert "not stated: 6" in charts.description(answer, "en")


def test_bars_stand_in_the_order_of_the_whole_answer() -> None:
    """The rows that the chart leaves out may be those that the question ranks by."""
    rows = ((B, "total", 9), (A, "total", 8), (A, "part", 7), (B, "part", 6))
    chart = "mark: bar, x: name, y: n, where: kind = part"
    answer = table(chart, "name:iri kind:string n:integer", *rows)
    assert [each["to"] for each in charts.spec(answer, "it")["data"]["values"]] == [6, 7]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (table("mark: bar, x: name, y: n", "name:iri n:integer"), "nulla da disegnare"),
        (table("mark: bar, x: name, y: n", "name:iri n:integer", (A, None)), "nulla da disegnare"),
        (table("mark: bar, x: name, y: n", "name:iri n:integer", (A, 1), (A, 2)), "più di un numero"),
        (table("mark: map, x: name, y: n", "name:iri n:integer", (A, 1), (A, 2)), "più di un numero"),
        (
            table(
                "mark: bar, x: name, y: n, color: kind",
                "name:iri n:integer kind:string",
                (A, -1, "x"),
                (A, 2, "y"),
            ),
            "minori di zero",
        ),
        (
            table(
                "mark: bar, x: name, y: n, color: kind",
                "name:iri n:integer kind:string",
                *((A, 1, f"k{n}") for n in range(len(PALETTE) + 1)),
            ),
            "non si distinguono",
        ),
    ],
)
def test_what_would_mislead_is_not_drawn(answer: Table, reason: str) -> None:
    """There is no chart then, and the reason is said in the reader's language."""
    with pytest.raises(ChartError) as caught:
        charts.spec(answer, "it")
    assert reason in caught.value.text("it")
    assert "there is no chart" in caught.value.text("en")


def test_a_question_without_a_chart_says_so() -> None:
    """As a file that is asked for all the same."""
    answer = table("", "name:iri", (A,))
    with pytest.raises(ChartError, match="has no chart"):
        charts.svg(answer, "en")


def test_one_row_is_drawn() -> None:
    """A single bar, from zero."""
    answer = table("mark: bar, x: name, y: n", "name:iri n:integer", (A, 7))
    assert bar_lengths(drawn(answer)) == [pytest.approx(460, rel=0.2)]


def test_colours_are_seen_on_white_and_with_every_kind_of_sight() -> None:
    """Contrast of 3 to 1 with white (WCAG 1.4.11); in OKLab any two 0.12 apart, colour-blind or not."""
    assert all(contrast(colour, "#ffffff") >= 3 for colour in PALETTE)
    for sight in SIGHTS:
        seen = [_oklab(_seen(_linear(colour), sight)) for colour in PALETTE]
        assert min(dist(one, other) for one, other in combinations(seen, 2)) > 0.12


def test_numbers_on_colours_are_read() -> None:
    """Contrast of 4.5 to 1 with whatever colour they are written on (WCAG 1.4.3)."""
    grounds = [*PALETTE, PALE, *(shade(step / 50) for step in range(51))]
    assert all(contrast(ink_on(ground), ground) >= 4.5 for ground in grounds)


def test_a_specification_is_the_same_each_time() -> None:
    """And JSON, with nothing that depends on the order of a set."""
    for answer in EVERY.values():
        assert json.dumps(charts.spec(answer, "it")) == json.dumps(charts.spec(answer, "it"))


SIGHTS = (
    ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
)
"""Normal, protanopia, deuteranopia, tritanopia. Source: Machado, Oliveira, Fernandes (2009), severity 1."""


def _linear(colour: str) -> list[float]:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def _seen(rgb: Sequence[float], sight: Sequence[Sequence[float]]) -> list[float]:
    return [min(1.0, max(0.0, sum(map(float.__mul__, row, rgb)))) for row in sight]


def _oklab(rgb: Sequence[float]) -> tuple[float, float, float]:
    """Source: Ottosson (2020), A perceptual color space for image processing."""
    to_cone = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    long, middle, short = (sum(map(float.__mul__, row, rgb)) ** (1 / 3) for row in to_cone)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )
