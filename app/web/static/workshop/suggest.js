/** Rewrites at the table: the page's own desk, asked of the table, and taken into the draft as any edit is. */

import { NotReviewed } from "../ask.js";
import { rewriting } from "../rewriting.js";
import { Refused, call, slot } from "./kit.js";

/**
 * @param {HTMLElement} place what holds the lines
 * @param {import("./draft.js").Draft} draft
 * @param {string} at the path of the table
 */
export function suggesting(place, draft, at) {
  let shown = /** @type {any} */ (null);
  let landing = /** @type {(() => void) | null} */ (null);
  const rewrites = rewriting(place, {
    shown: () => shown,
    draft: () => draft.box.value.toWellFormed(),
    token: () => "",
    put(text, then) {
      landing = then;
      draft.put(text);
    },
    tell(message) {
      const told = slot("told");
      if (told) told.textContent = message;
    },
    async ask({ targets, answers }, signal) {
      try {
        return await call("POST", `${at}/rewrites`, { version: shown.body.version, targets, answers }, signal);
      } catch (error) {
        throw error instanceof Refused ? new NotReviewed(error.message) : error;
      }
    },
  });

  /** After the lines were drawn. @param {any} table */
  return function drawn(table) {
    const { report, draft: stands, frozen } = table;
    if (frozen) rewrites.close();
    if (frozen || !report.objectives) shown = null;
    else if (report.version === stands.version) {
      const text = stands.lines.map((/** @type {any} */ line) => line.text).join("\n");
      shown = { text, review: report, body: { version: report.version } };
    }
    rewrites.redrawn();
    if (!landing || shown?.text !== draft.box.value) return;
    landing();
    landing = null;
  };
}
