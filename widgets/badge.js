import { make } from './lib/dom.js';
import { BlueHeartElement, define } from './lib/element.js';
import { webAddress } from './lib/service.js';
import { fill } from './lib/strings.js';
import { badgeSheet } from './lib/styles.js';

/** `<blue-heart-badge name lang theme size href template service>`: the picture of someone who wears the Blue Heart. */
export class BlueHeartBadge extends BlueHeartElement {
  static reflected = ['name', 'size', 'href', 'template'];
  static sheet = badgeSheet;

  #picture = make('img', { part: 'image', referrerPolicy: 'no-referrer' });
  #link = make('a', { part: 'link' }, this.#picture);

  constructor() {
    super();
    this.#picture.onload = () => this.show(this.#link);
    // Without the picture, the page's own link and image are there again.
    this.#picture.onerror = () => this.show(make('slot'));
  }

  refresh(service, strings) {
    const { name, size, theme, template } = this;
    const query = new URLSearchParams();
    const fields = { lang: strings.lang === 'en' ? '' : strings.lang, name, size, theme: theme || 'auto' };
    for (const field in fields) if (fields[field]) query.set(field, fields[field]);
    this.#link.lang = strings.lang;
    this.#link.href = webAddress(this.href || this.querySelector('a')?.href, this.baseURI) ?? `${service}/`;
    this.#picture.alt = name ? fill(strings.wears, { name }) : strings.i_wear;
    this.#picture.src = `${service}/badge/${encodeURIComponent(template || 'wear')}.svg?${query}`;
  }
}

define('blue-heart-badge', BlueHeartBadge);
