"""Answers of saved queries: labels, choices, what a wrong value is near to, why nothing is found, drift."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from ctlgraph.catalogue import (
    FORMATS,
    Catalogue,
    Cell,
    SavedQuery,
    Steps,
    Table,
    answering,
    as_turtle,
    cautions,
    checking,
    choosing,
    documents,
    drifting,
    drive,
    drive_now,
    filling,
    join,
    parse,
    relaxing,
)
from ctlgraph.errors import ParameterError
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE, PREFIXES

XSD = PREFIXES["xsd"]
PREFIX = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("ctl", "skos", "xsd"))
DATA = f"""
@prefix ctl: <{BASE}ontology#> . @prefix skos: <{PREFIXES["skos"]}> . @prefix c: <{BASE}id/cluster/> .
@prefix prov: <{PREFIXES["prov"]}> . @prefix v: <{BASE}vocab/level/> . @prefix g: <{BASE}graph/doc-003/> .
g:1-2 {{
  c:afil a ctl:TechnologyCluster ; skos:prefLabel "AFIL Italia"@it , "AFIL Italy"@en .
  c:afil ctl:members 144 ; ctl:level v:high .
  c:le2c a ctl:TechnologyCluster ; skos:prefLabel "LE2C"@it ; ctl:members 144 ; ctl:level v:high .
  c:clm a ctl:TechnologyCluster ; skos:notation "CLM" ; ctl:members 83 ; ctl:level v:low .
  c:new a ctl:TechnologyCluster .
  v:high skos:inScheme <{BASE}vocab/level> ; skos:prefLabel "alto"@it , "high"@en .
  v:low skos:inScheme <{BASE}vocab/level> ; skos:prefLabel "basso"@it , "low"@en .
  v:none skos:inScheme <{BASE}vocab/level> .
  ctl:members skos:prefLabel "associati"@it , "members"@en .
}}
g:sources {{ g:1-2 prov:wasDerivedFrom <{BASE}id/source/doc-003> . }}
"""
HEAD = """\
#+ title: {it: "Prova", en: "Trial"}
#+ description: {it: "Una prova.", en: "A trial."}
#+ tags: [trial]
#+ parameters:
#+   cluster:
#+     {type: iri, class: "ctl:TechnologyCluster", optional: true, label: {it: "Cluster", en: "Cluster"}}
#+   level: {type: choice, scheme: "vocab:level", optional: true, label: {it: "Livello", en: "Level"}}
#+   least: {type: integer, label: {it: "Almeno", en: "At least"}}
#+ columns:
#+   cluster: {type: iri, label: {it: "Cluster", en: "Cluster"}}
#+   members: {type: integer, unit: {it: "adesioni", en: "memberships"}, label: {it: "Soci", en: "Members"}}
#+ sentence:
#+   it: {none: "Nessuno con {param.least} o più.",
#+       one: "Primo {top.cluster}: {top.members}.",
#+       ties: "Primi {top.cluster}, di {count}: {sum.members}."}
#+   en: {none: "None with {param.least} or more.",
#+       one: "First {top.cluster}: {top.members}.",
#+       ties: "First {top.cluster}, of {count}: {sum.members}."}
#+ tests: [{args: {}, rows: 3}, {args: {least: 100}, rows: {min: 2, max: 4}}]
"""
BODY = """\
SELECT ?cluster ?members WHERE {
  VALUES ?cluster { UNDEF }
  VALUES ?level { UNDEF }
  VALUES ?least { 0 }
  ?cluster a ctl:TechnologyCluster ; ctl:members ?members ; ctl:level ?level .
  FILTER (?members >= ?least)
}
ORDER BY DESC(?members) ?cluster
"""
TRIAL = parse(HEAD + PREFIX + BODY, "trial")


@pytest.fixture(scope="module")
def ask() -> Callable[[str], bytes]:
    return asked_of(DATA)


def asked_of(data: str) -> Callable[[str], bytes]:
    """Answers queries over these statements."""
    import pyoxigraph

    quads = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.TRIG)
    store = Store.from_nquads(pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS) or b"")

    def answer(text: str) -> bytes:
        found = store.query(text)
        return found.serialize(next(name for name in FORMATS if name in found.formats))

    return answer


Ask = Callable[[str], bytes]


def answered(ask: Ask, query: SavedQuery = TRIAL, **arguments: str) -> Table:
    return drive_now(answering(query.fill(arguments)), ask)


def test_labels_are_those_of_the_reader_or_the_next_best(ask: Ask) -> None:
    """Own language, the other with its name, a notation without a language, else the IRI in short."""
    table = answered(ask)
    afil, le2c, clm = (row[0] for row in table.rows)
    assert afil is not None
    assert le2c is not None
    assert clm is not None
    assert table.label(afil, "en") == ("AFIL Italy", "en")
    assert table.label(le2c, "en") == ("LE2C", "it")
    assert table.label(clm, "it") == ("CLM", "")
    assert table.label(Cell(BASE + "id/cluster/nobody", "iri"), "it") == ("cluster/nobody", "")


def test_the_sentence_has_its_wording_for_none_one_and_ties(ask: Ask) -> None:
    """The top rows share the first one's rank; sums and counts are over all rows."""
    assert answered(ask).sentence("it") == "Primi AFIL Italia e LE2C, di 3: 371."
    assert answered(ask, level="low").sentence("en") == "First CLM: 83."
    assert answered(ask, least="1000").sentence("en") == "None with 1000 or more."


