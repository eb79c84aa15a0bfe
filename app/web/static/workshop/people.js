/** Who is in the room, where they sit, and the links that let others in. */

import { attempt, button, call, h, redraw, slot } from "./kit.js";

const ROLES = ["lead", "member"];
const AWAY = ["facilitator", "observer"];
/** @type {any[]} */
let teams = [];
/** @type {any[]} */
let people = [];
/** @type {any[]} */
let links = [];
let asked = "";
let shown = "";

/** The teams, in whose names people sit. @param {any[]} known */
export function teamsStand(known) {
  teams = known;
  const choice = slot("link-teams");
  choice?.replaceChildren(h("option", { value: "" }, "any team"), ...teams.map((team) => h("option", { value: team.id }, team.name)));
  drawPeople();
  drawLinks();
}

export async function readPeople() {
  people = await call("GET", "/people");
  drawPeople();
}

export async function readLinks() {
  links = await call("GET", "/links");
  drawLinks();
}

const nameOf = (/** @type {string} */ id) => teams.find((team) => team.id === id)?.name ?? "";

function drawPeople() {
  const place = slot("people");
  redraw(place, () => place?.replaceChildren(...people.map(person)));
}

/** @param {any} one */
function person(one) {
  const at = `${one.role}/${one.team_id ?? ""}`;
  const choices = [
    ...teams.flatMap((team) => ROLES.map((role) => [`${role}/${team.id}`, `${role}, ${team.name}`])),
    ...AWAY.map((role) => [`${role}/`, role]),
  ];
  const seat = h(
    "select",
    {
      "data-key": `seat-${one.id}`,
      "aria-label": `Role and team of ${one.name}`,
      on: {
        change: (/** @type {any} */ event) => {
          const [role, team] = event.target.value.split("/");
          void attempt(() => call("PUT", `/people/${one.id}`, { role, team_id: team || null })).finally(() => void readPeople());
        },
      },
    },
    ...choices.map(([value, text]) => h("option", { value, selected: value === at }, text)),
  );
  const sure = asked === one.id;
  const remove = () => {
    asked = sure ? "" : one.id;
    if (sure) void attempt(() => call("DELETE", `/people/${one.id}`)).finally(() => void readPeople());
    else drawPeople();
  };
  return h(
    "tr",
    {},
    h("th", { scope: "row", dir: "auto" }, one.name),
    h("td", {}, one.connected ? "here" : "away"),
    h("td", {}, seat),
    h("td", {}, button(`gone-${one.id}`, sure ? "Really remove?" : "Remove", remove, { "aria-label": sure ? `Really remove ${one.name}?` : `Remove ${one.name}` })),
  );
}

function drawLinks() {
  const place = slot("links");
  redraw(place, () => place?.replaceChildren(...links.map(link)));
}

/** @param {any} one */
function link(one) {
  const what = `${one.role}${one.team_id ? `, ${nameOf(one.team_id)}` : ""}`;
  const until = new Date(one.expires_at);
  const over = until.getTime() < Date.now();
  const state = one.revoked_at ? "revoked" : over ? "expired" : `until ${until.toLocaleString()}`;
  const act = (/** @type {string} */ method, /** @type {string} */ path, /** @type {object | undefined} */ body) => () =>
    void attempt(async () => {
      await call(method, `/links/${one.id}${path}`, body);
      await readLinks();
    });
  const open = Boolean(one.path) && !over;
  return h(
    "li",
    { "data-open": String(open) },
    h("p", { class: "inline" }, h("b", {}, what), h("span", { class: "hint" }, state),
      open && button(`qr-${one.id}`, shown === one.id ? "Hide the code" : "Show the code", () => { shown = shown === one.id ? "" : one.id; drawLinks(); }, { "aria-expanded": String(shown === one.id), "aria-label": `Code of the link for ${what}` }),
      !one.revoked_at && button(`revoke-${one.id}`, "Revoke", act("DELETE", "", undefined), { "aria-label": `Revoke the link for ${what}` }),
      button(`renew-${one.id}`, "Renew", act("POST", "/renew", {}), { "aria-label": `Renew the link for ${what}` })),
    open && h("p", { class: "address" }, h("a", { href: one.path }, location.origin + one.path)),
    open && shown === one.id && h("img", { src: `/workshops/${location.pathname.split("/")[2]}/links/${one.id}/qr.svg`, alt: `QR code of the link for ${what}`, width: 260, height: 260 }),
  );
}

document.querySelector('[data-form="link"]')?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const seated = ROLES.includes(String(form.get("role")));
  const body = { role: form.get("role"), team_id: (seated && form.get("team_id")) || null, hours: Number(form.get("hours")) };
  void attempt(async () => {
    await call("POST", "/links", body);
    await readLinks();
  });
});
