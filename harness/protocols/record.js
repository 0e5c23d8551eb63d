// Records connections between real libraries of the protocols inside WebSocket: `node record.js FOLDER [SCENE…]`.
// A relay on loopback stands between the two ends and writes what passed as a packet capture: the bytes and the times
// are real, the TCP around them is made up. Each scene prints a line of JSON with what the programs themselves said.
const fs = require("fs");
const http = require("http");
const net = require("net");
const path = require("path");

const later = (ms) => new Promise((done) => setTimeout(done, ms));

// A capture with one TCP connection: 10.0.0.1 is the client.
class Capture {
  constructor() {
    this.packets = [];
    this.next = [1000, 5000];
    this.add(0, 0x02);
    this.add(1, 0x12);
    this.add(0, 0x10);
  }

  add(side, flags, data = Buffer.alloc(0)) {
    for (let at = 0; at === 0 || at < data.length; at += 1400) {
      this.packet(side, flags, data.subarray(at, at + 1400));
    }
  }

  packet(side, flags, data) {
    const tcp = Buffer.alloc(20);
    tcp.writeUInt16BE(side ? 8080 : 50000, 0);
    tcp.writeUInt16BE(side ? 50000 : 8080, 2);
    tcp.writeUInt32BE(this.next[side], 4);
    tcp.writeUInt32BE(flags & 0x10 ? this.next[1 - side] : 0, 8);
    tcp.writeUInt16BE((5 << 12) | flags, 12);
    tcp.writeUInt16BE(65535, 14);
    this.next[side] += data.length + (flags & 0x03 ? 1 : 0);
    const ip = Buffer.alloc(20);
    ip[0] = 0x45;
    ip.writeUInt16BE(40 + data.length, 2);
    ip[8] = 64;
    ip[9] = 6;
    ip.set(side ? [10, 0, 0, 2] : [10, 0, 0, 1], 12);
    ip.set(side ? [10, 0, 0, 1] : [10, 0, 0, 2], 16);
    const now = BigInt(Date.now()) * 1000n + (process.hrtime.bigint() / 1000n) % 1000n;
    const head = Buffer.alloc(16);
    head.writeUInt32LE(Number(now / 1000000n), 0);
    head.writeUInt32LE(Number(now % 1000000n), 4);
    head.writeUInt32LE(40 + data.length, 8);
    head.writeUInt32LE(40 + data.length, 12);
    this.packets.push(head, ip, tcp, Buffer.from(data));
  }

  write(file) {
    const head = Buffer.alloc(24);
    head.writeUInt32LE(0xa1b2c3d4, 0);
    head.writeUInt16LE(2, 4);
    head.writeUInt16LE(4, 6);
    head.writeUInt32LE(65535, 16);
    head.writeUInt32LE(101, 20); // raw IP
    fs.writeFileSync(file, Buffer.concat([head, ...this.packets]));
  }
}

// Listens before `port`, and records the first connection that asks for an upgrade: a client may ask for something else
// first. `done` ends when both ends have ended.
function relay(port) {
  return new Promise((ready) => {
    const server = net.createServer({ allowHalfOpen: true }, (client) => {
      const capture = new Capture();
      const upstream = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      let isUpgrade = null;
      const pipe = (from, to, side) => {
        from.on("data", (data) => {
          isUpgrade ??= /^upgrade: *websocket/im.test(data.toString("latin1"));
          if (isUpgrade) server.close();
          capture.add(side, 0x18, data);
          to.write(data);
        });
        from.on("end", () => {
          capture.add(side, 0x11);
          to.end();
        });
        from.on("error", () => {
          capture.add(side, 0x14);
          to.destroy();
        });
      };
      pipe(client, upstream, 0);
      pipe(upstream, client, 1);
      let open = 2;
      const closed = () => --open || (isUpgrade && finish(capture));
      client.on("close", closed);
      upstream.on("close", closed);
    });
    let finish;
    const done = new Promise((resolve) => (finish = resolve));
    server.listen(0, "127.0.0.1", () => ready({ port: server.address().port, done }));
  });
}

const listen = (server) =>
  new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));

