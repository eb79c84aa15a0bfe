/** A team's table: the draft, the coach's questions by line, votes, comments, and what is asked of other teams. */

import { Draft } from "./draft.js";
import { attempt, call, called, clock, facts, h, hear, pairs, requests, slot, upsert } from "./kit.js";

const team = location.pathname.split("/")[4];
facts.team = team;
const at = `/teams/${team}`;
const draft = new Draft(/** @type {HTMLTextAreaElement} */ (document.getElementById("draft")));
const leads = facts.role === "facilitator" || facts.role === "lead";
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
  const choice = document.querySelector('[name="to_team"]');
  choice?.replaceChildren(...state.teams.filter((/** @type {any} */ one) => one.id !== team).map((/** @type {any} */ one) => h("option", { value: one.id }, one.name)));
}

function show() {
  const name = slot("team");
  if (name) name.textContent = table.team.name;
  const { report } = table;
  const grade = slot("grade");
  if (grade) {
    grade.textContent = report.grade === null || report.grade === undefined ? "No OKR read yet." : `Grade ${Math.round(report.grade)} of 100, ${report.findings.length} open.`;
    if (table.team.state === "ready") grade.textContent += " Called ready.";
  }
  const button = document.querySelector('[data-do="ready"]');
  if (button) button.textContent = table.team.state === "ready" ? "Not ready after all" : "Call it ready";
  const typing = document.activeElement;
  const list = slot("lines");
  if (typing && list?.contains(typing) && typing.matches("input")) return;
  list?.replaceChildren(...table.draft.lines.filter((/** @type {any} */ line) => line.text.trim()).map(row));
  slot("whole")?.replaceChildren(...(report.notes ?? []).map((/** @type {any} */ note) => h("p", { class: "hint" }, note.message)));
}

/** @param {any} line */
function row(line) {
  const findings = (table.report.findings ?? []).filter((/** @type {any} */ one) => one.line === line.id);
  const silent = (table.report.dismissed ?? []).filter((/** @type {any} */ one) => one.line === line.id);
  const comments = table.comments.filter((/** @type {any} */ one) => one.line === line.id);
  return h(
    "li",
    {},
    h("p", { class: "said", dir: "auto" }, ...marked(line.text, findings)),
    ...findings.map(card),
    ...silent.map((/** @type {any} */ one) => h("p", { class: "hint" }, `Dismissed: ${one.message} (${one.reason}) `, h("button", { type: "button", class: "tool", on: { click: answer(one.id, "accept") } }, "Raise it again"))),
    votes(line.id),
    h(
      "details",
      { class: "talk", open: comments.some((/** @type {any} */ one) => !one.resolved_at) },
      h("summary", {}, `Comments (${comments.length})`),
      h("ul", {}, ...comments.map(remark)),
      form("Say", "Comment", async (text) => call("POST", `${at}/comments`, { line: line.id, text })),
    ),
  );
}

/** The words of a line with those underlined that a finding is about. @param {string} text @param {any[]} findings */
function marked(text, findings) {
  const found = findings.map((one) => ({ ...one, from: text.indexOf(one.quote) })).filter((one) => one.from >= 0);
  found.sort((a, b) => a.from - b.from || b.quote.length - a.quote.length);
  const parts = [];
  let done = 0;
  for (const one of found) {
    if (one.from < done) continue;
    parts.push(text.slice(done, one.from), h("span", { class: "flag", "data-severity": one.severity }, one.quote));
    done = one.from + one.quote.length;
  }
  return [...parts, text.slice(done)];
}

