"""What pages of a kind begin with: tables by declaration, what disagrees, questions that fit."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from ctlgraph.catalogue import read
from ctlgraph.errors import QueryLimitError
from ctlgraph.vocabulary import BASE
from ctlgraph.web.site import entities, parts
from ctlgraph.web.site.discrepancies import Discrepancy, discrepancies
from ctlgraph.web.site.facts import Ask, Labels
from ctlgraph.web.site.kinds import KINDS
from ctlgraph.web.site.related import related

Made = Callable[[str], Ask]

NETWORK = """
d003:1-2 { network:v a ctl:Network . participation:a ctl:inNetwork network:v ; ctl:participant cluster:a ;
    ctl:participationRole participationrole:participant . cluster:a skos:prefLabel "Zeta"@it .
    participation:o ctl:inNetwork network:other ; ctl:participant cluster:o . }
d003:5-6 { network:p a ctl:Network ; ctl:partOfNetwork network:v . participation:b ctl:inNetwork network:p ;
    ctl:participant cluster:b ; ctl:participationRole participationrole:guest .
    cluster:b skos:prefLabel "Alfa"@it . }
graph:x { participationrole:guest skos:definition "Chi è invitato."@it , "Who is invited."@en }
"""


async def said_of(ask: Ask, path: str, lang: str = "it") -> parts.Said:
    found = await entities.entity(ask, f"{BASE}id/{path}", lang)
    assert found is not None
    return await parts.said(ask, found, lang)


def section(said: parts.Said, name: str) -> parts.Section:
    return next(each for each in said.sections if each.part.name == name)


def texts(found: parts.Section, column: str) -> list[str]:
    return ["; ".join(map(str, row.cells[column])) for row in found.rows]


def test_a_guest_comes_last_and_is_told_apart(made: Made) -> None:
    """Who is only in a part of a network stands there with that part; who is in another network does not."""
    found = section(asyncio.run(said_of(made(NETWORK), "network/v")), "participants")
    assert texts(found, "who") == ["Zeta", "Alfa"]
    assert texts(found, "where") == ["", "network:p"]
    assert [[source.first for source in row.sources] for row in found.rows] == [[1], [5]]
    assert [(str(thing), term.value) for thing, term in found.meanings] == [
        ("participationrole:guest", "Chi è invitato.")
    ]


def test_the_parts_of_a_count_stand_in_one_row(made: Made) -> None:
    """The largest first, in the reader's words; the latest count above the others."""
    ask = made(
        """d003:1-2 { cluster:c a ctl:Cluster . observation:t ctl:memberCount 9 .
            observation:x ctl:memberCount 2 . observation:y ctl:memberCount 7 .
            observation:old ctl:memberCount 5 }
        graph:x { statement:s qb:observation observation:t , observation:x , observation:y .
            observation:t ctl:refOrganization cluster:c ; ctl:refPeriod "2022"^^xsd:gYear ;
                ctl:memberCategory membercategory:total .
            observation:x ctl:refOrganization cluster:c ; ctl:refPeriod "2022"^^xsd:gYear ;
                ctl:memberCategory membercategory:few .
            observation:y ctl:refOrganization cluster:c ; ctl:refPeriod "2022"^^xsd:gYear ;
                ctl:memberCategory membercategory:many .
            observation:old ctl:refOrganization cluster:c ; ctl:refPeriod "2019"^^xsd:gYear ;
                ctl:memberCategory membercategory:total .
            membercategory:total skos:prefLabel "totale"@it . membercategory:few skos:prefLabel "pochi"@it .
            membercategory:many skos:prefLabel "molti"@it , "many"@en }"""
    )
    found = section(asyncio.run(said_of(ask, "cluster/c")), "counts")
    assert texts(found, "total") == ["9", "5"]
    assert texts(found, "of") == ["7 molti; 2 pochi", ""]
    assert "words" not in found.columns


def test_money_is_told_to_the_end_or_said_to_be_unknown(made: Made) -> None:
    """By way of the call it leads to who funds it; where nothing is said, that is said."""
    ask = made(
        """d003:1-2 { project:p a ctl:Project ; ctl:underCall call:c . call:c ctl:fundedBy organisation:r .
            project:q a ctl:Project }"""
    )
    money = section(asyncio.run(said_of(ask, "project/p")), "money")
    assert texts(money, "money") == ["call:c", "organisation:r"]
    assert texts(money, "of") == ["", "call:c"]
    unknown = section(asyncio.run(said_of(ask, "project/q")), "money")
    assert (unknown.rows, bool(unknown.part.none)) == ((), True)


