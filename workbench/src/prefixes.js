// The prefixes of a query: which are declared, and declaring one.
import { syntaxTree } from "@codemirror/language";
import { EditorView } from "@codemirror/view";

/** @import { EditorState, ChangeSpec } from "@codemirror/state" */
/** @import { Vocabulary } from "./vocabulary.js" */

const DECLARATION = /\bPREFIX\s+([^\s:<]*):\s*<[^>]*>[ \t]*\n?/gi;
const TYPED = /(?:^|[\s(){}[\];,.|/^!+*])([\p{L}][\p{L}\p{N}_.-]*):$/u;
const NO_CODE = /Comment|String|IriRef|Iriref/i;

/**
 * @param {EditorState} state
 * @returns {Set<string>}
 */
export function declared(state) {
  return new Set([...state.doc.toString().matchAll(DECLARATION)].map((match) => match[1] ?? ""));
}

/**
 * What declares a prefix: a line after the last declaration, or the first line.
 *
 * @param {EditorState} state
 * @param {string} prefix
 * @param {Vocabulary} vocabulary
 * @returns {ChangeSpec[]} empty if the prefix is declared or not known
 */
export function declaration(state, prefix, vocabulary) {
  const namespace = vocabulary.prefixes[prefix];
  if (namespace === undefined || declared(state).has(prefix)) return [];
  const last = [...state.doc.toString().matchAll(DECLARATION)].at(-1);
  const from = last ? last.index + last[0].length : 0;
  const start = last && !last[0].endsWith("\n") ? "\n" : "";
  return [{ from, insert: `${start}PREFIX ${prefix}: <${namespace}>\n` }];
}

/**
 * @param {EditorState} state
 * @param {number} position
 * @returns {boolean} whether it is within a comment, a string or an IRI
 */
export function isText(state, position) {
  return NO_CODE.test(syntaxTree(state).resolveInner(position, -1).name);
}

/**
 * Declares a prefix of the release when it is typed with its colon.
 *
 * @param {Vocabulary} vocabulary
 */
export function declareTyped(vocabulary) {
  return EditorView.updateListener.of((update) => {
    if (!update.transactions.some((one) => one.isUserEvent("input.type"))) return;
    const { state } = update;
    const { head } = state.selection.main;
    const before = state.sliceDoc(state.doc.lineAt(head).from, head);
    const typed = before.match(TYPED)?.[1];
    if (!typed || /^\s*(PREFIX|BASE)\b/i.test(before) || isText(state, head)) return;
    const changes = declaration(state, typed, vocabulary);
    if (changes.length) update.view.dispatch({ changes, userEvent: "input.complete" });
  });
}
