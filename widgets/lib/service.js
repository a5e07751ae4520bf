// A classic script knows where it came from; a module or a self-hosted copy does not, and its elements say `service`.
const home = globalThis.document?.currentScript?.src;

/** Returns the address, made absolute, when it is one of the web; else undefined. */
export function webAddress(text, base) {
  try {
    const url = new URL(text, base);
    if (text && /^http/.test(url.protocol)) return url;
  } catch {
    // not an address
  }
}

/** Returns the origin of the service that an element asks, or undefined when nothing says it. */
export function serviceOf(element) {
  return webAddress(element.service || home, element.baseURI)?.origin;
}
