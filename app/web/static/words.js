/** @typedef {import("./types.js").Words} Words */

const block = /** @type {HTMLElement} */ (document.getElementById("words"));

/** The rules' titles and reasons, and the words for codes: read from the page, so that they stand in one place. */
export const words = /** @type {Words} */ (JSON.parse(block.textContent ?? "{}"));