@pytest.mark.parametrize(
    ("case", "arguments", "text"),
    [
        ('single: "solo {first.cluster}"', {"level": "low"}, "solo CLM"),
        ('many: "molti {top.cluster}"', {}, "Primi AFIL Italia e LE2C, di 3: 371."),
    ],
)
def test_other_cases_may_have_their_own_wording(
    ask: Ask, case: str, arguments: dict[str, str], text: str
) -> None:
    """One row alone; several where nothing is ranked."""
    query = parse((HEAD + PREFIX + BODY).replace("it: {none", f"it: {{{case}, none"), "trial")
    assert answered(ask, query, **arguments).sentence("it") == text


def test_a_pair_is_named_as_a_pair(ask: Ask) -> None:
    """Two columns of the same row, not all of one and all of the other."""
    text = (HEAD + PREFIX + BODY).replace(
        'ties: "Primi {top.cluster}, di', 'ties: "{pairs.cluster.members}, di'
    )
    assert answered(ask, parse(text, "trial")).sentence("it") == "AFIL Italia – 144 e LE2C – 144, di 3: 371."


def test_where_no_row_has_a_value_stands_a_dash(ask: Ask) -> None:
    """Of the first, of the last and of all."""
    text = (HEAD + PREFIX + BODY).replace("?level .\n", "?level . OPTIONAL { ?cluster ctl:site ?site }\n")
    text = text.replace("SELECT ?cluster ?members", "SELECT ?cluster ?members ?site")
    site = '#+   site: {type: iri, label: {it: "Sede", en: "Site"}}\n#+ sentence:'
    text = text.replace("#+ sentence:", site).replace(
        'ties: "Primi', 'ties: "{first.site} {last.site} {top.site} Primi'
    )
    assert answered(ask, parse(text, "trial")).sentence("it").startswith("– – – Primi AFIL")


def test_many_stands_in_for_ties_where_nothing_is_ranked(ask: Ask) -> None:
    """Then all rows are at the top, the last one too."""
    text = (HEAD + PREFIX + BODY).replace(
        "it: {none", 'it: {many: "{top.cluster}; ultimo {last.cluster}", none'
    )
    query = parse(text.replace("DESC(?members) ?cluster", "?cluster"), "trial")
    assert answered(ask, query).sentence("it") == "AFIL Italia, CLM e LE2C; ultimo LE2C"


