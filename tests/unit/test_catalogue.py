"""The catalogue: what a file of a saved query declares, and what is refused with its line."""

import re
from pathlib import Path

import pytest

from ctlgraph.catalogue import SavedQuery, parse, read, read_file
from ctlgraph.catalogue.sparql import Parts
from ctlgraph.errors import ParameterError, SourceError, UnknownQueryError
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE

FILE = """\
#+ title: {it: "Prova", en: "Trial"}
#+ description: {it: "Una prova.", en: "A trial."}
#+ tags: [trial, members]
#+ parameters:
#+   source: {type: iri, class: "ctl:SourceDocument", label: {it: "Fonte", en: "Source"}}
#+   year: {type: integer, optional: true, minimum: 2000, label: {it: "Anno", en: "Year"}}
#+ columns:
#+   cluster: {type: iri, label: {it: "Cluster", en: "Cluster"}}
#+   members:
#+     {type: integer, unit: {it: "adesioni", en: "memberships"}, label: {it: "Associati", en: "Members"}}
#+   day: {type: date, label: {it: "Giorno", en: "Day"}}
#+ chart: {mark: bar, x: cluster, y: members, where: "members > 3"}
#+ sentence:
#+   it: {none: "Nulla.", one: "{top.cluster}", ties: "{top.cluster} ({sum.members})"}
#+   en: {none: "Nothing.", one: "{top.cluster}", ties: "{top.cluster} ({sum.members})"}
#+ tests:
#+   - {args: {}, rows: 9, golden: trial.csv}
#+   - {args: {year: 2022, source: "source/doc-001"}, rows: {min: 0, max: 5}}
PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
# a comment with VALUES ?none { 1 }
SELECT ?cluster (SUM(?m) AS ?members) ?day
WHERE {
  VALUES ?source { <https://w3id.org/ctlgraph/id/source/doc-003> }
  VALUES ?year { UNDEF }
  ?cluster ctl:x ?source ; ctl:year ?year ; ctl:members ?m ; ctl:day ?day .
  FILTER (?m != "VALUES ?none { 1 }")
}
GROUP BY ?cluster ?day
ORDER BY DESC(?members) ?cluster
"""


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_file_says_all_of_its_question() -> None:
    """Types, defaults from the blocks, the rank from ORDER BY, ranges of rows."""
    query = parse(FILE, "trial")
    assert (query.name, query.kind, query.rank, query.tags) == (
        "trial",
        "select",
        "members",
        ("trial", "members"),
    )
    source, year = query.parameters.values()
    assert (source.default, source.class_) == (f"<{BASE}id/source/doc-003>", BASE + "ontology#SourceDocument")
    assert (year.default, year.optional, year.minimum) == (None, True, "2000")
    assert [(each.name, each.type) for each in query.columns.values()] == [
        ("cluster", "iri"),
        ("members", "integer"),
        ("day", "date"),
    ]
    assert query.chart is not None
    assert query.chart.where == "members > 3"
    assert [(test.least, test.most, test.golden) for test in query.tests] == [
        (9, 9, "trial.csv"),
        (0, 5, None),
    ]
    assert dict(query.tests[1].args) == {"year": "2022", "source": "source/doc-001"}


def test_arguments_take_the_place_of_defaults_in_their_blocks_alone() -> None:
    """Each in its own, the rest of the text untouched; names that look alike in comments are no blocks."""
    filled = parse(FILE, "trial").fill({"source": "id/source/doc-001", "year": "2022"})
    assert f"VALUES ?source {{ <{BASE}id/source/doc-001> }}" in filled.text
    assert "VALUES ?year { 2022 }" in filled.text
    assert filled.text.count("VALUES ?none { 1 }") == 2
    assert dict(filled.arguments) == {"source": "source/doc-001", "year": "2022"}
    assert parse(FILE, "trial").fill({}).terms["year"] == "UNDEF"
    assert parse(FILE, "trial").fill({"year": ""}).terms["year"] == "UNDEF"


