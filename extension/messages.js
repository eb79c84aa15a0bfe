/**
 * Everything that the parts of the extension say to one another, in one place.
 *
 * Requests (content script or page → service worker) and their answers:
 *
 * @typedef {{kind: "review", id: string, text: string}} ReviewRequest
 * @typedef {{kind: "cancel", id: string}} CancelRequest
 * @typedef {{kind: "wake"}} WakeRequest somebody began to write: a worker that was stopped has until the pause to start
 * @typedef {{kind: "overlaps", text: string}} OverlapsRequest what other teams plan, where a workspace is set
 * @typedef {{kind: "rewrites", text: string, target: Target}} RewritesRequest
 * @typedef {{kind: "site"}} SiteRequest asks what holds for the sender's site
 * @typedef {{kind: "dismiss", rule: string, quote: string, reason: string}} DismissRequest
 * @typedef {{kind: "leave"}} LeaveRequest "not in this site"
 * @typedef {{kind: "open", path: string}} OpenRequest opens a page of the service
 * @typedef {{kind: "test", server: string, key: string, workspace: string, team: string}} TestRequest from the options page
 * @typedef {{kind: "allow", site: string, on: boolean}} AllowRequest from the popup
 * @typedef {{objective: number, key_result: number | null}} Target
 * @typedef {{ok: true, review: object}} Reviewed
 * @typedef {{ok: true, workspace: boolean, overlaps: object[] | null}} Related `overlaps` null where team or cycle isn't known
 * @typedef {{ok: false, reason: "offline" | "refused" | "cancelled" | "waiting", message: string, retryIn: number}} Failed
 *
 * Service worker → content script: `{kind: "left"}` when the person switched the site off.
 */
globalThis.OkrCoach ??= {};
OkrCoach.api = globalThis.browser ?? globalThis.chrome;
OkrCoach.kinds = Object.freeze(["review", "cancel", "wake", "overlaps", "rewrites", "site", "dismiss", "leave", "open", "test", "allow"]);

/** Sends a request; a worker that is gone (an update, a switched-off extension) counts as offline. */
OkrCoach.ask = async (request) => {
  if (!OkrCoach.kinds.includes(request.kind)) throw new TypeError(`no such message: ${request.kind}`);
  try {
    const answer = await OkrCoach.api.runtime.sendMessage(request);
    if (answer) return answer;
  } catch {
    // Falls through: nobody answered.
  }
  return { ok: false, reason: "offline", message: "The extension was updated or switched off: reload the page.", retryIn: 0 };
};

/** How a finding is told from others of its kind when somebody dismisses it. */
OkrCoach.dismissal = (rule, quote) => `${rule}\u001f${quote.trim().replace(/\s+/gu, " ").toLowerCase()}`;