@pytest.mark.parametrize(
    ("items", "it", "en"),
    [
        ([], "", ""),
        (["A"], "A", "A"),
        (["A", "B"], "A e B", "A and B"),
        (["A", "B", "C"], "A, B e C", "A, B and C"),
        (["A", "evento"], "A ed evento", "A and evento"),
        (["A", "B", "énergie"], "A, B ed énergie", "A, B and énergie"),
        (["A", "European Network"], "A e European Network", "A and European Network"),
        (["evento"], "evento", "evento"),
        (["A, a", "B"], "A, a; B", "A, a; B"),
        (list("ABCDEFGHIJ"), "A, B, C, D, E, F, G e 3 ancora", "A, B, C, D, E, F, G and 3 more"),
    ],
)
def test_names_are_joined_as_a_reader_would(items: list[str], it: str, en: str) -> None:
    assert (join(items, "it"), join(items, "en")) == (it, en)


@pytest.mark.parametrize(
    ("value", "datatype", "it", "en"),
    [
        ("1234567", "integer", "1.234.567", "1,234,567"),
        ("1234.5", "decimal", "1.234,5", "1,234.5"),
        ("2022", "gYear", "2022", "2022"),
        ("2022-09", "gYearMonth", "settembre 2022", "September 2022"),
        ("2022-09-05", "date", "5 settembre 2022", "5 September 2022"),
        ("2022-09-01", "date", "1° settembre 2022", "1 September 2022"),
        ("true", "boolean", "sì", "yes"),
        ("<b>", "string", "<b>", "<b>"),
    ],
)
def test_values_are_written_as_the_language_does(value: str, datatype: str, it: str, en: str) -> None:
    """In a sentence; a year is never grouped."""
    from ctlgraph.catalogue import shown

    cell = Cell(value, datatype=XSD + datatype)
    table = Table(TRIAL, TRIAL.fill({}), (), ())
    assert (shown(table, cell, None, "it"), shown(table, cell, None, "en")) == (it, en)


def test_a_number_without_a_unit_keeps_its_digits_together() -> None:
    """It may be a year, a line, a number of an act."""
    from ctlgraph.catalogue import Column, shown

    words = {"it": "x", "en": "x"}
    cell, table = Cell("2022", datatype=XSD + "integer"), Table(TRIAL, TRIAL.fill({}), (), ())
    assert shown(table, cell, Column("x", "integer", words), "it") == "2022"
    assert shown(table, cell, Column("x", "integer", words, words), "it") == "2.022"


def test_any_column_name_keeps_its_cells_on_the_page(ask: Ask) -> None:
    """What else a row of a page holds is called as no column can be."""
    from ctlgraph.web.site.answers import cells

    text = (HEAD + PREFIX + BODY).replace("members:", "behind:").replace("?members", "?behind")
    query = parse(text.replace(".members}", ".behind}"), "trial")
    assert [row["behind"] for row in cells(answered(ask, query), "en")] == [144, 144, 83]


def test_a_cell_knows_its_value_and_its_spelling() -> None:
    """By its datatype; a value that is not of it stays text."""
    assert Cell("3", datatype=XSD + "integer").python == 3
    assert Cell("3.50", datatype=XSD + "decimal").python == Decimal("3.50")
    assert Cell("2022", datatype=XSD + "gYear").python == 2022
    assert Cell("2022", datatype=XSD + "gYear").number is None
    assert Cell("x", datatype=XSD + "integer").python == "x"
    assert Cell("a", "iri").term == "<a>"
    assert Cell('"', language="it", datatype=PREFIXES["rdf"] + "langString").term == r'"\""@it'
    assert Cell("3", datatype=XSD + "integer").term == f'"3"^^<{XSD}integer>'
    assert Cell("b0", "bnode").term == ""


def test_two_that_have_to_differ_may_not_be_the_same() -> None:
    """However they are written, and also where one of them has its default; all of both is no value."""
    head = HEAD.replace("least: {type: integer,", "least: {type: integer, unlike: most,").replace(
        "#+ columns", '#+   most: {type: integer, label: {it: "Al più", en: "At most"}}\n#+ columns'
    )
    body = BODY.replace("{ 0 }\n", "{ 0 }\n  VALUES ?most { 999 }\n").replace(
        ">= ?least", ">= ?least && ?members <= ?most"
    )
    query = parse(head + PREFIX + body, "trial")
    assert query.fill({"least": "5"}).arguments == {"least": "5"}
    for arguments in ({"least": "999"}, {"least": "7", "most": "+7"}):
        with pytest.raises(ParameterError, match="another value than that of 'most'"):
            query.fill(arguments)


