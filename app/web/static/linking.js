/** Words and their cards light up together, by pointer and by keyboard; a click goes from one to the other. */

/** @param {HTMLElement} review */
export function link(review) {
  for (const type of ["pointerover", "focusin"]) {
    review.addEventListener(type, (event) => light(review, idsAt(event.target)));
  }
  for (const type of ["pointerleave", "focusout"]) review.addEventListener(type, () => light(review, []));
  review.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const anchor = event.target.closest("a.flag, a.number, .fixes a");
    const goal = anchor && goalOf(review, anchor);
    if (!goal) return;
    event.preventDefault();
    goal.focus({ preventScroll: true });
    goal.scrollIntoView({ block: "nearest" });
    light(review, idsAt(goal));
  });
}

/**
 * @param {HTMLElement} review
 * @param {Element} anchor
 * @returns {HTMLElement | null}
 */
function goalOf(review, anchor) {
  if (anchor.matches(".number")) {
    const id = anchor.closest(".card")?.getAttribute("data-finding") ?? "";
    return review.querySelector(`.flag[data-findings~="${CSS.escape(id)}"]`) ?? anchor.closest(".okr");
  }
  return document.getElementById((anchor.getAttribute("href") ?? "#").slice(1));
}

/**
 * @param {EventTarget | null} target
 * @returns {string[]}
 */
function idsAt(target) {
  if (!(target instanceof Element)) return [];
  const flag = target.closest("a.flag");
  if (flag instanceof HTMLElement) return (flag.dataset.findings ?? "").split(" ");
  const card = target.closest(".card");
  return card instanceof HTMLElement && card.dataset.finding ? [card.dataset.finding] : [];
}

/**
 * @param {HTMLElement} review
 * @param {string[]} ids
 */
function light(review, ids) {
  for (const lit of review.querySelectorAll(".linked")) lit.classList.remove("linked");
  for (const id of ids) {
    const escaped = CSS.escape(id);
    for (const part of review.querySelectorAll(`.card[data-finding="${escaped}"], .flag[data-findings~="${escaped}"]`)) {
      part.classList.add("linked");
    }
  }
}
