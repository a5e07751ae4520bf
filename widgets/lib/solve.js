import { bytesOf, hexOf } from './hex.js';
import { pbkdf2 } from './pbkdf2.js';

const LANES = 4;
const MAX_COUNTER = 2 ** 20;

/**
 * Solves an ALTCHA v2 challenge (PBKDF2/SHA-256): finds the counter whose key, derived from nonce ‖ uint32 counter,
 * starts with the prefix. `deriveBits` runs off the main thread; where a plain-HTTP page has no `subtle`, the same sum
 * runs here in short slices. Returns ALTCHA's base64 payload; `onAttempt(attempts)` tells how far it is.
 * @throws {RangeError} when there is no solution within reach
 */
export async function solve({ parameters, signature }, { subtle = globalThis.crypto?.subtle, signal, onAttempt } = {}) {
  const { nonce, salt, cost, keyLength, keyPrefix } = parameters;
  const head = bytesOf(nonce);
  const sum = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations: cost };
  const derive = async (counter) => {
    const password = new DataView(new ArrayBuffer(head.length + 4));
    new Uint8Array(password.buffer).set(head);
    password.setUint32(head.length, counter);
    if (!subtle) return hexOf(await pbkdf2(new Uint8Array(password.buffer), sum.salt, cost)).slice(0, keyLength * 2);
    const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    return hexOf(new Uint8Array(await subtle.deriveBits(sum, key, keyLength * 8)));
  };
  const lanes = subtle ? LANES : 1;
  for (let counter = 0; counter < MAX_COUNTER; counter += lanes) {
    signal?.throwIfAborted();
    const keys = await Promise.all(Array.from({ length: lanes }, (_, lane) => derive(counter + lane)));
    const lane = keys.findIndex((key) => key.startsWith(keyPrefix));
    if (lane >= 0) {
      const solution = { counter: counter + lane, derivedKey: keys[lane] };
      return btoa(JSON.stringify({ challenge: { parameters, signature }, solution }));
    }
    onAttempt?.(counter + lanes);
  }
  throw new RangeError();
}
