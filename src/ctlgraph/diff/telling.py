"""A difference told as a whole, in a process of its own, for a server that answers others meanwhile."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctlgraph.diff.comparison import compared
from ctlgraph.diff.patch import patch
from ctlgraph.diff.report import as_json
from ctlgraph.diff.sentences import groups, sentences
from ctlgraph.errors import CtlgraphError
from ctlgraph.messages import LANGUAGES, N_
from ctlgraph.release import open_release
from ctlgraph.settings import releases_folder
from ctlgraph.sources import root

_PROGRAM = "from ctlgraph.diff.telling import main; main()"


@dataclass(frozen=True)
class Told:
    """A difference as JSON and as an update, and in each language what a page shows.

    words: by language, "gone" (lines), "groups" (kind, line, new, things as IRI and name) and "sentences"
    (iri, name, clauses).
    """

    json: bytes
    patch: bytes
    words: dict[str, dict[str, Any]]
    recorded: bool
    needed: str


async def telling(a: Path, b: Path) -> Told:
    """The difference of the releases in two folders. Raises CtlgraphError if it cannot be told."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _PROGRAM, str(a), str(b)),
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches the server, whose end ends it
    )
    try:
        answer, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    if process.returncode:
        raise CtlgraphError(
            N_("the releases cannot be compared at the moment: the log of the service says why")
        )
    told = json.loads(answer)
    return Told(
        told["json"].encode(), told["patch"].encode(), told["words"], told["recorded"], told["needed"]
    )


def main() -> None:
    """Write what `telling` reads: of the releases in two folders."""
    a, b = (open_release(Path(argument)) for argument in sys.argv[1:3])
    found = compared(a, b, root(), releases_folder(root()))
    whole = as_json(found.difference, found.gone, recorded=found.recorded).decode()
    words = {
        lang: {
            "gone": [each.line(lang) for each in found.gone],
            "groups": [
                {"kind": each.kind, "line": each.line(lang), "new": each.new, "things": each.things}
                for each in groups(found.difference, lang)
            ],
            "sentences": [
                {"iri": each.iri, "name": each.name, "clauses": each.clauses}
                for each in sentences(found.difference, lang)
            ],
        }
        for lang in LANGUAGES
    }
    told = {
        "json": whole,
        "patch": patch(found.difference),
        "words": words,
        "recorded": found.recorded,
        "needed": json.loads(whole)["version_needed"] or "",
    }
    sys.stdout.write(json.dumps(told))
