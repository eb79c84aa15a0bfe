/**
 * Rewriting on the page: a button asks for better wordings of a line, the desk shows them beside it, and one of them
 * goes into the draft, which is then reviewed again. Without scripts the buttons send the form.
 *
 * @typedef {import("./types.js").Review} Review
 * @typedef {import("./types.js").Rewrite} Rewrite
 * @typedef {import("./types.js").Rewrites} Rewrites
 * @typedef {import("./types.js").Target} Target
 * @typedef {{ text: string, review: Review, body: object }} Shown the review that is on the page, of what, asked how
 * @typedef {object} Page
 * @property {() => Shown | null} shown
 * @property {() => string} draft what is in the text box
 * @property {() => string} token
 * @property {(text: string, landing: () => void) => void} put a new draft into the box, reviewed; then `landing`
 * @property {(message: string) => void} tell
 * @property {(body: any, signal: AbortSignal) => Promise<Rewrites>} [ask] where rewrites come from, if not from the API
 */

import { NotReviewed, askRewrites } from "./ask.js";
import { filled, option, refused } from "./desk.js";
import { fill, make, within } from "./parts.js";
import { revised } from "./revise.js";
import { label, line } from "./view.js";
import { words } from "./words.js";

const NONE = "No wording passed every check. The question on the card is the way on: answer it in the line itself.";
const NO_WHOLE = "No version of the whole passed every check. Try its lines one by one.";
const BLANKS = " A blank left empty stays in the draft, in brackets.";
const LOOKING = "Looking for a better wording …";
const CHANGED = "The draft was edited after this review. Review it again, then take up the suggestion.";
const CROWDED = "This row of the draft holds more than one line. Change it by hand in the text box.";

/**
 * @param {HTMLElement} review
 * @param {Page} page
 */
