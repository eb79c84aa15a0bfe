/** What both live pages share: elements, calls, the clock, and the stream of what happens. */

export const facts = JSON.parse(document.getElementById("facts")?.textContent ?? "{}");
export const base = `/v1/workshops/${facts.workshop}`;

/** @param {string} name */
export const slot = (name) => /** @type {HTMLElement | null} */ (document.querySelector(`[data-slot="${name}"]`));

/**
 * An element: text goes in as text, whatever it says.
 *
 * @param {string} tag
 * @param {Record<string, any>} [props] attributes; `on` holds listeners
 * @param {...(Node | string | null | undefined | false)} children
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    } else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let pressed = false;
addEventListener("pointerdown", () => (pressed = true), true);
for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, () => setTimeout(() => (pressed = false)), true);

/** @type {WeakMap<Element, () => void>} */
const waiting = new WeakMap();

/**
 * Draw a part of the page again without taking anything out of somebody's hands: not while they type in it or press a
 * button, and then with the focus, what is half typed and what is unfolded where it was. Parts are known by `data-key`.
 *
 * @param {HTMLElement | null} part
 * @param {() => void} draw
 */
export function redraw(part, draw) {
  if (!part) return;
  const idle = !waiting.has(part);
  waiting.set(part, draw);
  if (idle) settle(part);
}

/** @param {HTMLElement} part */
function settle(part) {
  const active = /** @type {HTMLInputElement | null} */ (document.activeElement);
  const inside = active !== null && part.contains(active);
  const typing = inside && active.matches("input, textarea") && active.value !== active.defaultValue;
  if (pressed || typing) {
    setTimeout(() => settle(part), 200);
    return;
  }
  const draw = /** @type {() => void} */ (waiting.get(part));
  waiting.delete(part);
  const keyed = (/** @type {string} */ selector) => /** @type {any[]} */ ([...part.querySelectorAll(selector)]);
  const focus = inside ? sameAgain(active) : "";
  const open = new Map(keyed("details[data-key]").map((one) => [one.dataset.key, one.open]));
  const typed = new Map(keyed("input[data-key]").map((one) => [one.dataset.key, one.value === one.defaultValue ? null : one.value]));
  draw();
  for (const one of keyed("details[data-key]")) one.open = open.get(one.dataset.key) ?? one.open;
  for (const one of keyed("input[data-key]")) one.value = typed.get(one.dataset.key) ?? one.value;
  if (!inside || document.activeElement === active) return;
  const again = active.isConnected ? active : focus && keyed(focus)[0];
  if (again) again.focus({ preventScroll: true });
}

/** How to find a part once it is drawn again: by its key, or within the note on the last rewrite. @param {HTMLElement} part */
function sameAgain(part) {
  const { key, act } = part.dataset;
  if (key) return `[data-key="${CSS.escape(key)}"]`;
  return part.closest(".used") ? `.used${act ? ` [data-act="${act}"]` : ""}` : "";
}

/** A button. @param {string} key @param {string} text @param {() => unknown} act @param {Record<string, any>} [props] */
export const button = (key, text, act, props = {}) => h("button", { type: "button", "data-key": key, ...props, on: { click: act } }, text);

