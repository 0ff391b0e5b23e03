// What goes with requests from other sites: SameSite and Partitioned.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openVisitor, useBrowser, visitor } from './support/browser.mjs';
import { signIn, site, user } from './support/site.mjs';

useBrowser();

const KINDS = {
  link: async (page, to) => {
    await page.evaluate((to) => {
      const link = document.createElement('a');
      link.href = to;
      document.body.append(link);
      link.click();
    }, to);
    await page.waitForURL(to);
  },
  form: async (page, to) => {
    await page.evaluate((to) => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = to;
      document.body.append(form);
      form.submit();
    }, to);
    await page.waitForURL(to);
  },
  frame: (page, to) => embed(page, to),
  fetch: (page, to) => page.evaluate(
    (to) => fetch(to, { mode: 'no-cors', credentials: 'include', method: 'POST' }).then(() => null),
    to,
  ),
};

// Shows a page within the page.
async function embed(page, url) {
  await page.evaluate((url) => new Promise((shown) => {
    const frame = document.createElement('iframe');
    frame.onload = shown;
    frame.src = url;
    document.body.append(frame);
  }), url);
  return page.frameLocator('iframe');
}

// Which kinds of requests from a page of this host carry the cookie of a site on localhost.
async function carried(t, cookie, from) {
  const [app, other] = [await site(cookie), await site({ name: 'other', secure: false })];
  const page = await (await openVisitor(t)).newPage();
  await page.goto(app.url('/', 'localhost'));
  await signIn(page);
  const carried = {};
  for (const [kind, request] of Object.entries(KINDS)) {
    await page.goto(other.url('/', from));
    const path = kind === 'link' || kind === 'frame' ? '/held' : '/put';
    const before = (await app.seen(path)).length;
    await request(page, app.url(`${path}?key=n&letters=1`, 'localhost'));
    const [seen, ...more] = (await app.seen(path)).slice(before);
    assert.deepEqual(more, []);
    carried[kind] = seen.cookies.includes('__Host-app');
  }
  return carried;
}

test('a Lax cookie goes with links from other sites, and with no form, frame or fetch of theirs', async (t) => {
  assert.deepEqual(
    await carried(t, { same_site: 'lax' }, '127.0.0.1'),
    { link: true, form: false, frame: false, fetch: false },
  );
});

test('a Strict cookie goes with nothing from other sites', async (t) => {
  assert.deepEqual(
    await carried(t, { same_site: 'strict' }, '127.0.0.1'),
    { link: false, form: false, frame: false, fetch: false },
  );
});

test('a cookie with SameSite=None goes with everything from other sites', async (t) => {
  assert.deepEqual(
    await carried(t, { same_site: 'none' }, '127.0.0.1'),
    { link: true, form: true, frame: true, fetch: true },
  );
});

test('another port of the host is the same site: SameSite is no protection against it', async (t) => {
  assert.deepEqual(
    await carried(t, { same_site: 'strict' }, 'localhost'),
    { link: true, form: true, frame: true, fetch: true },
  );
});

// Who is signed in in a frame of the site, within the page of each of two other sites and by itself, after a sign-in in
// the frame within the first.
async function embedded(context, cookie) {
  const [app, other] = [await site(cookie), await site({ name: 'other', secure: false })];
  const url = app.url('/', 'localhost');
  const page = await context.newPage();
  await page.goto(other.url('/', '127.0.0.1'));
  const frame = await embed(page, url);
  const signedIn = page.waitForResponse(url);
  await frame.getByRole('button', { name: 'Sign in' }).click();
  await (await signedIn).finished();
  const users = [];
  for (const host of ['127.0.0.1', 'other.localhost']) {
    await page.goto(other.url('/', host));
    users.push(await user(await embed(page, url)));
  }
  await page.goto(url);
  users.push(await user(page));
  return { users, cookies: await context.cookies() };
}

const NONE = { same_site: 'none' };

test('a Partitioned cookie has a jar of its own for each site around it', async (t) => {
  const { users, cookies } = await embedded(await openVisitor(t), { ...NONE, partitioned: true });
  assert.deepEqual(users, ['ada', 'nobody', 'nobody']);
  assert.deepEqual(cookies.map((cookie) => [cookie.name, cookie.partitionKey]), [['__Host-app', 'http://127.0.0.1']]);
});

test('a cookie with SameSite=None alone is the same in every frame', async (t) => {
  const { users } = await embedded(await openVisitor(t), NONE);
  assert.deepEqual(users, ['ada', 'ada', 'ada']);
});

test('a Lax cookie that is set in a frame of another site is dropped', async (t) => {
  const { users } = await embedded(await openVisitor(t), { same_site: 'lax' });
  assert.deepEqual(users, ['nobody', 'nobody', 'nobody']);
});

test('where cookies of third parties are blocked, only a Partitioned one works in a frame', async (t) => {
  const { users } = await embedded(await visitor(t), NONE);
  assert.deepEqual(users, ['nobody', 'nobody', 'nobody']);
  const partitioned = await embedded(await visitor(t), { ...NONE, partitioned: true });
  assert.deepEqual(partitioned.users, ['ada', 'nobody', 'nobody']);
});