def test_how_sure_a_theme_is_depends_on_who_says_it(made: Made) -> None:
    """A passage states; a decision of ours says how sure it is; a box that only may belong is possible."""
    ask = made(
        """d003:1-2 { project:p a ctl:Project ; ctl:supportsEcosystem s3:a . box:b ctl:names s3:b }
        curated:x { curated:x ctl:certainty certainty:possible . box:b ctl:possiblyBoxOfProject project:p }"""
    )
    found = section(asyncio.run(said_of(ask, "project/p")), "themes")
    assert dict(zip(texts(found, "theme"), texts(found, "sure"), strict=True)) == {
        "s3:a": "certainty:stated",
        "s3:b": "certainty:possible",
    }


def test_a_page_of_very_many_rows_has_an_end(made: Made) -> None:
    """However many there are, so many are looked at."""
    many = " ".join(f"story:s{n} ctl:storyOf cluster:c ." for n in range(parts.MOST + 5))
    found = section(
        asyncio.run(said_of(made(f"d003:1-2 {{ cluster:c a ctl:Cluster . {many} }}"), "cluster/c")), "stories"
    )
    assert (len(found.rows), found.more) == (parts.MOST, True)


def odd(ask: Ask, path: str) -> tuple[Discrepancy, ...]:
    return asyncio.run(discrepancies(ask, f"{BASE}id/{path}", "it"))


def test_what_disagrees_is_told_where_it_matters(made: Made) -> None:
    """Numbers side by side on the page of their subject, each with its lines; not on the page of another."""
    ask = made(
        """d003:1-2 { observation:a ctl:memberCount 78 } d001:3-4 { observation:b ctl:memberCount 83 }
        graph:x { observation:a ctl:refOrganization cluster:c ; ctl:refPeriod "2019"^^xsd:gYear .
            observation:b ctl:refOrganization cluster:c ; ctl:refPeriod "2022"^^xsd:gYear .
            discrepancy:d a ctl:KnownDiscrepancy ; ctl:concerns observation:a , observation:b ;
                ctl:explanation "Perché."@it , "Why."@en . cluster:other a ctl:Cluster }"""
    )
    [found] = odd(ask, "cluster/c")
    assert found.explanation.value == "Perché."
    assert [(each.value.term.value, each.value.sources[0].first) for each in found.stated] == [
        ("83", 3),
        ("78", 1),
    ]
    assert odd(ask, "cluster/other") == ()


def test_two_values_of_one_passage_may_be_what_is_odd(made: Made) -> None:
    """A discrepancy about a passage and a value in it is about what has that value there."""
    ask = made(
        """d003:1-2 { cluster:c ctl:technologyArea technology:t . cluster:o ctl:acronym "O" }
        graph:x { discrepancy:d a ctl:KnownDiscrepancy ; ctl:concerns d003:1-2 , technology:t ;
            ctl:explanation "Scambiate."@it }"""
    )
    assert len(odd(ask, "cluster/c")) == 1
    assert odd(ask, "cluster/o") == ()


def test_what_does_not_agree_is_told_beside_the_value(made: Made) -> None:
    """Of the property that it concerns, not of another value; and on the row of a number that it names."""
    ask = made(
        """d003:1-2 { cluster:c a ctl:Cluster ; ctl:referenceEcosystem s3:e ;
            ctl:technologyArea technology:t ;
            foaf:homepage <https://c.example> . observation:a ctl:memberCount 78 }
        graph:x { discrepancy:d a ctl:KnownDiscrepancy ; ctl:concerns d003:1-2 , technology:t ;
                ctl:concernsProperty ctl:technologyArea ; ctl:explanation "Scambiate."@it .
            discrepancy:h a ctl:KnownDiscrepancy ; ctl:concerns d003:1-2 ; ctl:explanation "Refuso."@it ;
                ctl:concernsProperty foaf:homepage .
            discrepancy:n a ctl:KnownDiscrepancy ; ctl:concerns observation:a ; ctl:explanation "Quanti."@it .
            observation:a ctl:refOrganization cluster:c ; ctl:refPeriod "2019"^^xsd:gYear ;
                ctl:memberCategory membercategory:total .
            membercategory:total skos:prefLabel "totale"@it }"""
    )
    iri = f"{BASE}id/cluster/c"
    known = {each.slug: each for each in odd(ask, "cluster/c")}
    assert set(known) == {"d", "h", "n"}
    said = asyncio.run(said_of(ask, "cluster/c"))
    marked = {
        (slug, fact.relation.label)
        for slug, each in known.items()
        for fact in said.facts
        if any(each.marks(iri, fact.relation.iri, value) for value in fact.values)
    }
    assert marked == {("d", "ctl:technologyArea"), ("h", "foaf:homepage")}
    assert [row.key in known["n"].concerned for row in section(said, "counts").rows] == [True]


