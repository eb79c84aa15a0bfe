/**
 * The draft cut where it was read, as `app/web/annotate.py` does it: rows for lines, pieces for flagged words.
 *
 * @typedef {import("./types.js").Review} Review
 * @typedef {import("./types.js").Finding} Finding
 * @typedef {import("./types.js").Target} Target
 * @typedef {{ number: number, finding: Finding }} Numbered
 * @typedef {{ text: string, findings: Numbered[], begins: Numbered[], ends: Numbered[] }} Piece
 * @typedef {{ targets: Target[], before: string, after: string, pieces: Piece[], findings: Numbered[] }} Row
 * @typedef {{ background: string }} Background
 * @typedef {{ okr: number, first: boolean, blocks: (Row | Background)[], whole: Numbered[] }} Section
 * @typedef {{ start: number, end: number, target: Target }} Place
 */

import { words } from "./words.js";

const RANK = { error: 0, warning: 1, suggestion: 2 };

/** @param {Target} target */
const key = (target) => `${target.objective}/${target.key_result}`;

/**
 * All of `text` in reading order. Offsets count code points, so the text is cut by code points too.
 *
 * @param {string} text
 * @param {Review} review
 * @returns {(Section | Background)[]}
 */
export function annotate(text, review) {
  const points = Array.from(text);
  /** @type {Map<string, Numbered[]>} */
  const onLine = new Map();
  /** @type {Map<number, Numbered[]>} */
  const onOkr = new Map();
  review.findings.forEach((finding, at) => {
    const numbered = { number: at + 1, finding };
    if (words.rules[finding.rule]?.whole) push(onOkr, finding.target.objective, numbered);
    else push(onLine, key(finding.target), numbered);
  });
  /** @type {(Row | Background)[]} */
  const blocks = [];
  for (const block of cut(points, placesOf(review))) {
    if ("background" in block) {
      blocks.push(block);
      continue;
    }
    const { row, place } = block;
    row.findings = row.targets.flatMap((target) => onLine.get(key(target)) ?? []).sort((a, b) => a.number - b.number);
    row.pieces = pieces(points, place, row.findings);
    blocks.push(row);
  }
  return sections(blocks, onOkr);
}

/**
 * @template K, V
 * @param {Map<K, V[]>} map
 * @param {K} at
 * @param {V} value
 */
function push(map, at, value) {
  const known = map.get(at);
  if (known) known.push(value);
  else map.set(at, [value]);
}

/**
 * @param {Review} review
 * @returns {Place[]}
 */
function placesOf(review) {
  /** @type {Place[]} */
  const places = [];
  review.objectives.forEach((okr, objective) => {
    if (okr.start !== null && okr.end !== null) {
      places.push({ start: okr.start, end: okr.end, target: { objective, key_result: null } });
    }
    okr.key_results.forEach((line, key_result) => {
      places.push({ start: line.start, end: line.end, target: { objective, key_result } });
    });
  });
  return places.sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * @param {string[]} points
 * @param {Place[]} places
 * @returns {({ row: Row, place: Place } | Background)[]}
 */
function cut(points, places) {
  /** @type {({ row: Row, place: Place } | Background)[]} */
  const blocks = [];
  /** @type {Row | null} */
  let last = null;
  let at = 0;
  for (const place of places) {
    if (place.start < at && last) {
      last.targets.push(place.target);
      continue;
    }
    const gap = points.slice(at, place.start).join("");
    const [after, between, before] = split(gap, last === null);
    if (last) last.after = after;
    if (between.trim()) blocks.push({ background: between });
    last = { targets: [place.target], before, after: "", pieces: [], findings: [] };
    at = place.end;
    blocks.push({ row: last, place });
  }
  let rest = points.slice(at).join("");
  if (last) {
    const end = rest.indexOf("\n");
    last.after = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? "" : rest.slice(end + 1);
  }
  if (rest.trim()) blocks.push({ background: trimRows(rest) });
  return blocks;
}

/**
 * What lies between two lines: the end of one row, whole rows, the beginning of the next row.
 *
 * @param {string} gap
 * @param {boolean} first
 * @returns {[string, string, string]}
 */
function split(gap, first) {
  const end = gap.lastIndexOf("\n");
  if (end < 0) return ["", "", gap];
  const rows = gap.slice(0, end);
  const before = gap.slice(end + 1);
  if (first) return ["", trimRows(rows), before];
  const begin = rows.indexOf("\n");
  if (begin < 0) return [rows, "", before];
  return [rows.slice(0, begin), trimRows(rows.slice(begin + 1)), before];
}

/** @param {string} rows */
function trimRows(rows) {
  let start = 0;
  let end = rows.length;
  while (start < end && rows[start] === "\n") start += 1;
  while (end > start && rows[end - 1] === "\n") end -= 1;
  return rows.slice(start, end);
}

/**
 * @param {string[]} points
 * @param {Place} line
 * @param {Numbered[]} findings
 * @returns {Piece[]}
 */
function pieces(points, line, findings) {
  const cuts = new Set([line.start, line.end]);
  for (const { finding } of findings) {
    for (const edge of [finding.start, finding.end]) cuts.add(Math.min(Math.max(edge, line.start), line.end));
  }
  const ordered = [...cuts].sort((a, b) => a - b);
  return ordered.slice(1).map((end, at) => {
    const start = ordered[at];
    const over = findings.filter(({ finding }) => finding.start < end && finding.end > start);
    const weight = (/** @type {Numbered} */ { finding }) => RANK[finding.severity];
    const length = (/** @type {Numbered} */ { finding }) => finding.end - finding.start;
    return {
      text: points.slice(start, end).join(""),
      findings: [...over].sort((a, b) => weight(a) - weight(b) || length(a) - length(b) || a.number - b.number),
      begins: over.filter(({ finding }) => Math.max(finding.start, line.start) === start),
      ends: over.filter(({ finding }) => Math.min(finding.end, line.end) === end),
    };
  });
}

/**
 * @param {(Row | Background)[]} blocks
 * @param {Map<number, Numbered[]>} onOkr
 * @returns {(Section | Background)[]}
 */
function sections(blocks, onOkr) {
  /** @type {(Section | Background)[]} */
  const found = [];
  /** @type {Section | null} */
  let current = null;
  /** @type {Set<number>} */
  const announced = new Set();
  /** @type {Background[]} */
  let waiting = [];
  for (const block of blocks) {
    if ("background" in block) {
      waiting.push(block);
      continue;
    }
    const okr = block.targets[0].objective;
    if (current && current.okr === okr) {
      current.blocks.push(...waiting);
    } else {
      found.push(...waiting);
      current = { okr, first: !announced.has(okr), blocks: [], whole: onOkr.get(okr) ?? [] };
      onOkr.delete(okr);
      announced.add(okr);
      found.push(current);
    }
    waiting = [];
    current.blocks.push(block);
  }
  if (current) current.whole = [...current.whole, ...[...onOkr.values()].flat()];
  return [...found, ...waiting];
}
