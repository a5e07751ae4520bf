// The peers that are npm packages, on the same work: one line of JSON a measurement.
// usage: node peers.mjs <work> <seconds> [folder for one sample each]; FONT and FONT_BOLD name two TrueType files.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [work, secondsText, samples] = process.argv.slice(2);
const seconds = Number(secondsText);
const fontFiles = [process.env.FONT, process.env.FONT_BOLD];

const FIRST = 'Zoë Anna Lukas Maria Noah Emma Jan Sofía Chloé Björn'.split(' ');
const LAST = 'Müller Janssens Peeters García Dubois Novak Rossi Sørensen Kowalski Silva'.split(' ');
const LABEL = 'I wear the Blue Heart';
const LINE = 'wears the Blue Heart against human trafficking';
const FOOT = '30 July · World Day Against Trafficking in Persons';
const HEART =
  'M50 91C46.5 91 8 63.5 3.4 36.5C.6 19 11.6 5 27.2 5C37.2 5 45.2 10.6 50 19.4' +
  'C54.8 10.6 62.8 5 72.8 5C88.4 5 99.4 19 96.6 36.5C92 63.5 53.5 91 50 91Z';
const nameOf = (number) => `${FIRST[number % 10]} ${LAST[Math.floor(number / 10) % 10]} ${number}`;

async function measure(who, make) {
  let made;
  for (let number = 0; number < 20; number++) made = await make(nameOf(number));
  if (samples) {
    mkdirSync(samples, { recursive: true });
    writeFileSync(join(samples, `${work}-${who}.${typeof made === 'string' ? 'svg' : 'png'}`), made);
  }
  const laps = [];
  let number = 1000;
  let size = 0;
  const stop = performance.now() + seconds * 1000;
  for (let start; (start = performance.now()) < stop; ) {
    made = await make(nameOf(number++));
    laps.push(performance.now() - start);
    size += typeof made === 'string' ? Buffer.byteLength(made) : made.length;
  }
  laps.sort((a, b) => a - b);
  const total = laps.reduce((sum, lap) => sum + lap, 0);
  const round = (value, digits) => Number(value.toFixed(digits));
  const line = {
    work,
    who,
    p50_ms: round(laps[Math.floor(laps.length / 2)], 4),
    p99_ms: round(laps[Math.floor(laps.length * 0.99)], 4),
    per_s: round((laps.length / total) * 1000, 1),
    bytes: Math.round(size / laps.length),
  };
  console.log(JSON.stringify(line));
}

const box = (style, ...children) => ({
  type: 'div',
  props: { style: { display: 'flex', ...style }, children: children.length === 1 ? children[0] : children },
});

const heartBox = () => ({
  type: 'svg',
  props: { width: 220, height: 211, viewBox: '0 0 100 96', children: { type: 'path', props: { d: HEART, fill: '#fff' } } },
});

const page = (name) =>
  box(
    {
      width: '100%',
      height: '100%',
      flexDirection: 'column',
      alignItems: 'center',
      justifyContent: 'center',
      backgroundImage: 'linear-gradient(135deg,#00466b,#0072bc)',
      color: 'white',
      fontFamily: 'D',
    },
    heartBox(),
    box({ fontSize: 72, fontWeight: 700, marginTop: 24 }, name),
    box({ fontSize: 40, marginTop: 12 }, LINE),
    box({ fontSize: 28, marginTop: 40 }, FOOT),
  );

const escaped = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const drawing = (name) =>
  '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">' +
  '<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#00466b"/><stop offset="1" stop-color="#0072bc"/>' +
  '</linearGradient></defs><rect width="1200" height="630" fill="url(#g)"/>' +
  `<path transform="translate(490 70) scale(2.2)" d="${HEART}" fill="#fff"/>` +
  '<g font-family="DejaVu Sans" fill="#fff" text-anchor="middle">' +
  `<text x="600" y="380" font-size="72" font-weight="700">${escaped(name)}</text>` +
  `<text x="600" y="450" font-size="40">${LINE}</text><text x="600" y="540" font-size="28">${FOOT}</text></g></svg>`;

const fonts = () =>
  fontFiles.map((file, index) => ({ name: 'D', data: readFileSync(file), weight: index ? 700 : 400, style: 'normal' }));
const onlyOurFonts = { font: { loadSystemFonts: false, fontFiles } };

const works = {
  'badge-svg': async () => {
    const { makeBadge } = await import('badge-maker');
    const { badgen } = await import('badgen');
    await measure('badge-maker', (name) => makeBadge({ label: LABEL, message: name, color: '#009edb', style: 'flat' }));
    await measure('badgen', (name) => badgen({ label: LABEL, status: name, color: '009edb' }));
  },
  'card-png': async () => {
    const { default: satori } = await import('satori');
    const { Resvg } = await import('@resvg/resvg-js');
    const { default: sharp } = await import('sharp');
    const { render } = await import('takumi-js');
    const options = { width: 1200, height: 630, fonts: fonts() };
    await measure('takumi', async (name) => Buffer.from(await render(page(name), { ...options, format: 'png' })));
    await measure('satori+resvg', async (name) =>
      new Resvg(await satori(page(name), options), { font: { loadSystemFonts: false } }).render().asPng(),
    );
    await measure('resvg', (name) => new Resvg(drawing(name), onlyOurFonts).render().asPng());
    await measure('sharp', (name) => sharp(Buffer.from(drawing(name))).png().toBuffer());
  },
  'avatar-svg': async () => {
    await measure('dicebear', await dicebear());
  },
  'avatar-png': async () => {
    const { Resvg } = await import('@resvg/resvg-js');
    const avatar = await dicebear();
    await measure('dicebear+resvg', (name) => new Resvg(avatar(name), onlyOurFonts).render().asPng());
  },
};

async function dicebear() {
  const { createAvatar } = await import('@dicebear/core');
  const { initials } = await import('@dicebear/collection');
  return (name) => createAvatar(initials, { seed: name, size: 512 }).toString();
}

await works[work]();
