import assert from 'node:assert/strict';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { hexOf } from '../../../widgets/lib/hex.js';
import { pbkdf2 } from '../../../widgets/lib/pbkdf2.js';
import { solve } from '../../../widgets/lib/solve.js';

const ascii = (text) => new TextEncoder().encode(text);

test('PBKDF2 in JavaScript gives the vectors of RFC 7914, section 11', async () => {
  assert.equal(
    hexOf(await pbkdf2(ascii('passwd'), ascii('salt'), 1)),
    '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc',
  );
  assert.equal(
    hexOf(await pbkdf2(ascii('Password'), ascii('NaCl'), 80000)),
    '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56',
  );
});

test('PBKDF2 in JavaScript agrees with OpenSSL for every length within its bounds', async () => {
  for (let length = 0; length <= 64; length++) {
    const password = randomBytes(length);
    const salt = randomBytes(Math.min(length, 51));
    const expected = pbkdf2Sync(password, salt, 3, 32, 'sha256').toString('hex');
    assert.equal(hexOf(await pbkdf2(password, salt, 3)), expected, `${length} bytes`);
  }
});

test('PBKDF2 in JavaScript gives the page its turn', async () => {
  let turns = 0;
  const clock = setInterval(() => turns++, 1);
  const started = performance.now();
  await pbkdf2(ascii('password'), ascii('salt'), 60_000);
  clearInterval(clock);
  const slices = (performance.now() - started) / 8;
  assert.ok(turns >= slices / 4, `${turns} turns in ${slices} slices of 8 ms`);
});

const challenge = (keyPrefix, cost = 20) => ({
  parameters: {
    algorithm: 'PBKDF2/SHA-256',
    nonce: randomBytes(16).toString('hex'),
    salt: randomBytes(16).toString('hex'),
    cost,
    keyLength: 32,
    keyPrefix,
    data: { campaign: 'world' },
  },
  signature: 'ab',
});

function derive({ nonce, salt, cost, keyLength }, counter) {
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(counter);
  const password = Buffer.concat([Buffer.from(nonce, 'hex'), tail]);
  return pbkdf2Sync(password, Buffer.from(salt, 'hex'), cost, keyLength, 'sha256').toString('hex');
}

for (const [way, options] of [['WebCrypto', {}], ['JavaScript', { subtle: null }]]) {
  test(`${way} finds the first counter whose key starts with the prefix`, async () => {
    for (const prefix of ['0', 'a7', '5']) {
      const asked = challenge(prefix);
      const { challenge: sent, solution } = JSON.parse(atob(await solve(asked, options)));
      assert.deepEqual(sent, asked);
      assert.equal(solution.derivedKey, derive(asked.parameters, solution.counter));
      for (let counter = 0; counter <= solution.counter; counter++) {
        assert.equal(derive(asked.parameters, counter).startsWith(prefix), counter === solution.counter);
      }
    }
  });
}

test('a hidden counter (a prefix of 16 bytes) is found, and shorter keys too', async () => {
  for (const options of [{}, { subtle: null }]) {
    const asked = challenge('');
    asked.parameters.keyLength = 16;
    asked.parameters.keyPrefix = derive(asked.parameters, 37).slice(0, 16);
    const { solution } = JSON.parse(atob(await solve(asked, options)));
    assert.equal(solution.counter, 37);
    assert.equal(solution.derivedKey.length, 32);
  }
});

test('solving tells how far it is, and ends with its signal', async () => {
  const stop = new AbortController();
  const told = [];
  const onAttempt = (attempts) => {
    told.push(attempts);
    if (attempts >= 40) stop.abort();
  };
  await assert.rejects(solve(challenge('00000000'), { signal: stop.signal, onAttempt }), { name: 'AbortError' });
  assert.deepEqual(told, [4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
});