/** Why a call failed, in a sentence, with the problem details where the server sent any. */
export class Refused extends Error {
  /** @param {number} status @param {any} problem */
  constructor(status, problem) {
    super(problem?.detail ?? "The server can’t be reached.");
    this.status = status;
    this.problem = problem;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 */
export async function call(method, path, body, signal) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  let answer;
  try {
    answer = await fetch(base + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
  } catch {
    throw new Refused(0, null);
  }
  const said = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

/** Do something, and show why it didn't work if it doesn't. @param {() => Promise<unknown>} act */
export async function attempt(act) {
  const place = slot("problem");
  try {
    await act();
    if (place) place.hidden = true;
  } catch (error) {
    if (!place || !(error instanceof Refused)) throw error;
    place.textContent = error.message;
    place.hidden = false;
  }
}

/**
 * Hear what happens after `number`, through reloads, sleep and restarts of the server.
 *
 * @param {number} number
 * @param {Record<string, (data: any) => void>} listeners by kind; `resync` reads everything again
 */
export function hear(number, listeners) {
  const state = slot("connection");
  let last = number;
  const open = () => {
    const source = new EventSource(`${base}/events?after=${last}`);
    const tell = (/** @type {string} */ text) => {
      if (state) state.textContent = text;
    };
    source.addEventListener("open", () => tell(""));
    source.addEventListener("error", () => {
      tell("Not connected: trying again …");
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 2000);
    });
    for (const kind of [...Object.keys(listeners), "tick", "removed"]) {
      source.addEventListener(kind, (event) => {
        last = Number(event.lastEventId) || last;
        if (kind === "removed") {
          source.close();
          location.reload();
        } else listeners[kind]?.(JSON.parse(event.data));
      });
    }
  };
  open();
}

let ends = 0;
let left = /** @type {number | null} */ (null);
let ahead = 0;

/** The stage and its time, by the server's clock. @param {any} room @param {string} now */
export function clock(room, now) {
  ahead = Date.parse(now) - Date.now();
  ends = room.timer_ends_at ? Date.parse(room.timer_ends_at) : 0;
  left = room.timer_left;
  const stage = slot("stage");
  if (stage) stage.textContent = `${room.stage + 1}/${room.agenda.length} ${room.agenda[room.stage].name}`;
  tick();
}

function tick() {
  const place = slot("clock");
  if (!place) return;
  const seconds = ends ? Math.round((ends - Date.now() - ahead) / 1000) : left;
  place.dataset.over = String(seconds !== null && ends > 0 && seconds <= 0);
  if (seconds === null) place.textContent = "";
  else {
    const whole = Math.max(0, seconds);
    const said = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    place.textContent = ends ? said : `${said} (paused)`;
  }
}
setInterval(tick, 500);

/** Where the facilitator calls everybody. @param {string} place */
export function called(place) {
  if (facts.role === "facilitator" || facts.wall) return;
  const board = `/workshops/${facts.workshop}/board`;
  const own = facts.team ? `/workshops/${facts.workshop}/teams/${facts.team}` : "";
  if (place === "board" && location.pathname !== board) location.assign(board);
  if (place === "table" && own && location.pathname !== own) location.assign(own);
}

const WORDS = { duplicate: "the same", overlap: "overlap", conflict: "pull apart", dependency: "one needs the other" };

/** Pairs of lines that must be talked about. @param {any} map @param {string} [team] */
export function pairs(map, team) {
  const list = slot("pairs");
  if (!list) return;
  const of = (/** @type {any} */ place) => map.places[place.okr].team;
  const name = (/** @type {any} */ place) => map.okrs[place.okr].team;
  const shown = (map.pairs ?? [])
    .filter((/** @type {any} */ pair) => pair.type !== "unrelated" && (!team || of(pair.a) === team || of(pair.b) === team))
    .slice(0, facts.wall ? 5 : 40);
  list.replaceChildren(
    ...shown.map((/** @type {any} */ pair) =>
      h(
        "li",
        { "data-type": pair.type },
        h("p", { class: "word" }, `${name(pair.a)} and ${name(pair.b)}: ${WORDS[/** @type {keyof typeof WORDS} */ (pair.type)]}`),
        h("p", { class: "said-line" }, h("q", { dir: "auto" }, pair.quotes[0])),
        h("p", { class: "said-line" }, h("q", { dir: "auto" }, pair.quotes[1])),
        h("p", { class: "hint" }, pair.why),
      ),
    ),
  );
  list.append(...settled(map, team, shown.length));
}

/** Below what is open: what has been settled. @param {any} map @param {string | undefined} team @param {number} open */
function settled(map, team, open) {
  const gone = (map.settled ?? []).filter((/** @type {any} */ one) => !team || one.ids.includes(team));
  if (!gone.length) return open ? [] : [h("li", { class: "hint" }, "Nothing yet: it grows as drafts come in.")];
  const said = gone.slice(0, facts.wall ? 5 : 40).map((/** @type {any} */ one) => {
    const was = ` no longer: ${WORDS[/** @type {keyof typeof WORDS} */ (one.type)]}`;
    return h("li", { "data-type": "settled" }, h("p", { class: "hint" }, h("b", {}, one.teams.join(" and ")), was));
  });
  return [h("li", { class: "hint" }, `${open ? "Settled" : "Nothing is open here; settled"}: ${gone.length}.`), ...said];
}

/** What teams ask of each other. @param {any} state @param {string} [team] */
export function requests(state, team) {
  const list = slot("requests");
  if (!list) return;
  const names = Object.fromEntries(state.teams.map((/** @type {any} */ one) => [one.id, one.name]));
  const shown = state.requests.filter((/** @type {any} */ one) => !team || one.from_team === team || one.to_team === team);
  redraw(list, () => list.replaceChildren(
    ...shown.map((/** @type {any} */ one) => {
      const mine = facts.role === "facilitator" || (facts.role === "lead" && one.to_team === facts.team);
      return h(
        "li",
        { "data-state": one.state },
        h("p", {}, h("b", {}, `${names[one.from_team]} → ${names[one.to_team]}`), ` ${one.text}`),
        h("p", { class: "hint" }, [one.state, one.owner && `owner ${one.owner}`, one.reason].filter(Boolean).join(" · ")),
        mine && !facts.wall && one.state === "asked" && answerForm(one.id),
      );
    }),
    ...(shown.length ? [] : [h("li", { class: "hint" }, "Nothing yet.")]),
  ));
}

/** @param {string} id */
function answerForm(id) {
  const reason = /** @type {HTMLInputElement} */ (h("input", { name: "reason", maxlength: 2000, "data-key": `reason-${id}` }));
  const owner = /** @type {HTMLInputElement} */ (h("input", { name: "owner", maxlength: 200, "data-key": `owner-${id}` }));
  const say = (/** @type {string} */ state) => () =>
    attempt(() => call("POST", `/requests/${id}/answer`, { state, reason: reason.value, owner: owner.value }));
  return h(
    "div",
    { class: "inline" },
    h("label", {}, "Owner ", owner),
    h("label", { class: "grow" }, "Reason ", reason),
    button(`agree-${id}`, "Agree", say("agreed")),
    button(`decline-${id}`, "Decline", say("declined")),
  );
}

/** Put a new or changed thing into a list by id. @param {any[]} list @param {any} item */
export function upsert(list, item) {
  const at = list.findIndex((one) => one.id === item.id);
  if (item.gone) return list.filter((one) => one.id !== item.id);
  if (at < 0) return [...list, item];
  return list.map((one, index) => (index === at ? item : one));
}
