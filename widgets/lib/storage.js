import { hexOf } from './hex.js';

// Storage throws in a sandboxed frame and where the visitor turned it off; then a value lives as long as the page.
const memory = new Map();

/** Returns the value kept under a name, or null. */
export function recall(name) {
  let text = memory.get(name);
  try {
    text = localStorage.getItem(name) ?? text;
  } catch {
    // memory's answer stands
  }
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

/** Keeps a value under a name; null forgets it. */
export function keep(name, value) {
  const text = JSON.stringify(value);
  memory.delete(name);
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch {
    if (value !== null) memory.set(name, text);
  }
}

/** Returns 128 random bits as an idempotency key (`randomUUID` is missing on plain-HTTP pages). */
export const newKey = () => crypto.randomUUID?.() ?? hexOf(crypto.getRandomValues(new Uint8Array(16)));