@pytest.mark.parametrize(
    ("arguments", "words", "nearest"),
    [
        ({"yaer": "1"}, "one of the parameters source, year", ("year",)),
        ({"year": "1999"}, "a whole number from 2000 on", ()),
        ({"source": ""}, "an identifier", ()),
    ],
)
def test_a_wrong_argument_is_refused(arguments: dict[str, str], words: str, nearest: tuple[str, ...]) -> None:
    """By its name, with what was expected."""
    with pytest.raises(ParameterError, match=words) as caught:
        parse(FILE, "trial").fill(arguments)
    assert caught.value.nearest == nearest


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ('"Trial"}', '"Trial"', "#+ description", "YAML"),
        ("#+ tags: [trial, members]\n", "", None, "'tags' is missing"),
        ("#+ tags: [trial, members]", "#+ tags: []", "#+ tags", "list of words"),
        ("#+ tags:", "#+ tagz: 1\n#+ tags:", "#+ tagz", "'tagz' means nothing"),
        ("#+ tags:", "#+ title: 1\n#+ tags:", "#+ title: 1", "'title' stands here twice"),
        ('{it: "Prova", en: "Trial"}', '{it: "Prova"}', "#+ title", "'title.en' is missing"),
        ('{it: "Prova", en: "Trial"}', '{it: "Prova", en: ""}', "#+ title", "'title.en' is a text"),
        ('{it: "Prova", en: "Trial"}', '"Trial"', "#+ title", "names with values"),
        ('en: "Source"}', 'fr: "Source"}', "#+   source", "label.en' is missing"),
        ("#+   year: {", "#+   format: {", "SELECT ?cluster", "VALUES \\?year is not among"),
        ("  VALUES ?year { UNDEF }\n", "", "#+   year", "no block VALUES \\?year"),
        ("  FILTER", "  VALUES ?m { 3 }\n  FILTER", "  VALUES ?m", "VALUES \\?m is not among"),
        ("  FILTER", "  VALUES ?year { 3 }\n  FILTER", "  VALUES ?year { 3 }", "stands once"),
        ("{ UNDEF }", "{ 1999 }", "#+   year", "its default: .*from 2000 on"),
        ("<https://w3id.org/ctlgraph/id/source/doc-003>", "UNDEF", "#+   source", "its default"),
        ("<https://w3id.org/ctlgraph/id/source/doc-003>", '"doc-003"', "#+   source", "its default"),
        ("type: iri, class", "type: thing, class", "#+   source", "'type' is one of"),
        ('class: "ctl:SourceDocument"', 'class: "clt:SourceDocument"', "#+   source", "prefix clt"),
        ('class: "ctl:SourceDocument"', 'class: "ctl:A", scheme: "ctl:B"', "#+   source", "one class, one"),
        ('type: iri, class: "ctl:SourceDocument"', "type: choice", "#+   source", "choices come from"),
        ('class: "ctl:SourceDocument"', 'choices: "SELECT ?x { }"', "#+   source", "SELECT of \\?value"),
        ('class: "ctl:SourceDocument"', "minimum: 3", "#+   source", "only a number or a date"),
        ("optional: true", "optional: maybe", "#+   year", "'optional' is true or false"),
        ("optional: true", "reader: perhaps", "#+   year", "'reader' is true or false"),
        ("optional: true", "optional: true, unlike: year", "#+   year", "'unlike' names another parameter"),
        ("optional: true", "optional: true, unlike: yaer", "#+   year", "'unlike' names another parameter"),
        ("optional: true", "optonal: true", "#+   year", "'optonal' means nothing"),
        ("#+   cluster:", "#+   clutser:", "#+ columns", "cluster, members, day"),
        ("#+   day: {type: date", "#+   day: {type: time", "#+   day", "'type' is one of"),
        (
            "#+   day: {type: date",
            '#+   day: {type: date, unit: {it: "g", en: "d"}',
            "#+   day",
            "has a unit",
        ),
        (', label: {it: "Giorno", en: "Day"}', "", "#+   day", "columns.day.label' is missing"),
        ('unit: {it: "adesioni", en: "memberships"}', 'unit: "memberships"', "#+     {type", "names with"),
        ("SELECT ?cluster (SUM(?m) AS ?members) ?day", "SELECT *", "#+ columns", "SELECT \\*"),
        ("mark: bar", "mark: pie", "#+ chart", "'mark' is one of bar"),
        ("x: cluster", "x: clutser", "#+ chart", "'x' is one of cluster"),
        ("y: members", "y: day", "#+ chart", "'y' is a column of numbers"),
        ("mark: bar", "mark: stacked", "#+ chart", "'chart.color' is missing"),
        ("mark: bar", "mark: timeline", "#+ chart", "'x' is a column of dates"),
        ("y: members,", "y: members, weight: members,", "#+ chart", "'weight' means nothing"),
        ('where: "members > 3"', 'where: "size > 3"', "#+ chart", "'where' is a column, an operator"),
        ('where: "members > 3"', 'where: "members like 3"', "#+ chart", "'where' is a column, an operator"),
        ('none: "Nothing.", ', "", "#+   en", "'sentence.en.none' is missing"),
        ('none: "Nothing."', 'none: "{top.clutser}"', "#+   en", "\\{top.clutser\\} names nothing"),
        ('none: "Nothing."', 'none: "{param.yaer}"', "#+   en", "\\{param.yaer\\} names nothing"),
        ('none: "Nothing."', 'none: "{sum.day}"', "#+   en", "\\{sum.day\\} names nothing"),
        ('none: "Nothing."', 'none: "{pairs.day}"', "#+   en", "\\{pairs.day\\} names nothing"),
        ('none: "Nothing."', 'none: "{pairs.day.dya}"', "#+   en", "\\{pairs.day.dya\\} names nothing"),
        ('none: "Nothing."', 'none: "{top.day.day}"', "#+   en", "\\{top.day.day\\} names nothing"),
        ('none: "Nothing."', 'none: "{cuont}"', "#+   en", "\\{cuont\\} names nothing"),
        ("rows: 9", "rows: nine", "#+   - {args: {}", "'rows' is a number"),
        ("{min: 0, max: 5}", "{min: 6, max: 5}", "#+   - {args: {year", "'rows' is a number"),
        ("args: {year: 2022", "args: {yaer: 2022", "#+   - {args: {yaer", "'yaer' means nothing"),
        ("args: {year: 2022", "args: {year: x", "#+   - {args: {year", "its argument: .*a whole number"),
        ("#+ tests:\n", "#+ tests: 3\n#+ question:\n", "#+ tests", "list of arguments"),
        ("SELECT ?cluster", "DESCRIBE ?cluster", None, "a SELECT, CONSTRUCT or ASK"),
        ("WHERE {", "{", None, "with WHERE"),
    ],
)
def test_what_does_not_agree_is_refused_with_its_line(old: str, new: str, at: str | None, words: str) -> None:
    """In a text that both languages have; a file that was whole is no longer read."""
    assert old in FILE
    text = FILE.replace(old, new, 1)
    if "format" in new:
        text = text.replace("VALUES ?year", "VALUES ?format", 1)
        at, words = "#+   format", "a word of the service"
    with pytest.raises(SourceError, match=words) as caught:
        parse(text, "trial")
    assert caught.value.path == "queries/trial.rq"
    assert caught.value.line == (line_of(text, at) if at else caught.value.line)
    assert caught.value.text("it") != caught.value.text("en")


