/** Homework: the blanks of a draft, and who finds out what stands there. */

import { attempt, call, facts, h, redraw, slot } from "./kit.js";

/** @param {any[]} owners @param {string} team @param {{ line: number, blank: string }} one */
const ownerOf = (owners, team, one) =>
  owners.find((known) => known.team === team && known.line === one.line && known.blank === one.blank)?.owner ?? "";

/** Take up that a blank has another owner. @param {any[]} owners @param {any} said */
export const owned = (owners, said) => [
  ...owners.filter((one) => one.team !== said.team || one.line !== said.line || one.blank !== said.blank),
  ...(said.owner ? [said] : []),
];

/** The homework of all teams as lines for the board. @param {any} state @returns {HTMLElement[]} */
export const homeworkOfAll = (state) =>
  state.teams.flatMap((/** @type {any} */ team) =>
    team.blanks.map((/** @type {any} */ one) => {
      const owner = ownerOf(state.owners, team.id, one);
      return h("li", { "data-kind": "homework" }, h("b", { class: "word" }, "homework"), ` ${team.name}: `, h("span", { dir: "auto" }, `[${one.blank}]`), h("span", { class: "hint" }, owner ? ` (${owner})` : " (nobody yet)"));
    }),
  );

/** The homework of one team, with owners to be named. @param {any} table @param {any[]} owners @param {string} at */
export function homework(table, owners, at) {
  const place = slot("homework");
  redraw(place, () => {
    const items = table.team.blanks.map((/** @type {any} */ one) => item(table, owners, at, one));
    place?.replaceChildren(...(items.length ? items : [h("li", { class: "hint" }, "Nothing yet: what you leave blank, [like this], is gathered here.")]));
  });
}

/** @param {any} table @param {any[]} owners @param {string} at @param {{ line: number, blank: string }} one */
function item(table, owners, at, one) {
  const line = table.draft.lines.find((/** @type {any} */ known) => known.id === one.line);
  const owner = ownerOf(owners, facts.team, one);
  const key = `own-${one.line}-${one.blank}`;
  const field = /** @type {HTMLInputElement} */ (h("input", { value: owner, maxlength: 200, "data-key": key, "aria-label": `Who finds out: ${one.blank}` }));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void attempt(async () => {
      await call("PUT", `${at}/homework`, { ...one, owner: field.value });
      field.defaultValue = field.value;
    });
  };
  return h(
    "li",
    {},
    h("p", { dir: "auto" }, h("b", {}, `[${one.blank}]`), h("span", { class: "hint" }, line?.text ?? "")),
    h("form", { class: "inline", on: { submit } }, h("label", { class: "grow" }, "Owner ", field), h("button", { "data-key": `${key}-go` }, owner ? "Change" : "Set")),
  );
}
