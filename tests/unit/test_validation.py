"""What a shape reports reaches the reader: in order, with its place, in both languages."""

import json
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef

from ctlgraph.errors import SourceError
from ctlgraph.release import Release, check
from ctlgraph.sources import Location, read
from ctlgraph.validation import Report, render, validate
from ctlgraph.vocabulary import expand

AFIL = "data/ttl/doc-000/afil.trig"
SHAPES = "shapes/core.ttl"


def spoil(project: Path, path: str, old: str, new: str) -> None:
    text = (project / path).read_text("utf-8")
    assert old in text
    (project / path).write_text(text.replace(old, new, 1), "utf-8")


def add_shape(project: Path, text: str) -> None:
    with (project / SHAPES).open("a", encoding="utf-8") as file:
        file.write("\n" + text)


def rendered(report: Report, lang: str) -> list[str]:
    return [render(finding, lang) for finding in report.findings]


def test_a_finding_is_one_line_in_the_language_of_the_reader(small: Path) -> None:
    """File, line, severity, node, path, message: what an editor and a person can follow."""
    report = check(small)
    assert rendered(report, "it") == [
        f"{AFIL}:15: avviso: cluster:clm ctl:memberCount: Manca il numero dei soci.",
    ]
    assert rendered(report, "en") == [
        f"{AFIL}:15: warning: cluster:clm ctl:memberCount: The number of members is missing.",
    ]


def test_a_warning_does_not_forbid_a_release_and_a_violation_does(small: Path) -> None:
    """A warning is published with the release."""
    assert check(small).conforms
    spoil(small, AFIL, "ctl:memberCount 144", 'ctl:memberCount "144"')
    report = check(small)
    assert not report.conforms
    assert report.counts == {"violation": 1, "warning": 1, "info": 0}


def test_a_message_names_its_values_in_both_languages(small: Path) -> None:
    """pyshacl drops the language of a message that it fills in."""
    spoil(small, AFIL, "ctl:enterpriseCount 116", "ctl:enterpriseCount 160")
    finding = check(small).findings[0]
    assert finding.messages == {
        "it": "In cluster:afil le imprese (160) superano i soci (144).",
        "en": "In cluster:afil the enterprises (160) outnumber the members (144).",
    }
    assert str(finding.rule) == expand("ctlsh:CountSumShape")


def test_a_value_with_backslashes_fills_a_message(small: Path) -> None:
    r"""pyshacl takes \d in a value for a regular expression."""
    add_shape(
        small,
        r"""ctlsh:BackslashShape a sh:NodeShape ; sh:targetClass ctl:SourceDocument ;
    sh:sparql [ sh:message "È {?value}."@it , "It is {?value}."@en ;
        sh:select "SELECT $this ?value WHERE { $this <http://purl.org/dc/terms/identifier> ?value }" ] .""",
    )
    spoil(small, "data/ttl/sources.ttl", '"doc-000.txt"', r'"C:\\d\\1"')
    messages = [finding.messages["it"] for finding in check(small).findings]
    assert r"È C:\d\1." in messages


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("ctl:memberCount 144", 'ctl:memberCount "144"', 11),  # the statement itself
        ('skos:prefLabel "AFIL"@it ;', 'skos:prefLabel\n "AFIL"@it ,\n "A"@it ;', 11),  # one of its property
        (" ctl:memberCount 144 ;", "", 9),  # the type, where there is none of its property
    ],
)
def test_a_finding_points_at_the_statement_or_at_the_node(small: Path, old: str, new: str, line: int) -> None:
    """The line is that of the fault if it is written, else of the node that lacks something."""
    spoil(small, "data/ttl/curated/labels.trig", 'cluster:afil skos:prefLabel "AFIL"@en .', "")
    spoil(small, AFIL, old, new)
    afil = [finding for finding in check(small).findings if str(finding.focus) == expand("cluster:afil")]
    assert [finding.location for finding in afil] == [Location(AFIL, line)]