def test_a_file_without_front_matter_is_refused() -> None:
    with pytest.raises(SourceError, match="begin with"):
        parse("SELECT ?x WHERE { ?x ?y ?z }", "trial")


def test_a_name_is_of_small_letters() -> None:
    """It is the name of a page and of a file."""
    with pytest.raises(SourceError, match="small letters"):
        parse(FILE, "Trial")


def test_a_block_may_begin_a_subquery() -> None:
    """Where an engine evaluates it first; not in the middle of a pattern."""
    inside = FILE.replace(
        "  ?cluster ctl:x",
        "  { SELECT ?z WHERE { VALUES ?year { UNDEF } ?z ctl:y ?year } }\n  ?cluster ctl:x",
    )
    query = parse(inside.replace("  VALUES ?year { UNDEF }\n", "", 1), "trial")
    assert "VALUES ?year { 2022 } ?z" in query.fill({"year": "2022"}).text


def test_several_files_are_refused_together(tmp_path: Path) -> None:
    """Whoever repairs them sees all."""
    folder = tmp_path / "queries"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.rq").write_text(FILE.replace("mark: bar", "mark: pie"))
    (folder / "three.rq").write_bytes(b"#+ title: \xff\n")
    (folder / "whole.rq").write_text(FILE)
    with pytest.raises(SourceError) as caught:
        read(tmp_path)
    assert re.findall(r"queries/\w+\.rq:\d+", str(caught.value)) == [
        "queries/one.rq:12",
        "queries/three.rq:1",
        "queries/two.rq:12",
    ]
    with pytest.raises(SourceError, match=r"missing.rq: No such file"):
        read_file(folder / "missing.rq")


def test_a_name_that_is_not_there_is_answered_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "member-counts.rq").write_text(FILE)
    found = read(tmp_path)
    assert found.tags == ("members", "trial")
    assert isinstance(found.get_near("member-counts"), SavedQuery)
    with pytest.raises(UnknownQueryError, match="did you mean 'member-counts'"):
        found.get_near("member-count")


@pytest.mark.parametrize(
    ("order", "rank"),
    [
        ("DESC(?members) ?cluster", "members"),
        ("ASC(?members)", "members"),
        ("DESC(STR(?day))", "day"),
        ("?members", None),
        ("DESC(?cluster)", None),
        ("DESC(?m)", None),
        ("DESC(?members / 2)", None),
    ],
)
def test_a_query_ranks_by_what_it_sorts_by_first(order: str, rank: str | None) -> None:
    """If it says which way, and the column is of numbers or dates."""
    text = FILE.replace("DESC(?members) ?cluster", order)
    assert parse(text, "trial").rank == rank


def test_a_word_inside_an_iri_is_no_keyword() -> None:
    """Wherever the conditions of a query are taken apart; those of every question are still its pattern."""
    where = "GRAPH <https://w3id.org/ctlgraph/graph/filter/a> { ?a ?b ?c } ?a ?b <x:graph> ."
    found = Parts.of(f"SELECT * WHERE {{ {where} }}").conditions
    assert [each.strip() for each in found] == [where[: where.index("}") + 1], "?a ?b <x:graph> ."]
    nothing = Store.from_nquads(b"")
    for saved in read(Path(__file__).parents[2]).values():
        parts = Parts.of(saved.text)
        for count in range(1, len(parts.conditions) + 1):
            nothing.check(f"{parts.prologue}ASK {{ {' '.join(parts.conditions[:count])} }}")
