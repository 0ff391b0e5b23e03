// What ends, and what does not: keys of a time, replaced secrets, and browsers that are closed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { profile, useBrowser, visitor } from './support/browser.mjs';
import { KEY, OTHER_KEY, held, signIn, site, user } from './support/site.mjs';

useBrowser();

const MINUTE = 60;

test('a key of 15 minutes is gone after them, and the session goes on', async (t) => {
  const app = await site();
  const page = await (await visitor(t)).newPage();
  await page.goto(app.url());
  await signIn(page);
  await app.forward(14 * MINUTE);
  assert.deepEqual(await held(page), { user: 'ada', return_to: '/wanted' });
  await app.forward(MINUTE);
  assert.deepEqual(await held(page), { user: 'ada' });
});

// Servers behind one address, which browsers know by their host alone.
async function signedInUnderTheOldKey(t) {
  const page = await (await visitor(t)).newPage();
  const before = await site({ key: KEY });
  await page.goto(before.url());
  await signIn(page);
  return page;
}

test('a key is replaced on two servers, one after the other, and nobody is signed out', async (t) => {
  const page = await signedInUnderTheOldKey(t);
  const [old, between, after] = [`${KEY},${OTHER_KEY}`, `${OTHER_KEY},${KEY}`, OTHER_KEY];
  // One server signs with the new key while the other still signs with the old one; then nobody knows the old one.
  for (const key of [old, between, old, between, after]) {
    const server = await site({ key });
    await page.goto(server.url());
    assert.equal(await user(page), 'ada');
  }
});

test('a key that is replaced without a time of both signs everybody out', async (t) => {
  const page = await signedInUnderTheOldKey(t);
  const server = await site({ key: OTHER_KEY });
  await page.goto(server.url());
  assert.equal(await user(page), 'nobody');
});

for (const [remember, after] of [[true, 'ada'], [false, 'nobody']]) {
  const who = remember ? 'who is to be remembered is' : 'who is not to be remembered is not';
  test(`${who} signed in once the browser was closed`, async (t) => {
    const app = await site();
    const start = await profile(t);
    let browser = await start();
    let page = await browser.newPage();
    await page.goto(app.url());
    await signIn(page, { remember });
    await page.reload();
    assert.equal(await user(page), 'ada');
    await browser.close();

    browser = await start();
    page = await browser.newPage();
    await page.goto(app.url());
    assert.equal(await user(page), after);
    await browser.close();
  });
}
