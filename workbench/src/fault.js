// The mark at the place where the server found that the query stops being SPARQL.
import { setDiagnostics } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";
import { StateEffect } from "@codemirror/state";

/**
 * Marks the place and puts the cursor there; the mark goes as soon as the query is changed.
 *
 * @param {EditorView} view
 * @param {DOMStringMap} data faultLine and faultColumn (from 1, in characters), faultLength, faultMessage
 */
export function markFault(view, data) {
  const number = Number(data.faultLine);
  if (!number || number > view.state.doc.lines) return;
  const line = view.state.doc.line(number);
  const before = [...line.text].slice(0, Number(data.faultColumn) - 1).join("");
  const marked = [...line.text.slice(before.length)].slice(0, Number(data.faultLength)).join("");
  const from = Math.min(line.from + before.length, line.to);
  const to = Math.min(from + marked.length, line.to);
  const fault = { from, to, severity: /** @type {const} */ ("error"), message: data.faultMessage ?? "" };
  view.dispatch(setDiagnostics(view.state, [fault]), { selection: { anchor: from } });
  const clearing = EditorView.updateListener.of((update) => {
    if (update.docChanged) update.view.dispatch(setDiagnostics(update.state, []));
  });
  view.dispatch({ effects: StateEffect.appendConfig.of(clearing) });
}
