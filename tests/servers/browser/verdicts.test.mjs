// What the development page says that the browser will do with the next cookie, and what it does.

import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { before, test } from 'node:test';

import { newVisitor, useBrowser } from './support/browser.mjs';
import { site } from './support/site.mjs';

useBrowser();

const [KEPT, DROPPED, ELSEWHERE] = ['kept', 'dropped', 'kept and not sent here'];
const plain = { name: 'app', secure: false };
const DAY = 86_400;

const CASES = [
  { what: 'the default', host: '127.0.0.1', cookie: {}, expected: KEPT },
  { what: 'the default', host: 'localhost', cookie: {}, expected: KEPT },
  { what: 'the default', host: 'app.localhost', cookie: {}, expected: KEPT },
  { what: 'the default', host: 'localhost.', cookie: {}, expected: KEPT },
  { what: 'the default', host: '[::ffff:7f00:1]', cookie: {}, at: '::ffff:127.0.0.1', expected: DROPPED },
  { what: 'the default', host: '[::1]', cookie: {}, at: '::1', expected: KEPT },
  { what: 'the default', host: 'shop.test', cookie: {}, expected: DROPPED },
  { what: 'a plain name', host: 'shop.test', cookie: { name: 'app' }, expected: DROPPED },
  { what: 'a plain name without Secure', host: 'shop.test', cookie: plain, expected: KEPT },
  { what: '__Secure-', host: 'localhost', cookie: { name: '__Secure-app' }, expected: KEPT },
  { what: '__Secure-', host: 'shop.test', cookie: { name: '__Secure-app' }, expected: DROPPED },
  { what: '__Http-', host: 'localhost', cookie: { name: '__Http-app' }, expected: KEPT },
  { what: '__Host-Http-', host: 'localhost', cookie: { name: '__Host-Http-app' }, expected: KEPT },

  { what: 'the own domain', host: 'shop.test', cookie: { ...plain, domain: 'shop.test' }, expected: KEPT },
  { what: 'the own domain in capitals', host: 'shop.test', cookie: { ...plain, domain: 'Shop.Test' }, expected: KEPT },
  { what: 'the own domain after a dot', host: 'shop.test', cookie: { ...plain, domain: '.shop.test' }, expected: KEPT },
  { what: 'a domain above', host: 'www.shop.test', cookie: { ...plain, domain: 'shop.test' }, expected: KEPT },
  { what: 'a domain above', host: 'www.shop.test.', cookie: { ...plain, domain: 'shop.test' }, expected: DROPPED },
  { what: 'a domain below', host: 'shop.test', cookie: { ...plain, domain: 'www.shop.test' }, expected: DROPPED },
  { what: 'a domain beside', host: 'other.test', cookie: { ...plain, domain: 'shop.test' }, expected: DROPPED },
  { what: 'a domain that ends as the host does', host: 'myshop.test', cookie: { ...plain, domain: 'shop.test' }, expected: DROPPED },
  { what: 'a top-level domain', host: 'shop.test', cookie: { ...plain, domain: 'test' }, expected: DROPPED },
  { what: 'the domain localhost', host: 'localhost', cookie: { ...plain, domain: 'localhost' }, expected: KEPT },
  { what: 'the domain localhost', host: 'app.localhost', cookie: { ...plain, domain: 'localhost' }, expected: DROPPED },
  { what: 'a domain above', host: 'a.app.localhost', cookie: { ...plain, domain: 'app.localhost' }, expected: KEPT },
  { what: 'an address as the domain', host: '127.0.0.1', cookie: { ...plain, domain: '127.0.0.1' }, expected: KEPT },
  { what: 'the end of an address as the domain', host: '127.0.0.1', cookie: { ...plain, domain: '0.0.1' }, expected: DROPPED },

  { what: 'a path above', host: 'localhost', base: '/app/', cookie: { name: 'app', path: '/app' }, expected: KEPT },
  { what: 'a path above with a slash', host: 'localhost', base: '/app/', cookie: { name: 'app', path: '/app/' }, expected: KEPT },
  { what: 'a path below', host: 'localhost', cookie: { name: 'app', path: '/app' }, expected: ELSEWHERE },
  { what: 'the beginning of the path', host: 'localhost', base: '/app/', cookie: { name: 'app', path: '/ap' }, expected: ELSEWHERE },
  { what: 'a path in capitals', host: 'localhost', base: '/app/', cookie: { name: 'app', path: '/APP' }, expected: ELSEWHERE },

  { what: 'SameSite=Strict', host: 'localhost', cookie: { same_site: 'strict' }, expected: KEPT },
  { what: 'SameSite=None', host: 'localhost', cookie: { same_site: 'none' }, expected: KEPT },
  { what: 'Partitioned', host: 'localhost', cookie: { same_site: 'none', partitioned: true }, expected: KEPT },
  { what: 'Partitioned', host: 'shop.test', cookie: { same_site: 'none', partitioned: true }, expected: DROPPED },
  { what: 'not HttpOnly', host: 'localhost', cookie: { http_only: false }, expected: KEPT },
  { what: 'no lifetime', host: 'localhost', cookie: { max_age: 0 }, expected: KEPT },
  { what: '400 days', host: 'localhost', cookie: { max_age: 400 * DAY, absolute_max_age: 400 * DAY }, expected: KEPT },
];

