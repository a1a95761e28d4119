// Questions of the catalogue as examples: their SPARQL without what stands before it for the service.
import { part, say, texts } from "./page.js";

export function examples(open) {
  const panel = part("examples"), choice = panel?.querySelector("select");
  if (!panel) return; // other data than ours has none
  panel.hidden = false;
  choice.addEventListener("change", async () => {
    if (!choice.value) return;
    const title = choice.selectedOptions[0].textContent;
    const answer = await fetch(choice.value).catch(() => null);
    if (!answer?.ok) return say(texts.unreachable, true);
    const query = (await answer.text()).replace(/^#\+.*\n?/gm, "").trim();
    open(`# ${title}\n${query}\n`);
    choice.value = "";
  });
}
