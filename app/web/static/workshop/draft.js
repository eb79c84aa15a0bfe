/**
 * A draft that is never lost: typed text is kept in the browser until the server has said that it has it, and an edit
 * under way is sent again as it was until it is answered.
 */

import { Refused, call, facts, slot } from "./kit.js";

const WAIT = 600;
const AGAIN = 2000;
const key = `okrw:${facts.workshop}:${facts.team}`;
const path = `/teams/${facts.team}/draft`;

export class Draft {
  /** @param {HTMLTextAreaElement} box */
  constructor(box) {
    this.box = box;
    this.version = 0;
    this.text = "";
    /** @type {{ version: number, base: string, text: string } | null} */
    this.sending = null;
    this.busy = false;
    this.timer = 0;
    box.addEventListener("input", () => {
      this.keep();
      this.soon(WAIT);
    });
    addEventListener("online", () => this.soon(0));
  }

  /** How the draft stands on the server. @param {{ version: number, lines: { text: string }[] }} draft */
  stands(draft) {
    const text = draft.lines.map((line) => line.text).join("\n");
    if (draft.version < this.version || this.busy || this.sending) return;
    if (this.box.value === this.text) this.show(text);
    else return this.soon(0);
    this.version = draft.version;
    this.text = text;
  }

  /** Begin, with what an earlier visit left unsaved. @param {{ version: number, lines: { text: string }[] }} draft */
  begin(draft) {
    this.stands(draft);
    const left = JSON.parse(localStorage.getItem(key) ?? "null");
    if (left && left.text !== this.text) {
      this.version = left.version;
      this.text = left.base;
      this.box.value = left.text;
      this.soon(0);
    }
    this.box.disabled = false;
  }

  keep() {
    const said = { version: this.version, base: this.text, text: this.box.value };
    if (this.box.value === this.text && !this.sending) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(this.sending ? { ...this.sending, text: this.box.value } : said));
  }

  /** A new text for the whole draft, saved at once. @param {string} text */
  put(text) {
    this.show(text);
    this.keep();
    this.soon(0);
  }

  /** @param {number} wait */
  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), wait);
  }

  async save() {
    if (this.busy) return;
    const text = this.box.value.toWellFormed();
    if (!this.sending && text === this.text) return;
    this.sending ??= { version: this.version, base: this.text, text };
    this.busy = true;
    this.say("Saving …");
    const sent = this.sending;
    try {
      const draft = await call("PUT", path, sent);
      const now = draft.lines.map((/** @type {any} */ line) => line.text).join("\n");
      this.sending = null;
      this.version = draft.version;
      if (this.box.value === sent.text) {
        this.show(now);
        this.text = now;
      } else {
        // Typed on meanwhile: the next edit is one of what was sent, and the server merges it into what stands.
        this.text = sent.text;
      }
      this.say("Saved");
      this.keep();
      if (this.box.value !== this.text) this.soon(WAIT);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refused(error, sent);
    } finally {
      this.busy = false;
    }
  }

  /** @param {Refused} error @param {{ version: number, base: string, text: string }} sent */
  refused(error, sent) {
    if (error.status === 409 && error.problem?.code === "edit-clash") {
      this.sending = null;
      this.say("Two wordings: choose");
      this.choose(error.problem.errors, sent);
    } else if (error.status && error.status < 500 && error.status !== 429) {
      this.sending = null;
      this.say(`Not saved: ${error.message} Your text is kept in this browser.`);
    } else {
      this.say("Not connected: your text is kept in this browser and will be sent.");
      this.soon(AGAIN);
    }
  }

  /** @param {any[]} errors @param {{ base: string, text: string }} sent */
  choose(errors, sent) {
    const place = /** @type {HTMLElement} */ (slot("clash"));
    const clashes = errors.filter((one) => one.yours !== undefined);
    const standing = errors[errors.length - 1];
    const settle = (/** @type {boolean} */ mine) => () => {
      let base = sent.base;
      let text = this.box.value;
      for (const clash of clashes) {
        if (mine) base = base.replace(clash.base, () => clash.theirs);
        else text = text.replace(clash.yours, () => clash.base);
      }
      // With nothing of one's own left, the draft is simply what stands.
      this.text = text === base ? standing.text : base;
      this.version = standing.version;
      this.box.value = text === base ? standing.text : text;
      this.keep();
      place.hidden = true;
      this.soon(0);
    };
    const part = (/** @type {string} */ title, /** @type {string} */ text) => {
      const said = document.createElement("pre");
      said.textContent = text || "(taken out)";
      const head = document.createElement("h3");
      head.textContent = title;
      return [head, said];
    };
    const button = (/** @type {string} */ text, /** @type {boolean} */ mine) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = text;
      made.addEventListener("click", settle(mine));
      return made;
    };
    const title = document.createElement("h2");
    title.textContent = "Somebody changed the same lines";
    place.replaceChildren(
      title,
      ...clashes.flatMap((clash) => [...part("Yours", clash.yours), ...part("Theirs", clash.theirs)]),
      button("Keep mine", true),
      button("Take theirs", false),
    );
    place.hidden = false;
  }

  /** Show text with the caret where it was. @param {string} text */
  show(text) {
    const { box } = this;
    if (box.value === text) return;
    const before = box.value;
    let common = 0;
    while (common < before.length && before[common] === text[common]) common += 1;
    const move = (/** @type {number} */ at) => (at <= common ? at : Math.max(common, at + text.length - before.length));
    const caret = [move(box.selectionStart), move(box.selectionEnd)];
    box.value = text;
    if (document.activeElement === box) box.setSelectionRange(caret[0], caret[1]);
  }

  /** @param {string} text */
  say(text) {
    const place = slot("saved");
    if (place) place.textContent = text;
  }
}
