// Keeps a count on this page live: by a stream of events, and where there is none by asking every half minute.
// Nothing is asked while the page is hidden.
const ASK_MS = 30_000;
const PATIENCE_MS = 8_000;

const shown = document.querySelector('[data-live]');
const { live: base, lang, zero } = shown.dataset;
const patterns = JSON.parse(shown.dataset.patterns);
const plural = new Intl.PluralRules(lang);
const grouped = lang === 'es' || lang === 'pt' ? 'min2' : 'auto';
const number = new Intl.NumberFormat(lang === 'ar' ? 'ar-u-nu-latn' : lang, { useGrouping: grouped });

let stream;
let asking;
let etag = '';

function show(total) {
  const pattern = total === 0 ? zero : (patterns[plural.select(total)] ?? patterns.other);
  const said = pattern.replace('{n}', number.format(total));
  if (shown.textContent !== said) shown.textContent = said;
  const bar = document.querySelector('progress');
  if (bar) bar.value = total;
}

function listen() {
  if (typeof EventSource !== 'function') return ask();
  stream = new EventSource(`${base}/stream`);
  const late = setTimeout(ask, PATIENCE_MS); // a proxy may keep a stream back for ever
  stream.onmessage = (event) => {
    clearTimeout(late);
    rest();
    show(JSON.parse(event.data).total);
  };
  stream.onerror = () => {
    if (stream?.readyState === EventSource.CLOSED) ask(); // refused: the browser does not come back by itself
  };
}

async function ask() {
  rest();
  asking = setTimeout(ask, ASK_MS);
  try {
    const answer = await fetch(`${base}/count`, { headers: etag ? { 'If-None-Match': etag } : {}, cache: 'no-store' });
    if (answer.status !== 200) return;
    etag = answer.headers.get('ETag') ?? '';
    show((await answer.json()).total);
  } catch {
    // offline: what is shown stays, and is asked for again
  }
}

function rest() {
  clearTimeout(asking);
}

function follow() {
  stream?.close();
  stream = undefined;
  rest();
  if (!document.hidden) listen();
}

document.addEventListener('visibilitychange', follow);
addEventListener('pagehide', () => stream?.close());
addEventListener('pageshow', (event) => event.persisted && follow());
follow();
