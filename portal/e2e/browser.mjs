// A real browser, and pages in it that let no complaint pass unheard.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

const PATIENCE_MS = 10_000;

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 800 };

export async function openBrowser() {
  // Each launch has a new user data directory, which ends with it.
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return {
    // A person with a browser of their own: nothing kept from anybody before.
    person: async (locale, viewport) => {
      const context = await browser.newContext({ locale, viewport });
      context.setDefaultTimeout(PATIENCE_MS);
      return { tab: async () => watched(await context.newPage()) };
    },
    close: () => browser.close(),
  };
}

// The page with three more functions.
function watched(page) {
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return Object.assign(page, {
    // Nothing was complained about, or the play was expected to be.
    quiet: () => assert.deepEqual(complaints.splice(0), [], 'the browser complained'),
    // Does something of which the browser must complain once, such as a request that is refused.
    complaining: async (about, act) => {
      const heard = page.waitForEvent('console', (message) => about.test(message.text()));
      await act();
      const text = (await heard).text();
      complaints.splice(complaints.indexOf(text), 1);
    },
    shot: (name) => picture(page, name),
  });
}

let pictures = 0;
async function picture(page, name) {
  const folder = process.env.HUITONG_SHOTS;
  if (!folder) return;
  pictures += 1;
  await mkdir(folder, { recursive: true });
  const file = `${String(pictures).padStart(2, '0')}-${name}.png`;
  await page.screenshot({ path: join(folder, file), fullPage: true });
}
