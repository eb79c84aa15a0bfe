/**
 * The review as Markdown, word for word what `app.coach.report.as_markdown` writes.
 *
 * @typedef {import("./types.js").Review} Review
 * @typedef {import("./types.js").Finding} Finding
 */

import { words } from "./words.js";

/**
 * @param {Review} review
 * @returns {string}
 */
export function asMarkdown(review) {
  const lines = ["# OKR review", ""];
  if (review.grade !== null) lines.push(`**Grade ${review.grade} / 100** (profile \`${review.profile}\`)`, "");
  review.objectives.forEach((okr, index) => {
    const own = review.findings.filter((finding) => finding.target.objective === index);
    if (okr.text !== null && okr.verdict !== null && okr.grade !== null) {
      lines.push(`## ${escaped(okr.text)}`, "", `Grade ${okr.grade} · ${words.verdicts[okr.verdict]}`, "");
      lines.push(...own.filter((finding) => finding.target.key_result === null).map(bullet));
    }
    okr.key_results.forEach((line, at) => {
      lines.push(`- **${escaped(line.text)}** — ${words.verdicts[line.verdict]}`);
      lines.push(...own.filter((finding) => finding.target.key_result === at).map((finding) => `  ${bullet(finding)}`));
    });
    lines.push("");
  });
  lines.push(...review.notes.map((note) => `> ${note.message}`));
  return `${lines.join("\n").trimEnd()}\n`;
}

/** @param {Finding} finding */
function bullet(finding) {
  return `- \`${finding.rule}\` (${finding.severity}): ${escaped(finding.message)} *${escaped(finding.question)}*`;
}

/** @param {string} text */
function escaped(text) {
  return text.trim().split(/\s+/u).join(" ").replace(/[\\`*_[\]<>#|]/gu, "\\$&");
}
