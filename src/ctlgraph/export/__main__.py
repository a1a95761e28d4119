"""Make the files of a release, in a process of their own: ``python -m ctlgraph.export FOLDER``."""

import sys
from pathlib import Path

from ctlgraph.errors import CtlgraphError
from ctlgraph.export.dumps import dumped
from ctlgraph.release import open_release

if __name__ == "__main__":
    try:
        dumped(open_release(Path(sys.argv[1])))
    except CtlgraphError as error:
        sys.exit(str(error))
