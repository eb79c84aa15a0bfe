/** The facilitator's page beside the board: agenda, people, links, limits, and last cycle's OKRs. */

import { agendaStands } from "./agenda.js";
import { attempt, call, clock, h, hear, slot, upsert } from "./kit.js";
import { readLinks, readPeople, teamsStand } from "./people.js";

const EVERY = 10_000;
let state = /** @type {any} */ (null);

async function read() {
  state = await call("GET", "");
  roomStands(state.workshop, state.now);
  teamsStand(state.teams);
  await Promise.all([readPeople(), readLinks(), readSources()]);
}

/** @param {any} room @param {string} now */
function roomStands(room, now) {
  clock(room, now);
  agendaStands(room);
  for (const name of ["max_objectives", "max_key_results"]) {
    const field = /** @type {HTMLInputElement | null} */ (document.querySelector(`[data-form="limits"] [name="${name}"]`));
    if (field && document.activeElement !== field) field.value = room[name];
  }
}

async function readSources() {
  const form = document.querySelector('[data-form="import"]');
  const found = await call("GET", "/import");
  form?.querySelector("select")?.replaceChildren(
    ...found.map((/** @type {any} */ one) => h("option", { value: one.cycle }, `${one.cycle} (${one.okrs} OKRs of ${one.teams} teams${one.chosen ? `, ${one.chosen} to be carried over` : ""})`)),
  );
  if (form instanceof HTMLElement) form.hidden = !found.length;
  const said = slot("import-state");
  if (said && !found.length) said.textContent = "There are no OKRs of teams in the workspace yet.";
}

/** @param {string} name @param {(form: HTMLFormElement) => Promise<void>} act */
function onSubmit(name, act) {
  document.querySelector(`[data-form="${name}"]`)?.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(() => act(/** @type {HTMLFormElement} */ (event.target)));
  });
}

onSubmit("limits", async (form) => {
  const said = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, Number(value)]));
  await call("PUT", "/limits", said);
  const told = slot("told");
  if (told) told.textContent = "The limits are saved.";
});
onSubmit("import", async (form) => {
  const done = await call("POST", "/import", Object.fromEntries(new FormData(form)));
  const kept = Object.entries(done.kept).map(([team, why]) => `${team}: ${why}`);
  const filled = done.filled.length ? `${done.okrs} OKRs put into the drafts of ${done.filled.join(", ")}.` : "No draft was filled.";
  const said = slot("import-state");
  if (said) said.textContent = [filled, done.filled.length ? done.note : "", ...kept].filter(Boolean).join(" ");
});

await read();
setTimeout(() => void readPeople().catch(() => {}), 1_000);
setInterval(() => void readPeople().catch(() => {}), EVERY);
hear(state.last_event, {
  resync: () => void read(),
  room: (room) => {
    state.workshop = room;
    roomStands(room, room.now);
  },
  team: (team) => {
    const known = state.teams.some((/** @type {any} */ one) => one.id === team.id);
    state.teams = upsert(state.teams, team);
    if (!known) teamsStand(state.teams);
  },
  joined: () => void readPeople().catch(() => {}),
  seat: () => void readPeople().catch(() => location.reload()),
});
