"""The process that draws charts: the same bytes each time, within its time, and never left behind."""

import asyncio
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ctlgraph.charts import rendering
from ctlgraph.charts.rendering import Renderer
from ctlgraph.errors import ChartError, QueryBusyError

PNG = b"\x89PNG\r\n\x1a\n"


def spec(label: str = "a", **more: Any) -> dict[str, Any]:
    return {
        "usermeta": {"lang": "it", "title": label},
        "description": label,
        "data": {"values": [{"x": label, "n": 1.5}]},
        "mark": "bar",
        "encoding": {"x": {"field": "x", "type": "nominal"}, "y": {"field": "n", "type": "quantitative"}},
        **more,
    }


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


def ended(pid: int, within_s: float = 30) -> bool:
    """Whether a process is gone in that time, or a zombie, which runs no more."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_two_processes_draw_the_same_bytes(renderer: Renderer) -> None:
    """A chart that is cited today is the same tomorrow, whatever was drawn before it."""
    other = Renderer()
    try:
        other.draw(spec("before"), "svg")
        assert other.draw(spec(), "svg") == renderer.draw(spec(), "svg")
        assert other.draw(spec(), "png") == renderer.draw(spec(), "png")
    finally:
        other.close()


def test_a_png_is_twice_as_fine_as_its_svg(renderer: Renderer) -> None:
    """For slides and print."""
    svg, png = renderer.draw(spec(), "svg").decode(), renderer.draw(spec(), "png")
    assert png.startswith(PNG)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    assert size
    assert struct.unpack(">II", png[16:24]) == tuple(round(2 * float(side)) for side in size.groups())


def test_a_drawing_is_kept(renderer: Renderer) -> None:
    """Asked for again, it costs nothing, even if the process has gone."""
    first = renderer.draw(spec(), "svg")
    renderer.close()
    assert renderer.pid is None
    assert renderer.draw(spec(), "svg") == first
    assert renderer.pid is None


def test_drawings_are_kept_within_bounds(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest make room."""
    monkeypatch.setattr(rendering, "_KEPT_MIB", 0)
    renderer.draw(spec("a"), "svg")
    renderer.draw(spec("b"), "svg")
    assert len(renderer._kept) == 1


def test_a_process_that_was_killed_is_replaced(renderer: Renderer) -> None:
    """By the next chart, which is drawn."""
    renderer.draw(spec("a"), "svg")
    first = renderer.pid
    assert first
    os.kill(first, signal.SIGKILL)
    assert ended(first)
    assert b"<svg" in renderer.draw(spec("b"), "svg")
    assert renderer.pid != first


def test_what_is_no_vega_lite_is_refused_and_the_process_goes_on(renderer: Renderer) -> None:
    """The reason is in the log, the reader hears that there is no chart."""
    with pytest.raises(ChartError, match="cannot be drawn"):
        renderer.draw(spec(mark="nonsense"), "svg")
    first = renderer.pid
    assert b"<svg" in renderer.draw(spec(), "svg")
    assert renderer.pid == first


def test_a_drawing_that_takes_too_long_is_ended(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel ends it, though the interpreter is busy; the next one is drawn."""
    endless = spec(transform=[{"calculate": "length(sequence(0, 1e9))", "as": "y"}])
    patient = "import ctlgraph.charts.drawing as d; d.TIME_S = 3; d.main()"
    monkeypatch.setattr(rendering, "_PROGRAM", patient)
    with pytest.raises(ChartError, match="took longer"):
        renderer.draw(endless, "svg")
    assert b"<svg" in renderer.draw(spec(), "svg")


def test_addresses_and_files_of_a_specification_are_not_opened(renderer: Renderer, tmp_path: Path) -> None:
    """No host is asked, and no file of this machine is read."""
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps([{"x": "geheim", "n": 3}]))
    with pytest.raises(ChartError):
        renderer.draw(spec(data={"url": "http://127.0.0.1:9/x.json"}), "svg")
    for address in (str(secret), secret.as_uri()):
        try:
            drawn = renderer.draw(spec(data={"url": address}), "svg")
        except ChartError:
            continue
        assert b"geheim" not in drawn


def test_the_event_loop_goes_on_while_a_chart_is_drawn(renderer: Renderer) -> None:
    """Others are answered meanwhile, and several charts wait for their turn."""

    async def count() -> tuple[int, list[bytes]]:
        beats = 0
        drawing = asyncio.gather(*(renderer.draw_soon(spec(str(n)), "svg") for n in range(3)))
        while not drawing.done():
            await asyncio.sleep(0.001)
            beats += 1
        return beats, await drawing

    beats, drawn = asyncio.run(count())
    assert beats > 20
    assert len(set(drawn)) == 3


def test_too_many_charts_at_once_are_refused(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the word to ask again, instead of a queue without end."""
    monkeypatch.setattr(rendering, "_QUEUE", 2)

    async def ask() -> list[Any]:
        asked = (renderer.draw_soon(spec(str(n)), "svg") for n in range(4))
        return await asyncio.gather(*asked, return_exceptions=True)

    kinds = [type(each) for each in asyncio.run(ask())]
    assert kinds == [bytes, bytes, QueryBusyError, QueryBusyError]


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_the_process_ends_with_who_started_it(sign: signal.Signals) -> None:
    """However that ends."""
    program = (
        "import time, json, sys; from ctlgraph.charts.rendering import Renderer; r = Renderer();"
        "r.draw(json.loads(sys.argv[1]), 'svg'); print(r.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, json.dumps(spec())], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout
        drawing = int(parent.stdout.readline())
        assert not ended(drawing, 0.2)
        parent.send_signal(sign)
        parent.wait()
    assert ended(drawing)


def test_nothing_is_left_at_the_end_of_a_program() -> None:
    """A notebook or command need not know of the process: no warning, no process."""
    program = (
        "import json, sys; from ctlgraph.charts import rendering as r;"
        "r.RENDERER.draw(json.loads(sys.argv[1]), 'svg'); print(r.RENDERER.pid)"
    )
    call = [sys.executable, "-X", "dev", "-W", "error", "-c", program, json.dumps(spec())]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert "ResourceWarning" not in done.stderr
    assert ended(int(done.stdout))
