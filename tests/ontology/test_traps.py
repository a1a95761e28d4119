"""Each contradiction, slip and ambiguity of the documents is kept and explained, or its absence is."""

import json
import re
from pathlib import Path

import pytest

from ctlgraph.release import Release
from ctlgraph.store import Store
from ctlgraph.vocabulary import BASE

TRAPS = Path(__file__).resolve().parents[3] / "shared" / "sources" / "traps.md"
NO_DATUM = {
    "i-38": "slips in ordinary words, which no statement repeats; those in names are printed forms of names",
    "i-39": "damage done by the extraction of the text; damaged names are printed forms of names",
    "i-48": "what the documents do not say: no member lists, no amounts",
}
"""Traps that no single statement carries."""

DISCREPANCIES = """
PREFIX ctl: <https://w3id.org/ctlgraph/ontology#>
SELECT ?discrepancy ?concerned WHERE { ?discrepancy a ctl:KnownDiscrepancy ; ctl:concerns ?concerned }
"""


def test_every_trap_is_a_known_discrepancy(release: Release) -> None:
    if not TRAPS.is_file():
        pytest.skip("../shared/sources/traps.md is absent: the list of traps cannot be read")
    listed = {trap.lower() for trap in re.findall(r"^\| (I-\d\d) \|", TRAPS.read_text("utf-8"), re.MULTILINE)}
    answer = json.loads(Store.open(release.path).query(DISCREPANCIES).serialize("json"))
    known = {
        row["discrepancy"]["value"].removeprefix(BASE + "id/discrepancy/")
        for row in answer["results"]["bindings"]
    }
    assert sorted(listed - known) == sorted(NO_DATUM)
