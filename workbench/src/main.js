// The query page with JavaScript: everything here adds to a page that is complete without it.
import { offerCopies } from "./copy.js";
import { mountEditor } from "./editor.js";
import { keepHistory } from "./history.js";

const form = document.querySelector("form.query");
if (form instanceof HTMLFormElement) mountEditor(form);
keepHistory();
offerCopies();
