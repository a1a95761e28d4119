"""Sources in, findings out: what shapes (`shacl.py`) and reasoners (`owl.py`) say, as a report (`report.py`).

A violation forbids a release, warnings and infos are published with it: that is for the release to do.
"""

from ctlgraph.validation.report import Finding, Report, render
from ctlgraph.validation.shacl import judge, validate

__all__ = ["Finding", "Report", "judge", "render", "validate"]