// A server of socket.io, and a client of it. `serve` gets the server, `use` the client.
async function socketIo(say, serve, where, use, options = {}) {
  const { Server } = require("socket.io");
  const { io } = require("socket.io-client");
  const server = http.createServer();
  const ends = new Server(server, options);
  serve(ends);
  const { port, done } = await relay(await listen(server));
  const client = io(`http://127.0.0.1:${port}${where}`, { transports: ["websocket"], reconnection: false });
  client.on("connect_error", (error) => say("client", "connect_error", error.message));
  client.on("disconnect", (reason) => say("client", "disconnect", reason));
  use(client);
  const capture = await done;
  client.close();
  ends.close();
  return capture;
}

// A server of graphql-ws, and a client of it.
async function graphql(say, options, use) {
  const { WebSocketServer, WebSocket } = require("ws");
  const { useServer } = require("graphql-ws/use/ws");
  const { buildSchema } = require("graphql");
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  useServer({ schema: buildSchema("type Query { a: String }"), ...options }, sockets);
  const { port, done } = await relay(await listen(server));
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, "graphql-transport-ws");
  socket.on("close", (code, reason) => say("client", "close", `${code} ${reason}`));
  socket.on("open", () => use(socket));
  const capture = await done;
  sockets.close();
  server.close();
  return capture;
}

// The client of SignalR, before a hub that speaks as the specification says.
async function signalR(say, hub, options = {}) {
  const { WebSocketServer } = require("ws");
  const signalr = require("@microsoft/signalr");
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    socket.once("message", () => hub(socket, (record) => socket.send(record + "\u001e")));
  });
  const { port, done } = await relay(await listen(server));
  const connection = new signalr.HubConnectionBuilder()
    .withUrl(`http://127.0.0.1:${port}/hub`, { skipNegotiation: true, transport: signalr.HttpTransportType.WebSockets })
    .configureLogging(signalr.LogLevel.None)
    .build();
  Object.assign(connection, options);
  connection.onclose((error) => say("client", "onclose", String(error)));
  connection.start().catch((error) => say("client", "start", String(error)));
  const capture = await done;
  sockets.close();
  server.close();
  return capture;
}

// A broker of aedes, and a client of mqtt.js.
async function mqtt(say, broker, options, use) {
  const { Aedes } = require("aedes");
  const { WebSocketServer, createWebSocketStream } = require("ws");
  const aedes = await Aedes.createBroker(broker);
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => aedes.handle(createWebSocketStream(socket).on("error", () => {})));
  const port = await listen(server);
  const { port: front, done } = await relay(port);
  const client = require("mqtt").connect(`ws://127.0.0.1:${front}`, { reconnectPeriod: 0, protocolVersion: 4, ...options });
  client.on("error", (error) => say("client", "error", error.message));
  client.on("close", () => say("client", "close"));
  client.on("connect", () => use(client, port));
  const capture = await done;
  aedes.close();
  server.close();
  return capture;
}

// A broker of stomp-broker-js, and a client of @stomp/stompjs.
async function stomp(say, use) {
  const Broker = require("stomp-broker-js");
  const { Client } = require("@stomp/stompjs");
  const server = http.createServer();
  new Broker({ server, path: "/stomp", heartbeat: [0, 0] });
  const { port, done } = await relay(await listen(server));
  const client = new Client({
    webSocketFactory: () => new (require("ws"))(`ws://127.0.0.1:${port}/stomp`, ["v12.stomp", "v11.stomp"]),
    reconnectDelay: 0,
    heartbeatIncoming: 0,
    heartbeatOutgoing: 0,
  });
  client.onStompError = (frame) => say("client", "error", frame.headers.message);
  client.onConnect = () => use(client);
  client.activate();
  const capture = await done;
  server.close();
  return capture;
}

// A server of sockjs, and its client; `open` makes the client of what is inside, where there is one.
async function sockJs(say, serve, open) {
  const SockJS = require("sockjs-client");
  const server = http.createServer();
  const sockets = require("sockjs").createServer({ log: () => {} });
  sockets.on("connection", serve);
  sockets.installHandlers(server, { prefix: "/echo" });
  const { port, done } = await relay(await listen(server));
  const connect = () => {
    const socket = new SockJS(`http://127.0.0.1:${port}/echo`, null, { transports: ["websocket"] });
    socket.addEventListener("close", ({ code, reason }) => say("client", "close", `${code} ${reason}`));
    return socket;
  };
  open(connect);
  const capture = await done;
  server.closeAllConnections();
  server.close();
  return capture;
}

