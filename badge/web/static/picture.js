import { addressOf } from './address.js';

/** One picture on the page: loads the next one aside, and swaps it in only when it can be painted. */
export class Picture {
  constructor(figure) {
    this.figure = figure;
    this.image = figure.querySelector('img');
    this.fields = figure.dataset.fields.split(' ');
    this.defaults = new URLSearchParams(figure.dataset.defaults);
    this.links = [...figure.querySelectorAll('a[data-format]')];
  }

  address(values, format = this.figure.dataset.shown) {
    const { path, size = values.size } = this.figure.dataset;
    const said = { ...values, size };
    // Like the server's canonical form: two spellings would be two entries in every cache on the way.
    const fields = this.fields.filter((field) => said[field] !== this.defaults.get(field));
    return addressOf(path, format, fields, said);
  }

  /** Points the downloads at what is typed, or takes them away while nothing is. */
  link(values) {
    for (const link of this.links) {
      if (values.name) {
        link.href = `${this.address(values, link.dataset.format)}&download=1`;
        link.removeAttribute('aria-disabled');
        link.removeAttribute('role');
      } else {
        link.removeAttribute('href');
        link.setAttribute('aria-disabled', 'true');
        link.setAttribute('role', 'link');
      }
    }
  }

  /** Returns the loaded image, not yet shown; rejects where it cannot be loaded. The signal stops the download. */
  async load(values, signal) {
    const image = new Image();
    const stop = () => image.removeAttribute('src');
    signal.addEventListener('abort', stop);
    image.src = this.address(values);
    await image.decode();
    // From now on it may be the one that is shown: the next turn must not take it away.
    signal.removeEventListener('abort', stop);
    return image;
  }

  /** Shows a loaded image in place of the old one, with room for its real size. */
  show(image, alt) {
    image.alt = alt;
    image.width = image.naturalWidth;
    image.height = image.naturalHeight;
    this.image.replaceWith(image);
    this.image = image;
  }

  /** Gives the picture to come its room at once, while the visitor still expects the page to move. */
  reserve(canvas, width, height) {
    this.figure.dataset.canvas = canvas;
    this.image.width = width;
    this.image.height = height;
  }

  set busy(is) {
    this.figure.classList.toggle('busy', is);
  }
}
