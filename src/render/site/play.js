// Runs the program in the page. It is the command line as it is, built for WASI; here are the calls that it
// makes of its system: arguments, one file in memory, three streams, a clock. Nothing is sent: the page's policy
// allows no connection.
"use strict";
(() => {
  const largest = 32 * 1024 * 1024;
  const [given, ask, file, state, error, answer] = ["given", "ask", "file", "state", "error", "answer"].map((id) => document.getElementById(id));
  const encode = new TextEncoder();
  const decode = new TextDecoder();

  const language = document.documentElement.lang;
  const beside = (address) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => failed(new Error(address));
    document.head.append(script);
  });

  // The program comes as text in a script beside the page, so that a page in a folder can read it; the texts of
  // the page's language come in another, and are its standard input.
  const program = (async () => {
    const texts = language === "en" ? null : beside("texts.js");
    await beside("../playground.js");
    const packed = atob(window.wsclosePlayground);
    delete window.wsclosePlayground;
    // A loop: a function for each of a million letters takes a phone half a second.
    const bytes = new Uint8Array(packed.length);
    for (let at = 0; at < bytes.length; at++) bytes[at] = packed.charCodeAt(at);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    // It is compiled while it is unpacked.
    const module = await WebAssembly.compileStreaming(new Response(stream, { headers: { "Content-Type": "application/wasm" } }));
    await texts;
    return { module, texts: encode.encode(window.wscloseTexts || "") };
  })();

  class Exit extends Error {}
  // What the program ends with where the texts are not its own.
  const OTHER_TEXTS = 70;
  const OK = 0, BADF = 8, INVAL = 28, NOENT = 44, NOSYS = 52;

  // One run: what it wrote, and its exit status.
  const run = async (args, name, content) => {
    let memory;
    const written = { 1: [], 2: [] };
    const { module, texts } = await program;
    const open = new Map([[0, { at: 0, content: texts }]]);
    let next = 4;
    const view = () => new DataView(memory.buffer);
    const bytes = (at, length) => new Uint8Array(memory.buffer, at, length);
    const text = (at, length) => decode.decode(bytes(at, length));
    const strings = (all, pointers, at) => {
      for (const one of all) {
        view().setUint32(pointers, at, true);
        const coded = encode.encode(one + "\0");
        bytes(at, coded.length).set(coded);
        pointers += 4;
        at += coded.length;
      }
      return OK;
    };
    const sizes = (all, count, size) => {
      view().setUint32(count, all.length, true);
      view().setUint32(size, all.reduce((sum, one) => sum + encode.encode(one).length + 1, 0), true);
      return OK;
    };
    const vectors = (at, count) => Array.from({ length: count }, (_, index) => [view().getUint32(at + 8 * index, true), view().getUint32(at + 8 * index + 4, true)]);
    const stat = (at, type, size) => {
      bytes(at, 64).fill(0);
      view().setUint8(at + 16, type);
      view().setBigUint64(at + 32, BigInt(size), true);
      return OK;
    };
    const known = {
      args_get: (pointers, at) => strings(args, pointers, at),
      args_sizes_get: (count, size) => sizes(args, count, size),
      environ_get: () => OK,
      environ_sizes_get: (count, size) => sizes([], count, size),
      clock_time_get: (id, _, at) => {
        const now = id === 0 ? Date.now() : performance.now();
        view().setBigUint64(at, BigInt(Math.round(now * 1e6)), true);
        return OK;
      },
      random_get: (at, length) => {
        crypto.getRandomValues(bytes(at, length));
        return OK;
      },
      proc_exit: (code) => {
        throw new Exit(String(code));
      },
      fd_write: (fd, at, count, done) => {
        if (!written[fd]) return BADF;
        let sum = 0;
        for (const [from, length] of vectors(at, count)) {
          written[fd].push(bytes(from, length).slice());
          sum += length;
        }
        view().setUint32(done, sum, true);
        return OK;
      },
      fd_read: (fd, at, count, done) => {
        let sum = 0;
        const file = open.get(fd);
        if (!file) return BADF;
        for (const [into, length] of vectors(at, count)) {
          const part = file.content.subarray(file.at, file.at + length);
          bytes(into, part.length).set(part);
          file.at += part.length;
          sum += part.length;
        }
        view().setUint32(done, sum, true);
        return OK;
      },
      fd_seek: (fd, offset, whence, done) => {
        const file = open.get(fd);
        if (!file) return BADF;
        const from = [0, file.at, file.content.length][whence] ?? 0;
        const at = from + Number(offset);
        if (at < 0) return INVAL;
        file.at = at;
        view().setBigUint64(done, BigInt(at), true);
        return OK;
      },
      fd_close: (fd) => (open.delete(fd) ? OK : BADF),
      fd_fdstat_get: (fd, at) => {
        if (fd > 3 && !open.has(fd)) return BADF;
        bytes(at, 24).fill(0);
        view().setUint8(at, fd === 3 ? 3 : fd > 3 ? 4 : 2);
        view().setBigUint64(at + 8, 0x1fffffffn, true);
        view().setBigUint64(at + 16, 0x1fffffffn, true);
        return OK;
      },
      fd_filestat_get: (fd, at) => (fd < 3 ? stat(at, 2, 0) : open.has(fd) ? stat(at, 4, content.length) : BADF),
      fd_prestat_get: (fd, at) => {
        if (fd !== 3) return BADF;
        view().setUint32(at, 0, true);
        view().setUint32(at + 4, 1, true);
        return OK;
      },
      fd_prestat_dir_name: (fd, at) => {
        bytes(at, 1).set(encode.encode("/"));
        return OK;
      },
      path_open: (_fd, _flags, path, length, _open, _base, _inherit, _fdflags, done) => {
        if (text(path, length) !== name) return NOENT;
        open.set(next, { at: 0, content });
        view().setUint32(done, next++, true);
        return OK;
      },
      path_filestat_get: (_fd, _flags, path, length, at) => (text(path, length) === name ? stat(at, 4, content.length) : NOENT),
    };
    const imports = {};
    for (const { name: call } of WebAssembly.Module.imports(module)) imports[call] = known[call] || (() => NOSYS);
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: imports });
    memory = instance.exports.memory;
    let status = 0;
    try {
      instance.exports._start();
    } catch (thrown) {
      // A run that broke off says on its second stream why.
      if (!(thrown instanceof Exit)) throw new Error(`${thrown}: ${await new Response(new Blob(written[2])).text()}`);
      status = Number(thrown.message);
    }
    const whole = async (parts) => new Response(new Blob(parts)).text();
    return { status, out: await whole(written[1]), err: await whole(written[2]) };
  };

  // The fragment is the program's own: escaped there, with no script in it, and the policy runs none.
  const show = async (name, content) => {
    error.hidden = true;
    answer.replaceChildren();
    if (content.length > largest) {
      state.textContent = state.dataset.large;
      return;
    }
    state.textContent = state.dataset.loading;
    try {
      const { status, out, err } = await run(["wsclose", "--lang", language, "--html=", "/" + name], name, content);
      if (status === OTHER_TEXTS) throw new Error("texts.js belongs to another version of the program");
      state.textContent = "";
      answer.innerHTML = out;
      const said = err.replace(/^wsclose: /, "").trim();
      error.textContent = said;
      error.hidden = said === "";
      answer.focus({ preventScroll: true });
      // On a small screen it begins below what is seen.
      const shown = said === "" ? answer : error;
      if (shown.getBoundingClientRect().top > window.innerHeight / 2) shown.scrollIntoView();
    } catch (thrown) {
      state.textContent = state.dataset.failed;
      console.warn(String(thrown));
    }
  };

  const asked = () => {
    if (given.value.trim() === "") return;
    // What was chosen before is no longer what is answered.
    file.value = "";
    show("paste", encode.encode(given.value));
  };
  const read = async (chosen) => {
    // A name may not leave its folder.
    const name = (chosen.name || "file").replace(/[/\\]/g, "-");
    show(name, chosen.size > largest ? { length: chosen.size } : new Uint8Array(await chosen.arrayBuffer()));
  };
  ask.addEventListener("click", asked);
  given.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && asked());
  file.addEventListener("change", () => file.files[0] && read(file.files[0]));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer.files[0];
    if (dropped) read(dropped);
    else {
      given.value = event.dataTransfer.getData("text");
      asked();
    }
  });
  program.then(() => (ask.disabled = false), () => (state.textContent = state.dataset.failed));
})();
