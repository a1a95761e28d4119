// How the editor looks: the colours of the page, which a shadow root inherits, light and dark.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--link)", fontWeight: "700" },
  { tag: [tags.variableName, tags.local(tags.variableName)], color: "var(--heading)", fontStyle: "italic" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--good)" },
  { tag: [tags.url, tags.namespace], color: "var(--text)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
]);

export const look = [syntaxHighlighting(colours), EditorView.theme({
  "&": { color: "var(--text)", background: "var(--raised)", border: "1px solid var(--strong-line)", borderRadius: "4px", fontSize: "0.9375rem" },
  "&.cm-focused": { outline: "3px solid var(--text)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--bs-font-monospace)", lineHeight: "1.5", maxHeight: "60vh" },
  ".cm-content, .cm-gutter": { minHeight: "16rem" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-gutters": { color: "var(--muted)", background: "var(--surface)", borderRight: "1px solid var(--line)" },
  // CodeMirror draws its wavy line as a data: URL, which the content security policy refuses.
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)", textDecorationSkipInk: "none" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline dotted var(--text)", textDecorationThickness: "2px", textDecorationSkipInk: "none" },
  ".cm-diagnostic-error": { borderLeft: "5px solid var(--bad)" },
  ".cm-tooltip": { color: "var(--text)", background: "var(--raised)", border: "1px solid var(--strong-line)", borderRadius: "4px" },
  ".cm-tooltip-autocomplete.cm-tooltip > ul": { fontFamily: "inherit", maxHeight: "16rem", maxWidth: "min(44rem, 90vw)" },
  ".cm-tooltip-autocomplete.cm-tooltip > ul > li": { padding: "0.1875rem 0.5rem", lineHeight: "1.4" },
  ".cm-tooltip-autocomplete.cm-tooltip > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--muted)", marginLeft: "0.75rem" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-tooltip.cm-completionInfo, .ctl-told": { padding: "0.5rem 0.75rem", maxWidth: "28rem", fontFamily: "var(--bs-font-sans-serif)", lineHeight: "1.4" },
  ".ctl-told > :last-child": { color: "var(--muted)", fontSize: "0.875em", overflowWrap: "anywhere" },
  "&.cm-focused .cm-matchingBracket": { background: "var(--mark)" },
  ".cm-content ::selection": { background: "var(--mark)", color: "inherit" },
})];
