// Typing over a selection.
import { EditorView } from "@codemirror/view";

/**
 * Replaces the selection before the browser does: it would keep the colours of what it takes away as inline styles,
 * which the Content-Security-Policy forbids and the console reports.
 */
export const replaceSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const text = event.data;
    if (event.inputType !== "insertText" || empty || text === null || view.composing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type" });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert))) {
      view.dispatch(insert());
    }
    event.preventDefault();
    return true;
  },
});
