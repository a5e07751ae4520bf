import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { Pledging } from '../../../widgets/lib/pledging.js';

const PARAMETERS = { algorithm: 'PBKDF2/SHA-256', nonce: '01'.repeat(16), salt: '02'.repeat(16), cost: 1, keyLength: 32 };

/** A service whose answers to POST are given in order: a status with headers and JSON, or 'drop' to break the line. */
async function serving(answers, run) {
  const posts = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    if (request.method === 'GET') {
      const signature = String(posts.length);
      response.end(JSON.stringify({ parameters: { ...PARAMETERS, keyPrefix: '0' }, signature }));
      return;
    }
    posts.push({ key: request.headers['idempotency-key'], ...JSON.parse(text) });
    const answer = answers.shift();
    if (answer === 'drop') return void request.socket.destroy();
    const [status, headers, body] = answer;
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const waits = [];
  const ways = { wait: async (ms) => waits.push(ms), signal: new AbortController().signal };
  try {
    await run(new Pledging(`http://127.0.0.1:${server.address().port}`, 'world'), ways, { posts, waits });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const DONE = [201, {}, { receipt: 'r-1', ordinal: 7, total: 7 }];
const problem = (status, code, headers = {}) => [status, headers, { code, detail: `about ${code}` }];

test('a lost answer, a 503 and a 429 are sent again with the same key, body and proof', async () => {
  const answers = ['drop', problem(503, 'unavailable', { 'Retry-After': '9' }), problem(429, 'too-many'), DONE];
  await serving(answers, async (pledging, ways, { posts, waits }) => {
    pledging.begin({ country: 'BE', language: 'nl' });
    assert.equal((await pledging.send(ways)).total, 7);
    assert.equal(posts.length, 4);
    assert.equal(new Set(posts.map((post) => JSON.stringify(post))).size, 1);
    const { key, campaign, source, country, language } = posts[0];
    assert.match(key, /^[0-9a-f-]{36}$/);
    assert.deepEqual([campaign, source, country, language], ['world', 'widget', 'BE', 'nl']);
    assert.ok(waits[0] >= 750 && waits[0] <= 1250, `first wait ${waits[0]} ms`);
    assert.equal(waits[1], 9000);
    assert.ok(waits[2] >= 3000 && waits[2] <= 5000, `third wait ${waits[2]} ms`);
    assert.deepEqual(pledging.kept, { receipt: 'r-1' });
  });
});

test('the key is kept before anything is sent, and a second click or page takes the same', async () => {
  await serving(['drop', DONE], async (pledging, ways, { posts }) => {
    pledging.begin({ language: 'en' });
    const { key } = pledging.kept;
    const left = new AbortController();
    await assert.rejects(
      pledging.send({ ...ways, wait: async () => left.abort(), signal: left.signal }),
      { name: 'AbortError' },
    );
    const reloaded = new Pledging(pledging.service, 'world');
    reloaded.begin({ language: 'fr' });
    await reloaded.send(ways);
    assert.deepEqual(posts.map((post) => [post.key, post.language]), [[key, 'en'], [key, 'en']]);
  });
});

test('a refused proof is replaced by another one, at once and with the same key; then it ends', async () => {
  await serving([problem(422, 'proof'), DONE], async (pledging, ways, { posts, waits }) => {
    pledging.begin({});
    await pledging.send(ways);
    assert.notEqual(posts[0].solution, posts[1].solution);
    assert.equal(posts[0].key, posts[1].key);
    assert.deepEqual(waits, []);
  });
  await serving(Array.from({ length: 3 }, () => problem(422, 'proof')), async (pledging, ways, { posts }) => {
    pledging.begin({});
    await assert.rejects(pledging.send(ways), { code: 'proof' });
    assert.equal(posts.length, 3);
  });
});

test('what another try would not change is said once and not kept', async () => {
  await serving([problem(422, 'invalid')], async (pledging, ways) => {
    pledging.begin({ country: 'Belgium' });
    await assert.rejects(pledging.send(ways), { code: 'invalid', detail: 'about invalid', again: false });
    assert.equal(pledging.kept, null);
  });
});

test('tries are bounded, and the pledge is kept for another day', async () => {
  const answers = Array.from({ length: 11 }, () => problem(503, 'unavailable'));
  await serving(answers, async (pledging, ways, { posts, waits }) => {
    pledging.begin({});
    await assert.rejects(pledging.send(ways), { again: true });
    assert.equal(posts.length, 11);
    assert.ok(Math.max(...waits) <= 75_000);
    assert.ok(pledging.kept.key);
  });
});

test('a withdrawal forgets the receipt, also one that the service does not know, and keeps it when unreachable', async () => {
  await serving([DONE, 'drop', [200, {}, { campaign: 'world', total: 6 }]], async (pledging, ways, { posts }) => {
    pledging.begin({});
    await pledging.send(ways);
    await assert.rejects(pledging.withdraw(), { again: true });
    assert.deepEqual(pledging.kept, { receipt: 'r-1' });
    assert.equal(await pledging.withdraw(), 6);
    assert.equal(posts.at(-1).receipt, 'r-1');
    assert.equal(pledging.kept, null);
  });
  await serving([DONE, problem(422, 'receipt')], async (pledging, ways) => {
    pledging.begin({});
    await pledging.send(ways);
    await assert.rejects(pledging.withdraw(), { code: 'receipt' });
    assert.equal(pledging.kept, null);
  });
});