def test_a_finding_on_a_derived_node_has_no_line(small: Path) -> None:
    """A line that does not exist is worse than none."""
    derived = [(URIRef("http://e/x"), RDF.type, URIRef(expand("ctl:TechnologyCluster")))]
    found = [finding for finding in validate(read(small), derived).findings if finding.location is None]
    assert [render(finding, "en") for finding in found] == [
        "warning: http://e/x ctl:memberCount: The number of members is missing."
    ]


def test_an_inverse_path_is_shown_and_located(small: Path) -> None:
    """The statement at fault is the one that points at the node."""
    add_shape(
        small,
        """ctlsh:UnusedShape a sh:NodeShape ; sh:targetClass ctl:SourceDocument ;
    sh:property [ sh:path [ sh:inversePath <http://www.w3.org/ns/prov#wasDerivedFrom> ] ;
        sh:severity sh:Info ; sh:class ctl:Passage ;
        sh:message "Non è un passo."@it , "Not a passage."@en ] .""",
    )
    finding = next(finding for finding in check(small).findings if finding.severity == "info")
    assert render(finding, "it") == (
        "data/ttl/sources.ttl:7: informazione: source:doc-000 ^prov:wasDerivedFrom: Non è un passo."
    )
    assert str(finding.rule) == expand("ctlsh:UnusedShape")


def test_where_a_fault_is_mended_is_told_behind_what_the_rule_asks(small: Path) -> None:
    """In each language; the place of what was found is filled in all the same."""
    add_shape(
        small,
        """ctlsh:NotedShape a sh:NodeShape ; sh:targetClass ctl:SourceDocument ;
    sh:property [ sh:path <http://www.w3.org/ns/prov#value> ; sh:minCount 1 ; sh:severity sh:Info ;
        sh:message "Manca un valore."@it , "A value is missing."@en ;
        skos:editorialNote "Va in a.trig."@it , "It goes into a.trig."@en ] .""",
    )
    finding = next(finding for finding in check(small).findings if finding.severity == "info")
    assert finding.messages == {
        "it": "Manca un valore. Va in a.trig.",
        "en": "A value is missing. It goes into a.trig.",
    }


def test_a_shape_without_a_message_says_which_it_is(small: Path) -> None:
    """Both readers get at least the rule."""
    add_shape(
        small, "ctlsh:DumbShape a sh:NodeShape ; sh:targetClass ctl:SourceDocument ; sh:nodeKind sh:Literal ."
    )
    finding = check(small).findings[0]
    assert (
        finding.messages["it"] == "la forma ctlsh:DumbShape (sh:NodeKindConstraintComponent) non è rispettata"
    )
    assert finding.messages["en"].startswith("the shape ctlsh:DumbShape")


def test_shapes_see_what_the_rules_derive(small: Path) -> None:
    """A shape may count on the superclasses and shortcuts that only a release has."""
    add_shape(
        small,
        """ctlsh:CommentShape a sh:NodeShape ; sh:targetClass ctl:Cluster ;
    sh:property [ sh:path <http://www.w3.org/2000/01/rdf-schema#comment> ; sh:minCount 1 ] .""",
    )
    assert not validate(read(small)).conforms
    assert check(small).conforms


def test_findings_come_in_the_same_order_violations_first(small: Path) -> None:
    """A report that changes its order hides what has changed in it."""
    spoil(small, AFIL, "ctl:memberCount 144 ; ctl:enterpriseCount 116", 'ctl:memberCount "b" , "a" , "c"')
    first, second = check(small), check(small)
    assert rendered(first, "it") == rendered(second, "it")
    assert [finding.severity for finding in first.findings] == ["violation"] * 3 + ["warning"]
    assert [str(finding.value) for finding in first.findings[:3]] == ["a", "b", "c"]


