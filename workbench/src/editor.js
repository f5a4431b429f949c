// The editor in place of the form's text area, which keeps the text for sending.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { nextDiagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { sparql } from "codemirror-lang-sparql";
import { completions } from "./completion.js";
import { markFault } from "./fault.js";
import { declareTyped } from "./prefixes.js";
import { replaceSelection } from "./replace.js";
import { look } from "./theme.js";
import { Vocabulary } from "./vocabulary.js";

const LONGEST_ADDRESS = 8000; // Octets that every recipient should take (RFC 9110 §4.1).

/**
 * Tab is left to the browser, so that it leaves the editor (WCAG 2.2 SC 2.1.2).
 *
 * @param {HTMLFormElement} form with one text area, and in data attributes the words and addresses that are needed
 */
export function mountEditor(form) {
  const area = form.querySelector("textarea");
  const label = form.querySelector("label");
  if (!area || !label) return;
  const vocabulary = new Vocabulary(form.dataset);
  const host = document.createElement("div");
  host.className = "editor";
  area.before(host);
  // In a shadow tree CodeMirror adopts a constructed style sheet; elsewhere it makes a <style>, which the
  // Content-Security-Policy of these pages forbids.
  const root = host.attachShadow({ mode: "open" });
  const run = () => {
    form.requestSubmit();
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightSpecialChars(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        sparql(),
        autocompletion({ override: completions(vocabulary), icons: false, maxRenderedOptions: 10 }),
        declareTyped(vocabulary),
        replaceSelection,
        look,
        EditorState.phrases.of(JSON.parse(form.dataset.words ?? "{}")),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": label.textContent ?? "",
          "aria-description": form.querySelector(".keys")?.textContent ?? "",
          spellcheck: "false",
          autocapitalize: "off",
          translate: "no",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) area.value = update.state.doc.toString();
        }),
        keymap.of([
          { key: "Mod-Enter", run },
          { key: "F8", run: nextDiagnostic },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
      ],
    }),
  });
  area.hidden = true;
  area.required = false; // What is hidden cannot be pointed at by the browser's own message.
  label.addEventListener("click", () => view.focus());
  view.contentDOM.addEventListener("focus", () => vocabulary.load(), { once: true });
  form.addEventListener("submit", () => {
    if (encodeURIComponent(area.value).length > LONGEST_ADDRESS) form.method = "post";
  });
  for (const part of form.querySelectorAll(".keys")) if (part instanceof HTMLElement) part.hidden = false;
  markFault(view, form.dataset);
}
