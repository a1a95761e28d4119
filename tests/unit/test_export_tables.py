"""Export: an answer as CSV, Parquet, XLSX and frames, opened by the programs that read them."""

import csv
import html
import io
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pandas  # type: ignore[import-untyped]
import polars
import pyoxigraph
import pytest

from ctlgraph.catalogue import Cell, Column, Table, answering, drive_now, parse
from ctlgraph.errors import CtlgraphError, ParameterError, QueryLimitError
from ctlgraph.export import About, csv_of, pandas_of, parquet_of, polars_of, print_answer, workbook
from ctlgraph.export import workbook as workbook_of
from ctlgraph.export.columns import heading
from ctlgraph.export.workbook import CHARACTERS, NAME, ROWS
from ctlgraph.messages import LANGUAGES
from ctlgraph.store import Store

QUERY = """\
#+ title: {it: "Cluster di prova", en: "Clusters on trial"}
#+ description: {it: "Di ogni tipo qualcosa.", en: "Something of each type."}
#+ tags: [members]
#+ parameters:
#+   least: {type: integer, label: {it: "Almeno", en: "At least"}}
#+ columns:
#+   cluster: {type: iri, label: {it: "Cluster", en: "Cluster"}}
#+   members: {type: integer, label: {it: "Associati", en: "Members"},
#+     unit: {it: "adesioni", en: "memberships"}}
#+   share: {type: decimal, unit: {it: "%", en: "%"}, label: {it: "Quota", en: "Share"}}
#+   founded: {type: date, label: {it: "Fondato", en: "Founded"}}
#+   active: {type: boolean, label: {it: "Attivo", en: "Active"}}
#+   note: {type: string, label: {it: "Nota", en: "Note"}}
#+ sentence:
#+   it: {none: "Nessuno.", one: "Il primo è {top.cluster}.", ties: "I primi sono {top.cluster}."}
#+   en: {none: "None.", one: "The first is {top.cluster}.", ties: "The first are {top.cluster}."}
#+ tests: [{args: {}, rows: 3}]
PREFIX : <http://example.org/>
SELECT ?cluster ?members ?share ?founded ?active ?note
WHERE {
  VALUES ?least { 0 }
  ?cluster :members ?members FILTER (?members >= ?least)
  OPTIONAL { ?cluster :share ?share }
  OPTIONAL { ?cluster :founded ?founded }
  OPTIONAL { ?cluster :active ?active }
  OPTIONAL { ?cluster :note ?note }
}
ORDER BY DESC(?members) ?cluster
"""
DATA = """
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :members 1440 ; :share 91.5 ; :founded "2009-06-30"^^xsd:date ; :active true ; :note "=1+1" ;
   rdfs:label "Città; \\"A\\""@it , "City A"@en .
:b :members 12 ; :share 0.25 ; :active false ; :note "due\\nrighe" ; rdfs:label "Bi"@it .
:c :members 7 ; :founded "1899-12-31"^^xsd:date .
"""
ABOUT = About(
    "0.5.0",
    "2026-11-22",
    "http://127.0.0.1/queries/x?least=0",
    (("http://example.org/s", "Libretto (2022)"),),
    (("http://example.org/d", "Due totali"),),
)
SAVED = parse(QUERY, "clusters-on-trial")
STORE = Store.from_nquads(
    pyoxigraph.serialize(
        pyoxigraph.parse(DATA, format=pyoxigraph.RdfFormat.TURTLE), format=pyoxigraph.RdfFormat.N_QUADS
    )
    or b""
)


def answer(**arguments: str) -> Table:
    return drive_now(answering(SAVED.fill(arguments)), lambda text: STORE.query(text).serialize("json"))


def with_notes(*texts: str) -> Table:
    """An answer with these texts in its last column, and nothing else."""
    rows = tuple((None, None, None, None, None, Cell(text)) for text in texts)
    return replace(answer(), rows=rows)


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def facts(book: openpyxl.Workbook) -> dict[str, str]:
    """The second sheet."""
    return {key.value: value.value for key, value in book.worksheets[1].iter_rows()}


# --- CSV


def test_plain_csv_is_that_of_the_engine() -> None:
    """A program gets SPARQL results as the standard has them, to the byte."""
    assert csv_of(answer()) == STORE.query(SAVED.text).serialize("csv")


