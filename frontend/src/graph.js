// The drawing of a collaboration graph, to be moved and enlarged: loaded when someone asks for it, made of the
// SVG that the page has, which comes back at the second click.
import cytoscape from "cytoscape";

function elements(svg) {
  const nodes = [...svg.querySelectorAll("[data-node]")].map((link) => {
    const sign = link.querySelector("circle, rect").getBBox();
    return {
      data: { id: link.dataset.node, label: link.querySelector("title").textContent.replace(/:[^:]*$/, ""), page: link.getAttribute("href"),
        size: sign.width, shape: link.querySelector("rect") ? "rectangle" : "ellipse" },
      position: { x: sign.x + sign.width / 2, y: sign.y + sign.height / 2 },
    };
  });
  const ties = [...svg.querySelectorAll("[data-ends]")].map((line) => {
    const [source, target] = line.dataset.ends.split(" ");
    return { data: { source, target, width: Number(line.getAttribute("stroke-width")) } };
  });
  return [...nodes, ...ties];
}

function look() {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [
    { selector: "node", style: { label: "data(label)", width: "data(size)", height: "data(size)", shape: "data(shape)",
      "background-color": colour("--series-1"), color: colour("--text"), "font-size": 14, "text-wrap": "wrap",
      "text-max-width": 150, "text-valign": "bottom", "text-margin-y": 4, "min-zoomed-font-size": 7,
      "text-outline-color": colour("--raised"), "text-outline-width": 2 } },
    { selector: "node[shape = 'rectangle']", style: { "background-color": colour("--series-3") } },
    { selector: "edge", style: { width: "data(width)", "line-color": colour("--muted"), opacity: 0.5, "curve-style": "haystack" } },
    { selector: ".away", style: { opacity: 0.12 } },
  ];
}

function start(frame, svg) {
  const stage = document.createElement("div");
  stage.className = "network-stage";
  stage.setAttribute("aria-hidden", "true");  // the table says the same; the SVG is what the keyboard reaches
  frame.append(stage);
  const graph = cytoscape({ container: stage, elements: elements(svg), style: look(), layout: { name: "preset" },
    minZoom: 0.1, maxZoom: 5 });
  graph.fit(undefined, 30);
  graph.on("mouseover", "node", ({ target }) => graph.elements().difference(target.closedNeighborhood()).addClass("away"));
  graph.on("mouseout", "node", () => graph.elements().removeClass("away"));
  graph.on("dbltap", "node", ({ target }) => location.assign(target.data("page")));
  return { graph, stage };
}

export function toggle(button) {
  const frame = document.getElementById(button.dataset.graph);
  const svg = frame.querySelector("svg");
  let moving = null;
  const turn = () => {
    if (moving) {
      moving.graph.destroy();
      moving.stage.remove();
      moving = null;
    } else moving = start(frame, svg);
    svg.classList.toggle("hidden", Boolean(moving));
    button.setAttribute("aria-pressed", String(Boolean(moving)));
  };
  button.addEventListener("click", turn);
  turn();
}

window.ctlgraphGraph = toggle;
