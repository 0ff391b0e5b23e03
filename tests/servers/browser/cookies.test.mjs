// The cookie itself: kept, hidden from scripts, removed, and how large it may be.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useBrowser, visitor } from './support/browser.mjs';
import { held, signIn, signOut, site, user } from './support/site.mjs';

useBrowser();

for (const host of ['127.0.0.1', 'localhost', 'app.localhost']) {
  test(`a __Host- cookie is kept on http://${host}`, async (t) => {
    const app = await site();
    const context = await visitor(t);
    const page = await context.newPage();
    await page.goto(app.url('/', host));
    await signIn(page);
    assert.equal(await user(page), 'ada');
    const [cookie, ...others] = await context.cookies();
    assert.deepEqual(others, []);
    const { name, domain, path, httpOnly, secure, sameSite } = cookie;
    assert.deepEqual(
      { name, domain, path, httpOnly, secure, sameSite },
      { name: '__Host-app', domain: host, path: '/', httpOnly: true, secure: true, sameSite: 'Lax' },
    );
  });
}

test('scripts of the page see no session cookie, and see one that is not HttpOnly', async (t) => {
  for (const [httpOnly, sees] of [[true, false], [false, true]]) {
    const app = await site({ http_only: httpOnly });
    const context = await visitor(t);
    const page = await context.newPage();
    await page.goto(app.url());
    await signIn(page);
    const seen = await page.evaluate(async () => {
      const response = await fetch('put?key=n&letters=1', { method: 'POST' });
      const headers = [...response.headers.keys()];
      const stored = (await cookieStore.getAll()).map((cookie) => cookie.name);
      return { cookie: document.cookie, headers, stored };
    });
    assert.equal(seen.cookie.includes('__Host-app='), sees);
    assert.equal(seen.stored.includes('__Host-app'), sees);
    assert.ok(!seen.headers.includes('set-cookie'));
    assert.equal((await context.cookies()).length, 1);
  }
});

test('a sign-out leaves no cookie, whatever its place was', async (t) => {
  for (const cookie of [
    {},
    { name: 'app', domain: 'shop.test', secure: false },
    { name: 'app', path: '/app' },
    { same_site: 'none', partitioned: true },
  ]) {
    const app = await site(cookie);
    const context = await visitor(t);
    const page = await context.newPage();
    await page.goto(app.url(cookie.path ? '/app/' : '/', cookie.domain ?? 'localhost'));
    await signIn(page);
    assert.equal((await context.cookies()).length, 1);
    await signOut(page);
    assert.deepEqual(await context.cookies(), [], JSON.stringify(cookie));
  }
});

test('the largest cookie that the layer lets out is kept, and one letter more is refused', async (t) => {
  const app = await site();
  const context = await visitor(t);
  const page = await context.newPage();
  await page.goto(app.url());
  const put = (letters) => page.evaluate(async (letters) => {
    const response = await fetch(`put?key=big&letters=${letters}`, { method: 'POST' });
    return response.ok;
  }, letters);
  let [largest, refused] = [1, 5_000];
  while (refused - largest > 1) {
    const letters = Math.floor((largest + refused) / 2);
    if (await put(letters)) largest = letters;
    else refused = letters;
  }
  assert.equal(await put(largest), true);
  assert.equal(await put(refused), false);
  assert.equal((await held(page)).big.length, largest);
  const [{ name, value }] = await context.cookies();
  assert.equal(name.length + value.length, 4_096);
});

test('a cookie of more than 4096 bytes would be dropped', async (t) => {
  const app = await site();
  const context = await visitor(t);
  const page = await context.newPage();
  await page.goto(app.url());
  for (const [name, bytes] of [['most', 4_096], ['more', 4_097]]) {
    const value = 'x'.repeat(bytes - name.length);
    await page.evaluate((cookie) => { document.cookie = cookie; }, `${name}=${value}`);
  }
  const names = (await context.cookies()).map((cookie) => cookie.name);
  assert.deepEqual(names, ['most']);
});

for (const [change, host, before, after] of [
  ['domain', 'shop.test', { domain: 'shop.test' }, {}],
  ['path', 'shop.test', { path: '/app' }, {}],
  ['partition', 'localhost', { secure: true, partitioned: true }, { secure: true }],
]) {
  test(`a cookie whose ${change} was changed is removed where it was, and stays beside the new one unless told`, async (t) => {
    const plain = { name: 'app', secure: false };
    const { domain, path, partitioned } = before;
    for (const [formerly, count] of [[[{ domain, path, partitioned }], 1], [[], 2]]) {
      const old = await site({ ...plain, ...before });
      const present = await site({ ...plain, ...after, formerly });
      const context = await visitor(t);
      const page = await context.newPage();
      await page.goto(old.url('/app/', host));
      await signIn(page);
      await page.goto(present.url('/app/', host));
      assert.equal(await user(page), 'ada');
      await page.getByLabel('Name').fill('grace');
      const answered = page.waitForEvent('load');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await answered;
      assert.equal((await context.cookies()).length, count);
      // Two good ones of two sessions: neither is used.
      assert.equal(await user(page), count === 1 ? 'grace' : 'nobody');
    }
  });
}