def test_italian_csv_opens_in_an_italian_spreadsheet() -> None:
    """Byte order mark, semicolons, decimal comma, labels, units, Italian headings; IRIs at the end."""
    data = csv_of(answer(), "it")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [
        ["Cluster", "Associati (adesioni)", "Quota (%)", "Fondato", "Attivo", "Nota", "Cluster (IRI)"],
        ['Città; "A"', "1440", "91,5", "2009-06-30", "sì", "'=1+1", "http://example.org/a"],
        ["Bi", "12", "0,25", "", "no", "due\nrighe", "http://example.org/b"],
        ["http://example.org/c", "7", "", "1899-12-31", "", "", "http://example.org/c"],
    ]


@pytest.mark.parametrize(
    ("label", "unit", "expected"),
    [
        ("Associati", "adesioni", "Associati (adesioni)"),
        ("Cluster con sede", "cluster", "Cluster con sede"),
        ("Progetti e servizi", "progetti e servizi", "Progetti e servizi"),
        ("Media", "adesioni per cluster", "Media (adesioni per cluster)"),
        ("Quota di imprese", "%", "Quota di imprese (%)"),
    ],
)
def test_a_heading_names_a_unit_once(label: str, unit: str, expected: str) -> None:
    """What the label says already is not said again."""
    assert heading(Column("x", "integer", {"it": label}, {"it": unit}), "it") == expected


def test_an_unknown_locale_is_named() -> None:
    """Nobody gets another form than the one asked for."""
    with pytest.raises(ParameterError, match="locale"):
        csv_of(answer(), "de")


# --- Parquet and frames


def test_parquet_columns_are_typed() -> None:
    """No program has to guess; labels stand in both languages."""
    frame = polars.read_parquet(io.BytesIO(parquet_of(answer(), ABOUT)))
    assert dict(frame.schema) == {
        "cluster": polars.String,
        "cluster_label_it": polars.String,
        "cluster_label_en": polars.String,
        "members": polars.Int64,
        "share": polars.Float64,
        "founded": polars.Date,
        "active": polars.Boolean,
        "note": polars.String,
    }
    assert frame.row(0) == (
        "http://example.org/a",
        'Città; "A"',
        "City A",
        1440,
        91.5,
        date(2009, 6, 30),
        True,
        "=1+1",
    )
    assert frame["founded"].to_list() == [date(2009, 6, 30), None, date(1899, 12, 31)]


def test_parquet_says_what_it_is() -> None:
    """Question, release, licence, parameters, sources and query travel in the file."""
    file = io.BytesIO(parquet_of(answer(least="5"), ABOUT, "it"))
    known = json.loads(polars.read_parquet_metadata(file)["ctlgraph"])
    assert known["question"] == "Cluster di prova"
    assert known["release"] == "0.5.0"
    assert known["parameter"] == "Almeno: 5"
    assert known["licence"].endswith("https://creativecommons.org/licenses/by/4.0/")
    assert known["source"] == "Libretto (2022) <http://example.org/s>"
    assert known["query"].startswith("PREFIX")
    assert known["columns"]["members"] == "Associati (adesioni)"


def test_parquet_of_nothing_keeps_its_columns() -> None:
    """A program that reads an empty answer finds the same types."""
    full, empty = (polars.read_parquet(io.BytesIO(parquet_of(answer(least=n), ABOUT))) for n in ("0", "9999"))
    assert empty.is_empty()
    assert empty.schema == full.schema


def test_pandas_frames_are_typed() -> None:
    """Nullable integers stay integers; IRIs and labels are categories."""
    frame = pandas_of(answer(), "en")
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "cluster": "category",
        "cluster_label": "category",
        "members": "Int64",
        "share": "Float64",
        "founded": "datetime64[s]",
        "active": "boolean",
        "note": "string",
    }
    assert frame["cluster_label"].tolist() == ["City A", "Bi", "http://example.org/c"]
    assert frame["members"].sum() == 1459
    assert frame["share"].isna().tolist() == [False, False, True]
    assert frame["founded"].max() == pandas.Timestamp("2009-06-30")


def test_polars_frames_are_typed() -> None:
    """The same columns as in pandas."""
    frame = polars_of(answer(), "it")
    assert list(map(str, frame.dtypes)) == [
        *("Categorical", "Categorical", "Int64", "Float64", "Date", "Boolean", "String"),
    ]
    assert frame["cluster_label"].to_list()[1] == "Bi"


