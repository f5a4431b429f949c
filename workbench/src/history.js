// The queries asked in this browser, newest first. They stay in it.

const KEY = "publisher.queries";
const LONGEST = 50;

/**
 * @typedef {object} Asked
 * @property {string} query
 * @property {string} address where it is asked again
 * @property {string} when date and time, ISO 8601
 * @property {string} found what the page said of the answer: time and rows
 */

/** Notes the query that this page answers, and shows the list. */
export function keepHistory() {
  const section = document.getElementById("history");
  const result = document.querySelector("section.result");
  if (!section) return;
  const query = document.querySelector("form.query textarea")?.textContent?.trim();
  let asked = read();
  if (query && result) {
    const found = result.querySelector(".tally")?.textContent?.trim() ?? "";
    const address = location.search ? location.pathname + location.search : "";
    asked = [{ query, address, when: new Date().toISOString(), found }, ...asked.filter((one) => one.query !== query)];
    write(asked.slice(0, LONGEST));
  }
  show(section, asked);
  section.querySelector("button")?.addEventListener("click", () => {
    write([]);
    show(section, []);
  });
}

/** @returns {Asked[]} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return []; // The browser keeps nothing, or something else wrote there.
  }
}

/** @param {Asked[]} asked */
function write(asked) {
  try {
    localStorage.setItem(KEY, JSON.stringify(asked));
  } catch {
    // No room, or not allowed: then there is no history.
  }
}

/**
 * @param {HTMLElement} section
 * @param {Asked[]} asked
 */
function show(section, asked) {
  const list = section.querySelector("ol");
  const template = section.querySelector("template");
  if (!list || !template) return;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  list.replaceChildren(
    ...asked.filter((one) => one.address?.startsWith(location.pathname)).map((one) => {
      const item = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      const link = /** @type {HTMLAnchorElement} */ (item.querySelector("a"));
      const stamp = /** @type {HTMLTimeElement} */ (item.querySelector("time"));
      link.href = one.address;
      link.textContent = withoutPrologue(one.query);
      stamp.dateTime = one.when;
      stamp.textContent = time.format(new Date(one.when));
      /** @type {Element} */ (item.querySelector(".tally")).textContent = one.found;
      return item;
    }),
  );
  section.hidden = !list.children.length;
}

/**
 * @param {string} query
 * @returns {string} its beginning without comments and prefixes, on one line
 */
function withoutPrologue(query) {
  const text = query.replace(/^\s*(#.*|(PREFIX|BASE)\b[^>]*>)\s*$/gim, "").replace(/\s+/g, " ").trim();
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
