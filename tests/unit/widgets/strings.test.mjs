import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { languages } from '../../../widgets/build.mjs';
import { countText, fill, stringsFor } from '../../../widgets/lib/strings.js';

const said = await languages();
const count = (lang, n, tag = lang) => countText({ ...said.get(lang), tag }, n);

test('a count takes its language\'s plural form and digits', () => {
  assert.equal(count('en', 1), '1 pledge');
  assert.equal(count('en', 1234567), '1,234,567 pledges');
  assert.equal(count('de', 1234567), '1.234.567 Versprechen');
  assert.equal(count('fr', 1000000), '1\u202f000\u202f000 d’engagements');
  assert.deepEqual([1, 3, 5, 21].map((n) => count('ru', n)), ['1 обещание', '3 обещания', '5 обещаний', '21 обещание']);
  assert.equal(count('ja', 12), '誓い 12 件');
  assert.deepEqual([1, 2, 3, 11, 100].map((n) => count('ar', n)), [
    'تعهّد واحد', 'تعهّدان', '3 تعهّدات', '11 تعهّدًا', '100 تعهّد',
  ]);
  assert.equal(count('ar', 1234, 'ar-EG'), '١٬٢٣٤ تعهّدًا');
});

test('no pledge yet is an invitation, in every language', () => {
  for (const [lang, strings] of said) assert.equal(count(lang, 0), strings.zero_pledges);
});

test('a withdrawal that did not get through claims nothing about a pledge that is kept', () => {
  for (const [lang, strings] of said) {
    assert.ok(strings.try_again.startsWith(strings.unreachable), lang);
    assert.ok(strings.unreachable.length < strings.try_again.length / 2, lang);
  }
});

test('only known places are filled, and a name is never read as one', () => {
  assert.equal(fill('{name} wears {it}', { name: '{it}' }), '{it} wears {it}');
});

test('English needs no file, others are fetched once, and what cannot be had is English', async () => {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.statusCode = asked.length > 1 ? 200 : 503;
    response.end(JSON.stringify(said.get('pt')));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service = `http://127.0.0.1:${server.address().port}`;
  try {
    assert.deepEqual([(await stringsFor(service, 'en-GB')).tag, (await stringsFor(service, 'tlh')).lang], ['en-GB', 'en']);
    assert.deepEqual(asked, []);
    const failed = await stringsFor(service, 'pt-BR');
    assert.deepEqual([failed.lang, failed.tag], ['en', 'en']);
    const both = await Promise.all([stringsFor(service, 'pt-BR'), stringsFor(service, 'pt')]);
    assert.deepEqual(both.map(({ lang, tag }) => [lang, tag]), [['pt', 'pt-BR'], ['pt', 'pt']]);
    assert.deepEqual(asked, ['/widgets/v1/strings/pt.json', '/widgets/v1/strings/pt.json']);
  } finally {
    server.close();
  }
});
