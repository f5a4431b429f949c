// What the editor proposes: keywords, variables and prefixes, terms by name or label, things by label.
import { pickedCompletion } from "@codemirror/autocomplete";
import { SparqlLanguage } from "codemirror-lang-sparql";
import { declaration, declared, isText } from "./prefixes.js";

/** @import { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete" */
/** @import { EditorView } from "@codemirror/view" */
/** @import { Vocabulary } from "./vocabulary.js" */

const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_.:-]*$/u;
const VARIABLE = /[?$][\p{L}\p{N}_]*$/u;
const AFTER_PREFIX = /\bPREFIX\s+$/i;
const SHORTEST_SEARCH = 3;
// Words of the grammar that the endpoint refuses: updates and federated queries.
const REFUSED = new Set(
  "LOAD INTO TO CLEAR DROP CREATE ADD MOVE COPY INSERT DATA DELETE WITH DEFAULT ALL USING SERVICE SILENT".split(" "),
);
const KEYWORDS = SparqlLanguage.parser.nodeSet.types
  .map((type) => type.name)
  .filter((name) => /^[A-Z][A-Z_0-9]+$/.test(name) && !REFUSED.has(name));

/**
 * @param {Vocabulary} vocabulary
 * @returns {CompletionSource[]}
 */
export function completions(vocabulary) {
  return [
    (context) => ofQuery(context),
    async (context) => {
      await vocabulary.load();
      return ofVocabulary(context, vocabulary);
    },
    (context) => ofEntities(context, vocabulary),
  ];
}

/**
 * Keywords of the grammar and variables of the query.
 *
 * @param {CompletionContext} context
 * @returns {CompletionResult | null}
 */
function ofQuery(context) {
  if (isText(context.state, context.pos)) return null;
  const variable = context.matchBefore(VARIABLE);
  if (variable) {
    const names = new Set(context.state.doc.toString().match(/[?$][\p{L}\p{N}_]+/gu));
    names.delete(variable.text);
    return { from: variable.from, options: [...names].map((label) => ({ label, type: "variable" })) };
  }
  const word = context.matchBefore(/[A-Za-z_]+$/);
  if (!word || word.text.length < 2 || isAfterSign(context, word.from)) return null;
  return { from: word.from, options: KEYWORDS.map((label) => ({ label, type: "keyword", boost: -50 })) };
}

/**
 * Prefixes after PREFIX, elsewhere classes and properties.
 *
 * @param {CompletionContext} context
 * @param {Vocabulary} vocabulary
 * @returns {CompletionResult | null}
 */
function ofVocabulary(context, vocabulary) {
  const word = context.matchBefore(WORD);
  if ((!word && !context.explicit) || isText(context.state, context.pos)) return null;
  const from = word ? word.from : context.pos;
  if (isAfterSign(context, from)) return null;
  const typed = plain(word?.text ?? "");
  const before = context.state.sliceDoc(context.state.doc.lineAt(from).from, from);
  const options = AFTER_PREFIX.test(before) ? prefixOptions(context, vocabulary) : termOptions(vocabulary);
  const fitting = options.filter((option) => fits(typed, option));
  return fitting.length ? { from, options: fitting, filter: false } : null;
}

/**
 * @param {CompletionContext} context
 * @param {Vocabulary} vocabulary
 * @returns {Completion[]}
 */
function prefixOptions(context, vocabulary) {
  const known = declared(context.state);
  return Object.entries(vocabulary.prefixes)
    .filter(([prefix]) => !known.has(prefix))
    .map(([prefix, namespace]) => ({ label: `${prefix}:`, detail: `<${namespace}>`, apply: `${prefix}: <${namespace}>` }));
}

/**
 * @param {Vocabulary} vocabulary
 * @returns {Completion[]} the most used first
 */
function termOptions(vocabulary) {
  return vocabulary.terms.map((term) => {
    const name = vocabulary.shorten(term.iri);
    return {
      label: name.text,
      displayLabel: term.label,
      detail: `${name.text} · ${term.kind}`,
      info: term.definition,
      apply: (view, option, from, to) => insert(view, option, from, to, name, vocabulary),
    };
  });
}

/**
 * Things found by the site's search.
 *
 * @param {CompletionContext} context
 * @param {Vocabulary} vocabulary
 * @returns {Promise<CompletionResult | null>}
 */
async function ofEntities(context, vocabulary) {
  const word = context.matchBefore(WORD);
  if (!word || word.text.length < SHORTEST_SEARCH || word.text.includes(":")) return null;
  if (isText(context.state, context.pos) || isAfterSign(context, word.from)) return null;
  const stop = new AbortController();
  context.addEventListener("abort", () => stop.abort());
  await vocabulary.load();
  const terms = new Set(vocabulary.terms.map((term) => term.iri));
  const found = (await vocabulary.search(word.text, stop.signal)).filter((entity) => !terms.has(entity.iri));
  if (!found.length) return null;
  const options = found.map((entity) => {
    const name = vocabulary.shorten(entity.iri);
    /** @type {Completion} */
    const option = {
      label: name.text,
      displayLabel: entity.label,
      detail: name.text,
      boost: -10,
      apply: (view, picked, from, to) => insert(view, picked, from, to, name, vocabulary, entity.label),
    };
    return option;
  });
  return { from: word.from, options, filter: false };
}

/**
 * Puts a name into the query, declares its prefix, and says in a comment above what it stands for.
 *
 * @param {EditorView} view
 * @param {Completion} option
 * @param {number} from
 * @param {number} to
 * @param {{text: string, prefix?: string}} name
 * @param {Vocabulary} vocabulary
 * @param {string} [label]
 */
function insert(view, option, from, to, name, vocabulary, label) {
  const { state } = view;
  const line = state.doc.lineAt(from);
  const indent = line.text.match(/^\s*/)?.[0] ?? "";
  const comment = label ? [{ from: line.from, insert: `${indent}# ${label.replace(/\s+/g, " ")}\n` }] : [];
  const prefix = name.prefix === undefined ? [] : declaration(state, name.prefix, vocabulary);
  const changes = state.changes([...prefix, ...comment, { from, to, insert: name.text }]);
  view.dispatch({
    changes,
    selection: { anchor: changes.mapPos(to, 1) },
    annotations: pickedCompletion.of(option),
    userEvent: "input.complete",
  });
}

/**
 * Whether what is typed begins the name, the local name or a word of the label.
 *
 * @param {string} typed
 * @param {Completion} option
 */
function fits(typed, option) {
  const label = plain(option.label);
  const words = plain(option.displayLabel ?? "").split(/[\s'’-]+/);
  return [label, label.slice(label.indexOf(":") + 1), ...words].some((start) => start.startsWith(typed));
}

/**
 * @param {string} text
 * @returns {string} in small letters without accents
 */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Whether the word continues a variable, a language tag, a name or an IRI.
 *
 * @param {CompletionContext} context
 * @param {number} from
 */
function isAfterSign(context, from) {
  return /[?$@<:]/.test(context.state.sliceDoc(from - 1, from));
}
