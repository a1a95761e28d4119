// The page of the API: the operations and schemas of our own description, shown by Swagger UI in the reader's
// colours. Its own layout would bring a second heading and a second main part.
import SwaggerUI from "swagger-ui-dist/swagger-ui-bundle.js";

const place = document.getElementById("api");
const dark = matchMedia("(prefers-color-scheme: dark)");
const colour = () => document.documentElement.classList.toggle("dark-mode", dark.matches);

function layout({ React }) {
  const Parts = ({ getComponent, specSelectors }) => {
    const known = specSelectors.loadingStatus() === "success";
    const names = known ? ["errors", "operations", "Models"] : ["errors"];
    const parts = names.map((name) => React.createElement(getComponent(name, true), { key: name }));
    return React.createElement("div", { className: "swagger-ui" }, parts);
  };
  return { components: { Parts } };
}

// Swagger UI leaves some of its fields and tables without a name: they are called after their parameter.
function name() {
  for (const row of place.querySelectorAll("tr[data-param-name], tr[data-property-name]"))
    for (const field of row.querySelectorAll("select, input, textarea"))
      field.ariaLabel ||= row.dataset.paramName ?? row.dataset.propertyName;
  for (const table of place.querySelectorAll("table[role=region]")) table.ariaLabel ||= table.id.replaceAll("_", " ");
}

new MutationObserver(name).observe(place, { childList: true, subtree: true });
colour();
dark.addEventListener("change", colour);
// Saved questions are many and alike: they are folded. From 150 lines on Swagger UI has only those in the page
// that can be seen, which a search in the page then does not find.
const ui = SwaggerUI({
  onComplete: () => ui.layoutActions.show(["operations-tag", "questions"], false),
  domNode: place,
  url: place.dataset.description,
  validatorUrl: null, // else it would ask another site
  plugins: [layout],
  layout: "Parts",
});
