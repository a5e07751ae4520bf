const TIMEOUT_MS = 20_000;
const LONGEST_MS = 3_600_000;

/**
 * What the service, or the way to it, refused: `detail` is its sentence, `code` its short name, `again` whether the
 * same request may be sent again, `afterMs` when at the earliest.
 */
export class Refusal extends Error {
  constructor(about) {
    super();
    Object.assign(this, about);
  }
}

/**
 * Asks the service and returns its JSON; with a `body` it posts. Never sends credentials or a referrer.
 * @throws {Refusal} when the answer is not a success, or there is none
 */
export async function ask(service, path, { body, key } = {}) {
  const headers = {};
  if (body) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  let answer;
  try {
    answer = await fetch(`${service}/api/v1/${path}`, {
      method: body ? 'POST' : 'GET',
      body: body && JSON.stringify(body),
      headers,
      // The browser's own cache keeps the ETag and asks with it; what it holds is never shown unasked.
      cache: 'no-cache',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.ok) return await answer.json();
  } catch {
    throw new Refusal({ again: true, afterMs: 0 });
  }
  const problem = await answer.json().catch(() => ({}));
  throw new Refusal({
    detail: problem.detail,
    code: problem.code,
    again: answer.status >= 500 || answer.status === 429,
    afterMs: Math.min(answer.headers.get('Retry-After') * 1000 || 0, LONGEST_MS),
  });
}

/** Waits, or throws when the signal ends first. */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
