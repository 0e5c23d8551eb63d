#!/usr/bin/env node
// Runs the program of this platform, which npm installed beside this package as the one optional dependency that fits.
"use strict";

const { spawn } = require("node:child_process");

const name = `@wsclose/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/wsclose${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  const platforms = Object.keys(require("./package.json").optionalDependencies);
  console.error(
    platforms.includes(name)
      ? `wsclose: the package ${name} is not installed; install wsclose without --omit=optional`
      : `wsclose: there is no package for ${process.platform} on ${process.arch}; \`cargo install wsclose\` builds it`
  );
  process.exit(2);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// The terminal sends Ctrl-C to both. The program then prints what it has found so far, and has to be waited for.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`wsclose: cannot run ${program}: ${error.message}`);
  process.exit(2);
});
child.on("exit", (status, signal) => {
  if (signal === null) process.exit(status);
  // Ends as the program ended: by the same signal.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