def test_choices_have_labels_and_the_rows_that_they_give(ask: Ask) -> None:
    """With the other arguments as they are; those without any row too."""
    found = drive_now(choosing(TRIAL.fill({"level": "high"})), ask)
    assert {choice.value: choice.count for choice in found["cluster"]} == {
        "cluster/afil": 1,
        "cluster/clm": 0,
        "cluster/le2c": 1,
        "cluster/new": 0,
    }
    levels = {choice.value: (choice.label("en"), choice.count) for choice in found["level"]}
    assert levels == {
        "vocab/level/high": ("high", 2),
        "vocab/level/low": ("low", 1),
        "vocab/level/none": ("vocab/level/none", 0),
    }
    assert set(found) == {"cluster", "level"}


@pytest.mark.parametrize(
    ("select", "group", "rows"),
    [
        ("SELECT ?level (COUNT(*) AS ?members)", "GROUP BY ?level", 1),
        ("SELECT (SAMPLE(?cluster) AS ?one) (COUNT(*) AS ?members)", "", 1),
        ("SELECT DISTINCT ?level ?members", "", 1),
        ("SELECT ?level ?members", "LIMIT 1", 1),
    ],
)
def test_choices_are_counted_in_rows_of_the_answer(ask: Ask, select: str, group: str, rows: int) -> None:
    """A group is a row then, and so is what is left by DISTINCT and LIMIT."""
    name = "one" if "?one" in select else "level"
    text = (HEAD + PREFIX + BODY).replace(
        "#+   cluster: {type: iri, label", f"#+   {name}: {{type: iri, label"
    )
    text = text.replace("SELECT ?cluster ?members", select).replace("DESC(?members) ?cluster", "?members")
    text = text.replace("ORDER BY ?members", f"{group} ORDER BY ?members" if "GROUP" in group else group)
    query = parse(text.replace("{top.cluster}", f"{{top.{name}}}"), "trial")
    found = drive_now(choosing(query.fill({})), ask)
    assert {choice.count for choice in found["level"] if choice.value == "vocab/level/high"} == {rows}


def test_choices_may_come_from_a_query(ask: Ask) -> None:
    """Of texts as well as of things; their prefixes are those of the file."""
    text = HEAD.replace(
        'type: choice, scheme: "vocab:level"',
        'type: choice, choices: "SELECT DISTINCT ?value WHERE { ?any ctl:level ?value } ORDER BY ?value"',
    )
    query = parse(text + PREFIX + BODY, "trial")
    found = drive_now(choosing(query.fill({})), ask)
    assert [choice.value for choice in found["level"]] == ["vocab/level/high", "vocab/level/low"]
    with pytest.raises(ParameterError) as caught:
        drive_now(checking(query.fill({"level": "vocab/level/none"})), ask)
    assert caught.value.nearest[0] in ("vocab/level/low", "vocab/level/high")


@pytest.mark.parametrize(
    ("name", "value", "nearest"),
    [
        ("cluster", "cluster/afli", "cluster/afil"),
        ("cluster", "id/cluster/le2", "cluster/le2c"),
        ("cluster", "cluster/afil-italy", "cluster/afil"),
        ("level", "hihg", "vocab/level/high"),
        ("level", "basso", "vocab/level/low"),
    ],
)
def test_a_value_that_is_not_there_is_answered_with_the_nearest(
    ask: Ask, name: str, value: str, nearest: str
) -> None:
    """By its identifier or its label, in either language."""
    with pytest.raises(ParameterError, match=f"parameter '{name}'") as caught:
        drive_now(answering(TRIAL.fill({name: value})), ask)
    assert caught.value.nearest[0] == nearest
    assert nearest in caught.value.text("it")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("cluster", "afil", "cluster/afil"),
        ("cluster", "AFIL ITALIA", "cluster/afil"),
        ("cluster", " afil italy ", "cluster/afil"),
        ("cluster", "CLM", "cluster/clm"),
        ("cluster", "id/cluster/clm", "cluster/clm"),
        ("level", "alto", "vocab/level/high"),
        ("level", "", ""),
        ("least", "3", "3"),
    ],
)
def test_a_thing_may_be_named_by_its_label_or_the_end_of_its_name(
    ask: Ask, name: str, text: str, value: str
) -> None:
    """In either language, in any case of letters."""
    assert dict(drive_now(filling(TRIAL, {name: text}), ask).arguments) == {name: value}


