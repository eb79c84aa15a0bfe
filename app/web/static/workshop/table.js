/** A team's table: the draft, what the coach asks of it, homework, and what is asked of other teams. */

import { Draft } from "./draft.js";
import { homework, owned } from "./homework.js";
import { attempt, call, called, clock, facts, h, hear, pairs, redraw, requests, slot, upsert } from "./kit.js";
import { rows } from "./lines.js";
import { suggesting } from "./suggest.js";

const team = location.pathname.split("/")[4];
facts.team = team;
const at = `/teams/${team}`;
const draft = new Draft(/** @type {HTMLTextAreaElement} */ (document.getElementById("draft")));
const leads = facts.role === "facilitator" || facts.role === "lead";
const list = /** @type {HTMLElement} */ (slot("lines"));
const drawn = suggesting(list, draft, at);
let table = /** @type {any} */ (null);
let state = /** @type {any} */ (null);
let mapping = 0;

async function read() {
  [table, state] = await Promise.all([call("GET", at), call("GET", "")]);
  clock(state.workshop, state.now);
  draft.begin(table.draft);
  draft.box.readOnly = table.frozen;
  show();
  asked();
  await readMap();
}

async function readMap() {
  pairs(await call("GET", "/map"), team);
}

function asked() {
  requests(state, team);
  const choice = /** @type {HTMLSelectElement | null} */ (document.querySelector('[name="to_team"]'));
  if (!choice) return;
  const others = state.teams.filter((/** @type {any} */ one) => one.id !== team);
  if (others.length === choice.options.length) return;
  const chosen = choice.value;
  choice.replaceChildren(...others.map((/** @type {any} */ one) => h("option", { value: one.id, selected: one.id === chosen }, one.name)));
}

function show() {
  const name = slot("team");
  if (name) name.textContent = table.team.name;
  head();
  redraw(list, () => {
    list.replaceChildren(...rows({ table, at, leads, counted: (tally) => counted(tally, true) }));
    drawn(table);
  });
  slot("whole")?.replaceChildren(...(table.report.notes ?? []).map((/** @type {any} */ note) => h("p", { class: "hint" }, note.message)));
  homework(table, state.owners, at);
}

/** How the draft stands as a whole: grade, limits, ready or not. */
function head() {
  const { report } = table;
  const ready = table.team.state === "ready";
  const grade = slot("grade");
  if (grade) {
    grade.textContent = report.grade === null || report.grade === undefined ? "No OKR read yet." : `Grade ${Math.round(report.grade)} of 100, ${report.findings.length} open.`;
    if (ready) grade.textContent += " Called ready.";
  }
  const limits = slot("limits");
  if (limits) {
    limits.hidden = !table.team.over_limit;
    limits.replaceChildren(...(table.team.over_limit ? [h("b", {}, "Too much for this workshop. "), table.team.over.join(" ")] : []));
  }
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-do="ready"], [data-do="anyway"]'))) {
    const anyway = button.dataset.do === "anyway";
    button.hidden = table.frozen || (anyway && (ready || !table.team.over_limit));
    if (!anyway) button.textContent = ready ? "Not ready after all" : "Call it ready";
  }
}

/** @param {any} tally @param {boolean} own */
function counted(tally, own) {
  const known = table.votes.find((/** @type {any} */ one) => one.line === tally.line);
  const yours = own ? tally.yours : { ...known?.yours, ...(tally.again ? { confidence: 0 } : {}) };
  table.votes = [...table.votes.filter((/** @type {any} */ one) => one !== known), { ...tally, yours }];
  show();
}

for (const kind of ["ready", "anyway"]) {
  document.querySelector(`[data-do="${kind}"]`)?.addEventListener("click", () => {
    const ready = table.team.state !== "ready";
    void attempt(() => call("POST", `${at}/ready`, { ready, anyway: kind === "anyway" }));
  });
}
document.querySelector('[data-form="request"]')?.addEventListener("submit", (event) => {
  event.preventDefault();
  const asks = /** @type {HTMLFormElement} */ (event.target);
  const from = facts.role === "facilitator" ? { from_team: team } : {};
  void attempt(async () => {
    await call("POST", "/requests", { ...Object.fromEntries(new FormData(asks)), ...from });
    asks.reset();
  });
});

await read();
called(state.workshop.here);
hear(state.last_event, {
  resync: () => void read(),
  frozen: () => void read(),
  seat: (who) => who.person === state.you.id && location.assign(`/workshops/${facts.workshop}`),
  draft: (said) => {
    if (said.team !== team || said.version < table.draft.version) return;
    table.draft = { version: said.version, lines: said.lines };
    draft.stands(table.draft);
    show();
  },
  findings: (said) => {
    if (said.team !== team) return;
    table.report = said;
    show();
  },
  comment: (said) => {
    if (said.of !== team) return;
    table.comments = upsert(table.comments, said);
    show();
  },
  votes: (said) => said.of === team && counted(said, false),
  owner: (said) => {
    state.owners = owned(state.owners, said);
    if (said.team === team) homework(table, state.owners, at);
  },
  room: (room) => {
    state.workshop = room;
    clock(room, room.now);
    called(room.here);
  },
  team: (one) => {
    state.teams = upsert(state.teams, one);
    if (one.id === team) {
      table.team = one;
      show();
    } else asked();
  },
  request: (one) => {
    state.requests = upsert(state.requests, one);
    asked();
  },
  overlaps: () => {
    clearTimeout(mapping);
    mapping = setTimeout(() => void readMap().catch(() => {}), 1500 + Math.random() * 2000);
  },
});
