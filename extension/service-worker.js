/** The only part that talks to the network, and only to the server that was set. */
import "./messages.js";

const { api } = OkrCoach;
const SCRIPTS = ["messages.js", "offsets.js", "gate-data.js", "gate.js", "fields.js", "spans.js", "drawing.js", "overlaps.js", "card.js", "content.js"];
const STYLES = ["highlights.css"];
const DEFAULTS = Object.freeze({ server: "http://127.0.0.1:8000", key: "", workspace: "", team: "" });
const CACHED = 50;
const TIMEOUT = 15_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
const DISMISSED = 500;

const cache = new Map();
const underWay = new Map();
let failures = 0;
let quietUntil = 0;
let kept = null;
let shown = "";

// The key stays out of reach of content scripts.
api.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });

/** Read once: asking the browser for them before every review would cost as long as a short review. */
function settings() {
  kept ??= api.storage.local.get(DEFAULTS);
  return kept;
}

api.storage.onChanged.addListener((changes) => {
  if (!Object.keys(changes).some((name) => name in DEFAULTS)) return;
  kept = null;
  cache.clear();
  failures = 0;
  quietUntil = 0;
});

/** One call; throws an `Error` with `reason` and a sentence for people. */
async function call(path, body, { signal, server, key } = {}) {
  const set = server === undefined ? await settings() : { server, key };
  const timeout = AbortSignal.timeout(TIMEOUT);
  let response;
  try {
    response = await fetch(new URL(path, set.server), {
      method: body ? "POST" : "GET",
      headers: { ...(body && { "Content-Type": "application/json" }), ...(set.key && { Authorization: `Bearer ${set.key}` }) },
      body: body && JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    if (signal?.aborted) throw Object.assign(new Error("cancelled"), { reason: "cancelled" });
    throw Object.assign(new Error("The OKR Coach server can't be reached."), { reason: "offline", cause: error });
  }
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  const message = problem.detail ?? `The server answered ${response.status}.`;
  throw Object.assign(new Error(message), { reason: response.status === 429 || response.status >= 500 ? "offline" : "refused" });
}

/** A call that is kept, backs off while the server is away, and can be cancelled by its id. */
async function asked(id, path, making) {
  const controller = new AbortController();
  if (id) underWay.set(id, controller);
  try {
    const body = await making;
    const name = `${(await settings()).server}${path}\n${JSON.stringify(body)}`;
    if (cache.has(name)) return { ok: true, review: cache.get(name) };
    const wait = quietUntil - Date.now();
    if (wait > 0) return { ok: false, reason: "waiting", message: "The OKR Coach server can't be reached.", retryIn: wait };
    const review = await call(path, body, { signal: controller.signal });
    failures = 0;
    cache.set(name, review);
    if (cache.size > CACHED) cache.delete(cache.keys().next().value);
    badge("");
    return { ok: true, review };
  } catch (error) {
    if (error.reason === "cancelled") return { ok: false, reason: "cancelled", message: "", retryIn: 0 };
    let retryIn = 0;
    if (error.reason === "offline") {
      retryIn = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
      failures += 1;
      quietUntil = Date.now() + retryIn;
    }
    badge("!");
    return { ok: false, reason: error.reason ?? "offline", message: error.message, retryIn };
  } finally {
    if (underWay.get(id) === controller) underWay.delete(id);
  }
}

/** Nobody waits for it: an answer goes out first. */
function badge(text) {
  if (text === shown) return;
  shown = text;
  api.action.setBadgeText({ text });
  if (text) api.action.setBadgeBackgroundColor({ color: "#b3261e" });
}

/** A text as it is sent: with the workspace it belongs to, where one is set; `more` is added, `inside` with a workspace. */
async function draft(text, more = {}, inside = {}) {
  const { workspace, team } = await settings();
  return { text, ...more, ...(workspace && { workspace, ...inside }), ...(workspace && team && { context: { team } }) };
}

/** Whether these settings work, in a sentence; throws as `call` does. */
async function tested({ server, key, workspace, team }) {
  const to = { server, key };
  const { software } = await call("/v2/info", null, { server, key: "" });
  const hello = `Connected to ${software.name} ${software.version}`;
  if (!workspace) {
    await call("/v1/profiles", null, to);
    return `${hello}.`;
  }
  const path = `/v1/workspaces/${encodeURIComponent(workspace)}`;
  const { name } = await call(path, null, to);
  const { items } = await call(`${path}/teams?limit=500`, null, to);
  const same = (one) => one.trim().toLowerCase() === team.trim().toLowerCase();
  const stranger = team && !items.some((each) => same(each.name));
  const teams = items.map((each) => each.name).slice(0, 20).join(", ");
  return `${hello}, workspace ${name}.${stranger ? ` It knows no team “${team}”${teams ? `; its teams: ${teams}` : ""}.` : ""}`;
}

const origin = (address) => {
  try {
    const found = new URL(address);
    return /^https?:$/u.test(found.protocol) ? found.origin : null;
  } catch {
    return null;
  }
};
/** Match patterns know no ports; the content script is told when its port isn't meant. */
const pattern = (site) => `${new URL(site).protocol}//${new URL(site).hostname}/*`;

async function sites() {
  return (await api.storage.local.get({ sites: [] })).sites;
}

/** Registers the content scripts for exactly the sites that were allowed. */
async function register() {
  const matches = [...new Set((await sites()).map(pattern))];
  const [known] = await api.scripting.getRegisteredContentScripts({ ids: ["coach"] });
  if (!matches.length) {
    if (known) await api.scripting.unregisterContentScripts({ ids: ["coach"] });
    return;
  }
  const script = { id: "coach", matches, js: SCRIPTS, css: STYLES, allFrames: true, matchOriginAsFallback: true, runAt: "document_idle", persistAcrossSessions: true };
  await (known ? api.scripting.updateContentScripts([script]) : api.scripting.registerContentScripts([script]));
}

/** Switches a site on or off; the pages that are open follow at once. */
async function allow(site, on) {
  const now = new Set(await sites());
  if (on) now.add(site);
  else now.delete(site);
  await api.storage.local.set({ sites: [...now] });
  await register();
  for (const tab of await api.tabs.query({ url: pattern(site) })) {
    if (origin(tab.url) !== site) continue;
    if (!on) await api.tabs.sendMessage(tab.id, { kind: "left" }).catch(() => {});
    else {
      const target = { tabId: tab.id, allFrames: true };
      await api.scripting.insertCSS({ target, files: STYLES }).catch(() => {});
      await api.scripting.executeScript({ target, files: SCRIPTS }).catch(() => {});
    }
  }
}

async function dismiss(site, { rule, quote, reason }) {
  const { dismissed } = await api.storage.local.get({ dismissed: {} });
  const own = (dismissed[site] ?? []).filter((each) => each.what !== OkrCoach.dismissal(rule, quote));
  own.push({ what: OkrCoach.dismissal(rule, quote), reason });
  await api.storage.local.set({ dismissed: { ...dismissed, [site]: own.slice(-DISMISSED) } });
}

const answers = {
  // What other teams plan costs more than the rest of a review, so it is asked for only where it is looked at.
  review: (request, from) => asked(`${from.where}/${request.id}`, "/v1/reviews", draft(request.text, {}, { overlaps: false })),
  overlaps: async (request) => {
    const sent = await draft(request.text, { critic: "none" });
    if (!sent.workspace) return { ok: true, workspace: false, overlaps: null };
    const { overlaps } = await call("/v1/reviews", sent);
    return { ok: true, workspace: true, overlaps };
  },
  rewrites: (request) => asked(null, "/v1/rewrites", draft(request.text, { targets: [request.target] })),
  wake: async () => {
    await settings();
    return { ok: true };
  },
  cancel: async (request, from) => {
    underWay.get(`${from.where}/${request.id}`)?.abort();
    return { ok: true };
  },
  site: async (_, from) => {
    const { dismissed } = await api.storage.local.get({ dismissed: {} });
    return { ok: true, on: (await sites()).includes(from.site), dismissed: (dismissed[from.site] ?? []).map((each) => each.what) };
  },
  dismiss: async (request, from) => {
    await dismiss(from.site, request);
    return { ok: true };
  },
  leave: async (_, from) => {
    await allow(from.site, false);
    return { ok: true };
  },
  open: async (request) => {
    const { server } = await settings();
    if (request.path.startsWith("/rules/")) await api.tabs.create({ url: new URL(request.path, server).href });
    return { ok: true };
  },
  allow: async (request) => {
    await allow(request.site, request.on);
    return { ok: true };
  },
  test: async (request) => {
    try {
      const message = await tested(request);
      failures = 0;
      quietUntil = 0;
      return { ok: true, message };
    } catch (error) {
      return { ok: false, reason: error.reason ?? "refused", message: error.message, retryIn: 0 };
    }
  },
};
const FOR_PAGES_ONLY = new Set(["test", "allow"]);

api.runtime.onMessage.addListener((request, sender, respond) => {
  const answer = sender.id === api.runtime.id && Object.hasOwn(answers, request?.kind) ? answers[request.kind] : null;
  const page = Boolean(sender.url?.startsWith(api.runtime.getURL("")));
  if (!answer || (FOR_PAGES_ONLY.has(request.kind) && !page)) return false;
  const from = { site: origin(sender.tab?.url ?? "") ?? origin(sender.origin ?? ""), where: `${sender.tab?.id}/${sender.frameId}` };
  answer(request, from).then(respond, (error) => respond({ ok: false, reason: "refused", message: String(error?.message ?? error), retryIn: 0 }));
  return true;
});
api.runtime.onInstalled.addListener(register);
api.runtime.onStartup.addListener(register);
api.permissions.onRemoved.addListener(async ({ origins = [] }) => {
  const kept = (await sites()).filter((site) => !origins.some((gone) => gone === pattern(site)));
  await api.storage.local.set({ sites: kept });
  await register();
});

globalThis.coach = { allow, register };
