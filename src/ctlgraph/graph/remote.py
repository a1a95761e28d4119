"""A service by its address: the same questions over HTTP, the same errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

from ctlgraph import errors
from ctlgraph.catalogue import Filled, SavedQuery, Words, parse
from ctlgraph.errors import CtlgraphError
from ctlgraph.export import About
from ctlgraph.messages import N_
from ctlgraph.settings import LOOPBACK

_ACCEPTED = "application/sparql-results+json, application/n-triples"
_TIMEOUT_S = 300  # of silence: the service has a limit of its own, and says so
_ERRORS = {
    "query-syntax": errors.QuerySyntaxError,
    "query-refused": errors.QueryRefusedError,
    "query-busy": errors.QueryBusyError,
    "client-busy": errors.QueryBusyError,
    "query-limit": errors.QueryLimitError,
    "query-depth": errors.QueryLimitError,
    "query-cancelled": errors.QueryCancelledError,
    "parameter": errors.ParameterError,
    "unknown-query": errors.UnknownQueryError,
    "query": errors.QueryError,
}


class Remote:
    """A service of ctlgraph, with its own data and its own saved queries."""

    def __init__(self, address: str, lang: str) -> None:
        """A service by its address. Raises CtlgraphError if nothing of the kind answers there."""
        self._base = address.rstrip("/")
        self._lang = lang
        self._opener = _opener(address)
        self._health: Mapping[str, Any] = self._json("/healthz")
        if "release" not in self._health:
            raise self._stranger(HTTPStatus.OK)

    @property
    def version(self) -> str:
        """The release that the service had when it was opened."""
        return str(self._health["release"])

    @cached_property
    def titles(self) -> Mapping[str, Words]:
        """The titles of the saved queries of the service."""
        return {each["name"]: each["title"] for each in self._json("/queries.json")}

    def ask(self, text: str) -> tuple[str, bytes]:
        """The answer of the service. Raises what the service says."""
        headers = {"Content-Type": "application/sparql-query", "Accept": _ACCEPTED}
        kind, body = self._send("/sparql", headers, text.encode())
        return ("nt" if "n-triples" in kind else "json"), body

    def saved(self, name: str) -> SavedQuery:
        """The saved query as the service has it."""
        path = f"/queries/{quote(name, safe='')}.rq"
        return parse(self._get(path, "application/sparql-query").decode(), name)

    def about(self, filled: Filled | None) -> About:
        """The release and the address of the question."""
        address = f"{self._base}/queries/{filled.saved.name}" if filled else ""
        if filled and filled.arguments:
            address += f"?{urlencode(filled.arguments)}"
        return About(self.version if self._health["validated"] else "", "", address)

    def _json(self, path: str) -> Any:
        try:
            return json.loads(self._get(path, "application/json"))
        except ValueError as error:
            raise self._stranger(HTTPStatus.OK) from error

    def _get(self, path: str, accepted: str) -> bytes:
        return self._send(path, {"Accept": accepted}, None)[1]

    def _send(self, path: str, headers: Mapping[str, str], body: bytes | None) -> tuple[str, bytes]:
        """Media type and body of the answer."""
        headers = {**headers, "Accept-Language": self._lang}
        request = Request(f"{self._base}{path}", body, headers)  # noqa: S310  # http or https: `Graph.open`
        try:
            with self._opener.open(request, timeout=_TIMEOUT_S) as answer:
                return answer.headers.get_content_type(), answer.read()
        except HTTPError as error:
            with error:
                raise self._problem(error.code, error.read()) from None
        except (URLError, OSError, HTTPException) as error:
            reason = N_("the service at {address} cannot be reached: {reason}")
            why = getattr(error, "reason", error)
            raise CtlgraphError(reason, address=self._base, reason=why) from error

    def _problem(self, status: int, body: bytes) -> CtlgraphError:
        """The error that a problem document (RFC 9457) tells of, in the words of the service."""
        try:
            problem = json.loads(body)
            kind, said = problem["type"].rpartition("/")[2], str(problem["detail"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._stranger(status)
        return _restored(_ERRORS.get(kind, CtlgraphError), said, problem)

    def _stranger(self, status: int) -> CtlgraphError:
        reason = N_("what answers at {address} is not this service, or not well (status {status})")
        return CtlgraphError(reason, address=self._base, status=int(status))


def _restored(kind: type[CtlgraphError], said: str, facts: Mapping[str, Any]) -> CtlgraphError:
    """An error of that kind with its facts as attributes; its text is what was said."""
    error = kind.__new__(kind)
    CtlgraphError.__init__(error, "{said}", said=said)
    own = {name: value for name, value in facts.items() if name not in ("type", "title", "status", "detail")}
    if kind is errors.ParameterError:
        own["nearest"] = tuple(filter(None, own.get("nearest", "").split(", ")))
    error.__dict__.update(own)
    return error


def _opener(address: str) -> OpenerDirector:
    """What opens addresses: through the proxy of the environment, except on this machine."""
    return build_opener(ProxyHandler({}) if urlsplit(address).hostname in LOOPBACK else ProxyHandler())