def test_the_questions_of_a_thing_take_it(project: Path, made: Made) -> None:
    """By class, by vocabulary, or by a query of their own; each as it is asked."""
    ask = made(
        """graph:x { network:v a ctl:Network . s3:a a skos:Concept ; skos:inScheme vocab:s3 .
            place:p a ctl:Place . cluster:c a ctl:TechnologyCluster }"""
    )
    catalogue = read(project)

    async def names(iri: str) -> dict[str, dict[str, str]]:
        found = await entities.entity(ask, f"{BASE}{iri}", "it")
        assert found is not None
        return {each.saved.name: dict(each.arguments) for each in await related(ask, catalogue, found)}

    of_network = asyncio.run(names("id/network/v"))
    assert of_network["clusters-in-network"] == of_network["roles-in-network"] == {"network": "network/v"}
    assert "networks-of" not in of_network
    of_theme = asyncio.run(names("vocab/s3/a"))
    assert of_theme["clusters-of-ecosystem"] == {"ecosystem": "vocab/s3/a"}
    assert of_theme["projects-of-theme"] == {"theme": "vocab/s3/a"}
    for name, arguments in {**of_network, **of_theme}.items():
        catalogue[name].fill(arguments)


def test_every_part_names_what_it_binds(made: Made) -> None:
    """Columns and key are variables of the pattern, and a question is one that there is."""
    saved = read(Path(__file__).parents[2])
    every = [part for kind in KINDS.values() for part in kind.parts]
    for part in every:
        assert all(f"?{name}" in part.pattern for name in (*part.columns, part.key or "g")), part.name
        assert not part.question or part.question in saved, part.name
    assert all(len({part.name for part in kind.parts}) == len(kind.parts) for kind in KINDS.values())


def test_tables_that_take_too_long_leave_the_page_its_facts(made: Made) -> None:
    """A limit on their query is no reason to refuse the page."""
    ask = made(NETWORK + 'd003:7-8 { network:v ctl:acronym "V" }')

    async def limited(query: str) -> bytes:
        if "?section" in query:
            raise QueryLimitError("time", 10, "s")
        return await ask(query)

    said = asyncio.run(said_of(limited, "network/v"))
    assert (said.sections, said.late) == ((), True)
    assert [str(fact.relation) for fact in said.facts] == ["ctl:acronym"]


DATED = (
    """source:doc-001 dct:issued "2019-12"^^xsd:gYearMonth . source:doc-003 dct:issued "2022"^^xsd:gYear ."""
)
HELD = """
d001:1-2 { post:a a org:Post ; org:postIn cluster:c ; org:role role:president ; org:heldBy person:p .
    cluster:c a ctl:Cluster . person:p a foaf:Person .
    participation:x ctl:participant cluster:c ; ctl:inProject project:j . project:j a ctl:Project }
d003:5-6 { project:j ctl:status status:ongoing }
graph:sources { %s }
"""


def test_what_holds_for_a_time_has_the_date_of_its_source(made: Made) -> None:
    """A post as of the letter, a status as of the brochure, though the row stands on the letter."""
    ask = made(HELD % DATED)
    cluster = asyncio.run(said_of(ask, "cluster/c"))
    [role] = section(cluster, "people").rows[0].cells["role"]
    [status] = section(cluster, "projects").rows[0].cells["status"]
    assert (role.sources.as_of, status.sources.as_of) == ("2019-12", "2022")
    [post] = section(asyncio.run(said_of(ask, "person/p")), "posts").rows[0].cells["role"]
    assert post.sources.as_of == "2019-12"
    [fact] = [fact for fact in asyncio.run(said_of(ask, "project/j")).facts if fact.changing]
    assert [value.sources.as_of for value in fact.values] == ["2022"]


