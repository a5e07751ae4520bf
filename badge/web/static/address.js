/** Encodes like the server's canonical form (RFC 3986), so a parenthesis cannot end a Markdown link. */
function encode(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Returns the address of a picture: the fields that it takes, in the order of its canonical form. */
export function addressOf(path, format, fields, values) {
  const query = fields.filter((field) => values[field]).sort().map((field) => `${field}=${encode(values[field])}`);
  return `${path}.${format}?${query.join('&')}`;
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };

const escaping = {
  html: (text) => text.replace(/[&<>"']/g, (mark) => ESCAPES[mark]),
  markdown: (text) => text.replace(/[\\`*_[\]<>&!|~]/g, '\\$&'),
};

/** Fills a pattern of the server's with values, escaped as its language wants; a URL in Markdown stays as it is. */
export function fill(pattern, way, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, key) => {
    if (!(key in values)) return whole;
    return way === 'markdown' && key === 'image' ? values[key] : escaping[way](String(values[key]));
  });
}