/** @param {any} one */
function card(one) {
  const reason = /** @type {HTMLInputElement} */ (h("input", { maxlength: 2000, "aria-label": "Why it doesn’t count here" }));
  return h(
    "article",
    { class: "card", "data-severity": one.severity },
    h("p", { class: "question" }, one.question),
    h("p", { class: "message" }, one.message, " ", h("a", { href: one.help_url }, "Why")),
    h(
      "p",
      { class: "inline" },
      h("button", { type: "button", on: { click: answer(one.id, "accept") } }, "Agreed, we’ll change it"),
      h("label", { class: "grow" }, "or because ", reason),
      h("button", { type: "button", on: { click: () => answer(one.id, "dismiss", reason.value)() } }, "Dismiss"),
    ),
  );
}

/** @param {string} id @param {string} verdict @param {string} [reason] */
function answer(id, verdict, reason = "") {
  return () => void attempt(() => call("POST", `${at}/findings/${id}`, { verdict, reason }));
}

/** @param {number} line */
function votes(line) {
  const tally = table.votes.find((/** @type {any} */ one) => one.line === line) ?? { voted: 0, spread: null, up: 0, down: 0, yours: {} };
  const vote = (/** @type {string} */ kind, /** @type {number} */ value) => () =>
    void attempt(async () => {
      const own = await call("PUT", `${at}/votes`, { line, kind, value: tally.yours[kind] === value ? 0 : value });
      counted(own, true);
    });
  const reveal = (/** @type {boolean} */ open) => () => void attempt(() => call("POST", `${at}/reveal`, { line, open }));
  const confidence = tally.spread
    ? [h("span", { class: "spread" }, `Confidence 1–5: ${tally.spread.join(" · ")}`), leads && h("button", { type: "button", on: { click: reveal(false) } }, "Vote again")]
    : [
        h("span", { class: "hint" }, "Confidence"),
        ...[1, 2, 3, 4, 5].map((value) =>
          h("button", { type: "button", "aria-pressed": String(tally.yours.confidence === value), "aria-label": `Confidence ${value} of 5`, on: { click: vote("confidence", value) } }, String(value)),
        ),
        h("span", { class: "hint" }, `${tally.voted} voted`),
        leads && tally.voted > 0 && h("button", { type: "button", on: { click: reveal(true) } }, "Show"),
      ];
  return h(
    "p",
    { class: "votes" },
    ...confidence,
    h("button", { type: "button", "aria-pressed": String(tally.yours.support === 1), "aria-label": "For it", on: { click: vote("support", 1) } }, `▲ ${tally.up}`),
    h("button", { type: "button", "aria-pressed": String(tally.yours.support === -1), "aria-label": "Against it", on: { click: vote("support", -1) } }, `▼ ${tally.down}`),
  );
}

/** @param {any} tally @param {boolean} own */
function counted(tally, own) {
  const known = table.votes.find((/** @type {any} */ one) => one.line === tally.line);
  const yours = own ? tally.yours : { ...known?.yours, ...(tally.again ? { confidence: 0 } : {}) };
  table.votes = [...table.votes.filter((/** @type {any} */ one) => one !== known), { ...tally, yours }];
  show();
}

/** @param {any} one */
function remark(one) {
  const settle = () => void attempt(() => call("POST", `${at}/comments/${one.id}/resolve`));
  return h("li", { "data-settled": String(Boolean(one.resolved_at)) }, h("b", {}, one.by), ` ${one.text} `, h("button", { type: "button", class: "tool", on: { click: settle } }, one.resolved_at ? "Open again" : "Settle"));
}

/** @param {string} word @param {string} label @param {(text: string) => Promise<unknown>} send */
function form(word, label, send) {
  const box = /** @type {HTMLInputElement} */ (h("input", { required: true, maxlength: 2000, "aria-label": label }));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void attempt(async () => {
      await send(box.value);
      box.value = "";
      box.blur();
    });
  };
  return h("form", { class: "inline", on: { submit } }, box, h("button", {}, word));
}

document.querySelector('[data-do="ready"]')?.addEventListener("click", () => {
  void attempt(() => call("POST", `${at}/ready`, { ready: table.team.state !== "ready" }));
});
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
  seat: (who) => who.person === state.you.id && location.reload(),
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
