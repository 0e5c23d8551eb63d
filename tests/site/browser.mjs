// Looks at the site in a real browser, from a folder, as a reader would:
//
//   node tests/site/browser.mjs DIR [SCREENSHOTS]
//
// Needs chromium (CHROMIUM names another) and playwright-core, which `.ci/run` installs. It fails where the
// search does not find, where the console has an error, where a request would leave the machine, where a page
// is wider than the screen, and where text has less contrast than 4.5.
import { createRequire } from "node:module";
import { mkdtempSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.env.NODE_MODULES || process.cwd(), "x.js"));
const { chromium } = require("playwright-core");

const [folder, pictures] = process.argv.slice(2).map((path) => resolve(path));
if (!folder) throw new Error("usage: browser.mjs DIR [SCREENSHOTS]");
const url = (path) => pathToFileURL(join(folder, path)).href;
const faults = [];
const expect = (is, what) => is || faults.push(what);
if (pictures) mkdirSync(pictures, { recursive: true });

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), "site-")), {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium", headless: true, args: flags, serviceWorkers: "block",
});
const page = await context.newPage();
// The playground is asked to break its own policy once, and the browser says that it did not.
const isMeant = (text) => text.includes("https://example.org/") && text.includes("Content Security Policy");
page.on("console", (message) => message.type() === "error" && !isMeant(message.text()) && faults.push(`console: ${message.text()} at ${page.url()}`));
page.on("pageerror", (error) => faults.push(`error: ${error.message} at ${page.url()}`));
// Whatever is not a file is refused, and told.
await context.route((address) => address.protocol !== "file:" && address.protocol !== "data:", (route) => {
  faults.push(`a request left the machine: ${route.request().url()}`);
  return route.abort();
});

const search = async (language, typed) => {
  await page.goto(url(`${language}/index.html`));
  await page.fill("#search", typed);
  await page.waitForFunction(() => document.querySelector(".found").textContent !== "");
  return page.$$eval(".results a", (links) => links.map((link) => link.getAttribute("href")));
};

// A word of the page with accents, typed without them.
const bare = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
const accented = readFileSync(join(folder, "fr/index.js"), "utf8");
for (const [language, typed, address] of [
  ["en", "1006", "code/1006.html"], ["en", "policy", "code/1008.html"], ["en", "nginx", "proxy/nginx.html"],
  ["fr", "1006", "code/1006.html"], ["fr", "policy", "code/1008.html"], ["fr", bare("réseau"), "code/1006.html"],
  ["fr", "réseau", "code/1006.html"], ["vi", bare("kết nối"), "code/1006.html"], ["th", "1007", "code/1007.html"],
]) {
  const found = await search(language, typed);
  const isFirst = /^[0-9]+$/.test(typed);
  expect(isFirst ? found[0] === address : found.length > 0, `${language}: \`${typed}\` finds ${found}`);
  if (["policy", "nginx"].includes(typed)) expect(found.includes(address), `${language}: \`${typed}\` finds ${found}`);
}
expect(accented.includes("reseau"), "the French index has words without accents");
expect((await search("en", "xyzzy")).length === 0, "nothing is found where nothing is");

// By keyboard: `/`, the word, down to the first, Enter.
await page.goto(url("en/index.html"));
await page.keyboard.press("/");
await page.keyboard.type("1015");
await page.waitForSelector(".results a");
await page.keyboard.press("ArrowDown");
await page.keyboard.press("Enter");
await page.waitForURL(/code\/1015\.html$/);
await page.goto(url("en/code/1006.html"));
await page.keyboard.press("Tab");
expect(await page.evaluate(() => document.activeElement.className === "skip"), "the first stop is the link that skips");
await page.keyboard.press("Enter");
expect(page.url().endsWith("#main"), "it skips to the content");

// What the eye needs: contrast, and nothing wider than the screen.
const measure = () => {
  const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parts(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const bad = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!text || !element.checkVisibility()) continue;
    const [one, other] = [light(parts(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < 4.5) bad.add(`${element.tagName}.${element.className} ${contrast.toFixed(2)}`);
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return { bad: [...bad], wide };
};
const shown = ["index.html", "code/1006.html", "code/1007.html", "compare/1002-1007.html", "rule/text-not-utf8.html", "proxy/nginx.html",
  "start/browser.html", "vendor/discord-gateway.html", "vendor/discord-gateway-4004.html", "implementation/tungstenite.html", "protocol/mqtt.html", "service/signalr.html"];
if (existsSync(join(folder, "en/playground.html"))) shown.push("playground.html");
for (const [name, width, height] of [["phone", 360, 740], ["desktop", 1280, 900]]) {
  await page.setViewportSize({ width, height });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const [index, address] of shown.entries()) {
      for (const language of index < 4 ? ["en", "fr", "th"] : ["en"]) {
        await page.goto(url(`${language}/${address}`));
        const { bad, wide } = await page.evaluate(measure);
        expect(bad.length === 0, `${language}/${address}, ${colorScheme}: contrast of ${bad}`);
        expect(wide <= 0, `${language}/${address} is ${wide} pixels wider than a ${name}`);
        if (pictures) {
          const file = `${name}-${colorScheme}-${language}-${address.replace(/\W+/g, "-")}.png`;
          await page.screenshot({ path: join(pictures, file), fullPage: false });
        }
      }
    }
  }
}
// Without a script all is there but the search.
const plain = await (await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: flags }))
  .newContext({ javaScriptEnabled: false });
const quiet = await plain.newPage();
await quiet.goto(url("fr/code/1006.html"));
expect(await quiet.isVisible("main h1") && !(await quiet.isVisible(".search")), "a page is read without a script");
await plain.browser().close();

if (existsSync(join(folder, "en/playground.html"))) {
  const { playground } = await import("./playground.mjs");
  await playground({ context, page, url, expect, measure, pictures }).catch(async (error) => {
    const state = await page.textContent("#state").catch(() => "");
    faults.push(`playground: ${error.message} at ${page.url()}: ${state}`);
  });
}
await context.close();
for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "the site is as it should be in a browser");
process.exit(faults.length ? 1 : 0);
