import { fill } from './address.js';
import './copy.js';
import { Picture } from './picture.js';

const PAUSE_MS = 200;
const KEPT = 'blue-heart:name';

const form = document.getElementById('studio');
const { name: nameField, lang: langField, size: sizeField } = form.elements;
const problem = document.getElementById('problem');
const status = document.getElementById('status');
const codes = [...document.querySelectorAll('[data-pattern]')];
const [card, avatar, badge] = ['card', 'avatar', 'badge'].map((id) => new Picture(document.getElementById(id)));
const pictures = [card, avatar, badge];

let timer = 0;
let turn = new AbortController();

/** What the form says now; without a name the pictures show a stand-in, and there is nothing to download. */
function choice() {
  const { lang, theme, size } = Object.fromEntries(new FormData(form));
  return { name: nameField.value.trim(), lang, theme, size };
}

function drawn(values) {
  return { ...values, name: values.name || form.dataset.nobody };
}

const altOf = ({ name }) => form.dataset.wears.replace('{name}', () => name);

function complain(sentence, { field = '', lang = 'en', dir = 'ltr' } = {}) {
  problem.textContent = sentence;
  Object.assign(problem, { lang, dir });
  if (sentence && field === 'name') nameField.setAttribute('aria-invalid', 'true');
  else nameField.removeAttribute('aria-invalid');
}

/** Asks the service whether it can draw this; throws its own sentence where it cannot. */
async function check(values, signal) {
  const answer = await fetch(badge.address(values, 'json'), { headers: { Accept: 'application/json' }, signal });
  if (answer.ok) return;
  const { detail = '', field = '' } = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(detail), { field, told: Boolean(detail) });
}

async function refresh() {
  turn.abort();
  turn = new AbortController();
  const { signal } = turn;
  const values = drawn(choice());
  status.textContent = '';
  const checked = check(values, signal);
  const shown = pictures.map(async (picture) => {
    picture.busy = true;
    const image = await picture.load(values, signal);
    await checked;
    if (signal.aborted) return;
    picture.show(image, altOf(values));
    picture.busy = false;
  });
  try {
    await Promise.all([checked, ...shown]);
    complain('');
    writeCodes(values);
    status.textContent = `${status.dataset.ready} ${altOf(values)}`;
  } catch (error) {
    if (signal.aborted) return;
    const here = document.documentElement;
    if (error.told) complain(error.message, error);
    else complain(status.dataset.offline, { lang: here.lang, dir: here.dir });
    for (const picture of pictures) picture.busy = false;
  }
  await Promise.allSettled(shown);
}

function writeCodes(values) {
  const { naturalWidth: width, naturalHeight: height } = badge.image;
  const image = form.dataset.origin + badge.address(values);
  for (const code of codes) {
    code.value = fill(code.dataset.pattern, code.dataset.escaping, {
      name: values.name, alt: altOf(values), theme: values.theme, image, width, height,
    });
  }
}

function changed({ atOnce = false } = {}) {
  for (const picture of pictures) picture.link(choice());
  clearTimeout(timer);
  timer = setTimeout(refresh, atOnce ? 0 : PAUSE_MS);
}

// The name is left out of the address on purpose: histories outlive visits, and computers are shared. So it is handed
// to the page in the next language by this tab's own storage, and taken out of it at once.
function carry(name) {
  try {
    sessionStorage.setItem(KEPT, name);
    return true;
  } catch {
    return !name;
  }
}

function carried() {
  try {
    const name = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    return name;
  } catch {
    return null;
  }
}

function pageAddress({ lang, theme, size }) {
  return `/?${new URLSearchParams({ lang, theme, size })}`;
}

nameField.addEventListener('input', () => changed());

form.addEventListener('change', ({ target }) => {
  if (target === langField) {
    // The whole page speaks the language, so the server writes it. Without storage the form says the name, as ever.
    if (carry(nameField.value)) location.assign(pageAddress(choice()));
    else form.submit();
    return;
  }
  if (target === nameField) return;
  if (target === sizeField) {
    const { width, height } = sizeField.selectedOptions[0].dataset;
    card.reserve(sizeField.value, width, height);
  }
  history.replaceState(null, '', pageAddress(choice()));
  changed({ atOnce: true });
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  changed({ atOnce: true });
  // On a phone the keyboard covers the picture: Done puts it away.
  nameField.blur();
});

const before = carried();
if (before !== null) nameField.value = before;
// A browser that restores a page restores what was typed, but not what we drew.
if (nameField.value !== nameField.defaultValue) changed({ atOnce: true });