def test_the_report_is_shacl_in_both_languages(small: Path) -> None:
    """Any SHACL tool reads report.ttl."""
    report = check(small)
    graph = Graph().parse(data=report.turtle(), format="turtle")
    result = graph.value(None, RDF.type, SH.ValidationResult)
    assert graph.value(result, SH.focusNode) == URIRef(expand("cluster:clm"))
    assert graph.value(result, SH.resultPath) == URIRef(expand("ctl:memberCount"))
    assert graph.value(result, SH.sourceShape) == URIRef(expand("ctlsh:CountedProperty"))
    assert set(graph.objects(result, SH.resultMessage)) == {
        Literal("Manca il numero dei soci.", lang="it"),
        Literal("The number of members is missing.", lang="en"),
    }
    assert list(graph.objects(None, SH.conforms)) == [Literal(False)]


def test_a_finding_is_plain_json(small: Path) -> None:
    """Programs get the facts apart, with names that can be expanded."""
    finding = json.loads(json.dumps(check(small).findings[0].to_json()))
    assert finding == {
        "severity": "warning",
        "file": AFIL,
        "line": 15,
        "focus": "cluster:clm",
        "path": "ctl:memberCount",
        "value": None,
        "rule": "ctlsh:CountedProperty",
        "component": "sh:MinCountConstraintComponent",
        "messages": {"it": "Manca il numero dei soci.", "en": "The number of members is missing."},
        "description": {
            "it": "Ogni cluster tecnologico dice quanti soci ha.",
            "en": "Every technology cluster says how many members it has.",
        },
    }


def test_what_a_rule_asks_stands_once_below_its_findings(small: Path) -> None:
    """A list of the same finding in many places stays a list; a rule without a description gives its name."""
    spoil(small, AFIL, "ctl:memberCount 144", 'ctl:memberCount "b" , "a"')
    lines = [line.split(": ")[0].strip() for line in check(small).lines("it")]
    assert lines == [f"{AFIL}:11", f"{AFIL}:11", "regola", f"{AFIL}:15", "regola"]
    rules = [line.strip() for line in check(small).lines("en") if line.startswith(" ")]
    assert rules == [
        "rule: ctlsh:ClusterShape",
        "rule: Every technology cluster says how many members it has. (ctlsh:CountedProperty)",
    ]
    assert list(check(small).lines("it", rules=False)) == rendered(check(small), "it")


def test_only_what_concerns_the_extra_files_is_reported(small: Path, tmp_path: Path) -> None:
    """Who checks a draft has not asked about the rest."""
    draft = tmp_path / "draft.ttl"
    draft.write_text(f"<{expand('cluster:x')}> a <{expand('ctl:TechnologyCluster')}> .\n")
    assert rendered(check(small, extra=[draft]), "en") == [
        f"{draft}:1: warning: cluster:x ctl:memberCount: The number of members is missing."
    ]
    assert len(check(small, extra=[small / AFIL]).findings) == 1
    assert check(small, extra=[small / "data/ttl/curated"]).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("WHERE { $this ctl:enterpriseCount", "WHERE { $this enterpriseCount", f"{SHAPES}:27"),
        ("FILTER(?value > ?members)", "FILTER(?value > ?members", f"{SHAPES}:27"),
        ("$this ctl:enterpriseCount ?value", "$this dct:identifier ?value", f"{SHAPES}:27"),
        ("WHERE { $this", "WHERE { VALUES ?x { 1 } $this", "shapes"),
        ("sh:minCount 1", 'sh:minCount "one"', "shapes"),
    ],
)
def test_a_shape_that_cannot_be_used_is_told(small: Path, old: str, new: str, place: str) -> None:
    """A broken rule guards nothing, so it stops the run instead of passing everything."""
    spoil(small, SHAPES, old, new)
    with pytest.raises(SourceError) as raised:
        check(small)
    assert str(raised.value).startswith(f"{place}: a shape cannot be used: ")
    assert "una forma SHACL non si può usare" in raised.value.text("it")


def test_the_real_data_conform(release: Release) -> None:
    """What is published meets every shape."""
    assert release.manifest["counts"]["findings"]["violation"] == 0
