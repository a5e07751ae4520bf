import { ask } from './api.js';
import { solve } from './solve.js';
import { keep, newKey, recall } from './storage.js';

const FRESH_MS = 60_000;
const MAX_TRIES = 10;
const MAX_PROOFS = 3;
const LONGEST_WAIT_MS = 60_000;

/**
 * One visitor's pledge to one campaign, from click to receipt: what is kept, what is sent, and what is sent again.
 * Kept is {key, pledge} from the click on and {receipt} after the answer; never anything about a person.
 */
export class Pledging {
  #challenge = null;
  #askedAt = 0;

  constructor(service, campaign) {
    this.service = service;
    this.campaign = campaign;
    this.name = `blue-heart:${service}:${campaign}`;
  }

  /** What this device keeps, or null; read anew, because another tab may have changed it. */
  get kept() {
    return recall(this.name);
  }

  /** Fetches a challenge ahead of the click; one that is not fresh is fetched again. */
  prepare() {
    if (this.#challenge && performance.now() - this.#askedAt < FRESH_MS) return;
    this.#askedAt = performance.now();
    this.#challenge = ask(this.service, `challenge?campaign=${encodeURIComponent(this.campaign)}`);
    this.#challenge.catch(() => {
      this.#challenge = null;
    });
  }

  /** Keeps the key and the pledge before anything is sent: a lost answer, a reload or a second tab sends the same. */
  begin(choices) {
    if (!this.kept) keep(this.name, { key: newKey(), pledge: { campaign: this.campaign, source: 'widget', ...choices } });
  }

  /**
   * Sends what is kept until it is answered, and returns the answer {receipt, ordinal, total}; null when there is
   * nothing (left) to send. `wait(ms)` passes the time before the next try, `onAttempt(attempts)` tells of the proof.
   * @throws {Refusal} that no other try would change (then nothing is kept), or after the last try (then all is kept)
   */
  async send({ wait, onAttempt, signal }) {
    let solution;
    for (let tries = 1, proofs = 1; ; ) {
      signal.throwIfAborted();
      const { key, pledge } = this.kept ?? {};
      if (!pledge) return null;
      try {
        solution ??= await this.#prove(onAttempt, signal);
        const answer = await ask(this.service, 'pledges', { key, body: { ...pledge, solution } });
        keep(this.name, { receipt: answer.receipt });
        return answer;
      } catch (refusal) {
        signal.throwIfAborted();
        if (refusal.code === 'proof' && proofs++ < MAX_PROOFS) {
          solution = null;
          continue;
        }
        if (!refusal.again) keep(this.name, null);
        if (!refusal.again || tries > MAX_TRIES) throw refusal;
        const waitMs = Math.min(1000 * 2 ** (tries++ - 1), LONGEST_WAIT_MS) * (0.75 + Math.random() / 2);
        await wait(Math.max(waitMs, refusal.afterMs));
      }
    }
  }

  /**
   * Takes the pledge back with its receipt, forgets it, and returns the campaign's new total.
   * @throws {Refusal} when the service cannot be reached, or does not know the receipt (then it is forgotten too)
   */
  async withdraw() {
    try {
      const { total } = await ask(this.service, 'withdrawals', { body: { receipt: this.kept?.receipt ?? '' } });
      keep(this.name, null);
      return total;
    } catch (refusal) {
      if (!refusal.again) keep(this.name, null);
      throw refusal;
    }
  }

  // A challenge is good for one pledge, so it is let go before it is solved.
  async #prove(onAttempt, signal) {
    this.prepare();
    const challenge = this.#challenge;
    this.#challenge = null;
    return solve(await challenge, { onAttempt, signal });
  }
}
