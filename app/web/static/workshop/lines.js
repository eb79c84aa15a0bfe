/** The lines of a draft as the coach sees them: questions with answers, rewrites, votes and comments. */

import { attempt, button, call, h } from "./kit.js";

/**
 * @typedef {object} Table
 * @property {any} table as `GET …/teams/{team}` gave it
 * @property {string} at the path of the table
 * @property {boolean} leads
 * @property {(tally: any) => void} counted one's own vote was taken
 */

/**
 * What rewriting calls the lines of a report: `0/` the first objective, `0/2` its third key result, `0/*` all of it.
 *
 * @param {any} report
 * @returns {Map<number, string[]>} by the line's id
 */
function names(report) {
  const found = new Map();
  (report.objectives ?? []).forEach((/** @type {any} */ okr, /** @type {number} */ at) => {
    if (okr.line !== null) found.set(okr.line, [`${at}/`, `${at}/*`]);
    okr.key_results.forEach((/** @type {any} */ result, /** @type {number} */ nth) => found.set(result.line, [`${at}/${nth}`]));
  });
  return found;
}

/** @param {Table} it @returns {HTMLElement[]} a row for every line that says something */
export function rows(it) {
  const called = names(it.table.report);
  return it.table.draft.lines
    .filter((/** @type {any} */ line) => line.text.trim())
    .map((/** @type {any} */ line) => row(line, called.get(line.id) ?? [], it));
}

/** @param {any} line @param {string[]} called @param {Table} it */
function row(line, called, it) {
  const { table, at } = it;
  const findings = (table.report.findings ?? []).filter((/** @type {any} */ one) => one.line === line.id);
  const silent = (table.report.dismissed ?? []).filter((/** @type {any} */ one) => one.line === line.id);
  const comments = table.comments.filter((/** @type {any} */ one) => one.line === line.id);
  const whole = called.find((name) => name.endsWith("/*"));
  const flagged = whole && table.report.objectives[Number(whole.split("/")[0])].deductions.length > 1;
  return h(
    "li",
    { "data-lines": called.join(" ") },
    h("div", { class: "draft" }, h("p", { class: "said", dir: "auto" }, ...marked(line.text, findings))),
    ...findings.map((/** @type {any} */ one) => card(one, it)),
    flagged && !table.frozen && suggest(`whole-${line.id}`, whole, "Rewrite the whole OKR"),
    h("div", { "data-part": "desk" }),
    ...silent.map((/** @type {any} */ one) =>
      h("p", { class: "hint" }, `Dismissed: ${one.message} (${one.reason}) `, button(`again-${one.id}`, "Raise it again", answer(it, one.id, "accept"), { class: "tool" })),
    ),
    votes(line.id, it),
    h(
      "details",
      { class: "talk", "data-key": `talk-${line.id}`, open: comments.some((/** @type {any} */ one) => !one.resolved_at) },
      h("summary", {}, `Comments (${comments.length})`),
      h("ul", {}, ...comments.map((/** @type {any} */ one) => remark(one, it))),
      form(`say-${line.id}`, "Say", "Comment", (text) => call("POST", `${at}/comments`, { line: line.id, text })),
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

/** @param {string} key @param {string} value @param {string} text */
const suggest = (key, value, text) => h("button", { type: "button", class: "tool suggest", value, "data-key": key }, text);

/** @param {any} one @param {Table} it */
function card(one, it) {
  const { objective, key_result: at } = one.target;
  const why = h("input", { maxlength: 2000, "aria-label": "Why it doesn’t count here", "data-key": `why-${one.id}` });
  return h(
    "article",
    { class: "card", "data-severity": one.severity },
    h("p", { class: "question" }, one.question),
    h("p", { class: "message" }, one.message, " ", h("a", { href: one.help_url, "aria-label": `Why: ${one.rule}` }, "Why")),
    !it.table.frozen && suggest(`suggest-${one.id}`, `${objective}/${at ?? ""}`, "Suggest a rewrite"),
    !it.table.frozen &&
      h(
        "p",
        { class: "inline" },
        button(`agree-${one.id}`, "Agreed, we’ll change it", answer(it, one.id, "accept")),
        h("label", { class: "grow" }, "or because ", why),
        button(`dismiss-${one.id}`, "Dismiss", () => answer(it, one.id, "dismiss", /** @type {HTMLInputElement} */ (why).value)()),
      ),
  );
}

/** @param {Table} it @param {string} id @param {string} verdict @param {string} [reason] */
function answer({ at }, id, verdict, reason = "") {
  return () => void attempt(() => call("POST", `${at}/findings/${id}`, { verdict, reason }));
}

/** @param {number} line @param {Table} it */
function votes(line, { table, at, leads, counted }) {
  const tally = table.votes.find((/** @type {any} */ one) => one.line === line) ?? { voted: 0, spread: null, up: 0, down: 0, yours: {} };
  const vote = (/** @type {string} */ kind, /** @type {number} */ value) => () =>
    void attempt(async () => {
      counted(await call("PUT", `${at}/votes`, { line, kind, value: tally.yours[kind] === value ? 0 : value }));
    });
  const choice = (/** @type {string} */ kind, /** @type {number} */ value, /** @type {string} */ text, /** @type {string} */ label) =>
    button(`${kind}-${value}-${line}`, text, vote(kind, value), { "aria-pressed": String(tally.yours[kind] === value), "aria-label": label });
  const reveal = (/** @type {boolean} */ open) => () => void attempt(() => call("POST", `${at}/reveal`, { line, open }));
  const confidence = tally.spread
    ? [h("span", { class: "spread" }, `Confidence 1–5: ${tally.spread.join(" · ")}`), leads && button(`show-${line}`, "Vote again", reveal(false))]
    : [
        h("span", { class: "hint" }, "Confidence"),
        ...[1, 2, 3, 4, 5].map((value) => choice("confidence", value, String(value), `Confidence ${value} of 5`)),
        h("span", { class: "hint" }, `${tally.voted} voted`),
        leads && tally.voted > 0 && button(`show-${line}`, "Show", reveal(true)),
      ];
  return h("p", { class: "votes" }, ...confidence, choice("support", 1, `▲ ${tally.up}`, `For it: ${tally.up}`), choice("support", -1, `▼ ${tally.down}`, `Against it: ${tally.down}`));
}

/** @param {any} one @param {Table} it */
function remark(one, { at }) {
  const settle = () => void attempt(() => call("POST", `${at}/comments/${one.id}/resolve`));
  return h(
    "li",
    { "data-settled": String(Boolean(one.resolved_at)) },
    h("b", { dir: "auto" }, one.by),
    " ",
    h("span", { dir: "auto" }, one.text),
    " ",
    button(`settle-${one.id}`, one.resolved_at ? "Open again" : "Settle", settle, { class: "tool" }),
  );
}

/** @param {string} key @param {string} word @param {string} label @param {(text: string) => Promise<unknown>} send */
function form(key, word, label, send) {
  const box = /** @type {HTMLInputElement} */ (h("input", { required: true, maxlength: 2000, "aria-label": label, "data-key": key }));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void attempt(async () => {
      await send(box.value);
      // What was said may have drawn this field again by now, with its text.
      for (const field of [box, document.querySelector(`[data-key="${key}"]`)]) if (field instanceof HTMLInputElement) field.value = "";
    });
  };
  return h("form", { class: "inline", on: { submit } }, box, h("button", { "data-key": `${key}-go` }, word));
}
