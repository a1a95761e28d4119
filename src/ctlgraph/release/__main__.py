"""Keep the release of the project in ``releases/``, as `make keep` does."""

from ctlgraph.release import build, keep
from ctlgraph.settings import releases_folder
from ctlgraph.sources import root

if __name__ == "__main__":
    home = root()
    print(keep(build(home, releases_folder(home)), home / "releases"))  # noqa: T201
