import { english } from './english.js';

const LANGUAGES = ['fr', 'es', 'ar', 'ru', 'zh', 'nl', 'de', 'pt', 'ja'];
const files = new Map();

/**
 * Returns the strings of a language tag, fetched once a page; English when there are none or they cannot be had.
 * `tag` in the answer is the tag to format numbers by: ar-EG and ar-MA write other digits.
 */
export async function stringsFor(service, tag) {
  const lang = tag.toLowerCase().split(/[-_]/, 1)[0];
  if (!LANGUAGES.includes(lang)) return { ...english, tag: lang === 'en' ? tag : 'en' };
  const url = `${service}/widgets/v1/strings/${lang}.json`;
  if (!files.has(url)) files.set(url, read(url));
  const strings = await files.get(url);
  if (strings) return { ...strings, tag };
  files.delete(url);
  return { ...english, tag: 'en' };
}

async function read(url) {
  try {
    const answer = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Puts values into a string's {places}. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** Says a count of pledges in the language's own plural form and digits. */
export function countText(strings, count) {
  if (count === 0) return strings.zero_pledges;
  const forms = strings.pledges;
  const form = forms[new Intl.PluralRules(strings.tag).select(count)] ?? forms.other;
  return fill(form, { n: new Intl.NumberFormat(strings.tag).format(count) });
}
