// PBKDF2-HMAC-SHA-256 (RFC 8018 5.2, FIPS 180-4) for pages without crypto.subtle. Typed arrays and index reads only:
// destructuring in the inner loop is five times slower.
const SLICE_MS = 8;
const INITIAL = new Int32Array(8);
const K = new Int32Array(64);
const W = new Int32Array(64);

// The constants are the first 32 bits of the fractions of square and cube roots of the first 64 primes.
function prepare() {
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) prime &&= n % d > 0;
    if (!prime) continue;
    if (found < 8) INITIAL[found] = (Math.sqrt(n) % 1) * 2 ** 32;
    K[found++] = (Math.cbrt(n) % 1) * 2 ** 32;
  }
}

const turn = (x, bits) => (x >>> bits) | (x << (32 - bits));

function compress(state, block) {
  for (let i = 0; i < 64; i++) {
    const x = W[i - 15];
    const y = W[i - 2];
    W[i] =
      i < 16
        ? block[i]
        : W[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + W[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const t = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t) | 0;
    d = c; c = b; b = a; a = (t + s) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

// Hashes one block of at most 64 bytes into a copy of the state.
function hashed(state, bytes) {
  const block = new Int32Array(16);
  bytes.forEach((byte, i) => {
    block[i >> 2] |= byte << (24 - (i & 3) * 8);
  });
  const copy = state.slice();
  compress(copy, block);
  return copy;
}

function keyed(password, pad) {
  return hashed(INITIAL, Array.from({ length: 64 }, (_, i) => password[i] ^ pad));
}

// MessageChannel and not scheduler.yield or setTimeout: the first starves rendering, the second waits 4 ms.
function breathe() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

/**
 * Derives 32 bytes from a password of at most 64 bytes and a salt of at most 51;
 * gives the page its turn after every slice of 8 ms.
 */
export async function pbkdf2(password, salt, iterations) {
  if (!K[0]) prepare();
  const inner = keyed(password, 0x36);
  const outer = keyed(password, 0x5c);
  const seed = new Uint8Array(64);
  seed.set(salt);
  seed.set([1, 128], salt.length + 3);
  new DataView(seed.buffer).setUint32(60, (64 + salt.length + 4) * 8);
  const state = hashed(inner, seed);
  const block = new Int32Array(16);
  block[8] = 1 << 31;
  block[15] = 96 * 8;
  const u = new Int32Array(8);
  const sum = new Int32Array(8);
  let started = performance.now();
  for (let n = 0; n < iterations; n++) {
    if (n) {
      block.set(u);
      state.set(inner);
      compress(state, block);
    }
    block.set(state);
    u.set(outer);
    compress(u, block);
    for (let i = 0; i < 8; i++) sum[i] ^= u[i];
    if (n % 256 === 255 && performance.now() - started > SLICE_MS) {
      await breathe();
      started = performance.now();
    }
  }
  const derived = new DataView(new ArrayBuffer(32));
  sum.forEach((word, i) => derived.setInt32(i * 4, word));
  return new Uint8Array(derived.buffer);
}
