"""Sources in, findings out: what the shapes say of the data (`shacl.py`), as a report (`report.py`).

A violation forbids a release, warnings and infos are published with it: that is for the release to do.
"""

from ctlgraph.validation.report import Finding, Report, render
from ctlgraph.validation.shacl import validate

__all__ = ["Finding", "Report", "render", "validate"]