def test_without_a_date_of_the_document_none_is_said(made: Made) -> None:
    """Nobody knows as of when: nothing is invented."""
    [role] = section(asyncio.run(said_of(made(HELD % ""), "person/p")), "posts").rows[0].cells["role"]
    assert role.sources.as_of == ""


def test_that_amounts_are_not_known_is_said_until_they_are(made: Made) -> None:
    """On a project and on a call, with money of theirs or without."""
    ask = made(
        """d003:1-2 { project:p a ctl:Project ; ctl:fundedBy organisation:r . project:q a ctl:Project .
            project:k a ctl:Project ; ctl:fundedBy organisation:r . call:c a ctl:FundingCall .
            figure:f ctl:refSubject project:k ; ctl:indicator indicator:grant ; ctl:value 9 }
        graph:x { indicator:grant ctl:unit unit:euro }"""
    )
    for path, said in (("project/p", 1), ("project/q", 1), ("project/k", 0), ("call/c", 1)):
        assert len(section(asyncio.run(said_of(ask, path)), "money").unsaid) == said, path


def test_numbers_of_one_indicator_are_told_apart(made: Made) -> None:
    """By what they count only, with the unit that they count in."""
    ask = made(
        """d003:1-2 { call:c a ctl:FundingCall . figure:a ctl:refSubject call:c ; ctl:value 33 ;
            ctl:indicator indicator:i . figure:b ctl:refSubject call:c ; ctl:value 11 ;
            ctl:indicator indicator:i ; ctl:refConcept s3:health }
        graph:x { indicator:i ctl:unit unit:projects }"""
    )
    found = section(asyncio.run(said_of(ask, "call/c")), "figures")
    assert sorted(zip(texts(found, "value"), texts(found, "of"), texts(found, "unit"), strict=True)) == [
        ("11", "s3:health", "unit:projects"),
        ("33", "", "unit:projects"),
    ]


def test_events_stand_in_the_order_of_their_dates(made: Made) -> None:
    """A year alone too."""
    days = ('"2016-11-29"^^xsd:date', '"2018"^^xsd:gYear', '"2009"^^xsd:gYear', '"2013-07-24"^^xsd:date')
    events = " ".join(
        f"change:c{n} org:resultingOrganization cluster:c ; dct:date {day} ." for n, day in enumerate(days)
    )
    found = section(
        asyncio.run(said_of(made(f"d003:1-2 {{ cluster:c a ctl:Cluster . {events} }}"), "cluster/c")),
        "timeline",
    )
    assert texts(found, "date") == ["2009", "2013-07-24", "2016-11-29", "2018"]


def test_what_is_shared_counts_once(made: Made) -> None:
    """A component of the plan, not its mission beside it; the same address is no tie."""
    ask = made(
        """d003:1-2 { cluster:a a ctl:TechnologyCluster, ctl:Cluster ; org:hasPrimarySite site:s .
            cluster:b a ctl:TechnologyCluster ; org:hasPrimarySite site:s .
            box:a ctl:boxOf cluster:a ; ctl:names pnrr:m2c1 , pnrr:m2 , pnrr:m1 .
            box:b ctl:boxOf cluster:b ; ctl:names pnrr:m2c1 , pnrr:m2 , pnrr:m1 }
        graph:x { pnrr:m2c1 skos:broader pnrr:m2 }"""
    )
    found = section(asyncio.run(said_of(ask, "cluster/a")), "common")
    assert texts(found, "shared") == ["pnrr:m1; pnrr:m2c1"]


def test_money_that_comes_by_way_of_a_call_is_told_with_the_call(made: Made) -> None:
    """On the page of a cluster as on that of its project."""
    ask = made(
        """d003:1-2 { cluster:c a ctl:Cluster . participation:x ctl:participant cluster:c ;
            ctl:inProject project:p . project:p a ctl:Project ; ctl:underCall call:c .
            call:c ctl:fundedBy organisation:r }"""
    )
    assert texts(section(asyncio.run(said_of(ask, "cluster/c")), "projects"), "money") == [
        "call:c; organisation:r"
    ]


def test_a_relation_read_backwards_leads_to_no_page_of_a_term() -> None:
    """The graph states what is broader alone: there is no such page."""
    skos = "http://www.w3.org/2004/02/skos/core#"
    back, forth = (Labels("it").term(f"{skos}{name}") for name in ("narrower", "broader"))
    assert (back.label, back.path) == ("più specifico", "")
    assert forth.path == "/ontology/terms/skos:broader"