const verdictIn = (text) => {
  if (text.includes('It will be kept, and not sent to this page')) return ELSEWHERE;
  if (text.includes('It will be dropped')) return DROPPED;
  return KEPT;
};

// What the page says of the next cookie.
async function next(page) {
  const section = page.locator('section', { has: page.getByRole('heading', { name: 'The next cookie' }) });
  const verdict = verdictIn(await section.innerText());
  assert.equal(await section.getByText('It will be kept.').count(), verdict === KEPT ? 1 : 0);
  return verdict;
}

// What it says of the cookie of the last response.
const last = async (page) => verdictIn(await page.getByRole('row', { name: 'POST' }).innerText());

// Follows the link, by which the server learns where the page is.
async function lookAgain(page) {
  const loaded = page.waitForEvent('load');
  await page.getByRole('link', { name: 'Look again' }).click();
  await loaded;
}

// One page for all: many new ones take their time.
let context;
let page;
before(async () => {
  // The page forbids scripts, and this one asks for a cookie from where the page is.
  context = await newVisitor({ bypassCSP: true });
  page = await context.newPage();
});

const hasIpv6 = Object.values(networkInterfaces()).flat().some(({ address }) => address === '::1');

for (const { what, host, cookie, base = '/', at, expected } of CASES) {
  const skip = at === '::1' && !hasIpv6 && 'this machine has no IPv6';
  test(`the development page is right on http://${host}${base} of ${what}: ${expected}`, { skip }, async () => {
    const app = await site(cookie, { at, pages: { hosts: [host.replace(/[[\]]/g, '')] } });
    await context.clearCookies();
    await page.goto(app.url(`${base}_session`, host));
    await lookAgain(page);
    const before = await next(page);
    await page.evaluate(() => fetch('put?key=n&letters=1', { method: 'POST' }));
    const isKept = (await context.cookies()).length === 1;
    await lookAgain(page);
    const said = { before, after: await next(page), ofTheResponse: await last(page) };

    const isSent = (await app.seen(`${base}_session`)).at(-1).cookies.length === 1;
    const did = isSent ? KEPT : isKept ? ELSEWHERE : DROPPED;
    assert.deepEqual({ did, ...said }, { did: expected, before: did, after: did, ofTheResponse: did });
  });
}

// Each is a `Set-Cookie` and the configuration that would make such ones.
const REFUSED = [
  ['__Host-app=1; Path=/', { secure: false }],
  ['__Host-app=1; Secure; Path=/app', { path: '/app' }],
  ['__Host-app=1; Secure; Path=/; Domain=localhost', { domain: 'localhost' }],
  ['__host-app=1; Path=/', { name: '__host-app', secure: false }],
  ['__Secure-app=1; Path=/', { name: '__Secure-app', secure: false }],
  ['__Http-app=1; HttpOnly; Path=/', { name: '__Http-app', secure: false }],
  ['__Http-app=1; Secure; Path=/', { name: '__Http-app', http_only: false }],
  ['__Host-Http-app=1; Secure; Path=/', { name: '__Host-Http-app', http_only: false }],
  ['app=1; SameSite=None', { name: 'app', secure: false, same_site: 'none' }],
  ['app=1; Partitioned', { name: 'app', secure: false, partitioned: true }],
];

for (const [cookie, configuration] of REFUSED) {
  test(`a browser drops "${cookie}", and the configuration of it is refused`, async () => {
    await context.clearCookies();
    await assert.rejects(site(configuration), /browsers|without `secure`/);
    const app = await site();
    const kept = 'other=1; Path=/';
    for (const set of [cookie, kept]) {
      await page.goto(app.url(`/set?cookie=${encodeURIComponent(set)}`, 'localhost'));
    }
    assert.deepEqual((await context.cookies()).map(({ name }) => name), ['other']);
  });
}
