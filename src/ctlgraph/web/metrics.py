"""Counters for a monitor, in the text format of Prometheus.

Knows how they are counted and written; what the service is doing at the moment it is told.
Source: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)


@dataclass(frozen=True)
class Gauge:
    """A figure of the moment, with what it means."""

    name: str
    help: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


class Metrics(Collector):
    """What was answered since the start; `gauges` says what the service is doing now."""

    def __init__(self, gauges: Callable[[], Iterable[Gauge]]) -> None:
        self._gauges = gauges
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self.requests: Counter[int] = Counter()  # by status
        self.reloads: Counter[str] = Counter()  # by outcome
        self._bytes = 0
        self._queries = Histogram(
            "ctlgraph_query_seconds",
            "Time from the arrival of a query to the end of its evaluation, by outcome; not of cached ones.",
            ["outcome"],
            buckets=_SECONDS,
            registry=self._registry,
        )

    def count(self, outcome: str, seconds: float, size: int) -> None:
        """Count one evaluated query and the bytes of its answer."""
        self._queries.labels(outcome).observe(seconds)
        self._bytes += size

    def collect(self) -> Iterator[Metric]:
        """What is not counted by Prometheus's own client, at the moment of asking."""
        yield _counter("ctlgraph_http_requests", "Answers by status.", "status", self.requests)
        yield _counter("ctlgraph_reloads", "Reloads by outcome.", "outcome", self.reloads)
        yield CounterMetricFamily("ctlgraph_answer_bytes", "Bytes of evaluated answers.", value=self._bytes)
        for gauge in self._gauges():
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=list(gauge.labels))
            family.add_metric(list(gauge.labels.values()), gauge.value)
            yield family

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self._registry)


def _counter(name: str, help: str, label: str, numbers: Mapping[Any, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, help, labels=[label])
    for value, number in numbers.items():
        family.add_metric([str(value)], number)
    return family
