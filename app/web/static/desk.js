/**
 * What the desk shows: rewrites as the API gave them, set as text. `app/web/desk.py` puts them the same way.
 *
 * @typedef {import("./types.js").Rewrite} Rewrite
 */

import { make, shown, within } from "./parts.js";
import { words } from "./words.js";

const BLANK = /(\[[^[\]\n]{1,80}\])/u;
const UNITS = new Set("% seconds minutes hours days weeks months years points".split(" "));

/**
 * @param {Rewrite} rewrite
 * @param {number} index
 * @param {Rewrite[]} all the rewrites beside it; a reason that stands above already isn't repeated
 * @returns {HTMLElement}
 */
export function option(rewrite, index, all) {
  const { kind, blanks } = rewrite;
  const moved = kind === "move";
  const why = all[index - 1]?.why === rewrite.why ? "" : because(rewrite.why);
  const made = make("option", {
    gain: `${rewrite.grade_before} → ${rewrite.grade_after}`,
    goes: moved ? words.places[rewrite.goes_to] ?? "belongs elsewhere" : "",
    wording: moved ? [shown(rewrite.text)] : wording(rewrite),
    because: why,
    answered: rewrite.answered.map(shown).join("; "),
  });
  made.dataset.kind = kind;
  within(made, ".filled").hidden = !blanks.length;
  within(made, ".guess").hidden = !rewrite.guess;
  within(made, ".goes").hidden = !moved;
  within(made, ".answered").hidden = !rewrite.answered.length;
  within(made, ".because").hidden = !why;
  const use = within(made, '[data-act="use"]');
  use.textContent = moved ? "Take it out of the OKR" : kind === "okr" ? "Use this OKR" : "Use this wording";
  use.hidden = moved && rewrite.target.key_result === null;
  within(made, '[data-act="take"]').hidden = moved || !navigator.clipboard;
  return made;
}

/**
 * The diff, with the space around a change left out of it. The blanks among what is put in are fields, each with the
 * line that it stands on: two lines may ask for the same thing and mean another.
 *
 * @param {Rewrite} rewrite
 * @returns {(Node | string)[]}
 */
function wording({ diff, blanks }) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let row = 0;
  for (const { op, text } of diff) {
    /** @type {(Node | string)[]} */
    const inside = [];
    const [, before, words, after] = /^(\s*)(.*?)(\s*)$/su.exec(text) ?? ["", "", text, ""];
    if (op !== "out") row += before.split("\n").length - 1;
    for (const piece of words.split(BLANK)) {
      const name = BLANK.test(piece) ? piece.slice(1, -1).trim() : "";
      if (op !== "out" && name && blanks.includes(name)) inside.push(field(name, row));
      else if (piece) inside.push(shown(piece));
      if (op !== "out") row += piece.split("\n").length - 1;
    }
    if (op !== "out") row += after.split("\n").length - 1;
    parts.push(before, ...(op === "same" || !inside.length ? inside : [changed(op, inside)]), after);
  }
  return parts.filter(Boolean);
}

/**
 * @param {"in" | "out"} op
 * @param {(Node | string)[]} inside
 */
function changed(op, inside) {
  const part = document.createElement(op === "in" ? "ins" : "del");
  const said = document.createElement("span");
  said.className = "vh";
  said.textContent = op === "in" ? "put in: " : "taken out: ";
  part.append(said, ...inside);
  return part;
}

/**
 * @param {string} name
 * @param {number} row
 */
function field(name, row) {
  const input = document.createElement("input");
  input.className = "blank";
  input.autocomplete = "off";
  input.maxLength = 200;
  input.placeholder = name;
  input.size = name.length;
  input.dataset.blank = name;
  input.dataset.row = String(row);
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
  const lines = rewrite.text.split("\n");
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (place.querySelectorAll("input.blank"))) {
    const name = input.dataset.blank ?? "";
    const said = input.value.toWellFormed().trim().split(/\s+/u).join(" ");
    const unit = name.split(" ").at(-1) ?? "";
    const bare = UNITS.has(unit) && /^\d[\d,.]*$/u.test(said);
    const row = Number(input.dataset.row);
    if (said) lines[row] = lines[row].replaceAll(`[${name}]`, () => (bare ? `${said} ${unit}` : said));
  }
  return lines.join("\n");
}

/**
 * @param {import("./types.js").Dropped[]} dropped
 * @returns {HTMLElement[]}
 */
export const refused = (dropped) =>
  dropped.map(({ text, message }) => make("refused", { text: shown(text), message: shown(message) }));
