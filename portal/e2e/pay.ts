// Drives the pages in a real browser against a real server: log in, pay a code, see the receipt and
// the history, top up, pay by the H5 cashier, look in as an operator. Fails on the first thing that
// is not as it should be, and on any error in the browser's console.
//
//   HUITONG_URL        where the server is, such as http://127.0.0.1:8080
//   HUITONG_USER       login name, alice by default
//   HUITONG_PASSWORD   its login password
//   HUITONG_PIN        its payment password
//   HUITONG_CODE       a code_url of an unpaid order
//   HUITONG_H5_URL     optional: an h5_url of another unpaid order
//   HUITONG_OPERATOR, HUITONG_OPERATOR_PASSWORD   optional: an operator
//   HUITONG_SHOTS      optional: a folder for pictures of every step
//   CHROMIUM           optional: the browser, /usr/bin/chromium by default
import assert from "node:assert/strict";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

function env(name: string, otherwise?: string): string {
    const value = process.env[name] ?? otherwise;
    assert.ok(value !== undefined && value !== "", `${name} is not set (see e2e/pay.ts)`);
    return value;
}

const base = env("HUITONG_URL").replace(/\/$/, "");
const shots = process.env["HUITONG_SHOTS"];
let step = 0;

async function shot(page: Page, name: string): Promise<void> {
    step += 1;
    console.log(`${String(step).padStart(2)} ${name}`);
    if (!shots) return;
    await page.screenshot({ path: join(shots, `${String(step).padStart(2, "0")}-${name}.png`) });
}

// Refusals are part of the play; everything else that the browser complains about is a fault.
function watch(page: Page, faults: string[]): void {
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
        const expected = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !expected) faults.push(message.text());
    });
}

const available = async (page: Page): Promise<number> => {
    await page.goto(`${base}/wallet/#/`);
    await page.reload();
    const shown = page.locator("#balance");
    await shown.waitFor();
    return Number(await shown.getAttribute("data-available"));
};

async function logIn(page: Page): Promise<void> {
    await page.goto(`${base}/wallet/`);
    await shot(page, "login");
    await page.fill("[name=login_name]", env("HUITONG_USER", "alice"));
    await page.fill("[name=password]", `${env("HUITONG_PASSWORD")}-not`);
    await page.click("#log-in");
    await page.waitForSelector(".notice.bad");
    await page.fill("[name=password]", env("HUITONG_PASSWORD"));
    await page.click("#log-in");
    await page.waitForSelector("#balance");
    await shot(page, "home");
}

async function refuseNonsense(page: Page): Promise<void> {
    await page.goto(`${base}/wallet/#/pay`);
    await page.fill("[name=code]", "weixin://wxpay/bizpayurl?pr=nonsense");
    await page.click("#resolve");
    await page.waitForSelector(".notice.bad");
    await shot(page, "unknown-code");
}

// The first answer is lost on the way back: the page must repeat the same request by itself, and
// money must move once.
async function payThroughALostAnswer(page: Page, code: string): Promise<void> {
    const before = await available(page);
    const ids: string[] = [];
    await page.route("**/wallet/v1/payments", async (route) => {
        if (route.request().method() !== "POST") return route.continue();
        ids.push((route.request().postDataJSON() as { request_id: string }).request_id);
        if (ids.length > 1) return route.continue();
        await route.fetch();
        return route.abort("connectionreset");
    });
    await page.goto(`${base}/wallet/#/pay?code=${encodeURIComponent(code)}`);
    await page.waitForSelector("#confirm-pay");
    await shot(page, "confirm");
    await page.click("#confirm-pay");
    await page.waitForSelector(".keypad");
    await page.keyboard.type(env("HUITONG_PIN"));
    await page.waitForSelector('.receipt[data-state="COMPLETED"]');
    await shot(page, "receipt");
    await page.unroute("**/wallet/v1/payments");
    assert.equal(ids.length, 2, "the lost answer was asked for once more");
    assert.equal(ids[0], ids[1], "with the same request_id");
    assert.ok((await available(page)) < before, "the balance went down");
}

