// What pages do beyond links and forms. Everything works without it: it only saves whole page loads, folds
// the menu on narrow screens, suggests names and copies a citation. htmx.org reads its settings from base.html.
import "htmx.org";
import { suggest } from "./suggest.js";

function fold(button) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  const open = (state) => {
    button.setAttribute("aria-expanded", String(state));
    menu.classList.toggle("open", state);
  };
  button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      open(false);
      button.focus();
    }
  });
}

async function copy(button) {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  button.querySelector("[role=status]").textContent = button.dataset.done;
}

// What few pages need is loaded when it is first asked for.
function load(button) {
  const script = document.createElement("script");
  script.src = button.dataset.load;
  script.onload = () => window.ctlgraphGraph(button);
  document.head.append(script);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-load]:not([data-loaded])");
  if (!button) return;
  button.dataset.loaded = "";
  load(button);
});
const show = () => document.querySelectorAll("[data-load]").forEach((button) => (button.hidden = false));
show();
document.addEventListener("htmx:after:swap", show);
document.querySelectorAll("[data-fold]").forEach(fold);
document.querySelectorAll("[data-suggest]").forEach(suggest);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
