// Asks the playground in a real browser; `browser.mjs` calls it where the site has one. No request may leave
// the machine, and the page's own policy has to be what keeps it so.
//
// WSCLOSE names the program, of which the playground has to say the same.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const tests = fileURLToPath(new URL("..", import.meta.url));

// A fixed piece of work, in milliseconds: what a machine is measured by, beside which the page is measured.
const peer = () => {
  const began = performance.now();
  let state = 88172645;
  for (let turn = 0; turn < 60_000_000; turn += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  return state === 0 ? Infinity : performance.now() - began;
};

export const playground = async ({ context, page, url, expect, measure, pictures }) => {
  const open = async (language) => {
    await page.goto(url(`${language}/playground.html`));
    await page.waitForSelector("#ask:not([disabled])", { timeout: 60000 });
  };
  const settled = () => page.waitForFunction(() => {
    const [state, answer, error] = ["state", "answer", "error"].map((id) => document.getElementById(id));
    return state.textContent === "" && (answer.childElementCount > 0 || !error.hidden);
  }, null, { timeout: 30000 });
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
  const given = async (file) => {
    await forget();
    await page.setInputFiles("#file", file);
    await settled();
    return read();
  };

  const file = (path) => readFileSync(join(tests, path));
  const capture = file("captures/c01_1006_sigkill_fin_ws_ws.pcapng");
  const har = file("captures/e10_nginx_idle_timeout_chromium_pyws.har");
  const netlog = file("recordings/ns08_default_cut_before_close_403.netlog.json");
  // Each with what it is given, and a word that its answer has.
  const inputs = [
    ["paste", "1006", "1006"],
    ["paste", "88 02 03 e8", "1000"],
    ["paste", "iAID6A==", "1000"],
    ["paste", "00000000  88 02 03 f1                                       |....|\n", "1009"],
    ["paste", "websocket: close 1009 (message too big)", "1009"],
    ["paste", "WebSocket connection to 'wss://h.example/ws' failed: Error during WebSocket handshake: Unexpected response code: 403", "403"],
    ["paste", "10:00:01 INFO connected\n10:01:01 ERROR received 1011 (internal error) keepalive ping timeout; then sent 1011\n", "1011"],
    ["paste", har.toString(), "ws"],
    ["c01.pcapng", capture, "1006"],
    ["a29.pcap", file("captures/a29_any_sll2_1000_undici_ws.pcap"), "1000"],
    ["e10.har", har, "ws"],
    ["ns08.json", netlog, "403"],
    ["ns05.json", file("recordings/ns05_everything_h2_4401_403.netlog.json"), "4401"],
    ["fs02.flow", file("recordings/fs02_server_4401_abort_403.flow"), "4401"],
    ["frames.bin", Buffer.from([0x88, 0x02, 0x03, 0xe8]), "1000"],
    // What is broken, cut or nothing at all.
    ["paste", "88 02 03 e", ""],
    ["paste", "8802 03e", ""],
    ["paste", "nothing that anybody knows", ""],
    ["paste", har.subarray(0, har.length / 2).toString(), ""],
    ["paste", "{\"log\": 1}", ""],
    ["empty.txt", Buffer.alloc(0), ""],
    ["cut.pcapng", capture.subarray(0, capture.length - 7), ""],
    ["cut-early.pcapng", capture.subarray(0, 30), ""],
    ["cut.json", netlog.subarray(0, netlog.length / 2), ""],
    ["cut.flow", file("recordings/fs02_server_4401_abort_403.flow").subarray(0, 900), ""],
    ["noise.bin", Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * index * 7 + index) % 251)), ""],
  ];

  // The program itself, where there is one: it says the same, letter for letter.
  const folder = mkdtempSync(join(tmpdir(), "asked-"));
  const told = (language, name, content) => {
    writeFileSync(join(folder, name), content);
    const environment = { PATH: process.env.PATH, HOME: folder, COLUMNS: "96", CLICOLOR_FORCE: "1" };
    const { stdout, stderr } = spawnSync(process.env.WSCLOSE, ["--lang", language, "--html=", join(folder, name)], { env: environment, encoding: "utf8" });
    const here = (text) => text.replaceAll(`${folder}/`, "/");
    return { html: here(stdout), error: here(stderr).replace(/^wsclose: /, "").trim() };
  };
  if (!process.env.WSCLOSE) console.log("WSCLOSE names no program: the playground is not held against it");
  const ask = (name, content) => name === "paste" ? asked(content) : given({ name, mimeType: "application/octet-stream", buffer: content });

  await page.setViewportSize({ width: 1280, height: 900 });
  for (const language of ["en", "fr", "th"]) {
    await open(language);
    for (const [index, [name, content, word]] of inputs.entries()) {
      const found = await ask(name, content);
      const what = `playground, ${language}, input ${index} (${name})`;
      expect(found.answer.includes(word), `${what} is answered with ${found.answer.slice(0, 300)} ${found.error}`);
      expect(found.answer.trim() !== "" || found.error !== "", `${what} has no answer`);
      if (pictures && language === "en") await page.screenshot({ path: join(pictures, `playground-${index}.png`), fullPage: true });
      // Its colours are read, and it is as wide as a phone.
      for (const [width, colorScheme] of language === "en" ? [[360, "light"], [1280, "dark"]] : []) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        const { bad, wide } = await page.evaluate(measure);
        expect(bad.length === 0, `${what}, ${colorScheme}: contrast of ${bad}`);
        expect(wide <= 0, `${what} is ${wide} pixels wider than ${width}`);
      }
      if (!process.env.WSCLOSE) continue;
      const own = told(language, name, content);
      const html = await page.evaluate((text) => Object.assign(document.createElement("template"), { innerHTML: text }).innerHTML, own.html);
      expect(found.html === html, `${what} is not what the program says:\n${found.html}\n${html}`);
      expect(found.error === own.error, `${what} fails with \`${found.error}\`, the program with \`${own.error}\``);
    }
  }
  // A file that is too large is told of before it is read.
  await forget();
  await page.evaluate(() => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(33 * 1024 * 1024)], "large.pcap"));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
  });
  await page.waitForFunction(() => document.getElementById("state").textContent === document.getElementById("state").dataset.large);
  // What is dropped is answered: a file, or a text.
  await page.evaluate(() => {
    const files = new DataTransfer();
    files.items.add(new File(["88 02 03 f3"], "dropped.txt"));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
  });
  await settled();
  expect((await read()).answer.includes("1011"), "playground: a file that is dropped is answered");
  await open("en");
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

  // On a middling phone: four times slower, everything is read anew, and asked as soon as it can be. How fast this
  // machine is, and what else it does, is not the page's: the page is measured beside a fixed piece of work that the
  // same throttled browser does, the best of three turns is printed, and no figure fails: a busy machine would.
  const best = {};
  for (const language of ["en", "th", "en", "th", "en", "th"]) {
    const phone = await context.newPage();
    await phone.setViewportSize({ width: 360, height: 740 });
    const session = await context.newCDPSession(phone);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await phone.goto("about:blank");
    const work = await phone.evaluate(peer);
    await phone.addInitScript(() => document.addEventListener("DOMContentLoaded", () => {
      const [given, ask, answer] = ["given", "ask", "answer"].map((id) => document.getElementById(id));
      given.value = "88 02 03 e8";
      new MutationObserver(() => {
        if (ask.disabled || window.asked) return;
        window.asked = performance.now();
        ask.click();
      }).observe(ask, { attributes: true });
      new MutationObserver(() => answer.childElementCount && (window.answered ||= performance.now())).observe(answer, { childList: true });
    }));
    await phone.goto(url(`${language}/playground.html`));
    await phone.waitForFunction(() => window.answered, null, { timeout: 120000 });
    const { asked, answered } = await phone.evaluate(() => ({ asked: window.asked, answered: window.answered }));
    const before = best[language] || { work: Infinity, took: Infinity, since: Infinity };
    best[language] = {
      work: Math.min(before.work, work),
      took: Math.min(before.took, answered - asked),
      since: Math.min(before.since, answered),
    };
    if (pictures) await phone.screenshot({ path: join(pictures, `playground-phone-${language}.png`), fullPage: false });
    await phone.close();
  }
  for (const [language, { work, took, since }] of Object.entries(best)) {
    const times = (span) => (span / work).toFixed(2);
    console.log(
      `playground, ${language}, CPU at a quarter: the first answer ${Math.round(took)} ms after it was asked, ${Math.round(since)} ms after the page began` +
        ` (${times(took)} and ${times(since)} times the fixed work, ${Math.round(work)} ms)`,
    );
  }
};
