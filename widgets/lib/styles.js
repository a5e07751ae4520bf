import { sheet } from './dom.js';

// Text outside the pill takes the page's own colour, so it can be read on any ground the page has;
// the focus ring has a halo on both sides for the same reason.
const LIGHT = '--base:#005A8C;--paper:#fff;--ink:#005A8C;--focus:#005A8C';
const DARK = '--base:#0072BC;--paper:#0B1F33;--ink:#A8DDF3;--focus:#FFC72C';

const COMMON = `
:host { display: block; ${LIGHT} }
@media (prefers-color-scheme: dark) { :host(:not([theme=light])) { ${DARK} } }
:host([theme=dark]) { ${DARK} }
:host([hidden]) { display: none }
:focus-visible, .pill:has(:focus-visible) {
  outline: 3px solid var(--focus);
  outline-offset: 2px;
  box-shadow: 0 0 0 2px var(--paper), 0 0 0 7px var(--paper);
}
`;

const PLEDGE = `
:host { box-sizing: border-box; min-height: 100px; padding-top: 4px; container-type: inline-size; font: 600 1rem/1.25 var(--blue-heart-font, system-ui, sans-serif) }
button { font: inherit; border: 0; cursor: pointer }
.pill {
  display: inline-flex;
  overflow: hidden;
  border: 2px solid var(--base);
  border-radius: 24px;
  background: var(--base);
  color: var(--ink);
}
.act, .count {
  display: flex;
  align-items: center;
  justify-content: center;
  gap: .5em;
  min-height: 44px;
  padding: 0 1em;
}
.act { background: var(--base); color: #fff; text-align: start }
.act:focus-visible { outline: 0; box-shadow: none }
.done .act { background: var(--paper); color: inherit; cursor: default }
.count { margin-inline-start: -2px; border-inline-start: 2px solid var(--base); background: var(--paper) }
.count:empty { display: none }
svg { flex: none; height: 24px; overflow: visible; fill: #35BDF2 }
.hollow { fill-opacity: .2; stroke: #35BDF2; stroke-width: 8 }
.full { clip-path: inset(calc(100% - var(--done, 0%)) 0 0); transition: clip-path .3s }
.done svg { --done: 100%; fill: #009EDB }
.done .hollow { stroke: none }
.foot { min-height: 44px; margin-top: 4px; font-weight: 400; line-height: 1.375 }
.foot > :not(:empty, [hidden]) { display: inline-block; vertical-align: middle; padding: 11px 0; margin-inline-end: .5em }
.undo { border-radius: 6px; background: none; color: inherit; text-decoration: underline }
@container (width < 26em) {
  .pill { display: flex; flex-direction: column }
  .count:empty { display: flex }
  .idle .foot { min-height: 0 }
  .foot > .line { display: none }
  .foot > span { padding: 0 }
  :not(.idle) > .foot { min-height: 88px }
}
@media (hover: hover) { .idle .act:hover { background: color-mix(in srgb, var(--base), #000 20%) } }
@media (prefers-reduced-motion: no-preference) {
  .busy svg { animation: beat 1s infinite }
  .done svg { animation: beat .6s }
}
@keyframes beat { 30% { transform: scale(1.2) } 60% { transform: none } }
@media (forced-colors: active) { path { fill: CanvasText; stroke: CanvasText } }
`;

const BADGE = `
:host { display: inline-block; min-height: 44px; vertical-align: top }
a { display: inline-flex; min-width: 44px; min-height: 44px; align-items: center; border-radius: 22px; vertical-align: top }
img { max-width: 100%; height: auto }
`;

const made = {};
const once = (name, css) => () => (made[name] ??= sheet(COMMON + css));

/** The sheets that all instances of an element share, made when the first one is connected. */
export const pledgeSheet = once('pledge', PLEDGE);
export const badgeSheet = once('badge', BADGE);