@pytest.mark.parametrize("frame_of", [pandas_of, polars_of])
def test_an_absent_library_is_named(frame_of: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader learns what to install."""
    for name in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CtlgraphError, match=r"pip install (pandas|polars)"):
        frame_of(answer(), "en")  # type: ignore[operator]


def test_years_in_a_column_of_dates_are_whole_numbers() -> None:
    """A source that states years gives years, not first days of January; beside full dates, text."""
    year, day = (
        Cell(text, "literal", f"http://www.w3.org/2001/XMLSchema#{kind}")
        for text, kind in (("2022", "gYear"), ("2022-12-31", "date"))
    )
    table = replace(answer(), columns=(SAVED.columns["founded"],), rows=((year,), (None,)))
    assert polars_of(table, "en")["founded"].to_list() == [2022, None]
    assert polars_of(replace(table, rows=((year,), (day,))), "en")["founded"].to_list() == [
        "2022",
        "2022-12-31",
    ]


# --- XLSX


def test_cells_of_a_workbook_are_typed() -> None:
    """Numbers add up, dates sort, truth values filter; text of the data is never a formula."""
    sheet = opened(workbook(answer(), "it", ABOUT)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["Cluster", "Associati (adesioni)", "Quota (%)", "Fondato", "Attivo", "Nota", "Cluster (IRI)"],
        ['Città; "A"', 1440, 91.5, datetime(2009, 6, 30), True, "=1+1", "http://example.org/a"],
        ["Bi", 12, 0.25, None, False, "due\nrighe", "http://example.org/b"],
        ["http://example.org/c", 7, None, "1899-12-31", None, None, "http://example.org/c"],
    ]
    first = sheet[2]
    assert [cell.data_type for cell in first] == ["s", "n", "n", "d", "b", "s", "s"]
    assert [cell.number_format for cell in first[1:4]] == ["#,##0", "#,##0.00", "dd/mm/yyyy"]
    assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)


def test_a_sheet_is_ready_to_read() -> None:
    """The headings stay in sight and filter, columns are as wide as their values, IRIs are folded away."""
    sheet = opened(workbook(answer(), "en", ABOUT)).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G4")
    folded = sheet.column_dimensions["G"]
    assert (folded.hidden, folded.outline_level, sheet.column_dimensions["F"].hidden) == (True, 1, False)
    assert sheet.column_dimensions["A"].width > len("http://example.org/c")
    assert sheet.print_area == "'Answer'!$A$1:$F$4"
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$1:$1", "landscape")
    assert sheet.row_dimensions[3].height == 30  # "due\nrighe" takes two lines


def test_a_sheet_says_on_paper_what_it_shows() -> None:
    """Title and finding above, the release and the pages below; headings and rows have a name."""
    data = workbook(answer(), "it", ABOUT)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        sheet = html.unescape(file.read("xl/worksheets/sheet1.xml").decode())
    assert 'Cluster di prova\n&"-,Regular"&11 Il primo è Città; "A".</oddHeader>' in sheet
    assert "In: ctlgraph, rilascio 0.5.0 del 22 novembre 2026. Licenza CC BY 4.0.&R&P / &N" in sheet
    book = opened(data)
    assert book.defined_names[NAME].attr_text == "'Risposta'!$A$1:$G$4"


def test_the_query_is_on_the_last_sheet() -> None:
    """Out of the way of who only wants the numbers, and whole."""
    book = opened(workbook(answer(), "en", ABOUT))
    assert book.sheetnames == ["Answer", "About the answer", "SPARQL query"]
    lines = [row[0].value or "" for row in book.worksheets[2].iter_rows()]
    assert "\n".join(lines) == QUERY[QUERY.index("PREFIX") :].strip()


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "it",
            {
                "Domanda": "Cluster di prova",
                "Descrizione": "Di ogni tipo qualcosa.",
                "Risposta": 'Il primo è Città; "A".',
                "Parametro": "Almeno: 5",
                "Fonte": "Libretto (2022) <http://example.org/s>",
                "Discordanza nota": "Due totali <http://example.org/d>",
                "Rilascio": "0.5.0",
                "Data del rilascio": "2026-11-22",
                "Indirizzo": "http://127.0.0.1/queries/x?least=0",
            },
        ),
        (
            "en",
            {"Question": "Clusters on trial", "Answer": "The first is City A.", "Parameter": "At least: 5"},
        ),
    ],
)
def test_the_second_sheet_says_what_the_first_is(lang: str, expected: dict[str, str]) -> None:
    """Question, filters, sources, doubts, release with its day, licence, how to cite, where to find it."""
    known = facts(opened(workbook(answer(least="5"), lang, ABOUT)))
    assert {key: known[key] for key in expected} == expected
    cited = known["Come citare" if lang == "it" else "How to cite"]
    assert "0.5.0" in cited
    assert ("22 novembre 2026" if lang == "it" else "22 November 2026") in cited
    assert cited.endswith(ABOUT.address)
    assert any("creativecommons.org" in text for text in known.values())


def test_files_that_were_not_validated_are_called_so() -> None:
    """No licence and no release is claimed for data that nobody here has checked."""
    known = facts(opened(workbook(answer(), "en", About())))
    assert known["Release"] == "files that were not validated"
    assert "Licence" not in known


def test_the_same_answer_is_the_same_file() -> None:
    """No clock goes in: the date of the file is the release's."""
    first, second = (workbook(answer(), "it", ABOUT) for _ in range(2))
    assert first == second
    assert len({parquet_of(answer(), ABOUT) for _ in range(8)}) == 1
    properties = opened(first).properties
    assert (properties.title, properties.created) == ("Cluster di prova", datetime(2026, 11, 22))


@pytest.mark.parametrize("text", ["x" * (CHARACTERS + 1), "😀" * CHARACTERS, "half \ud800"])
def test_a_text_that_no_cell_holds_is_named(text: str) -> None:
    """It is shortened, or loses the half character, and the second sheet says where."""
    book = opened(workbook(with_notes("short", text), "en", ABOUT))
    kept = book.worksheets[0]["F3"].value
    assert len(kept.encode("utf-16-le")) // 2 <= CHARACTERS
    assert kept != text
    assert facts(book)["Changed"].endswith(": F3")


def test_a_text_that_looks_like_markup_stays_text() -> None:
    """The writer of XLSX would take it for a rich text of its own making."""
    table = with_notes("<r><t>x</t></r>", "<r></r>", "<b>&amp;</b>")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(table, "en", ABOUT)), rich_text=False).worksheets[0]
    assert [row[5].value for row in sheet.iter_rows(min_row=2)] == [
        "<r><t>x</t></r>",
        "<r></r>",
        "<b>&amp;</b>",
    ]


