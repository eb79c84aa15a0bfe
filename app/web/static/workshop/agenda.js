/** The agenda as a list of fields: changed here, and told to the room when it is saved. */

import { attempt, button, call, facts, h, slot } from "./kit.js";

const KINDS = { diverge: "strategy", draft: "draft", coach: "coach", overlaps: "overlaps", negotiate: "negotiate", commit: "commit", break: "break" };
const MOST = 30;

/** @type {{ name: string, kind: string, minutes: number, now: boolean }[]} */
let stages = [];
let changed = false;
let saved = false;
const list = /** @type {HTMLElement} */ (slot("agenda"));
const state = /** @type {HTMLElement} */ (slot("agenda-state"));

/** How the room's agenda stands; what is being changed here stays. @param {any} room */
export function agendaStands(room) {
  if (changed) return;
  stages = room.agenda.map((/** @type {any} */ stage, /** @type {number} */ at) => ({ ...stage, now: at === room.stage }));
  draw();
  total();
}

function touched() {
  changed = true;
  saved = false;
  total();
}

function total() {
  const minutes = stages.reduce((sum, stage) => sum + stage.minutes, 0);
  const long = `${Math.floor(minutes / 60)} h ${minutes % 60} min in all.`;
  state.textContent = changed ? `${long} Not saved yet.` : saved ? `${long} Saved.` : long;
}

/** @param {string} [focus] the key of what has the focus afterwards */
function draw(focus) {
  list.replaceChildren(...stages.map(row));
  if (focus) list.querySelector(`[data-key="${focus}"]`)?.focus();
}

/** @param {{ name: string, kind: string, minutes: number, now: boolean }} stage @param {number} at */
function row(stage, at) {
  const named = (/** @type {string} */ what) => `${what} stage ${at + 1}`;
  const name = h("input", { value: stage.name, maxlength: 80, required: true, "aria-label": `Name of stage ${at + 1}`, "data-key": `name-${at}`, on: { input: (/** @type {any} */ event) => { stage.name = event.target.value; touched(); } } });
  const kind = h(
    "select",
    { "aria-label": `What is done in stage ${at + 1}`, on: { change: (/** @type {any} */ event) => { stage.kind = event.target.value; touched(); } } },
    ...Object.entries(KINDS).map(([value, text]) => h("option", { value, selected: value === stage.kind }, text)),
  );
  const minutes = h("input", { type: "number", min: 1, max: 480, required: true, value: stage.minutes, "aria-label": `Minutes of stage ${at + 1}`, on: { input: (/** @type {any} */ event) => { stage.minutes = Number(event.target.value); touched(); } } });
  return h(
    "li",
    { "data-now": String(stage.now) },
    name,
    kind,
    h("span", { class: "minutes" }, minutes, " min"),
    button(`up-${at}`, "↑", () => move(at, at - 1, "up"), { disabled: at === 0, "aria-label": named("Earlier:") }),
    button(`down-${at}`, "↓", () => move(at, at + 1, "down"), { disabled: at === stages.length - 1, "aria-label": named("Later:") }),
    button(`gone-${at}`, "Remove", () => remove(at), { disabled: stages.length === 1, "aria-label": named("Remove") }),
    stage.now && h("span", { class: "word" }, "now"),
  );
}

/** @param {number} from @param {number} to @param {string} way */
function move(from, to, way) {
  [stages[from], stages[to]] = [stages[to], stages[from]];
  touched();
  const last = to === (way === "up" ? 0 : stages.length - 1);
  draw(last ? `name-${to}` : `${way}-${to}`);
}

/** @param {number} at */
function remove(at) {
  const [gone] = stages.splice(at, 1);
  if (gone.now) stages[Math.min(at, stages.length - 1)].now = true;
  touched();
  draw(`name-${Math.min(at, stages.length - 1)}`);
}

async function save() {
  if (![...list.querySelectorAll("input")].every((input) => input.reportValidity())) return;
  await attempt(async () => {
    const agenda = stages.map(({ name, kind, minutes }) => ({ name, kind, minutes }));
    const stage = Math.max(0, stages.findIndex((one) => one.now));
    await call("PUT", "/agenda", { agenda, stage });
    changed = false;
    saved = true;
    total();
  });
}

document.querySelector('[data-do="save"]')?.addEventListener("click", () => void save());
document.querySelector('[data-do="add"]')?.addEventListener("click", () => {
  if (stages.length >= MOST) return;
  stages.push({ name: "", kind: "draft", minutes: 15, now: false });
  touched();
  draw(`name-${stages.length - 1}`);
});
document.querySelector('[data-form="ready-agenda"]')?.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = new FormData(/** @type {HTMLFormElement} */ (event.target)).get("agenda");
  const before = stages.find((stage) => stage.now);
  stages = facts.agendas[String(chosen)].map((/** @type {any} */ stage) => ({ ...stage, now: false }));
  const same = stages.find((stage) => stage.kind === before?.kind) ?? stages[0];
  same.now = true;
  touched();
  draw("name-0");
});
