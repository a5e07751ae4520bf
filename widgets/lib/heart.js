import { draw } from './dom.js';

const PATH =
  'M50 91C46.5 91 8 63.5 3.4 36.5C.6 19 11.6 5 27.2 5C37.2 5 45.2 10.6 50 19.4C54.8 10.6 62.8 5 72.8 5C88.4 5 99.4 19 96.6 36.5C92 63.5 53.5 91 50 91Z';

/** Draws the flat heart twice: an empty one, and over it the one that the proof of work fills. */
export function heart() {
  return draw(
    'svg',
    { viewBox: '0 0 100 96', 'aria-hidden': true },
    draw('path', { d: PATH, class: 'hollow' }),
    draw('path', { d: PATH, class: 'full' }),
  );
}