export function rewriting(review, page) {
  /** @type {{ name: string, target: Target, whole: boolean, element: HTMLElement, found: Rewrites | null,
   *   running: AbortController } | null} */
  let desk = null;
  /** @type {Map<string, string>} the answers given, by the line's name and words */
  const answers = new Map();
  /** @type {{ before: string, after: string, name: string, target: Target, said: string }[]} */
  const done = [];

  /** @param {HTMLButtonElement} button */
  function open(button) {
    const shown = page.shown();
    if (!shown) return;
    const again = desk?.name === button.value;
    close();
    if (again) {
      button.focus();
      return;
    }
    const [objective, at] = button.value.split("/");
    const whole = at === "*";
    const target = { objective: Number(objective), key_result: whole || at === "" ? null : Number(at) };
    const element = make("desk", { title: title(shown.review, target, whole), said: LOOKING });
    element.dataset.target = button.value;
    desk = { name: button.value, target, whole, element, found: null, running: new AbortController() };
    place(element, button.value);
    button.setAttribute("aria-expanded", "true");
    void look(true);
  }

  /**
   * @param {HTMLElement} element
   * @param {string} name
   */
  function place(element, name) {
    const row = review.querySelector(`[data-lines~="${CSS.escape(name)}"]`);
    if (row) (row.querySelector('[data-part="desk"]') ?? row).append(element);
    else head(Number(name.split("/")[0]))?.after(element);
  }

  /** @param {number} objective */
  const head = (objective) => review.querySelector(`.suggest[value="${objective}/*"]`)?.closest(".okr-head");

  /**
   * @param {string} name
   * @returns {any[]}
   */
  const openers = (name) => [...review.querySelectorAll(`.suggest[value="${CSS.escape(name)}"]`)];

  function close() {
    if (!desk) return;
    desk.running.abort();
    desk.element.remove();
    for (const button of openers(desk.name)) button.removeAttribute("aria-expanded");
    desk = null;
  }

  /**
   * What the author answered about the lines that still read as they did.
   *
   * @param {Review} found
   * @param {number} objective
   */
  function answered(found, objective) {
    const okr = found.objectives[objective];
    return [null, ...okr.key_results.keys()].flatMap((key_result) => {
      const target = { objective, key_result };
      const text = answers.get(topic(found, target));
      return text ? [{ target, text }] : [];
    });
  }

  /** @param {boolean} first whether the coach may ask before the suggestions are shown */
  async function look(first) {
    const shown = page.shown();
    const mine = desk;
    if (!shown || !mine) return;
    mine.running.abort();
    const running = new AbortController();
    mine.running = running;
    const { target, whole, element } = mine;
    element.setAttribute("aria-busy", "true");
    fill(element, { said: LOOKING, options: [] });
    const flagged = shown.review.findings.filter((finding) => finding.target.objective === target.objective);
    const names = whole ? new Map(flagged.map((finding) => [line(finding.target), finding.target])) : new Map();
    names.set(line(target), target);
    const body = {
      ...shown.body,
      targets: [...names.values()],
      answers: answered(shown.review, target.objective),
      writer: "critic" in shown.body && shown.body.critic === "local" ? "embedded" : "auto",
    };
    try {
      mine.found = await (page.ask?.(body, running.signal) ?? askRewrites(body, page.token(), running.signal));
    } catch (error) {
      if (running.signal.aborted) return;
      const known = error instanceof NotReviewed;
      fill(element, { said: known ? error.message : "The page couldn’t show the suggestions. Reload it and try again." });
      if (!known) throw error;
      return;
    } finally {
      if (mine.running === running) element.removeAttribute("aria-busy");
    }
    const question = whole ? undefined : mine.found.questions.find((one) => line(one.target) === line(target));
    const given = answers.get(topic(shown.review, target)) ?? "";
    within(element, '[data-part="ask"]').hidden = !question;
    if (question && first) {
      fill(element, { question: question.text, said: "" });
      const box = /** @type {HTMLTextAreaElement} */ (within(element, "textarea"));
      box.value = given;
      if (!given) {
        box.focus({ preventScroll: true });
        element.scrollIntoView({ block: "nearest" });
        return;
      }
    }
    tell();
  }

  /** Show the suggestions that there are. */
  function tell() {
    if (!desk?.found) return;
    const { element, whole, target, found } = desk;
    const shown = options();
    const count = shown.length === 1 ? "One suggestion." : `${shown.length} suggestions, the best first.`;
    const dropped = found.dropped.filter((one) => one.text && (whole || line(one.target) === line(target)));
    fill(element, {
      options: shown.map(option),
      refused: refused(dropped),
      said: shown.length ? count + (shown.some((one) => one.blanks.length) ? BLANKS : "") : whole ? NO_WHOLE : NONE,
    });
    within(element, '[data-part="refused"]').hidden = !dropped.length;
    within(element, '[data-act="skip"]').hidden = true;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  /** @returns {Rewrite[]} */
  function options() {
    if (!desk?.found) return [];
    const { target, whole, found } = desk;
    return found.rewrites.filter((one) => line(one.target) === line(target) && (one.kind === "okr" || !whole));
  }

  /** @type {Record<string, (button: HTMLElement) => void>} */
  const acts = {
    close() {
      const button = desk && openers(desk.name)[0];
      close();
      button?.focus();
    },
    skip: tell,
    answer() {
      const shown = page.shown();
      if (!desk || !shown) return;
      const said = /** @type {HTMLTextAreaElement} */ (within(desk.element, "textarea")).value.toWellFormed().trim();
      const about = topic(shown.review, desk.target);
      if (said) answers.set(about, said);
      else answers.delete(about);
      void look(false);
    },
    use(button) {
      const shown = page.shown();
      const place = button.closest(".option");
      if (!desk || !shown || !place) return;
      const rewrite = options()[[...(place.parentElement?.children ?? [])].indexOf(place)];
      const text = page.draft() === shown.text ? revised(shown.text, shown.review, rewrite, filled(rewrite, place)) : null;
      if (text === null) {
        fill(desk.element, { said: page.draft() === shown.text ? CROWDED : CHANGED });
        return;
      }
      const blanks = rewrite.blanks.filter((blank) => filled(rewrite, place).includes(`[${blank}]`)).length;
      const name = rewrite.kind === "move" ? `${desk.target.objective}/*` : desk.name;
      const { target } = desk;
      done.push({ before: shown.text, after: text, name, target, said: used(rewrite, blanks) });
      close();
      page.put(text, () => /** @type {HTMLElement | null} */ (review.querySelector(".used"))?.focus());
    },
    async take(button) {
      const place = button.closest(".option");
      if (!place) return;
      const rewrite = options()[[...(place.parentElement?.children ?? [])].indexOf(place)];
      await navigator.clipboard.writeText(filled(rewrite, place));
      page.tell("The wording is on the clipboard.");
      noted(button, "Copied");
    },
    undo() {
      const last = done.at(-1);
      if (!last || page.draft() !== last.after) {
        page.tell(CHANGED);
        return;
      }
      done.pop();
      close();
      page.put(last.before, () => {
        page.tell("Undone: the draft reads as before.");
        (openers(last.name)[0] ?? review.querySelector("#headline")).focus();
      });
    },
    async "copy-okr"(button) {
      const shown = page.shown();
      const last = done.at(-1);
      if (!shown || !last) return;
      await navigator.clipboard.writeText(whole(shown, last.target.objective));
      page.tell("The improved OKR is on the clipboard.");
      noted(button, "Copied");
    },
  };

  review.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button || !page.shown()) return;
    const act = button.dataset.act;
    if (button.matches(".suggest")) open(button);
    else if (!act) return;
    else acts[act]?.(button);
    event.preventDefault();
  });
  review.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.matches(".blank")) return;
    field.size = Math.max(field.value.length, (field.dataset.blank ?? "").length);
    for (const other of field.closest(".option")?.querySelectorAll("input.blank") ?? []) {
      if (other instanceof HTMLInputElement && same(other, field)) other.value = field.value;
    }
  });
  review.addEventListener("keydown", (event) => {
    if (!desk || !(event.target instanceof Element) || !desk.element.contains(event.target)) return;
    if (event.key === "Escape") acts.close(desk.element);
    else if (event.key !== "Enter") return;
    else if (event.target.matches("input.blank")) use(event.target);
    else if (event.target.matches("textarea") && (event.ctrlKey || event.metaKey)) acts.answer(desk.element);
    else return;
    event.preventDefault();
  });

  /** @param {Element} field */
  const use = (field) => /** @type {HTMLElement} */ (field.closest(".option")?.querySelector('[data-act="use"]')).click();

  /** After a review was drawn: the note on what was rewritten last, and the desk where it stood. */
  function redrawn() {
    const shown = page.shown();
    const last = done.at(-1);
    if (desk && !desk.element.isConnected) place(desk.element, desk.name);
    if (desk) for (const button of openers(desk.name)) button.setAttribute("aria-expanded", "true");
    if (!shown || !last || last.after !== shown.text) return;
    const row = review.querySelector(`[data-lines~="${CSS.escape(last.name)}"] .draft`);
    const note = make("used", { used: last.said });
    within(note, '[data-act="copy-okr"]').hidden = !navigator.clipboard;
    if (row) row.append(note);
    else head(last.target.objective)?.after(note);
  }

  return { redrawn, close };
}

