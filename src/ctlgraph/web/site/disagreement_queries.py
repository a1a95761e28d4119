"""What is asked of the graph about disagreements, each as ?d; not what is made of the answers."""

from __future__ import annotations

from ctlgraph.vocabulary import expand
from ctlgraph.web.site.counts import FIGURES, MEMBERS

_KNOWN = "?d a ctl:KnownDiscrepancy"
_WHOLE = f"<{expand('qb:observation')}>"  # from a statement to the numbers that it makes
_EXPLAINED = f"SELECT DISTINCT ?d ?g ?text {{ GRAPH ?g {{ {_KNOWN} ; ctl:explanation ?text }} }}"
_REASONS = "SELECT DISTINCT ?g ?text { ?g a ctl:CuratedGraph ; ctl:reason ?text }"
CONCERNED = f"SELECT DISTINCT ?d ?x {{ {_KNOWN} ; ctl:concerns ?x }}"
STATED = f"SELECT DISTINCT ?d ?x {{ {_KNOWN} ; ctl:concerns/{_WHOLE}? ?x }}"
_SPEAKING = (
    f"SELECT DISTINCT ?d ?x {{ {_KNOWN} ; ctl:concerns ?c . ?x a ctl:Passage GRAPH ?x {{ ?c ?p ?o }} }}"
)
BEHIND = f"""SELECT DISTINCT ?d ?x {{ {_KNOWN} ; ctl:concerns/{_WHOLE}? ?c
    {{ ?c ctl:refOrganization | ctl:refSubject | ctl:participant | ctl:inProject | ctl:inNetwork
        | ctl:boxOf | ctl:registers | org:resultingOrganization ?x }}
    UNION {{ ?x org:hasPrimarySite | org:hasRegisteredSite | ctl:hasManagementSite ?c }} }}"""
STATING = f"""SELECT DISTINCT ?d ?x {{ {_KNOWN} ; ctl:concerns/{_WHOLE}? ?c
    GRAPH ?x {{ ?c ctl:memberCount | ctl:value ?number }} }}"""
_ABOUT = f"{_KNOWN} ; ctl:concernsProperty ?p ; ctl:concerns ?c"  # in each branch: so the engine begins there
HELD = f"""{{ {_ABOUT} GRAPH ?g {{ ?c ?p ?value }} BIND(?c AS ?x) }}
    UNION {{ {_ABOUT} GRAPH ?g {{ ?x ?p ?c }} BIND(?c AS ?value) }}
    UNION {{ {_ABOUT} GRAPH ?c {{ ?x ?p ?value }} BIND(?c AS ?g)
        FILTER NOT EXISTS {{ ?d ctl:concerns ?named {{ ?named ?p ?any }} UNION {{ ?any ?p ?named }} }} }}"""
_VALUES = f"SELECT DISTINCT ?d ?x ?p ?value ?g {{ {HELD} }}"
"""The values of the properties that a disagreement names: of a thing that it names, else in its lines."""
HOLDING = f"SELECT DISTINCT ?d ?x {{ {HELD} }}"
_APPARENT = f"SELECT DISTINCT ?d {{ {_KNOWN} ; ctl:onlyApparent true }}"
_PARTS = f"""SELECT DISTINCT ?whole ?o ?all {{ ?whole {_WHOLE} ?o
    OPTIONAL {{ ?whole ctl:exhaustiveBreakdown ?all }} }}"""
QUERIES = {
    "explained": _EXPLAINED,
    "reasons": _REASONS,
    "concerned": CONCERNED,
    "stated": STATED,
    "speaking": _SPEAKING,
    "behind": BEHIND,
    "values": _VALUES,
    "apparent": _APPARENT,
    "parts": _PARTS,
    "members": MEMBERS,
    "figures": FIGURES,
}
