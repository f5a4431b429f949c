// What the release knows: prefixes, classes and properties at once, entities by asking for them.

/**
 * @typedef {object} Term
 * @property {string} iri
 * @property {string} label in the reader's language
 * @property {string} kind in the reader's language
 * @property {string} [definition]
 * @property {number} count how often the data uses it
 */

/** @typedef {{iri: string, label: string, class?: unknown}} Entity */

export class Vocabulary {
  /** @type {Record<string, string>} prefix → namespace */
  prefixes = {};
  /** @type {Term[]} */
  terms = [];
  /** @type {Promise<void> | undefined} */
  #loading;
  #termsAddress;
  #searchAddress;

  /** @param {DOMStringMap} data terms and search: addresses of JSON */
  constructor(data) {
    this.#termsAddress = data.terms;
    this.#searchAddress = data.search;
  }

  /** Reads prefixes and terms, once; without an answer there is nothing to complete with. */
  load() {
    this.#loading ??= this.#read();
    return this.#loading;
  }

  async #read() {
    const found = await json(this.#termsAddress);
    this.prefixes = found?.prefixes ?? {};
    this.terms = found?.terms ?? [];
  }

  /**
   * @param {string} words
   * @param {AbortSignal} signal
   * @returns {Promise<Entity[]>}
   */
  async search(words, signal) {
    if (!this.#searchAddress) return [];
    const address = new URL(this.#searchAddress, location.href);
    address.searchParams.set("q", words);
    return (await json(address.href, signal))?.results ?? [];
  }

  /**
   * @param {string} iri
   * @returns {{text: string, prefix?: string}} as it is written in a query, and the prefix that needs
   */
  shorten(iri) {
    const fitting = Object.entries(this.prefixes)
      .filter(([, namespace]) => iri.startsWith(namespace) && /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*)$/u.test(iri.slice(namespace.length)))
      .sort(([, one], [, other]) => other.length - one.length);
    const [first] = fitting;
    return first ? { text: `${first[0]}:${iri.slice(first[1].length)}`, prefix: first[0] } : { text: `<${iri}>` };
  }
}

/**
 * @param {string | undefined} address
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} undefined if there is no answer: what it adds is then left out
 */
async function json(address, signal) {
  if (!address) return undefined;
  try {
    const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
