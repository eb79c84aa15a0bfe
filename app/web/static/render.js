/**
 * Puts a review into the page. Markup comes from the page's own <template>s; a draft's text is only ever set as text.
 *
 * @typedef {import("./types.js").Review} Review
 * @typedef {import("./annotate.js").Row} Row
 * @typedef {import("./annotate.js").Section} Section
 * @typedef {import("./annotate.js").Background} Background
 * @typedef {import("./annotate.js").Numbered} Numbered
 * @typedef {import("./annotate.js").Piece} Piece
 */

import { annotate } from "./annotate.js";
import { asMarkdown } from "./markdown.js";
import { fill, make, shown, within } from "./parts.js";
import * as say from "./view.js";
import { words } from "./words.js";

const FOLDED_FROM = 8;

/**
 * Show `review` of `text` in `place`, the page's review section.
 *
 * @param {HTMLElement} place
 * @param {string} text
 * @param {Review} review
 */
export function render(place, text, review) {
  const [headline, advice] = say.headline(review);
  const fixes = say.fixes(review);
  fill(place, {
    grade: review.grade === null ? "" : String(review.grade),
    headline,
    advice,
    counts: say
      .counts(review)
      .filter(([, number]) => number)
      .map(([severity, number]) => {
        const count = make("count", { number: String(number), word: words.severities[severity].toLowerCase() });
        count.dataset.severity = severity;
        return count;
      }),
    fixes: fixes.map(({ place: where, what, points, href }) => {
      const fix = make("fix", { place: where, what, points });
      within(fix, "a").setAttribute("href", href);
      within(fix, ".points").hidden = !points;
      return fix;
    }),
    sections: annotate(text, review).map((part) => ("background" in part ? background(part) : section(part, review))),
    notes: review.notes.map((note) => make("note", { text: shown(note.message) })),
    engine: say.judgedAll(review),
  });
  /** @type {HTMLTextAreaElement} */ (within(place, '[data-slot="markdown"]')).value = shown(asMarkdown(review));
  within(place, '[data-slot="graded"]').hidden = review.grade === null;
  within(place, '[data-slot="fixes-part"]').hidden = !fixes.length;
  within(place, '[data-slot="notes-part"]').hidden = !review.notes.length;
}

/**
 * Show, beside its line, what the language model has just said; the finished review replaces it.
 *
 * @param {HTMLElement} place
 * @param {import("./types.js").Heard} heard
 */
export function hear(place, heard) {
  const told = place.querySelector(`.row[data-lines~="${say.line(heard.target)}"] .told`);
  told?.append(make("heard", { said: words.opinions[heard.kind] ?? heard.kind }));
}

/**
 * @param {Section} part
 * @param {Review} review
 */
function section(part, review) {
  const { grade } = review.objectives[part.okr];
  const score = part.first && grade !== null ? String(grade) : "";
  const made = make("section", {
    title: shown(say.sectionTitle(review, part.okr)),
    score,
    total: score,
    steps: part.first ? say.steps(review, part.okr).map((step) => make("step", { ...step })) : [],
    blocks: part.blocks.map((block) => {
      if ("targets" in block) return row(block, review);
      const between = document.createElement("li");
      between.className = "between";
      between.append(background(block));
      return between;
    }),
  });
  within(made, ".sum").hidden = score === "";
  const suggest = /** @type {HTMLButtonElement} */ (within(made, ".suggest"));
  suggest.value = `${part.okr}/*`;
  suggest.hidden = !part.first || !say.worthWhole(review, part.okr);
  within(made, ".whole").replaceChildren(...part.whole.map((numbered) => card(numbered, review)));
  return made;
}

/** @param {Background} part */
function background({ background: text }) {
  const rows = text.split("\n").length;
  const made = make("background", { text: shown(text), rows: String(rows) });
  const folded = rows > FOLDED_FROM;
  made.toggleAttribute("open", !folded);
  within(made, "summary").hidden = !folded;
  return made;
}

/**
 * @param {Row} part
 * @param {Review} review
 */
function row(part, review) {
  const verdicts = part.targets.flatMap(({ objective, key_result }) => {
    const okr = review.objectives[objective];
    return (key_result === null ? okr.verdict : okr.key_results[key_result].verdict) ?? [];
  });
  const chips = new Map(verdicts.map((verdict) => say.chip(verdict, part)));
  const made = make("row", {
    before: shown(part.before),
    after: shown(part.after),
    pieces: part.pieces.map(piece),
    label: say.label(part.targets[0].key_result),
    verdicts: [...chips].map(([name, text]) => {
      const chip = make("verdict", { words: text });
      chip.dataset.verdict = name;
      return chip;
    }),
    cards: part.findings.map((numbered) => card(numbered, review)),
  });
  made.dataset.lines = part.targets.map(say.line).join(" ");
  if (/[\p{L}\p{N}]/u.test(part.before)) within(made, ".label").className = "vh";
  return made;
}

/** @param {Piece} part */
function piece(part) {
  if (!part.findings.length) return shown(part.text);
  const { finding } = part.findings[0];
  const flag = make("flag", {
    text: shown(part.text),
    word: words.severities[finding.severity],
    ends: part.ends.map(({ number }) => number).join(", "),
  });
  flag.dataset.severity = finding.severity;
  flag.dataset.findings = part.findings.map((numbered) => numbered.finding.id).join(" ");
  flag.setAttribute("href", `#f-${finding.id}`);
  if (!part.begins.some((numbered) => numbered.finding.id === finding.id)) flag.tabIndex = -1;
  within(flag, "sup").hidden = !part.ends.length;
  flag.prepend(
    ...part.begins.map((numbered) => {
      const at = document.createElement("span");
      at.className = "at";
      at.id = `m-${numbered.finding.id}`;
      return at;
    }),
  );
  return flag;
}

/**
 * @param {Numbered} numbered
 * @param {Review} review
 */
function card({ number, finding }, review) {
  const facts = words.rules[finding.rule];
  const otherwise = say.judgedOtherwise(finding);
  const made = make("card", {
    number: String(number),
    word: words.severities[finding.severity],
    place: say.place(review, finding.target.objective, finding.target.key_result, [finding.rule]),
    title: facts?.title ?? finding.rule,
    quote: shown(finding.quote),
    message: shown(finding.message),
    question: finding.question,
    why: facts?.why ?? "",
    judged: say.judgedBy(finding),
    otherwise: otherwise.map((text) => make("note", { text: shown(text) })),
    agree: facts?.agree.join(", ") ?? "",
    stances: (facts?.stances ?? []).map((stance) => make("stance", { ...stance })),
  });
  made.id = `f-${finding.id}`;
  made.dataset.finding = finding.id;
  made.dataset.severity = finding.severity;
  made.setAttribute("aria-labelledby", `t-${finding.id}`);
  within(made, "h3").id = `t-${finding.id}`;
  within(made, "h3 a").setAttribute("href", finding.help_url);
  within(made, ".number").setAttribute("href", `#m-${finding.id}`);
  within(made, ".number").setAttribute("aria-describedby", `t-${finding.id}`);
  const suggest = /** @type {HTMLButtonElement} */ (within(made, ".suggest"));
  suggest.value = say.line(finding.target);
  within(made, '[data-part="otherwise"]').hidden = !otherwise.length;
  within(made, '[data-part="stances"]').hidden = !facts?.stances.length;
  return made;
}
