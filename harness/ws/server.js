// The smallest usual server with ws: says what the application was shown.
const { WebSocketServer } = require("ws");

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false }, () =>
  say({ port: server.address().port }),
);

server.on("connection", (socket, request) => {
  const path = request.url;
  socket.on("message", () => say({ path, delivered: true }));
  socket.on("error", () => {}); // the close event that follows says the code
  socket.on("close", (code) => say({ path, shown: code }));
  const [, section, what] = path.split("/");
  if (section !== "send") return;
  try {
    if (what === "no-code") socket.close();
    else if (what === "reason-of-124") socket.close(1000, "r".repeat(124));
    else socket.close(Number(what));
    say({ path, call: "ok" });
  } catch {
    say({ path, call: "refused" });
  }
});
