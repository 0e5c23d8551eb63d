// Compares what wsclose says of recordings with what was seen when they were made first:
// `node check.js WSCLOSE FOLDER EXPECTED`. `UPDATE=1` writes EXPECTED; read the difference.
const fs = require("fs");
const path = require("path");
const { spawnSync } = require("child_process");

const [program, folder, expected] = process.argv.slice(2);

// Only what is the same each time: no times, no lengths.
function seen(file) {
  const { stdout } = spawnSync(program, ["decode-capture", "--json", file], { encoding: "utf8" });
  const lines = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const connection = lines.find((line) => line.type === "connection");
  const application = connection.application;
  return {
    protocol: application && application.protocol,
    inside: application?.inside,
    said: application ? application.said.map(({ sender, kind, code, text }) => ({ sender, kind, code, text })) : [],
    closes: connection.closes.map(({ sender, code }) => ({ sender, code })),
    cause: connection.cause,
    first: connection.evidence_ids[0],
  };
}

const now = {};
for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".pcap")).sort()) {
  now[file] = seen(path.join(folder, file));
}
if (process.env.UPDATE) {
  fs.writeFileSync(expected, JSON.stringify(now, null, 1) + "\n");
  process.exit(0);
}
const known = JSON.parse(fs.readFileSync(expected, "utf8"));
let wrong = 0;
for (const [file, want] of Object.entries(known)) {
  const got = JSON.stringify(now[file]);
  if (got === JSON.stringify(want)) continue;
  wrong += 1;
  console.log(`${file}: expected ${JSON.stringify(want)}, got ${got}`);
}
console.log(`protocols: ${Object.keys(known).length - wrong} of ${Object.keys(known).length} as expected`);
process.exit(wrong ? 1 : 0);
