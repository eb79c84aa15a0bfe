/** The board, and the wall: how every team stands, where teams meet, what was decided. */

import { homeworkOfAll, owned } from "./homework.js";
import { attempt, button, call, called, clock, facts, h, hear, pairs, redraw, requests, slot, upsert } from "./kit.js";

const STATES = { waiting: "not begun", drafting: "drafting", findings: "answering the coach", ready: "ready" };
let state = /** @type {any} */ (null);
let mapping = 0;

async function read() {
  state = await call("GET", "");
  clock(state.workshop, state.now);
  stages();
  teams();
  requests(state);
  notes();
  await readMap();
}

async function readMap() {
  const map = await call("GET", "/map");
  pairs(map);
  coverage(map);
}

function soonMap() {
  clearTimeout(mapping);
  mapping = setTimeout(() => void readMap().catch(() => {}), 300);
}

function stages() {
  frozen();
  const choice = /** @type {HTMLSelectElement | null} */ (slot("stages"));
  if (!choice) return;
  choice.replaceChildren(
    ...state.workshop.agenda.map((/** @type {any} */ stage, /** @type {number} */ at) =>
      h("option", { value: at, selected: at === state.workshop.stage }, `${at + 1}. ${stage.name} (${stage.minutes} min)`),
    ),
  );
  choice.value = String(state.workshop.stage);
}

/** What the room has left behind so far, and what freezing would do. */
function frozen() {
  const freeze = document.querySelector('[data-do="freeze"]');
  if (freeze) freeze.textContent = state.workshop.frozen_at ? "Reopen" : "Freeze";
  const why = slot("why");
  if (why) why.hidden = Boolean(state.workshop.frozen_at) || !state.committed;
  const onward = slot("onward");
  if (onward) onward.hidden = !state.committed;
}

function teams() {
  const where = slot("where");
  if (where) where.textContent = `${state.cycle} · teams: ${state.teams.length}${state.workshop.frozen_at ? " · frozen" : ""}`;
  const list = slot("teams");
  redraw(list, () => list?.replaceChildren(
    ...state.teams.map((/** @type {any} */ team) => {
      const name = facts.role === "facilitator" && !facts.wall ? h("a", { href: `/workshops/${facts.workshop}/teams/${team.id}`, "data-key": team.id }, team.name) : team.name;
      return h(
        "li",
        { "data-state": team.state },
        h("h3", {}, name, " ", h("span", { class: "people" }, `${state.people[team.id] ?? 0} here`)),
        h("p", { class: "state" }, STATES[/** @type {keyof typeof STATES} */ (team.state)]),
        h("p", { class: "figure" }, team.grade === null ? "–" : String(Math.round(team.grade)), trend(team.trend)),
        h("p", { class: "hint" }, `${team.findings} open${facts.wall ? "" : `, ${team.errors} to send back · objectives: ${team.objectives.length}`}${team.over_limit ? ", over the limit" : ""}`),
        ...(facts.wall ? [] : team.objectives.map((/** @type {string} */ text) => h("p", { class: "said-line", dir: "auto" }, text))),
      );
    }),
  ));
}

/** @param {number[]} grades */
function trend(grades) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  if (grades.length < 2) return svg;
  const points = grades.map((grade, at) => `${(at * 58) / (grades.length - 1) + 1},${19 - (grade * 18) / 100}`);
  svg.setAttribute("viewBox", "0 0 60 20");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Grade from ${Math.round(grades[0])} to ${Math.round(grades[grades.length - 1])}`);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  line.setAttribute("points", points.join(" "));
  svg.append(line);
  return svg;
}

/** @param {any} map */
function coverage(map) {
  const place = slot("coverage");
  if (!place) return;
  if (!map.coverage) {
    place.replaceChildren(h("p", { class: "hint" }, "Without pillars there is nothing to cover."));
    return;
  }
  place.replaceChildren(
    h(
      "ul",
      { class: "cover" },
      ...map.coverage.pillars.map((/** @type {any} */ row) =>
        h(
          "li",
          { "data-state": row.state },
          h("b", {}, row.pillar),
          ` ${row.state}: `,
          row.cells.filter((/** @type {any} */ cell) => cell.okrs.length).map((/** @type {any} */ cell) => cell.team).join(", ") || "nobody",
        ),
      ),
    ),
  );
}

function notes() {
  const list = slot("notes");
  redraw(list, () => list?.replaceChildren(...state.notes.map(note), ...homeworkOfAll(state)));
}

/** @param {any} one */
function note(one) {
  const own = facts.role === "facilitator" || (facts.role === "lead" && one.team_id && one.team_id === facts.team);
  const gone = () => void attempt(() => call("DELETE", `/notes/${one.id}`));
  return h(
    "li",
    { "data-kind": one.kind },
    h("b", { class: "word" }, one.kind.replace("-", " ")),
    " ",
    h("span", { dir: "auto" }, one.text),
    one.owner && h("span", { class: "hint" }, ` (${one.owner})`),
    own && !facts.wall && button(`off-${one.id}`, "Take off", gone, { class: "tool", "aria-label": `Take off: ${one.text}` }),
  );
}

/** @type {Record<string, () => Promise<unknown>>} */
const actions = {
  start: () => call("POST", "/timer", { action: "start" }),
  pause: () => call("POST", "/timer", { action: "pause" }),
  more: () => call("POST", "/timer", { action: "add", seconds: 300 }),
  here: () => call("POST", "/here", { place: "board" }),
  table: () => call("POST", "/here", { place: "table" }),
  freeze: () => (state.workshop.frozen_at ? call("POST", "/reopen") : freeze()),
};
/** Freeze; after a change of what teams had committed to, with the reason that was typed. */
async function freeze() {
  const why = /** @type {HTMLInputElement | null} */ (document.querySelector('[data-slot="why"] input'));
  await call("POST", "/freeze", { why: why?.value ?? "" });
  if (why) why.value = "";
}

for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => void attempt(actions[button.getAttribute("data-do") ?? ""]));
}
slot("stages")?.addEventListener("change", (event) => {
  const stage = Number(/** @type {HTMLSelectElement} */ (event.target).value);
  void attempt(() => call("POST", "/stage", { stage }));
});
document.querySelector('[data-form="note"]')?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  void attempt(async () => {
    await call("POST", "/notes", Object.fromEntries(new FormData(form)));
    form.reset();
  });
});

await read();
called(state.workshop.here);
hear(state.last_event, {
  resync: () => void read(),
  frozen: () => void read(),
  seat: (who) => (who.person === state.you.id && !facts.wall ? location.assign(`/workshops/${facts.workshop}`) : void read()),
  room: (room) => {
    state.workshop = room;
    clock(room, room.now);
    stages();
    called(room.here);
  },
  team: (team) => {
    state.teams = upsert(state.teams, team);
    teams();
    notes();
  },
  owner: (said) => {
    state.owners = owned(state.owners, said);
    notes();
  },
  joined: (person) => {
    const key = person.team ?? person.role;
    state.people[key] = (state.people[key] ?? 0) + 1;
    teams();
  },
  request: (one) => {
    state.requests = upsert(state.requests, one);
    requests(state);
  },
  note: (one) => {
    state.notes = upsert(state.notes, one);
    notes();
  },
  overlaps: soonMap,
});