@pytest.mark.parametrize(
    ("name", "text", "nearest"),
    [("cluster", "afli", ("cluster/afil",)), ("cluster", "a b", ()), ("leve", "alto", ("level",))],
)
def test_a_name_of_nothing_is_answered_with_the_nearest(
    ask: Ask, name: str, text: str, nearest: tuple[str, ...]
) -> None:
    """As a wrong identifier is."""
    with pytest.raises(ParameterError) as caught:
        drive_now(filling(TRIAL, {name: text}), ask)
    assert caught.value.nearest[: len(nearest)] == nearest


def test_a_name_of_two_things_is_refused_with_both() -> None:
    """Which of them is meant only the reader knows."""
    data = DATA.replace('"LE2C"@it', '"AFIL Italia"@it')
    with pytest.raises(ParameterError) as caught:
        drive_now(filling(TRIAL, {"cluster": "afil italia"}), asked_of(data))
    assert caught.value.nearest == ("cluster/afil", "cluster/le2c")


def test_a_value_that_is_there_is_asked_for_even_if_it_gives_nothing(ask: Ask) -> None:
    """An empty answer is an answer."""
    assert answered(ask, cluster="cluster/new").rows == ()


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ({"cluster": "cluster/new"}, ["rows without Cluster (cluster/new): 3"]),
        (
            {"cluster": "cluster/afil", "level": "low"},
            ["rows without Cluster (AFIL Italy): 1", "rows without Level (low): 1"],
        ),
        (
            {"cluster": "cluster/new", "level": "none"},
            ["rows without Cluster (cluster/new) and Level (vocab/level/none): 3"],
        ),
        ({"least": "1000"}, ["nothing in the data matches At least (1000)"]),
    ],
)
def test_an_empty_answer_says_what_has_no_match(
    ask: Ask, arguments: dict[str, str], lines: list[str]
) -> None:
    """The fewest values that have to give way; else the first condition that nothing meets."""
    assert drive_now(relaxing(TRIAL.fill(arguments)), ask).lines("en") == lines


@pytest.mark.parametrize(
    ("condition", "line"),
    [
        (
            "OPTIONAL { ?cluster ctl:level ?l } ?cluster ctl:nothing ?x .",
            "nothing in the data matches ontology#nothing",
        ),
        (
            "{ ?cluster ctl:no ?x } UNION { ?cluster ctl:nor ?x }",
            "nothing in the data matches ontology#no and ontology#nor",
        ),
        ("FILTER NOT EXISTS { ?cluster ctl:members ?m }", "nothing in the data matches members"),
        (
            "GRAPH ?values { ?cluster ctl:nowhere ?x } # ctl:comment",
            "nothing in the data matches ontology#nowhere",
        ),
    ],
)
def test_the_condition_without_a_match_is_named(ask: Ask, condition: str, line: str) -> None:
    """By the labels of what it is about."""
    query = parse(HEAD + PREFIX + BODY.replace("  FILTER", f"  {condition}\n  FILTER"), "trial")
    assert drive_now(relaxing(query.fill({})), ask).lines("en") == [line]


def test_what_no_condition_explains_is_said_so(ask: Ask) -> None:
    """The pattern has solutions, HAVING lets none pass."""
    body = BODY.replace("ORDER BY", "GROUP BY ?cluster ?members HAVING (COUNT(*) > 9) ORDER BY")
    lines = drive_now(relaxing(parse(HEAD + PREFIX + body, "trial").fill({})), ask).lines("en")
    assert lines == ["the data has what is asked for, but nothing passes the last condition of the question"]


