import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { englishModule, languages, sourceDigest } from '../../../widgets/build.mjs';

const widgets = new URL('../../../widgets/', import.meta.url);
const read = (path) => readFile(new URL(path, widgets), 'utf8');

test('the committed bundle was built from the modules beside it', async () => {
  const [first] = (await read('v1/blue-heart.js')).split('\n', 1);
  assert.ok(first.includes(await sourceDigest()), 'run npm run build in widgets/');
});

test('the language files say what strings.json says', async () => {
  const strings = await languages();
  assert.equal(await read('lib/english.js'), englishModule(strings.get('en')));
  const files = await readdir(new URL('v1/strings/', widgets));
  assert.deepEqual(files.sort(), [...strings.keys()].filter((lang) => lang !== 'en').map((lang) => `${lang}.json`).sort());
  for (const file of files) {
    assert.deepEqual(JSON.parse(await read(`v1/strings/${file}`)), strings.get(file.slice(0, 2)));
  }
});

test('the bundle is one small classic file whose integrity is published', async () => {
  const bundle = await read('v1/blue-heart.js');
  assert.doesNotThrow(() => new Function(bundle));
  assert.doesNotMatch(bundle, /\bimport\b|innerHTML|outerHTML|insertAdjacent|document\.write|cookie|new Worker|\beval\b/);
  assert.ok(gzipSync(bundle, { level: 9 }).length <= 7 * 1024);
  const digest = createHash('sha384').update(bundle).digest('base64');
  assert.deepEqual(JSON.parse(await read('v1/integrity.json')), { 'blue-heart.js': `sha384-${digest}` });
});

test('the lock file names no place to download from', async () => {
  assert.doesNotMatch(await read('package-lock.json'), /"resolved"|https?:\/\//);
});
