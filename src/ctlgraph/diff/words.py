"""The kinds of things that changes are counted in, one and several."""

from __future__ import annotations

from ctlgraph.messages import N_, Text, translate
from ctlgraph.vocabulary import BASE, PREFIXES, passage

KINDS: dict[str, tuple[Text, Text]] = {
    "cluster": (N_("cluster"), N_("clusters")),
    "set": (N_("set of clusters"), N_("sets of clusters")),
    "organisation": (N_("organisation"), N_("organisations")),
    "project": (N_("project"), N_("projects")),
    "network": (N_("network"), N_("networks")),
    "programme": (N_("funding programme"), N_("funding programmes")),
    "call": (N_("funding call"), N_("funding calls")),
    "group": (N_("working group"), N_("working groups")),
    "act": (N_("act"), N_("acts")),
    "event": (N_("event"), N_("events")),
    "initiative": (N_("initiative"), N_("initiatives")),
    "story": (N_("success story"), N_("success stories")),
    "service": (N_("service"), N_("services")),
    "publication": (N_("publication"), N_("publications")),
    "person": (N_("person"), N_("persons")),
    "post": (N_("post"), N_("posts")),
    "place": (N_("place"), N_("places")),
    "site": (N_("seat or facility"), N_("seats and facilities")),
    "address": (N_("address"), N_("addresses")),
    "observation": (N_("count of members"), N_("counts of members")),
    "statement": (N_("statement of counts"), N_("statements of counts")),
    "figure": (N_("figure"), N_("figures")),
    "participation": (N_("participation"), N_("participations")),
    "membership": (N_("membership"), N_("memberships")),
    "change": (N_("event of its history"), N_("events of its history")),
    "registration": (N_("registration"), N_("registrations")),
    "workpackage": (N_("work package"), N_("work packages")),
    "box": (N_("side box"), N_("side boxes")),
    "discrepancy": (N_("known discrepancy"), N_("known discrepancies")),
    "agent": (N_("agent"), N_("agents")),
    "source": (N_("document"), N_("documents")),
    "section": (N_("section"), N_("sections")),
    "passage": (N_("passage"), N_("passages")),
    "decision": (N_("editorial decision"), N_("editorial decisions")),
    "concept": (N_("concept"), N_("concepts")),
    "term": (N_("term of the ontology"), N_("terms of the ontology")),
    "collaboration": (N_("collaboration graph"), N_("collaboration graphs")),
    "computation": (N_("computation"), N_("computations")),
    "parameter": (N_("parameter of a computation"), N_("parameters of computations")),
    "measurement": (N_("measured value"), N_("measured values")),
    "thing": (N_("other thing"), N_("other things")),
}
"""By the type in an IRI, in the order in which readers ask for them."""


FACTS = frozenset(list(KINDS)[: list(KINDS).index("discrepancy")])
"""The kinds of what documents say something of; the others are what the project says, names and computes."""


def kind(iri: str) -> str:
    """The kind of the thing that an IRI names, one of KINDS.

    >>> kind(BASE + "id/project/adma"), kind(BASE + "vocab/s3/s3-nutrizione"), kind("mailto:a@b.it")
    ('project', 'concept', 'thing')
    >>> kind(BASE + "graph/collaboration/clusters-by-networks"), kind(BASE + "id/parameter/seed-1")
    ('collaboration', 'parameter')
    """
    if passage(iri):
        return "passage"
    if iri.startswith(PREFIXES["curated"]):
        return "decision"
    if iri.startswith(BASE + "graph/collaboration/"):
        return "collaboration"
    if iri.startswith(BASE + "vocab/"):
        return "concept"
    if iri.startswith(PREFIXES["ctl"]) or not iri.startswith(BASE):
        return "term" if "#" in iri or iri.startswith(PREFIXES["ctl"]) else "thing"
    found = iri.removeprefix(BASE + "id/").partition("/")[0]
    return found if found in KINDS else "thing"


def counted(number: int, of: str, lang: str) -> str:
    """A number with the word for its kind.

    >>> counted(1, "project", "it"), counted(2, "project", "it")
    ('1 progetto', '2 progetti')
    """
    return f"{number} {translate(KINDS[of][number != 1], lang)}"