def test_documents_behind_an_answer_are_named(ask: Ask) -> None:
    """Those from whose passages its statements come."""
    assert list(drive_now(documents(TRIAL.fill({})), ask)) == [BASE + "id/source/doc-003"]


DOUBTS = f"""
@prefix ctl: <{BASE}ontology#> . @prefix d: <{BASE}id/discrepancy/> . @prefix c: <{BASE}id/cluster/> .
@prefix g: <{BASE}graph/doc-003/> . @prefix v: <{BASE}vocab/level/> . @prefix skos: <{PREFIXES["skos"]}> .
@prefix s: <{BASE}id/source/> . @prefix curated: <{BASE}graph/curated/> .
curated:doubts {{
  d:one a ctl:KnownDiscrepancy ; skos:prefLabel "Uno"@it ; ctl:concerns v:high .
  d:two a ctl:KnownDiscrepancy ; skos:prefLabel "Due"@it ; ctl:concerns v:high , v:low , g:1-2 .
  d:name a ctl:KnownDiscrepancy ; ctl:concerns c:afil .
  d:passage a ctl:KnownDiscrepancy ; ctl:concerns g:1-2 .
  d:apparent a ctl:KnownDiscrepancy ; ctl:concerns v:high ; ctl:onlyApparent true .
  d:document a ctl:KnownDiscrepancy ; ctl:concerns s:doc-003 .
  d:site a ctl:KnownDiscrepancy ; ctl:concerns g:1-2 , v:high ; ctl:concernsProperty ctl:site .
  d:level a ctl:KnownDiscrepancy ; ctl:concerns g:1-2 ; ctl:concernsProperty ctl:level .
  c:afil a ctl:Cluster .
}}
"""


def test_known_discrepancies_about_an_answer_are_named() -> None:
    """About what its statements are about or name, those about a property first, then those that touch most.

    Clusters and documents as such are not meant, nor is a passage by itself, only where the property that is
    doubted stands in it.
    """
    asked = asked_of(DATA + DOUBTS)
    found = drive_now(cautions(TRIAL.fill({})), asked)
    assert [each.label("en") for each in found] == [BASE + "id/discrepancy/level", "Due", "Uno"]
    found = drive_now(cautions(TRIAL.fill({"level": "low"})), asked)
    assert [each.label("it") for each in found] == [BASE + "id/discrepancy/level", "Due"]
    assert drive_now(cautions(TRIAL.fill({"least": "1000"})), asked) == ()


def test_what_is_said_of_a_document_is_doubted_with_it() -> None:
    """Its date, where the answer shows it."""
    text = (HEAD + PREFIX + BODY).replace(
        "?level .\n", "?level .\n  ?cluster ctl:source ?s . ?s ctl:dated ?day .\n"
    )
    dated = f"""<{BASE}graph/doc-003/3-3> {{
        <{BASE}id/cluster/clm> <{BASE}ontology#source> <{BASE}id/source/doc-003> .
        <{BASE}id/source/doc-003> <{BASE}ontology#dated> "2022" . }}"""
    found = drive_now(cautions(parse(text, "trial").fill({})), asked_of(DATA + DOUBTS + dated))
    assert [each.iri.rpartition("/")[2] for each in found] == ["level", "two", "document"]


def test_drift_is_reported_with_the_test_that_finds_it(ask: Ask) -> None:
    """Rows out of their range, values that are not of their column's type; nothing else."""
    assert drive_now(drifting(Catalogue({"trial": TRIAL})), ask) == ()
    text = (
        (HEAD + PREFIX + BODY)
        .replace("rows: 3}", "rows: 4}")
        .replace("(?members >=", "(?members > 100 && ?members >=")
    )
    typed = (
        text.replace("?cluster ?members WHERE", "?cluster (STR(?m) AS ?members) WHERE")
        .replace("ctl:members ?members", "ctl:members ?m")
        .replace("?members >", "?m >")
    )
    found = drive_now(drifting(Catalogue({"trial": parse(text, "trial")})), ask)
    assert [drift.line("en") for drift in found] == ["queries/trial.rq: 2 rows where 4 to 4 were expected"]
    lines = [drift.line("it") for drift in drive_now(drifting(Catalogue({"t": parse(typed, "trial")})), ask)]
    assert "queries/trial.rq least=100: la colonna members ha un valore che non è integer: 144" in lines