// A server that speaks as a specification says, before the client of a library: `answer` gets each message.
async function written(greet, answer, open, protocols) {
  const { WebSocketServer } = require("ws");
  const server = http.createServer();
  const sockets = new WebSocketServer({ server, ...(protocols && { handleProtocols: () => protocols }) });
  sockets.on("connection", (socket) => {
    greet(socket);
    socket.on("message", (data) => answer(socket, data));
  });
  const { port, done } = await relay(await listen(server));
  const leave = open(port);
  const capture = await done;
  leave();
  sockets.close();
  server.close();
  return capture;
}

// The client of Phoenix: what the channel `room:lobby` answers to each event.
function phoenix(say, answers, use, options = {}) {
  const { Socket } = require("phoenix");
  const send = (socket, ...parts) => socket.send(JSON.stringify(parts));
  const answer = (socket, data) => {
    const [join, ref, topic, event, payload] = JSON.parse(data);
    const reply = (status, response = {}) => send(socket, join, ref, topic, "phx_reply", { status, response });
    const push = (name, body = {}) => send(socket, join, null, topic, name, body);
    (answers[event] ?? (() => reply("ok")))({ reply, push, payload, socket });
  };
  const open = (port) => {
    const socket = new Socket(`ws://127.0.0.1:${port}/socket`, { transport: require("ws"), reconnectAfterMs: () => 60000, ...options });
    socket.onClose((event) => say("client", "close", `${event.code} ${event.reason}`));
    socket.connect();
    use(socket, socket.channel("room:lobby", {}));
    return () => socket.disconnect();
  };
  return written(() => {}, answer, open);
}

// The client of Pusher.
function pusher(say, greet, answer, use) {
  const Pusher = require("pusher-js");
  const event = (socket) => (name, data) => socket.send(JSON.stringify({ event: name, data: JSON.stringify(data) }));
  const open = (port) => {
    const client = new Pusher("key", { cluster: "c", wsHost: "127.0.0.1", wsPort: port, forceTLS: false, enabledTransports: ["ws"], disableStats: true });
    client.connection.bind("error", (error) => say("client", "error", JSON.stringify(error.data ?? error.error?.data ?? error)));
    client.connection.bind("state_change", ({ current }) => say("client", "state", current));
    use(client);
    return () => client.disconnect();
  };
  return written((socket) => greet(event(socket), socket), (socket, data) => answer(event(socket), JSON.parse(data), socket), open);
}
const established = (send) => send("pusher:connection_established", { socket_id: "1.2", activity_timeout: 120 });

// The client of WAMP, autobahn: what a router answers to each kind of message.
function wamp(say, answers, use, name = "JSON") {
  global.WebSocket ??= require("ws");
  console.warn = () => {}; // it tells there what `onclose` gets
  const autobahn = require("autobahn");
  const serializer = new autobahn.serializer[`${name}Serializer`]();
  const answer = async (socket, data) => {
    const message = await serializer.unserialize(name === "JSON" ? String(data) : data);
    const send = async (...parts) => socket.send(await serializer.serialize(parts));
    await answers[message[0]]?.(send, message, socket);
  };
  const open = (port) => {
    const client = new autobahn.Connection({
      transports: [{ type: "websocket", url: `ws://127.0.0.1:${port}/ws`, serializers: [serializer] }],
      realm: "realm1",
      max_retries: 0,
    });
    client.onopen = (session) => use(client, session);
    client.onclose = (reason, details) => say("client", reason, `${details.reason} ${details.message}`);
    client.open();
    return () => {};
  };
  return written(() => {}, answer, open, `wamp.2.${serializer.SERIALIZER_ID}`);
}
const welcome = (send) => send(2, 9129137332, { roles: { broker: {}, dealer: {} } });

