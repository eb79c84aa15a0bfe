/**
 * The draft with a rewrite in its place: the words of a line, or whole rows where lines come or go.
 *
 * Offsets of a review count code points, so the text is cut by code points. Where a row holds more than one line, lines
 * can't come or go without breaking another: then there is no revised draft, and the author edits by hand.
 *
 * @typedef {import("./types.js").Review} Review
 * @typedef {import("./types.js").Rewrite} Rewrite
 * @typedef {{ from: number | null, text: string }} NewRow `from` is the key result that the row was, null for a new one
 * @typedef {{ start: number, end: number, text: string }} Edit
 */

/**
 * @param {string} text the draft that was reviewed
 * @param {Review} review
 * @param {Pick<Rewrite, "target" | "kind">} rewrite
 * @param {string} wording its text, blanks filled as far as they are known
 * @returns {string | null}
 */
export function revised(text, review, { target, kind }, wording) {
  const points = Array.from(text);
  const okr = review.objectives[target.objective];
  const lines = wording.split("\n");
  const old = okr.key_results;
  const at = target.key_result;
  const all = old.map((line, from) => ({ from, text: line.text }));
  if (kind === "okr") {
    if (okr.start === null) return rows(points, review, target.objective, null, aligned(old, lines));
    return rows(points, review, target.objective, lines[0], aligned(old, lines.slice(1)));
  }
  if (kind === "move") {
    return at === null ? null : rows(points, review, target.objective, null, all.filter(({ from }) => from !== at));
  }
  if (at === null) {
    const added = lines.slice(1).map((line) => ({ from: null, text: line }));
    return rows(points, review, target.objective, lines[0], [...all, ...added]);
  }
  const put = lines.map((line, nth) => ({ from: nth ? null : at, text: line }));
  return rows(points, review, target.objective, null, [...all.slice(0, at), ...put, ...all.slice(at + 1)]);
}

/**
 * Which of the old key results each new line was: those that stayed as they were, and what lies between them in order.
 *
 * @param {{ text: string }[]} old
 * @param {string[]} lines
 * @returns {NewRow[]}
 */
function aligned(old, lines) {
  if (old.length === lines.length) return lines.map((text, from) => ({ from, text }));
  /** @type {NewRow[]} */
  const found = [];
  let next = 0;
  /** @type {string[]} */
  let waiting = [];
  const settle = (/** @type {number} */ until) => {
    for (const text of waiting) {
      found.push({ from: next < until ? next : null, text });
      if (next < until) next += 1;
    }
    waiting = [];
  };
  for (const text of lines) {
    const same = old.findIndex((line, index) => index >= next && line.text === text);
    if (same < 0) {
      waiting.push(text);
      continue;
    }
    settle(same);
    found.push({ from: same, text });
    next = same + 1;
  }
  settle(old.length);
  return found;
}

/**
 * @param {string[]} points
 * @param {Review} review
 * @param {number} objective
 * @param {string | null} head the new wording of the objective, if it has one
 * @param {NewRow[]} wanted
 * @returns {string | null}
 */
function rows(points, review, objective, head, wanted) {
  const okr = review.objectives[objective];
  const old = okr.key_results;
  /** @type {Edit[]} */
  const edits = [];
  if (head !== null) {
    if (okr.start === null || okr.end === null) return null;
    edits.push({ start: okr.start, end: okr.end, text: head });
  }
  const kept = new Set(wanted.map(({ from }) => from));
  const gone = old.filter((_, index) => !kept.has(index));
  const fresh = wanted.some(({ from }) => from === null);
  if ((gone.length || fresh) && !alone(points, review, objective)) return null;
  for (const line of gone) edits.push(removal(points, line));
  const number = numbering(points, old);
  const model = old[0] ? shape(points, old[0]) : { before: "- ", after: "" };
  let end = okr.end === null ? 0 : rowOf(points, okr.end).end;
  let added = "";
  wanted.forEach(({ from, text }, index) => {
    if (from === null) {
      added += `\n${number ? relabelled(model.before, number + index) : model.before}${text}${model.after}`;
      return;
    }
    if (added) edits.push({ start: end, end, text: added });
    added = "";
    const line = old[from];
    edits.push({ start: line.start, end: line.end, text });
    end = rowOf(points, line.start, line.end).end;
    if (number === null || from === index) return;
    const { begin } = rowOf(points, line.start);
    const label = points.slice(begin, line.start).join("");
    edits.push({ start: begin, end: line.start, text: relabelled(label, number + index) });
  });
  if (added) edits.push({ start: end, end, text: added });
  edits.sort((a, b) => b.start - a.start || b.end - a.end);
  for (const edit of edits) points.splice(edit.start, edit.end - edit.start, ...Array.from(edit.text));
  return points.join("");
}

/**
 * @param {string[]} points
 * @param {number} start
 * @param {number} [end]
 */
function rowOf(points, start, end = start) {
  const before = start > 0 ? points.lastIndexOf("\n", start - 1) : -1;
  const after = points.indexOf("\n", end);
  return { begin: before + 1, end: after < 0 ? points.length : after };
}

/**
 * Whether no other line stands on the rows of an OKR's key results. In a table the objective may.
 *
 * @param {string[]} points
 * @param {Review} review
 * @param {number} objective
 */
function alone(points, review, objective) {
  const spans = review.objectives.flatMap((okr, index) => [
    ...(okr.start === null || okr.end === null ? [] : [{ start: okr.start, end: okr.end, head: index === objective }]),
    ...okr.key_results.map(({ start, end }) => ({ start, end, head: false })),
  ]);
  return review.objectives[objective].key_results.every((line) => {
    const row = rowOf(points, line.start, line.end);
    const table = points.slice(row.begin, row.end).includes("|");
    return spans.every(
      ({ start, end, head }) => start === line.start || end <= row.begin || start >= row.end || (head && table),
    );
  });
}

/**
 * @param {string[]} points
 * @param {{ start: number, end: number }} line
 * @returns {Edit}
 */
function removal(points, line) {
  const { begin, end } = rowOf(points, line.start, line.end);
  return end < points.length ? { start: begin, end: end + 1, text: "" } : { start: Math.max(0, begin - 1), end, text: "" };
}

/**
 * What stands around the words of a row that is to be repeated; what follows only in a table, where it is cells.
 *
 * @param {string[]} points
 * @param {{ start: number, end: number }} line
 */
function shape(points, line) {
  const { begin, end } = rowOf(points, line.start, line.end);
  const after = points.slice(line.end, end).join("");
  return { before: points.slice(begin, line.start).join(""), after: after.trim().startsWith("|") ? after : "" };
}

/**
 * The number of the first key result, where the draft numbers them one by one.
 *
 * @param {string[]} points
 * @param {{ start: number }[]} old
 * @returns {number | null}
 */
function numbering(points, old) {
  const numbers = old.map((line) => {
    const label = points.slice(rowOf(points, line.start).begin, line.start).join("");
    return Number(/(\d{1,4})\D*$/u.exec(label)?.[1] ?? NaN);
  });
  return numbers.length > 1 && numbers.every((number, index) => number === numbers[0] + index) ? numbers[0] : null;
}

/**
 * @param {string} label
 * @param {number} number
 */
const relabelled = (label, number) => label.replace(/\d{1,4}(?=\D*$)/u, String(number));