/**
 * @param {HTMLInputElement} one
 * @param {HTMLInputElement} other
 */
const same = (one, other) => one.dataset.blank === other.dataset.blank && one.dataset.row === other.dataset.row;

/**
 * @param {Review} review
 * @param {Target} target
 * @param {boolean} whole
 */
function title(review, target, whole) {
  const many = review.objectives.length > 1;
  const okr = `OKR ${target.objective + 1}`;
  if (whole) return `Rewriting ${many ? okr : "the whole OKR"}`;
  const name = target.key_result === null ? "the objective" : label(target.key_result);
  return `Rewriting ${name}${many ? ` of ${okr}` : ""}`;
}

/**
 * What was done, in a sentence.
 *
 * @param {Rewrite} rewrite
 * @param {number} blanks how many are left
 */
function used({ kind, goes_to }, blanks) {
  if (kind === "move") return `Taken out: it ${words.places[goes_to] ?? "belongs elsewhere"}.`;
  if (!blanks) return "Rewritten.";
  return `Rewritten, with ${blanks === 1 ? "a blank" : `${blanks} blanks`} to fill in the draft.`;
}

/**
 * A line by its name and words, so that what was said about it is forgotten when it reads otherwise.
 *
 * @param {Review} review
 * @param {Target} target
 */
function topic(review, target) {
  const okr = review.objectives[target.objective];
  return `${line(target)} ${target.key_result === null ? okr.text : okr.key_results[target.key_result].text}`;
}

/**
 * The rows of one OKR as they stand in the draft.
 *
 * @param {Shown} shown
 * @param {number} objective
 */
function whole({ text, review }, objective) {
  const points = Array.from(text);
  const okr = review.objectives[objective];
  if (!okr) return text;
  const lines = [...(okr.start === null || okr.end === null ? [] : [{ start: okr.start, end: okr.end }]), ...okr.key_results];
  const start = Math.min(...lines.map((one) => one.start));
  const end = points.indexOf("\n", Math.max(...lines.map((one) => one.end)));
  const begin = start > 0 ? points.lastIndexOf("\n", start - 1) + 1 : 0;
  return `${points.slice(begin, end < 0 ? points.length : end).join("")}\n`;
}

/**
 * @param {HTMLElement} button
 * @param {string} words what it says for a moment
 */
function noted(button, words) {
  const said = button.textContent;
  button.textContent = words;
  setTimeout(() => {
    button.textContent = said;
  }, 2000);
}
