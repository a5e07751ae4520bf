import { ask, pause } from './lib/api.js';
import { make } from './lib/dom.js';
import { BlueHeartElement, define } from './lib/element.js';
import { heart } from './lib/heart.js';
import { Pledging } from './lib/pledging.js';
import { countText } from './lib/strings.js';
import { pledgeSheet } from './lib/styles.js';
import { whileVisible } from './lib/visible.js';

const POLL_MS = 30_000;
// A shared cache may answer with a count this old; after our own act it would seem to undo it.
const CACHED_MS = 95_000;
const MEAN_ATTEMPTS = 64;

/** `<blue-heart-pledge campaign lang country theme service>`: a button that pledges, with the live count. */
export class BlueHeartPledge extends BlueHeartElement {
  static reflected = ['campaign', 'country'];
  static sheet = pledgeSheet;

  #label = make('span');
  #act = make('button', { type: 'button', className: 'act', part: 'button' }, heart(), this.#label);
  #count = make('span', { id: 'count', className: 'count', part: 'count' });
  #line = make('span', { className: 'line', part: 'line' });
  #said = make('span', { part: 'status', dir: 'auto' });
  #undo = make('button', { type: 'button', className: 'undo', part: 'withdraw' });
  #box = make(
    'div',
    {},
    make('div', { className: 'pill' }, this.#act, this.#count),
    make('div', { className: 'foot' }, this.#line, this.#said, this.#undo),
  );
  #strings = null;
  #pledging = null;
  #total = null;
  #note = {};
  #working = false;
  #wake = null;
  #postpone = null;

  constructor() {
    super();
    this.#act.setAttribute('aria-describedby', 'count');
    this.#said.setAttribute('role', 'status');
    this.#act.onclick = () => this.#pledge();
    this.#undo.onclick = () => this.#withdraw();
    this.#act.onpointerenter = this.#act.onfocus = () => {
      if (!this.#working && !this.receipt) this.#pledging.prepare();
    };
  }

  /** The count last heard, or null. */
  get total() {
    return this.#total;
  }

  /** The receipt of the pledge made on this device, or ''. */
  get receipt() {
    return this.#pledging?.kept?.receipt ?? '';
  }

  connected(signal) {
    this.#postpone = whileVisible(this, () => this.#read(), { everyMs: POLL_MS, signal });
    addEventListener('storage', () => this.#paint(), { signal });
    addEventListener('online', () => this.#resume(), { signal });
    for (const what of ['pledged', 'withdrawn']) {
      const heard = ({ target, detail }) => {
        if (target !== this && detail?.campaign === this.campaign) this.#hear(detail.total);
      };
      document.addEventListener(`blue-heart:${what}`, heard, { signal });
    }
  }

  refresh(service, strings) {
    this.#strings = strings;
    if (this.#pledging?.service !== service || this.#pledging.campaign !== this.campaign) {
      this.#pledging = new Pledging(service, this.campaign);
      this.#total = null;
      this.#postpone(0);
    }
    this.#paint();
    this.show(this.#box);
    this.#resume();
  }

  #pledge() {
    if (!this.#working && !this.receipt) {
      const country = this.country.toUpperCase() || undefined;
      this.#pledging.begin({ country, language: this.#strings.lang });
    }
    this.#resume();
  }

  // Also when the page was left, or the way was lost, while a pledge was being sent: its key is still kept.
  #resume() {
    if (this.#working) this.#wake?.();
    else if (this.#pledging?.kept?.pledge) this.#work((signal) => this.#send(signal));
  }

  async #send(signal) {
    const onAttempt = (attempts) => {
      this.#box.style.setProperty('--done', `${100 - 100 * Math.exp(-attempts / MEAN_ATTEMPTS)}%`);
    };
    const wait = async (ms) => {
      const woken = new Promise((resolve) => {
        this.#wake = resolve;
      });
      this.#say('try_again');
      await Promise.race([pause(ms, signal), woken]);
      this.#wake = null;
      this.#paint();
    };
    const answer = await this.#pledging.send({ wait, onAttempt, signal });
    this.#say('');
    if (answer) this.#done('pledged', { ordinal: answer.ordinal, total: answer.total });
  }

  async #withdraw() {
    await this.#work(async () => {
      const total = await this.#pledging.withdraw();
      if (this.shadowRoot.activeElement === this.#undo) this.#act.focus();
      this.#say('withdrawn');
      this.#done('withdrawn', { total });
    });
  }

  #done(what, detail) {
    this.#hear(detail.total);
    this.tell(what, { campaign: this.campaign, ...detail });
  }

  // One thing at a time; what goes wrong is said, and the button is there to try again.
  async #work(task) {
    if (this.#working) return;
    this.#working = true;
    this.#say('');
    const signal = this.life;
    try {
      await task(signal);
    } catch (refusal) {
      if (!signal.aborted) this.#fail(refusal);
    } finally {
      this.#working = false;
      this.#wake = null;
      this.#box.style.removeProperty('--done');
      this.#paint();
      // Moved to another place in the page: what was ended there goes on here.
      if (signal.aborted && this.isConnected) this.#resume();
    }
  }

  #fail({ again, detail }) {
    if (!again && detail) this.#say('', detail);
    else this.#say(this.#pledging.kept?.pledge ? 'try_again' : 'unreachable');
  }

  async #read() {
    const { service, campaign } = this.#pledging ?? {};
    if (!service) return;
    const count = await ask(service, `campaigns/${encodeURIComponent(campaign)}/count`).catch(() => null);
    if (count && campaign === this.campaign) this.#hear(count.total, false);
  }

  #hear(total, act = true) {
    this.#total = total;
    if (act) this.#postpone(CACHED_MS);
    this.#paint();
  }

  #say(name, detail) {
    this.#note = { name, detail };
    this.#paint();
  }

  #paint() {
    const strings = this.#strings;
    if (!strings) return;
    const pledged = Boolean(this.receipt);
    const { name, detail } = this.#note;
    const said = detail ?? strings[name || (pledged && !this.#working && 'pledge_done')] ?? '';
    this.#box.lang = strings.lang;
    this.#box.dir = strings.dir;
    const state = this.#wake ? 'waiting' : this.#working ? 'busy' : pledged ? 'done' : 'idle';
    this.#box.className = `pledge ${state}`;
    this.#said.lang = detail ? 'en' : strings.lang;
    write(this.#label, strings.i_pledge);
    write(this.#count, this.#total === null ? '' : countText(strings, this.#total));
    write(this.#said, said);
    write(this.#line, said ? '' : strings.stop_trafficking);
    write(this.#undo, strings.withdraw);
    this.#undo.hidden = !pledged;
    for (const button of [this.#act, this.#undo]) {
      const idle = !this.#working && !(pledged && button === this.#act);
      button.setAttribute('aria-disabled', String(!idle && !this.#wake));
    }
    this.#act.setAttribute('aria-busy', String(this.#working));
  }
}

// A live region speaks on every write, so only a change is written.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

define('blue-heart-pledge', BlueHeartPledge);