CONSTRUCT = (
    HEAD[: HEAD.index("#+ columns")].replace("trial", "graph")
    + """\
#+ columns:
#+   subject: {type: iri, label: {it: "Soggetto", en: "Subject"}}
#+   predicate: {type: iri, label: {it: "Predicato", en: "Predicate"}}
#+   object: {type: string, label: {it: "Oggetto", en: "Object"}}
#+ sentence:
#+   it: {none: "Nulla.", one: "{top.subject}", ties: "{count}: {top.subject}"}
#+   en: {none: "Nothing.", one: "{top.subject}", ties: "{count}: {top.subject}"}
#+ tests: [{args: {}, rows: 3}]
"""
    + PREFIX
    + BODY.replace("SELECT ?cluster ?members", "CONSTRUCT { ?cluster ctl:has 'due\\nrighe\\u2028' }").replace(
        "DESC(?members) ?cluster", "?cluster"
    )
)


def test_triples_are_rows_of_three(ask: Ask) -> None:
    """Of a CONSTRUCT, whatever stands in its literals."""
    table = answered(ask, parse(CONSTRUCT, "graph"))
    assert [len(row) for row in table.rows] == [3, 3, 3]
    assert {row[2] and row[2].value for row in table.rows} == {"due\nrighe\u2028"}
    assert table.sentence("en") == "3: AFIL Italy, CLM and LE2C"


@pytest.mark.parametrize(("least", "sentence"), [("100", "Yes."), ("1000", "No.")])
def test_a_yes_or_no_is_one_cell(ask: Ask, least: str, sentence: str) -> None:
    """With the wording of one for yes and of none for no."""
    head = HEAD[: HEAD.index("#+ columns")] + (
        '#+ columns: {answer: {type: boolean, label: {it: "Risposta", en: "Answer"}}}\n'
        '#+ sentence:\n#+   it: {none: "No.", one: "Sì.", ties: "Sì."}\n'
        '#+   en: {none: "No.", one: "Yes.", ties: "Yes."}\n'
        "#+ tests: [{args: {}, rows: 1}]\n"
    )
    body = BODY.replace("SELECT ?cluster ?members", "ASK").replace("ORDER BY DESC(?members) ?cluster\n", "")
    table = answered(ask, parse(head + PREFIX + body, "trial"), least=least)
    assert len(table.rows) == 1
    assert table.sentence("en") == sentence


def test_the_catalogue_as_rdf_gives_the_queries_back() -> None:
    """As SHACL's executables, their text unchanged but for the front matter."""
    sh, schema = Namespace(PREFIXES["sh"]), Namespace("https://schema.org/")
    graph = Graph().parse(
        data=as_turtle(Catalogue({"trial": TRIAL, "graph": parse(CONSTRUCT, "graph")})), format="turtle"
    )
    trial, other = URIRef(BASE + "queries/trial"), URIRef(BASE + "queries/graph")
    assert str(graph.value(trial, sh.select)) == (PREFIX + BODY).rstrip("\n")
    assert (trial, RDF.type, sh.SPARQLSelectExecutable) in graph
    assert (other, RDF.type, sh.SPARQLConstructExecutable) in graph
    assert str(graph.value(trial, schema.keywords)) == "trial"
    declared = graph.objects(graph.value(trial, sh.prefixes), sh.declare)
    assert {str(graph.value(each, sh.prefix)) for each in declared} == {"ctl", "skos", "xsd"}


async def _driven(steps: Steps[Table], ask: Ask) -> Table:
    async def later(text: str) -> bytes:
        return ask(text)

    return await drive(steps, later)


def test_the_same_steps_run_in_an_event_loop(ask: Ask) -> None:
    """The service and a notebook get the same table."""
    import asyncio

    assert asyncio.run(_driven(answering(TRIAL.fill({})), ask)) == answered(ask)
