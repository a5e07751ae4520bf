import { make } from './dom.js';
import { serviceOf } from './service.js';
import { stringsFor } from './strings.js';

// Importing a module on a server that prerenders pages must not fail: there is no HTMLElement.
const Base = globalThis.HTMLElement ?? class {};

/**
 * What every Blue Heart element shares: a shadow root made once, reflected attributes, and one `refresh()` for any
 * number of changes in the same turn. Until something is shown, the light-DOM link stays.
 */
export class BlueHeartElement extends Base {
  static get observedAttributes() {
    return ['lang', 'theme', 'service', ...this.reflected];
  }

  #due = false;
  #life = null;

  /** The signal that ends listeners, timers and waiting when the element leaves the page. */
  get life() {
    return this.#life.signal;
  }

  /** The language asked for: the element's own, else the page's nearest, else English. */
  get language() {
    return this.closest('[lang]')?.lang || 'en';
  }

  connectedCallback() {
    this.#life = new AbortController();
    if (!this.shadowRoot) {
      this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [this.constructor.sheet()];
      this.show(make('slot'));
      // A framework may have set a property before the script came; then it hides the accessor.
      for (const name of Object.keys(this)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    this.connected?.(this.life);
    this.attributeChangedCallback();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  async attributeChangedCallback() {
    if (this.#due || !this.isConnected) return;
    this.#due = true;
    await null;
    this.#due = false;
    const service = serviceOf(this);
    if (!service) return;
    const { language } = this;
    const strings = await stringsFor(service, language);
    // While a language file was on its way, another may have been asked for.
    if (!this.life.aborted && language === this.language) this.refresh(service, strings);
  }

  /** Shows a node in place of the light-DOM link. */
  show(node) {
    if (!node.isConnected) this.shadowRoot.replaceChildren(node);
  }

  /** Tells the page what happened, through shadow roots too. */
  tell(what, detail) {
    this.dispatchEvent(new CustomEvent(`blue-heart:${what}`, { bubbles: true, composed: true, detail }));
  }
}

/** Defines an element once (the script may be on a page twice) and gives it a property for each attribute. */
export function define(name, type) {
  if (!globalThis.customElements || customElements.get(name)) return;
  for (const attribute of type.observedAttributes) {
    if (attribute in type.prototype) continue;
    Object.defineProperty(type.prototype, attribute, {
      get() {
        return this.getAttribute(attribute) ?? '';
      },
      set(value) {
        this.setAttribute(attribute, value);
      },
    });
  }
  customElements.define(name, type);
}
