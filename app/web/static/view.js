/**
 * A review in the page's words, as `app/web/view.py` puts it.
 *
 * @typedef {import("./types.js").Review} Review
 * @typedef {import("./types.js").Finding} Finding
 * @typedef {import("./types.js").Severity} Severity
 * @typedef {{ place: string, what: string, points: string }} Step
 * @typedef {Step & { href: string }} Fix
 */

import { words } from "./words.js";

const FIXES = 3;
/** @type {Severity[]} */
const SEVERITIES = ["error", "warning", "suggestion"];

/**
 * @param {Review} review
 * @returns {[Severity, number][]}
 */
export function counts(review) {
  return SEVERITIES.map((severity) => [severity, review.findings.filter((f) => f.severity === severity).length]);
}

/**
 * @param {Review} review
 * @returns {[string, string]}
 */
export function headline(review) {
  if (!review.objectives.length) {
    return [
      "No OKRs in this text yet",
      "Begin the objective with “O:” and each key result with “KR:”, or paste a list or a table.",
    ];
  }
  if (!review.findings.length) {
    return [
      "Nothing to send back",
      "Each line says what will be different and how you will know. Set the first check-in and start.",
    ];
  }
  const errors = counts(review)[0][1];
  if (errors) {
    const things = errors === 1 ? "One thing" : `${errors} things`;
    return [`${things} to send back`, "Start with what costs most; the words meant are underlined below."];
  }
  return ["Nothing to send back, some things to settle", "A word changed here and there, and it is ready."];
}

/**
 * @param {Review} review
 * @param {number} okr
 */
export function sectionTitle(review, okr) {
  const { team, cycle, text } = review.objectives[okr];
  const heading = review.objectives.length > 1 || !(team || cycle) ? [`OKR ${okr + 1}`] : [];
  for (const part of [team, cycle]) if (part) heading.push(part);
  if (text === null) heading.push("no objective");
  return heading.join(" · ");
}

/** @param {number | null} keyResult */
export const label = (keyResult) => (keyResult === null ? "Objective" : `KR ${keyResult + 1}`);

/**
 * @param {number | null} keyResult
 * @param {string[]} rules
 */
function part(keyResult, rules) {
  return words.rules[rules[0]]?.whole ? "Whole OKR" : label(keyResult);
}

/**
 * @param {Review} review
 * @param {number} okr
 * @param {number | null} keyResult
 * @param {string[]} rules
 */
export function place(review, okr, keyResult, rules) {
  if (review.objectives.length < 2) return part(keyResult, rules);
  return words.rules[rules[0]]?.whole ? `OKR ${okr + 1}` : `OKR ${okr + 1}, ${label(keyResult)}`;
}

/** @param {string[]} rules */
const titles = (rules) => [...new Set(rules.map((rule) => words.rules[rule]?.title ?? rule))].join(", ");

/**
 * What a line is, in a word: its verdict, or how far a good line with remarks is from done.
 *
 * @param {string} verdict
 * @param {{ findings: { finding: Finding }[] }} row
 * @returns {[string, string]}
 */
export function chip(verdict, row) {
  if (verdict !== "good" || !row.findings.length) return [verdict, words.verdicts[verdict]];
  const rework = row.findings.some(({ finding }) => finding.severity === "error");
  return rework ? ["rework", "needs rework"] : ["nearly", "nearly there"];
}

/**
 * @param {Review} review
 * @param {number} okr
 * @returns {Step[]}
 */
export function steps(review, okr) {
  return review.objectives[okr].deductions.map((deduction) => ({
    place: part(deduction.key_result, deduction.rules),
    what: titles(deduction.rules),
    points: String(deduction.points),
  }));
}

/**
 * What wins back most points; of drafts without a grade, the weightiest findings.
 *
 * @param {Review} review
 * @returns {Fix[]}
 */
export function fixes(review) {
  const costly = review.objectives
    .flatMap((objective, okr) => objective.deductions.map((deduction) => ({ deduction, okr })))
    .sort((a, b) => b.deduction.points - a.deduction.points);
  if (costly.length) {
    return costly.slice(0, FIXES).map(({ deduction, okr }) => {
      const finding = review.findings.find(
        ({ rule, target }) =>
          rule === deduction.rules[0] && target.objective === okr && target.key_result === deduction.key_result,
      );
      return {
        place: place(review, okr, deduction.key_result, deduction.rules),
        what: titles(deduction.rules),
        points: String(deduction.points),
        href: `#f-${finding?.id ?? ""}`,
      };
    });
  }
  return [...review.findings]
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
    .slice(0, FIXES)
    .map(({ id, rule, target }) => ({
      place: place(review, target.objective, target.key_result, [rule]),
      what: titles([rule]),
      points: "",
      href: `#f-${id}`,
    }));
}

/** @param {string[]} sources */
function named(sources) {
  const names = Object.keys(words.sources)
    .filter((source) => sources.includes(source))
    .map((source) => words.sources[source]);
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");
}

/** @param {number} confidence */
const sure = (confidence) => (confidence < 1 ? `, ${Math.floor(confidence * 100 + 0.5)} % sure` : "");

/** @param {Finding} finding */
export const judgedBy = (finding) => named(finding.sources) + sure(finding.confidence);

/**
 * Judges whose verdict did not stand.
 *
 * @param {Finding} finding
 * @returns {string[]}
 */
export function judgedOtherwise(finding) {
  return (finding.details.disagree ?? []).map(({ source, verdict, confidence, why }) => {
    const said = `${words.sources[source]}: ${words.opinions[verdict]}${sure(confidence)}`;
    return why ? `${said}. ${why}`.trim() : `${said}.`;
  });
}

/** @param {import("./types.js").Target} target */
export const line = ({ objective, key_result }) => `${objective}/${key_result ?? ""}`;

/** @param {Review} review */
export function judgedAll(review) {
  const took = Object.values(review.engine.milliseconds).reduce((sum, stage) => sum + stage, 0);
  return `Judged by ${named(review.engine.tiers)} in ${took.toFixed(0)} ms, method “${review.profile}”.`;
}

/**
 * Whether it makes sense to ask for the OKR as a whole.
 *
 * @param {Review} review
 * @param {number} okr
 */
export const worthWhole = (review, okr) =>
  review.objectives[okr].text !== null &&
  review.objectives[okr].key_results.length > 0 &&
  review.findings.some(({ target }) => target.objective === okr);
