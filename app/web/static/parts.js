/** The parts of the page: markup from its own <template>s, filled with text. */

/**
 * @param {string} text
 * @returns {string} with a replacement for what HTML can't hold or would change
 */
export const shown = (text) => text.replace(/[\x00-\x08\x0b-\x1f\x7f]/gu, "\ufffd");

/**
 * A part of the page by name, its slots filled with text or with nodes.
 *
 * @param {string} name
 * @param {Record<string, string | (Node | string)[]>} [slots]
 * @returns {HTMLElement}
 */
export function make(name, slots = {}) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(`part-${name}`));
  const part = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  fill(part, slots);
  return part;
}

/**
 * @param {HTMLElement} part
 * @param {Record<string, string | (Node | string)[]>} slots
 */
export function fill(part, slots) {
  for (const [slot, value] of Object.entries(slots)) {
    const holder = part.dataset.slot === slot ? part : part.querySelector(`[data-slot="${slot}"]`);
    if (!holder) continue;
    if (typeof value === "string") holder.textContent = value;
    else holder.replaceChildren(...value);
  }
}

/**
 * @param {Element} part
 * @param {string} selector
 * @returns {HTMLElement}
 */
export const within = (part, selector) => /** @type {HTMLElement} */ (part.querySelector(selector));
