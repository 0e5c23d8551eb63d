// Asks the playground in a real browser; `browser.mjs` calls it where the site has one. No request may leave
// the machine, and the page's own policy has to be what keeps it so.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const tests = fileURLToPath(new URL("..", import.meta.url));

export const playground = async ({ context, page, url, expect, pictures }) => {
  const open = async (language) => {
    await page.goto(url(`${language}/playground.html`));
    await page.waitForSelector("#ask:not([disabled])", { timeout: 60000 });
  };
  const settled = () => page.waitForFunction(() => {
    const [state, answer, error] = ["state", "answer", "error"].map((id) => document.getElementById(id));
    return state.textContent === "" && (answer.childElementCount > 0 || !error.hidden);
  }, null, { timeout: 60000 });
  const read = () => page.evaluate(() => {
    const error = document.getElementById("error");
    return { answer: document.getElementById("answer").innerText, html: document.getElementById("answer").innerHTML, error: error.hidden ? "" : error.textContent };
  });
  // What was answered before is no answer.
  const forget = () => page.evaluate(() => {
    document.getElementById("answer").replaceChildren();
    document.getElementById("error").hidden = true;
  });
  const asked = async (text) => {
    await forget();
    await page.fill("#given", text);
    await page.click("#ask");
    await settled();
    return read();
  };
  const given = async (path) => {
    await forget();
    await page.setInputFiles("#file", join(tests, path));
    await settled();
    return read();
  };
  const has = (found, words, what) => expect(words.every((word) => found.answer.includes(word)), `playground: ${what} is answered with ${found.answer.slice(0, 300)} ${found.error}`);

  await page.setViewportSize({ width: 1280, height: 900 });
  await open("en");
  has(await asked("1006"), ["1006", "Abnormal Closure"], "1006");
  has(await asked("88 02 03 e8"), ["03 e8", "1000"], "bytes");
  if (pictures) await page.screenshot({ path: join(pictures, "playground-bytes.png"), fullPage: true });
  has(await asked("websocket: close 1009 (message too big)"), ["1009"], "a line");
  has(await given("captures/c01_1006_sigkill_fin_ws_ws.pcapng"), ["1006", "TCP"], "a capture");
  if (pictures) await page.screenshot({ path: join(pictures, "playground-capture.png"), fullPage: true });
  has(await given("captures/e10_nginx_idle_timeout_chromium_pyws.har"), ["ws"], "a HAR");
  has(await given("recordings/ns08_default_cut_before_close_403.netlog.json"), ["403"], "a net log");
  // What is broken is told in one sentence, the program's own.
  const broken = await asked("88 02 03 e");
  expect(broken.error !== "" || broken.answer !== "", "playground: broken bytes are told of");
  const odd = await asked("8802 03e");
  expect(odd.error !== "" || odd.answer !== "", "playground: odd digits are told of");
  // What comes from outside stays text.
  const hostile = await asked("websocket: close 1011 <img src=x onerror=alert(1)><script>alert(1)</script> https://evil.example/");
  expect(!/<img|<script|href="https:\/\/evil/.test(hostile.html), `playground: ${hostile.html.slice(0, 300)}`);
  // Links lead to pages of the site.
  const explained = await asked("1006");
  const links = await page.$$eval("#answer a[href$='.html']", (all) => all.map((link) => link.getAttribute("href")));
  expect(links.length > 0 && links.every((link) => !link.startsWith("/")), `playground: links are ${links}`);
  expect(explained.error === "", "playground: nothing is wrong");
  // In the visitor's language.
  await open("fr");
  const french = await asked("88 02 03 e8");
  expect(/fermeture|trame|octets/.test(french.answer), `playground: in French it says ${french.answer.slice(0, 200)}`);

  // The policy: no connection, whoever asks for one.
  const refused = await page.evaluate(async () => {
    try {
      await fetch("https://example.org/");
      return "sent";
    } catch (error) {
      return String(error);
    }
  });
  expect(refused !== "sent", "playground: a connection was opened");
  const policy = await page.getAttribute("meta[http-equiv='Content-Security-Policy']", "content");
  expect(policy.includes("connect-src 'none'") && policy.includes("default-src 'none'"), "playground: the policy allows no connection");

  // On a middling phone: four times slower, and everything is read anew.
  const phone = await context.newPage();
  await phone.setViewportSize({ width: 360, height: 740 });
  const session = await context.newCDPSession(phone);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await phone.goto(url("en/playground.html"));
  await phone.waitForSelector("#ask:not([disabled])", { timeout: 120000 });
  const took = await phone.evaluate(async () => {
    document.getElementById("given").value = "88 02 03 e8";
    const since = performance.now();
    document.getElementById("ask").click();
    const answer = document.getElementById("answer");
    while (answer.childElementCount === 0) await new Promise((done) => setTimeout(done, 5));
    return performance.now() - since;
  });
  const loaded = await phone.evaluate(() => performance.now());
  console.log(`playground, CPU at a quarter: the first answer after ${Math.round(took)} ms; ${Math.round(loaded)} ms since the page began`);
  expect(took < 1000, `playground: the first answer takes ${Math.round(took)} ms`);
  if (pictures) await phone.screenshot({ path: join(pictures, "playground-phone.png"), fullPage: false });
  await phone.close();
};
