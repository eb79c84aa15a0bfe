/**
 * What the desk shows: rewrites as the API gave them, set as text. `app/web/desk.py` puts them the same way.
 *
 * @typedef {import("./types.js").Rewrite} Rewrite
 * @typedef {import("./types.js").Change} Change
 */

import { make, shown, within } from "./parts.js";
import { words } from "./words.js";

const BLANK = /(\[[^[\]\n]{1,80}\])/u;
const UNITS = new Set("% seconds minutes hours days weeks months years points".split(" "));
const DIFF = { same: "span", out: "del", in: "ins" };
const SAID = { same: "", out: "taken out: ", in: "put in: " };

/**
 * @param {Rewrite} rewrite
 * @returns {HTMLElement}
 */
export function option(rewrite) {
  const { kind, blanks } = rewrite;
  const moved = kind === "move";
  const made = make("option", {
    gain: `${rewrite.grade_before} → ${rewrite.grade_after}`,
    goes: moved ? words.places[rewrite.goes_to] ?? "belongs elsewhere" : "",
    wording: moved ? [shown(rewrite.text)] : rewrite.diff.map((change) => changed(change, blanks)),
    because: because(rewrite.why),
    answered: rewrite.answered.map(shown).join("; "),
  });
  made.dataset.kind = kind;
  within(made, ".filled").hidden = !blanks.length;
  within(made, ".guess").hidden = !rewrite.guess;
  within(made, ".goes").hidden = !moved;
  within(made, ".answered").hidden = !rewrite.answered.length;
  within(made, ".fill").hidden = moved || !blanks.length;
  const use = within(made, '[data-act="use"]');
  use.textContent = moved ? "Take it out of the OKR" : kind === "okr" ? "Use this OKR" : "Use this wording";
  use.hidden = moved && rewrite.target.key_result === null;
  within(made, '[data-act="take"]').hidden = moved || !navigator.clipboard;
  return made;
}

/**
 * Words of a diff; the blanks among what is put in are fields.
 *
 * @param {Change} change
 * @param {string[]} blanks
 * @returns {HTMLElement}
 */
function changed({ op, text }, blanks) {
  const part = document.createElement(DIFF[op]);
  if (SAID[op]) {
    const said = document.createElement("span");
    said.className = "vh";
    said.textContent = SAID[op];
    part.append(said);
  }
  for (const piece of text.split(BLANK)) {
    const name = BLANK.test(piece) ? piece.slice(1, -1).trim() : "";
    if (op !== "out" && name && blanks.includes(name)) part.append(field(name));
    else if (piece) part.append(shown(piece));
  }
  return part;
}

/** @param {string} name */
function field(name) {
  const input = document.createElement("input");
  input.className = "blank";
  input.autocomplete = "off";
  input.maxLength = 200;
  input.placeholder = name;
  input.size = name.length;
  input.dataset.blank = name;
  input.setAttribute("aria-label", name);
  return input;
}

/**
 * The reason without the code that it begins with.
 *
 * @param {string} why
 */
function because(why) {
  const [, rule, rest] = /^([a-z-]+): (.*)$/su.exec(why) ?? [];
  return shown(rule in words.rules ? `${words.rules[rule].title}: ${rest}` : why);
}

/**
 * The wording with the blanks that were filled; a bare number gets the unit that its blank asks for.
 *
 * @param {Rewrite} rewrite
 * @param {Element} place the option's element
 * @returns {string}
 */
export function filled(rewrite, place) {
  let text = rewrite.text;
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (place.querySelectorAll("input.blank"))) {
    const name = input.dataset.blank ?? "";
    const said = input.value.toWellFormed().trim().split(/\s+/u).join(" ");
    const unit = name.split(" ").at(-1) ?? "";
    const bare = UNITS.has(unit) && /^\d[\d,.]*$/u.test(said);
    if (said) text = text.replaceAll(`[${name}]`, () => (bare ? `${said} ${unit}` : said));
  }
  return text;
}

/**
 * @param {import("./types.js").Dropped[]} dropped
 * @returns {HTMLElement[]}
 */
export const refused = (dropped) =>
  dropped.map(({ text, message }) => make("refused", { text: shown(text), message: shown(message) }));
