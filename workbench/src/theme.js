// The editor in the site's colours: every one is a token of site.css or workbench.css.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const frame = EditorView.theme({
  "&": { fontSize: "0.875em", backgroundColor: "var(--surface)", color: "var(--ink)", border: "2px solid var(--quiet)", borderRadius: "4px" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", maxHeight: "36rem" },
  ".cm-content, .cm-gutter": { minHeight: "10rem" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.6rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--code-selection)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": { backgroundColor: "var(--chip)", outline: "1px solid var(--quiet)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent" },
  // CodeMirror's own wave is a data: image, which the Content-Security-Policy forbids.
  ".cm-lintRange-error": { backgroundImage: "none", backgroundColor: "var(--mark)", color: "var(--mark-ink)", textDecoration: "underline wavy var(--code-fault) 1.5px" },
  ".cm-lintPoint-error::after": { borderBottomColor: "var(--code-fault)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--quiet)", borderRadius: "4px", maxWidth: "min(40rem, 90vw)" },
  ".cm-tooltip .cm-diagnostic": { borderLeft: "4px solid var(--code-fault)", padding: "0.4rem 0.7rem", fontFamily: "var(--sans)" },
  // Ten proposals are shown at a time, and none of them by scrolling: that would need a tab stop of its own.
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--sans)", maxHeight: "none", maxWidth: "min(40rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.25rem 0.6rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)", outline: "1px solid" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--quiet)", fontSize: "0.92em" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionInfo": { padding: "0.4rem 0.7rem", fontFamily: "var(--sans)", maxWidth: "22rem" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.controlKeyword, tags.modifier], color: "var(--link)", fontWeight: "600" },
  { tag: [tags.variableName, tags.standard(tags.variableName)], color: "var(--code-variable)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.integer, tags.float, tags.bool], color: "var(--code-number)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.url, tags.namespace], color: "var(--code-name)" },
]);

export const look = [frame, syntaxHighlighting(colours)];