async function lookBack(page: Page): Promise<void> {
    await page.goto(`${base}/wallet/#/history`);
    await page.locator(".rows a").first().click();
    await page.waitForSelector(".detail-amount");
    await shot(page, "detail");
}

async function topUp(page: Page): Promise<void> {
    await page.goto(`${base}/wallet/#/banks`);
    await page.fill("[name=bank_name]", "Demo Bank");
    await page.fill("[name=account_number]", "6222 0200 0000 4242");
    await page.click("form .button.main");
    await page.waitForSelector(".notice.good");
    const before = await available(page);
    await page.goto(`${base}/wallet/#/top-up`);
    await page.fill("[name=amount]", "12.34");
    await page.click("#top-up");
    await page.waitForSelector(".keypad");
    await page.keyboard.type(env("HUITONG_PIN"));
    await page.waitForSelector('.receipt[data-state="COMPLETED"]');
    await shot(page, "top-up");
    // At least: the demo's own traffic may pay and refund this user meanwhile.
    assert.notEqual(await available(page), before, "the balance changed");
}

async function payAtTheCashier(page: Page, h5Url: string): Promise<void> {
    const address = new URL(h5Url);
    const back = "https://shop.example/order/1";
    const search = `${address.search}&redirect_url=${encodeURIComponent(back)}`;
    await page.goto(`${base}${address.pathname}${search}`);
    await page.waitForSelector("#pay-now");
    await shot(page, "cashier");
    await page.click("#pay-now");
    await page.waitForSelector(".keypad");
    await page.keyboard.type(env("HUITONG_PIN"));
    await page.waitForSelector('.receipt[data-state="COMPLETED"]');
    assert.equal(await page.locator("#return").getAttribute("href"), back);
    await shot(page, "cashier-paid");
}

async function logOut(page: Page): Promise<void> {
    await page.goto(`${base}/wallet/#/me`);
    await page.click("#log-out");
    await page.click("#log-out-sure");
    await page.waitForSelector("#log-in");
}

async function operate(page: Page, name: string): Promise<void> {
    await page.goto(`${base}/operator/`);
    await page.fill("[name=name]", name);
    await page.fill("[name=password]", env("HUITONG_OPERATOR_PASSWORD"));
    await page.click("#log-in");
    await page.waitForSelector(".graph canvas");
    await shot(page, "operator");
    await page.goto(`${base}/operator/#/payments?state=COMPLETED`);
    await page.locator("tbody a").first().click();
    await page.waitForSelector(".timeline li");
    assert.ok((await page.locator(".timeline li").count()) >= 2, "a story has its steps");
    await page.waitForSelector(".table tbody tr");
    await shot(page, "story");
}

async function play(browser: Browser): Promise<void> {
    const faults: string[] = [];
    const phone = { locale: "zh-CN", viewport: { width: 390, height: 844 } };
    const page = await (await browser.newContext(phone)).newPage();
    watch(page, faults);
    await logIn(page);
    await refuseNonsense(page);
    await payThroughALostAnswer(page, env("HUITONG_CODE"));
    await lookBack(page);
    await topUp(page);
    const h5 = process.env["HUITONG_H5_URL"];
    if (h5) await payAtTheCashier(page, h5);
    await logOut(page);
    const operator = process.env["HUITONG_OPERATOR"];
    if (operator) {
        const desk = { locale: "en-US", viewport: { width: 1280, height: 800 } };
        const other = await (await browser.newContext(desk)).newPage();
        watch(other, faults);
        await operate(other, operator);
    }
    assert.deepEqual(faults, [], "the browser complained");
}

const browser = await chromium.launch({
    executablePath: env("CHROMIUM", "/usr/bin/chromium"),
    headless: true,
    args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
});
try {
    await play(browser);
    console.log("ok");
} finally {
    await browser.close();
}
