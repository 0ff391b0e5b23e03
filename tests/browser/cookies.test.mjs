// The cookie itself: kept, hidden from scripts, removed, and how large it may be.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useBrowser, visitor } from './support/browser.mjs';
import { signIn, signOut, site, user } from './support/site.mjs';

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