const scenes = {
  "socketio4_invalid_namespace": (say) => socketIo(say, () => {}, "/nope", () => {}),
  "socketio4_server_puts_out": (say) =>
    socketIo(say, (ends) => ends.on("connection", (socket) => setTimeout(() => socket.disconnect(true), 50)), "/", () => {}),
  "socketio4_exception_event": (say) =>
    socketIo(
      say,
      (ends) =>
        ends.on("connection", (socket) =>
          socket.on("order", () => {
            socket.emit("exception", { status: "error", message: "Forbidden resource" });
            setTimeout(() => socket.conn.close(), 20);
          }),
        ),
      "/",
      (client) => client.on("connect", () => client.emit("order", 7)),
    ),
  "socketio4_server_stops_answering": (say) =>
    socketIo(
      say,
      // The pings of the server stop: its process is as good as blocked.
      (ends) => ends.engine.on("connection", (socket) => clearTimeout(socket.pingIntervalTimer)),
      "/",
      () => {},
      { pingInterval: 400, pingTimeout: 300 },
    ),
  "graphql_forbidden": (say) =>
    graphql(say, { onConnect: () => false }, (socket) => socket.send('{"type":"connection_init"}')),
  "graphql_init_late": (say) => graphql(say, { connectionInitWaitTimeout: 300 }, () => {}),
  "graphql_second_init": (say) =>
    graphql(say, {}, (socket) => {
      socket.send('{"type":"connection_init"}');
      setTimeout(() => socket.send('{"type":"connection_init"}'), 50);
    }),
  "graphql_error_then_done": (say) =>
    graphql(say, {}, (socket) => {
      socket.send('{"type":"connection_init"}');
      socket.on("message", (text) => {
        if (String(text).includes("connection_ack")) {
          socket.send('{"id":"1","type":"subscribe","payload":{"query":"{ missing }"}}');
        } else setTimeout(() => socket.close(1000, "Normal Closure"), 30);
      });
    }),
  "signalr_handshake_refused": (say) =>
    signalR(say, (socket, send) => {
      send('{"error":"The protocol \'json\' is not supported."}');
      socket.close();
    }),
  "signalr_server_shuts_down": (say) =>
    signalR(say, (socket, send) => {
      send("{}");
      setTimeout(() => {
        send('{"type":7,"allowReconnect":true}');
        socket.close();
      }, 60);
    }),
  "signalr_server_silent": (say) =>
    signalR(say, (socket, send) => send("{}"), { serverTimeoutInMilliseconds: 17000, keepAliveIntervalInMilliseconds: 15000 }),
  "mqtt311_bad_user": (say) =>
    mqtt(
      say,
      { authenticate: (client, user, password, done) => done(Object.assign(new Error("no"), { returnCode: 4 }), false) },
      { username: "bo", password: "wrong" },
      () => {},
    ),
  "mqtt311_leaves": (say) => mqtt(say, {}, {}, (client) => client.end()),
  "mqtt311_client_id_taken": (say) =>
    mqtt(say, {}, { clientId: "one" }, (client, port) => {
      const second = require("mqtt").connect(`ws://127.0.0.1:${port}`, { clientId: "one", protocolVersion: 4, reconnectPeriod: 0 });
      second.on("connect", () => setTimeout(() => second.end(), 300));
    }),
  "stomp_leaves": (say) => stomp(say, (client) => client.deactivate()),
  "sockjs_server_goes_away": (say) =>
    sockJs(say, (socket) => setTimeout(() => socket.close(3000, "Go away!"), 50), (connect) => connect()),
  "sockjs_client_leaves": (say) =>
    sockJs(say, () => {}, (connect) => {
      const socket = connect();
      socket.onopen = () => socket.close();
    }),
  "sockjs_error_inside": (say) =>
    sockJs(
      say,
      (socket) =>
        socket.on("data", () => {
          socket.write(JSON.stringify({ type: "error", message: "the lobby is full" }));
          socket.close(1000, "Normal closure");
        }),
      (connect) => {
        const socket = connect();
        socket.onopen = () => socket.send(JSON.stringify({ type: "join" }));
      },
    ),
  "sockjs_stomp_refused": (say) =>
    sockJs(
      say,
      (socket) =>
        socket.once("data", () => {
          // As Spring does.
          socket.write("ERROR\nmessage:Access denied\ncontent-length:0\n\n\0");
          socket.close(1002, "");
        }),
      (connect) => {
        const { Client } = require("@stomp/stompjs");
        const client = new Client({ webSocketFactory: connect, reconnectDelay: 0 });
        client.onStompError = (frame) => say("client", "error", frame.headers.message);
        client.activate();
      },
    ),
  "phoenix_join_refused": (say) =>
    phoenix(say, { phx_join: ({ reply }) => reply("error", { reason: "unauthorized" }) }, (socket, channel) =>
      channel.join().receive("error", ({ reason }) => {
        say("client", "join", reason);
        setTimeout(() => socket.disconnect(), 30);
      }),
    ),
  "phoenix_channel_crashes": (say) =>
    phoenix(
      say,
      {
        shout: ({ push, socket }) => {
          push("phx_error");
          setTimeout(() => socket.close(1011), 30);
        },
      },
      (socket, channel) => channel.join().receive("ok", () => channel.push("shout", {})),
    ),
  "phoenix_leaves": (say) =>
    phoenix(
      say,
      {
        phx_leave: ({ reply, push }) => {
          reply("ok");
          push("phx_close");
        },
      },
      (socket, channel) =>
        channel.join().receive("ok", () => channel.leave().receive("ok", () => setTimeout(() => socket.disconnect(), 30))),
    ),
  "phoenix_heartbeat_unanswered": (say) =>
    phoenix(say, { heartbeat: () => {} }, (socket, channel) => channel.join(), { heartbeatIntervalMs: 400 }),
  "pusher_no_such_app": (say) =>
    pusher(
      say,
      (send, socket) => {
        send("pusher:error", { code: 4001, message: "App key key not in this cluster. Did you forget to specify the cluster?" });
        socket.close(4001);
      },
      () => {},
      () => {},
    ),
  "pusher_subscription_refused": (say) =>
    pusher(
      say,
      established,
      (send, message, socket) => {
        if (message.event !== "pusher:subscribe") return;
        socket.send(JSON.stringify({ event: "pusher:subscription_error", channel: "news", data: { type: "AuthError", error: "no such channel", status: 403 } }));
        setTimeout(() => socket.close(1000), 50);
      },
      (client) => client.subscribe("news"),
    ),
  "pusher_leaves": (say) =>
    pusher(say, established, () => {}, (client) => client.connection.bind("connected", () => client.disconnect())),
  "wamp_no_such_realm": (say) =>
    wamp(
      say,
      {
        1: async (send, [, realm], socket) => {
          await send(3, { message: `no realm "${realm}" exists on this router` }, "wamp.error.no_such_realm");
          socket.close(1000);
        },
      },
      () => {},
    ),
  "wamp_no_such_realm_in_msgpack": (say) =>
    wamp(
      say,
      {
        1: async (send, message, socket) => {
          await send(3, { message: "no such realm" }, "wamp.error.no_such_realm");
          socket.close(1000);
        },
      },
      () => {},
      "Msgpack",
    ),
  "wamp_client_leaves": (say) =>
    wamp(say, { 1: welcome, 6: (send) => send(6, {}, "wamp.close.goodbye_and_out") }, (client) => client.close()),
  "wamp_router_shuts_down": (say) =>
    wamp(
      say,
      {
        1: async (send) => {
          await welcome(send);
          setTimeout(() => send(6, { message: "the router is shutting down" }, "wamp.close.system_shutdown"), 50);
        },
        6: (send, message, socket) => socket.close(1000),
      },
      () => {},
    ),
  "wamp_call_fails": (say) =>
    wamp(
      say,
      { 1: welcome, 48: (send, [kind, request]) => send(8, kind, request, {}, "wamp.error.no_such_procedure"), 6: (send) => send(6, {}, "wamp.close.goodbye_and_out") },
      (client, session) => session.call("com.example.add").catch(({ error }) => {
        say("client", "call", error);
        client.close();
      }),
    ),
};

async function main() {
  const [folder, ...names] = process.argv.slice(2);
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, scene] of Object.entries(scenes)) {
    if (names.length && !names.includes(name)) continue;
    const said = [];
    const capture = await Promise.race([
      scene((end, what, words) => said.push([end, what, words])),
      later(30000).then(() => null),
    ]);
    await later(200); // for the events of the programs
    if (capture) capture.write(path.join(folder, `${name}.pcap`));
    console.log(JSON.stringify({ scene: name, recorded: Boolean(capture), said }));
  }
  process.exit(0);
}

main();
