"""Keep the release of the project in ``releases/``, as `make keep` does, unless it hides a break."""

import json
from pathlib import Path

from ctlgraph.diff import difference
from ctlgraph.diff.breaking import QUESTIONS, breaking, check_version, current_columns, recorded
from ctlgraph.release import build, keep
from ctlgraph.release.kept import known, numbers, opened
from ctlgraph.settings import releases_folder
from ctlgraph.sources import root


def main(home: Path, out: Path) -> Path:
    """Return the folder of the kept release. Raises ReleaseError if its version hides a breaking change."""
    release, columns = build(home, out), current_columns(home)
    kept = known(home, home / "releases")
    earlier = [path for version, path in kept.items() if numbers(version) < numbers(release.version)]
    if earlier:
        before = opened(earlier[0], out)
        found = difference(before, release)
        check_version(found, breaking(found, recorded(before.path), columns))
    questions = (json.dumps(columns, indent=1) + "\n").encode()
    return keep(release, home / "releases", beside={QUESTIONS: questions})


if __name__ == "__main__":
    print(main(root(), releases_folder(root())))  # noqa: T201
