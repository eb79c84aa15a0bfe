/**
 * Asking the API. A review's answer is an event stream where the server has one to send.
 *
 * @typedef {{ event: string, data: any }} Message
 */

const TROUBLE = "The review service can’t be reached. Check the connection and try again.";

/** Why there is no review, in a sentence for people. */
export class NotReviewed extends Error {}

/**
 * @param {object} body
 * @param {string} token
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Message>}
 */
export async function* ask(body, token, signal) {
  const response = await post("/v1/reviews", body, token, signal, "text/event-stream, application/json");
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("text/event-stream") && response.body) {
    yield* messages(response.body);
  } else {
    yield { event: "done", data: await reach(() => response.json()) };
  }
}

/**
 * Better versions of some lines.
 *
 * @param {object} body
 * @param {string} token
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").Rewrites>}
 */
export async function askRewrites(body, token, signal) {
  const response = await post("/v1/rewrites", body, token, signal, "application/json");
  return reach(() => response.json());
}

/**
 * @param {string} path
 * @param {object} body
 * @param {string} token
 * @param {AbortSignal} signal
 * @param {string} accept
 */
async function post(path, body, token, signal, accept) {
  /** @type {Record<string, string>} */
  const headers = { Accept: accept, "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await reach(() =>
    fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal, credentials: "omit" }),
  );
  if (!response.ok) throw new NotReviewed(await reason(response));
  return response;
}

/**
 * @template T
 * @param {() => Promise<T>} attempt
 * @returns {Promise<T>}
 */
async function reach(attempt) {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new NotReviewed(TROUBLE);
  }
}

/** @param {Response} response */
async function reason(response) {
  try {
    const problem = await response.json();
    if (typeof problem.detail === "string") return problem.detail;
  } catch {
    // Not problem details: something between us and the server answered.
  }
  return `The review service answered with an error (${response.status}).`;
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<Message>}
 */
async function* messages(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let held = "";
  for (;;) {
    const { done, value } = await reach(() => reader.read());
    held += decoder.decode(value, { stream: !done });
    const blocks = held.split(/\r?\n\r?\n/u);
    held = blocks.pop() ?? "";
    for (const block of blocks) {
      const message = parse(block);
      if (message) yield message;
    }
    if (done) return;
  }
}

/**
 * @param {string} block
 * @returns {Message | null}
 */
function parse(block) {
  let event = "message";
  /** @type {string[]} */
  const data = [];
  for (const line of block.split(/\r?\n/u)) {
    const [, field, value] = /^(\w+): ?(.*)$/u.exec(line) ?? [];
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
  return data.length ? { event, data: JSON.parse(data.join("\n")) } : null;
}