def test_whole_numbers_that_a_spreadsheet_would_round_are_text() -> None:
    """Beyond 15 digits the last ones would become zeros."""
    big = Cell(str(2**62), "literal", "http://www.w3.org/2001/XMLSchema#integer")
    rows = ((None, big, None, None, None, None),)
    sheet = opened(workbook(replace(answer(), rows=rows), "en", ABOUT)).worksheets[0]
    assert sheet["B2"].value == str(2**62)


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    """Rather no file than one that lacks rows."""
    table = answer()
    with pytest.raises(QueryLimitError, match=str(ROWS)):
        workbook_of(replace(table, rows=table.rows[:1] * (ROWS + 1)), "en", ABOUT)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_answer_is_a_file_too(lang: str) -> None:
    """It has its headings, and its second sheet says that there is nothing."""
    book = opened(workbook(answer(least="9999"), lang, ABOUT))
    assert book.worksheets[0].max_row == 1
    assert {"it": "Nessuno.", "en": "None."}[lang] in facts(book).values()


def test_pandas_reads_the_workbook() -> None:
    """What an analyst's program makes of the first sheet."""
    frame = pandas.read_excel(io.BytesIO(workbook(answer(), "en", ABOUT)))
    assert frame["Members (memberships)"].tolist() == [1440, 12, 7]
    assert frame["Note"].tolist()[0] == "=1+1"


def test_libreoffice_reads_the_workbook(tmp_path: Path) -> None:
    """What a person sees in it: each value, typed, none computed."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "a.xlsx").write_bytes(workbook(answer(), "en", ABOUT))
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"  # UTF-8, values as they are
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", form, "a.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8"), newline="")))
    assert rows[1:] == [
        ["City A", "1440", "91.5", "2009-06-30", "TRUE", "=1+1", "http://example.org/a"],
        ["Bi", "12", "0.25", "", "FALSE", "due\nrighe", "http://example.org/b"],
        ["http://example.org/c", "7", "", "1899-12-31", "", "", "http://example.org/c"],
    ]


# --- terminal


def test_an_answer_on_a_terminal_has_labels() -> None:
    """Headings with units, labels in place of IRIs, the reader's decimal mark."""
    out = io.StringIO()
    print_answer(answer(), "it", out)
    text = out.getvalue()
    assert all(each in text for each in ('Città; "A"', "Associati (adesioni)", "91,5", "sì", "=1+1"))
    assert "http://example.org/a" not in text


def test_decimals_keep_their_digits() -> None:
    """No exponent, and nothing rounded on the way to a text."""
    number = Cell("0.000000012345678901", "literal", "http://www.w3.org/2001/XMLSchema#decimal")
    rows = ((None, None, number, None, None, None),)
    assert "0,000000012345678901" in csv_of(replace(answer(), rows=rows), "it").decode()
    assert number.python == Decimal("0.000000012345678901")
