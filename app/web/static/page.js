/**
 * The page with JavaScript: the review arrives without leaving it. Without, the form does the same in one step.
 *
 * @typedef {import("./types.js").Review} Review
 */

import { NotReviewed, ask } from "./ask.js";
import { link } from "./linking.js";
import { hear, render } from "./render.js";
import { rewriting } from "./rewriting.js";

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @returns {T}
 */
const one = (selector) => /** @type {T} */ (document.querySelector(selector));

const stage = one(".stage");
const review = one("#review");
/** @type {HTMLFormElement} */
const form = one("#ask");
/** @type {HTMLTextAreaElement} */
const draft = one("#draft");
const problem = one("#problem");
const status = one("#status");
const go = one(".go");
const change = one('[data-slot="change"]');
const progress = one('[data-slot="progress"]');

/** @type {Review | null} */
let before = null;
/** @type {Review | null} */
let latest = null;
/** @type {AbortController | null} */
let running = null;
/** @type {import("./rewriting.js").Shown | null} */
let shown = null;

const rewrites = rewriting(review, {
  shown: () => shown,
  draft: () => draft.value.toWellFormed(),
  token: () => typed("token").trim(),
  put(text, landing) {
    draft.value = text;
    void submit(landing);
  },
  tell(message) {
    status.textContent = message;
  },
});

/** @param {string} name */
const typed = (name) => String(new FormData(form).get(name) ?? "");

function asked() {
  const llm = form.querySelector("#llm");
  return {
    text: draft.value.toWellFormed(),
    context: {
      team: typed("team").trim().toWellFormed() || null,
      cycle: typed("cycle").trim().toWellFormed() || null,
      strategy: typed("strategy")
        .toWellFormed()
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean),
    },
    profile: typed("profile"),
    critic: llm instanceof HTMLInputElement && !llm.checked ? "local" : "auto",
  };
}

/** @param {() => void} [landing] where the reader is taken, instead of to the top of the review */
async function submit(landing) {
  running?.abort();
  before = latest;
  const mine = new AbortController();
  running = mine;
  const body = asked();
  problem.hidden = true;
  progress.hidden = true;
  go.setAttribute("aria-busy", "true");
  status.textContent = "Reviewing …";
  let arrived = false;
  let finished = false;
  let heard = 0;
  try {
    for await (const { event, data } of ask(body, typed("token").trim(), mine.signal)) {
      if (event === "error") throw new NotReviewed(data.detail);
      if (event === "findings" || event === "done") {
        // Without a language model the second word is the first one again, and there is nothing to redraw.
        if (!arrived || heard || data.notes.length !== latest?.notes.length) show(body, data, arrived, landing);
        latest = data;
        arrived = true;
        finished = event === "done";
      } else if (event === "critic") {
        hear(review, data);
        heard += 1;
      }
      progress.hidden = !arrived || finished;
      progress.textContent = `The language model is reading too${heard ? `: ${heard} so far` : ""} …`;
    }
    if (!finished) throw new NotReviewed("The review broke off before it had begun. Try again.");
  } catch (error) {
    if (mine.signal.aborted) return;
    if (arrived) {
      progress.textContent = "The language model’s part broke off: this is the review without it.";
      return;
    }
    fail(error instanceof NotReviewed ? error.message : "The page couldn’t show the review. Reload it and try again.");
    if (!(error instanceof NotReviewed)) throw error;
  } finally {
    if (running === mine) go.removeAttribute("aria-busy");
  }
}

/**
 * @param {ReturnType<asked>} body
 * @param {Review} found
 * @param {boolean} again whether this replaces a review that is being read
 * @param {() => void} [landing]
 */
function show(body, found, again, landing) {
  if (!again) rewrites.close();
  const opened = new Set([...review.querySelectorAll(".card:has(details[open])")].map(topic));
  const focused = document.activeElement?.closest(".card");
  const read = focused && topic(focused);
  render(review, body.text, found);
  shown = { text: body.text, review: found, body };
  rewrites.redrawn();
  stage.dataset.state = "reviewed";
  review.hidden = false;
  one("#again").hidden = false;
  for (const part of [one(".invitation"), one(".returns")]) part.hidden = true;
  one("#compose").setAttribute("aria-labelledby", "again");
  status.textContent = `${one("#headline").textContent}. ${remarks(found.findings.length)}.`;
  compare(found);
  if (again) {
    const cards = /** @type {NodeListOf<HTMLElement>} */ (review.querySelectorAll(".card"));
    for (const card of cards) {
      if (opened.has(topic(card))) card.querySelector("details")?.setAttribute("open", "");
      if (topic(card) === read) card.focus({ preventScroll: true });
    }
    return;
  }
  if (landing) {
    landing();
    return;
  }
  one("#headline").focus({ preventScroll: true });
  review.scrollIntoView();
}

/**
 * What a card is about: its rule and line, which stay when another judge quotes other words.
 *
 * @param {Element} card
 */
function topic(card) {
  return `${card.querySelector("h3 a")?.getAttribute("href")} ${card.closest(".row")?.getAttribute("data-lines")}`;
}

/** @param {number} number */
const remarks = (number) => (number === 1 ? "1 remark" : `${number} remarks`);

/** @param {Review} found */
function compare(found) {
  const comparable = before && before.grade !== null && found.grade !== null;
  const gained = comparable ? Math.round((Number(found.grade) - Number(before?.grade)) * 10) / 10 : 0;
  change.hidden = !gained;
  if (!before || !gained) return;
  const way = gained > 0 ? "Up" : "Down";
  const from = remarks(before.findings.length);
  change.textContent = `${way} ${Math.abs(gained)} since your last try, from ${from} to ${found.findings.length}.`;
}

/** @param {string} reason */
function fail(reason) {
  fillProblem(reason);
  status.textContent = "";
  problem.hidden = false;
  problem.focus();
  problem.scrollIntoView({ block: "nearest" });
}

/** @param {string} reason */
function fillProblem(reason) {
  one('#problem [data-slot="problem"]').textContent = reason;
}

/** @returns {string} */
const markdown = () => /** @type {HTMLTextAreaElement} */ (one('[data-slot="markdown"]')).value;

/** @type {Record<string, (button: HTMLElement) => void>} */
const actions = {
  async copy(button) {
    await navigator.clipboard.writeText(markdown());
    const said = button.textContent;
    button.textContent = "Copied";
    status.textContent = "The review is on the clipboard as Markdown.";
    setTimeout(() => {
      button.textContent = said;
    }, 2000);
  },
  download() {
    const file = document.createElement("a");
    file.href = URL.createObjectURL(new Blob([markdown()], { type: "text/markdown" }));
    file.download = "okr-review.md";
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 1000);
  },
  print() {
    window.print();
  },
};

for (const button of /** @type {NodeListOf<HTMLElement>} */ (review.querySelectorAll("button[data-do]"))) {
  // Without a secure context there is no clipboard to write to: the text stands below to be copied by hand.
  button.hidden = button.dataset.do === "copy" && !navigator.clipboard;
  button.addEventListener("click", () => actions[button.dataset.do ?? ""](button));
}

form.addEventListener("submit", (event) => {
  // The server drew this review, so that it draws the rewrites as well.
  if (event.submitter?.getAttribute("name") === "rewrite") return;
  event.preventDefault();
  void submit();
});

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

one('[href="#compose"]').addEventListener("click", (event) => {
  event.preventDefault();
  one("#compose").scrollIntoView();
  draft.focus({ preventScroll: true });
});

link(review);
