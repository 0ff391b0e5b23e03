// What Chromium's developer tools say of a cookie that it drops, as the guide's chapter of lost sessions quotes it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { openVisitor, useBrowser, visitor } from './support/browser.mjs';
import { site } from './support/site.mjs';

useBrowser();

const GUIDE = new URL('../../../session-runtime/docs/guide/lost_sessions.md', import.meta.url);
const plain = { name: 'app', secure: false };

// `row` is the beginning of the guide's.
const CASES = [
  { row: 'http:// on another name than localhost', cookie: { name: 'app' }, says: 'SecureOnly' },
  { row: 'http:// on another name than localhost', cookie: {}, says: 'InvalidPrefix' },
  { row: '`with_domain("example.com")`', cookie: { ...plain, domain: 'example.com' }, says: 'InvalidDomain' },
  { row: '`with_domain("example.com")`', cookie: { ...plain, domain: 'test' }, says: 'InvalidDomain' },
  { row: '`with_path("/app")`', cookie: { ...plain, path: '/app' }, says: undefined },
  { row: 'the page is on another site', from: '127.0.0.1', make: openVisitor, cookie: {}, says: 'SchemefulSameSiteLax' },
  { row: 'the page is on another site', from: '127.0.0.1', cookie: { same_site: 'none' }, says: 'UserPreferences' },
];

// The reasons for which Chromium drops what the response of this path sets. Its two events come in any order.
function reasons(tools, path) {
  return new Promise((answered) => {
    const [paths, dropped] = [new Map(), new Map()];
    const look = (id) => {
      if (paths.get(id) === path && dropped.has(id)) answered(dropped.get(id));
    };
    tools.on('Network.requestWillBeSent', ({ requestId, request }) => {
      paths.set(requestId, new URL(request.url).pathname);
      look(requestId);
    });
    tools.on('Network.responseReceivedExtraInfo', ({ requestId, blockedCookies }) => {
      dropped.set(requestId, blockedCookies.flatMap((cookie) => cookie.blockedReasons));
      look(requestId);
    });
  });
}

for (const { row, from, make = visitor, cookie, says } of CASES) {
  test(`of "${row}" with ${JSON.stringify(cookie)} Chromium says ${says ?? 'nothing'}`, async (t) => {
    const [app, other] = [await site(cookie), await site({ name: 'other', secure: false })];
    const context = await make(t);
    const page = await context.newPage();
    const tools = await context.newCDPSession(page);
    await tools.send('Network.enable');
    const told = reasons(tools, '/put');
    const host = from ? 'localhost' : 'shop.test';
    await page.goto(from ? other.url('/', from) : app.url('/', host));
    const put = app.url('/put?key=n&letters=1', host);
    await page.evaluate((put) => fetch(put, { method: 'POST', mode: 'no-cors', credentials: 'include' }), put);
    assert.deepEqual(await told, says ? [says] : []);

    const guide = await readFile(GUIDE, 'utf8');
    const line = guide.split('\n').find((line) => line.startsWith(`| ${row}`));
    assert.ok(line.includes(says ? `\`${says}\`` : 'nothing'), line);
  });
}
