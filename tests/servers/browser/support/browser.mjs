// Chromium, started once for a file of tests.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { chromium } from 'playwright-core';

const OPTIONS = {
  executablePath: process.env.SESSION_BROWSER_PROGRAM,
  // Playwright turns the back/forward cache off: visitors have it.
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
  // Names of no loopback, for what browsers do on those.
  args: ['--host-resolver-rules=MAP *.test 127.0.0.1, MAP *.test. 127.0.0.1'],
};
const PATIENCE = 15_000;

let browser;

// To be called once in a file that has visitors.
export function useBrowser() {
  browser = chromium.launch(OPTIONS);
  after(async () => (await browser).close());
}

// A private window with a jar of its own, closed with the test `t`.
export async function visitor(t, options = {}) {
  const context = await newVisitor(options);
  const faults = faultsOf(context);
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults, [], 'the pages have no faults');
  });
  return context;
}

// What pages do against their own policy, and what scripts fail at.
function faultsOf(context) {
  const faults = [];
  context.on('weberror', (fault) => faults.push(String(fault.error())));
  context.on('console', (message) => {
    const text = message.text();
    if (text.includes('Content Security Policy')) faults.push(text);
  });
  return faults;
}

// As `visitor`, for all tests of a file.
export const newVisitor = async (options) => patient(await (await browser).newContext(options));

// What a browser keeps from one start to the next, and the way to start it.
export async function profile(t, preferences = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'session-browser-'));
  await mkdir(join(folder, 'Default'));
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
  const started = [];
  t.after(async () => {
    for (const context of started) await context.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  });
  return async () => {
    const context = await chromium.launchPersistentContext(folder, OPTIONS);
    started.push(context);
    return patient(context);
  };
}

// A visitor whose browser takes cookies of third parties, as Chrome does outside of private windows. Debian's Chromium
// blocks them everywhere.
export async function openVisitor(t) {
  const start = await profile(t, { profile: { cookie_controls_mode: 0 } });
  return start();
}

function patient(context) {
  context.setDefaultTimeout(PATIENCE);
  return context;
}

// Goes back, also to a page that the browser kept, which is not loaded again.
export async function back(page) {
  await page.goBack({ waitUntil: 'commit' });
}
