//! Lines that are no close: none of their numbers may be read as a close code.

use std::collections::BTreeSet;

use fastrand::Rng;
use wsclose::logline::read;
use wsclose::logline::scan::Scanner;

/// What real programs write, with holes for what varies: `{n}` a number that could be a close
/// code, `{d}` any number, `{t}` a time of day, `{ip}`, `{w}` a word.
const TEMPLATES: &[&str] = &[
    // Access logs: nginx, Apache, HAProxy, Envoy, AWS, IIS. Bytes, ports and times are numbers.
    "{ip} - - [20/Nov/2026:{t} +0000] \"GET /index.html HTTP/1.1\" 200 {n} \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"",
    "{ip} - - [20/Nov/2026:{t} +0000] \"GET /websocket HTTP/1.1\" 101 {n} \"-\" \"Mozilla/5.0\"",
    "{ip} - - [20/Nov/2026:{t} +0000] \"GET /ws?code={n} HTTP/1.1\" 101 {d} \"https://example.com/\" \"curl/8.1\" {n}",
    "{ip} - {w} [20/Nov/2026:{t} +0000] \"POST /api/close HTTP/2.0\" 204 0 \"-\" \"okhttp/4.{d}\" rt=0.{n}",
    "{ip} - - [20/Nov/2026:{t} +0000] \"GET /closed/{n} HTTP/1.1\" 404 {n} \"-\" \"-\"",
    "{ip}:{n} - [20/Nov/2026:{t} +0000] \"GET /chat HTTP/1.1\" upstream 127.0.0.1:{n} status 101 time {d}.{n}",
    "haproxy[{d}]: {ip}:{n} [20/Nov/2026:{t}.101] www app/app1 0/0/1/2/{n} 200 {n} - - ---- 12/9/4/2/0 0/0 \"GET / HTTP/1.1\"",
    "haproxy[{d}]: {ip}:{n} [20/Nov/2026:{t}.101] www app/app1 0/0/1/2/{n} 101 {n} - - ---- 12/9/4/2/0 0/0 \"GET /ws HTTP/1.1\"",
    "haproxy[{d}]: {ip}:{n} [20/Nov/2026:{t}.101] www app/app1 0/0/1/2/{n} 200 {n} - - cD-- 12/9/4/2/0 0/0 \"GET /big HTTP/1.1\"",
    "[2026-11-20T{t}.123Z] \"GET /ws HTTP/1.1\" 101 - 0 {n} {n} - \"-\" \"Mozilla\" \"{d}\" \"svc\" \"10.0.0.5:{n}\"",
    "http 2026-11-20T{t}.186641Z app/my-lb/50dc6c495c0c9188 {ip}:{n} 10.0.0.1:80 0.000 0.001 0.000 101 101 {n} {n} \"GET http://www.example.com:80/ws HTTP/1.1\"",
    "2026-11-20 {t} 10.0.0.{d} GET /signalr/connect transport=webSockets 443 - {ip} Mozilla/5.0 101 0 0 {n}",
    // nginx error logs that are not about upgraded connections.
    "2026/11/20 {t} [error] {d}#{d}: *{n} upstream timed out (110: Connection timed out) while reading response header from upstream, client: {ip}, server: example.com",
    "2026/11/20 {t} [error] {d}#{d}: *{n} connect() failed (111: Connection refused) while connecting to upstream, client: {ip}, request: \"GET /websocket HTTP/1.1\"",
    "2026/11/20 {t} [info] {d}#{d}: *{n} client {ip} closed keepalive connection",
    "2026/11/20 {t} [warn] {d}#{d}: {n} worker_connections are not enough",
    "2026/11/20 {t} [error] {d}#{d}: *{n} upstream prematurely closed connection while reading upstream, client: {ip}",
    // syslog, sshd, systemd, journald, cron, sudo, dhcp.
    "Nov 20 {t} host sshd[{n}]: Connection closed by {ip} port {n} [preauth]",
    "Nov 20 {t} host sshd[{d}]: Received disconnect from {ip} port {n}:11: disconnected by user",
    "Nov 20 {t} host sshd[{d}]: pam_unix(sshd:session): session closed for user {w} uid={n}",
    "Nov 20 {t} host systemd[1]: Started Session {n} of User {w}.",
    "Nov 20 {t} host systemd[1]: app.service: Main process exited, code=exited, status=1/FAILURE",
    "Nov 20 {t} host systemd[1]: app.service: Consumed {n}ms CPU time, closed {d} sockets.",
    "Nov 20 {t} host systemd-logind[{d}]: Session {n} logged out. Waiting for processes to exit.",
    "Nov 20 {t} host CRON[{n}]: pam_unix(cron:session): session closed for user root",
    "Nov 20 {t} host dhclient[{d}]: bound to {ip} -- renewal in {n} seconds.",
    "Nov 20 {t} host sudo: {w} : TTY=pts/0 ; PWD=/home/{w} ; USER=root ; COMMAND=/usr/bin/kill {n}",
    "Nov 20 {t} host postfix/smtpd[{n}]: disconnect from unknown[{ip}] ehlo=1 auth=0/1 quit=1 commands=2/{d}",
    "Nov 20 {t} host named[{d}]: client @0x7f {ip}#{n}: query closed: timed out code {d}",
    "-- Journal begins at Fri 2026-11-20 {t} UTC, ends at Fri 2026-11-20 {t} UTC. -- {n}",
    // The kernel.
    "[ {d}.{n}] TCP: request_sock_TCP: Possible SYN flooding on port {n}. Sending cookies.",
    "[ {d}.{n}] Out of memory: Killed process {n} (java) total-vm:{d}kB, anon-rss:{n}kB, UID:{n}",
    "[ {d}.{n}] device eth0 left promiscuous mode, code {d}",
    "kernel: [{n}.{n}] usb 1-{d}: USB disconnect, device number {n}",
    "kernel: Code: 48 8b {d} 1006 03 ee 0f {d} 85 RIP: 0010:{n}",
    // Application logs of all languages.
    "2026-11-20T{t}.{d}Z INFO listening on 0.0.0.0:{n}",
    "2026-11-20T{t}.{d}Z INFO websocket server listening on ws://0.0.0.0:{n}/socket",
    "2026-11-20T{t}.{d}Z INFO websocket connected client={n} ip={ip} port={n}",
    "2026-11-20T{t}.{d}Z DEBUG websocket: sent {n} bytes in {n} ms",
    "2026-11-20T{t}.{d}Z INFO websocket upgrade took {n}ms status=101",
    "2026-11-20T{t}.{d}Z INFO ws: {n} clients connected, {n} subscriptions",
    "2026-11-20T{t}.{d}Z INFO websocket ping sent, rtt {n}us",
    "2026-11-20T{t}.{d}Z DEBUG websocket frame received opcode=1 length={n} masked=true",
    "2026-11-20T{t}.{d}Z INFO WebSocket session {n} opened for user {d}",
    "2026-11-20T{t}.{d}Z INFO closing {n} idle connections",
    "2026-11-20T{t}.{d}Z INFO closed {n} files in {d}s",
    "2026-11-20T{t}.{d}Z WARN connection to {ip}:{n} closed, retry in {n}ms",
    "2026-11-20T{t}.{d}Z ERROR order {n} closed with code {w}",
    "2026-11-20T{t}.{d}Z INFO market close {n}.{d} volume {n}",
    "2026-11-20T{t}.{d}Z INFO candle open={n}.5 high={n}.9 low={n}.1 close={n}.3 code=AAPL",
    "2026-11-20T{t}.{d}Z ERROR request failed: error code {n}: invalid parameter",
    "2026-11-20T{t}.{d}Z ERROR exit code {n}",
    "2026-11-20T{t}.{d}Z INFO process {n} exited with code {d}",
    "2026-11-20T{t}.{d}Z INFO zip code {n} door code {n}",
    "{ip} {t} ERROR [pool-1-thread-{d}] c.e.Service - Timeout after {n} ms (code={d})",
    "I1120 {t}.{d} {n} server.go:{n}] closing listener on :{n}",
    "E1120 {t}.{d} {n} reflector.go:{d}] watch of *v1.Pod closed with: too old resource version: {n} ({n})",
    "W1120 {t}.{d}  1 warnings.go:70] unknown field \"spec.code{n}\"",
    "level=info ts=2026-11-20T{t}.{d}Z caller=main.go:{n} msg=\"Server is ready\" port={n}",
    "level=warn ts={d}.{n} msg=\"slow query\" took={n}ms rows={n} code=0",
    "time=\"2026-11-20T{t}Z\" level=info msg=\"container closed\" id={d} status={n}",
    "DEBUG:asyncio:Using selector: EpollSelector, fd={n}",
    "INFO:     {ip}:{n} - \"GET /docs HTTP/1.1\" 200 OK",
    "INFO:     {ip}:{n} - \"WebSocket /ws/{n}\" [accepted]",
    "INFO:     connection open",
    "INFO:     Finished server process [{n}]",
    "[20/Nov/2026 {t}] \"GET /admin/ HTTP/1.1\" 200 {n}",
    "App {n} output: Listening on port {n}, closing in {d} s",
    "npm ERR! code ELIFECYCLE errno {n}",
    "Error: listen EADDRINUSE: address already in use :::{n}",
    "Error: connect ECONNREFUSED 127.0.0.1:{n}",
    "Error: read ECONNRESET errno: -{d}, code: 'ECONNRESET', syscall: 'read', port: {n}",
    "(node:{n}) Warning: Closing file descriptor {n} on garbage collection",
    "webpack compiled in {n} ms, ws://localhost:{n}/ws",
    "[HMR] connected to ws://localhost:{n}",
    "Socket {n} closed after {n} packets",
    "session closed, {n} bytes received, {n} bytes sent",
    "closed connection {n} from {ip}:{n}",
    // JSON logs.
    "{\"ts\":{d}.{n},\"level\":\"info\",\"msg\":\"request\",\"status\":200,\"bytes\":{n},\"port\":{n}}",
    "{\"time\":\"2026-11-20T{t}Z\",\"level\":\"error\",\"code\":{n},\"message\":\"invalid parameter\"}",
    "{\"code\":{n},\"message\":\"order not found\",\"data\":null,\"requestId\":\"{d}\"}",
    "{\"event\":\"trade\",\"symbol\":\"BTC\",\"open\":{n},\"close\":{n},\"code\":\"OK\"}",
    "{\"level\":\"info\",\"msg\":\"websocket connected\",\"clients\":{n},\"port\":{n}}",
    "{\"level\":\"info\",\"msg\":\"db pool closed\",\"duration_ms\":{n},\"idle\":{d}}",
    "{\"error\":{\"code\":{n},\"reason\":\"quota\"},\"path\":\"/v1/items\"}",
    "{\"level\":30,\"time\":{d}{n},\"pid\":{n},\"hostname\":\"h\",\"msg\":\"started\"}",
    "{\"log\":\"GET /ws 101 {n}\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-20T{t}Z\"}",
    // Java.
    "\tat java.base/java.net.SocketInputStream.socketRead0(Native Method) ~[?:{n}]",
    "\tat org.apache.tomcat.websocket.WsFrameBase.processInputBuffer(WsFrameBase.java:{n})",
    "\tat org.eclipse.jetty.websocket.core.internal.FrameFlusher.onCompleteSuccess(FrameFlusher.java:{n})",
    "\tat io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder.decode(WebSocket08FrameDecoder.java:{n})",
    "\t... {n} more",
    "Caused by: java.net.SocketException: Connection reset, local port {n}",
    "java.lang.IllegalStateException: stream has already been closed at position {n}",
    "2026-11-20 {t}.{d}  INFO {n} --- [           main] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port(s): {n} (http)",
    "2026-11-20 {t}.{d} DEBUG {n} --- [nio-8080-exec-{d}] o.s.w.s.DispatcherServlet : Completed 200 OK in {n} ms",
    "[{d}.{n}s][info][gc] GC({n}) Pause Young (Normal) {n}M->{d}M({n}M) {d}.{n}ms",
    // Databases and queues.
    "2026-11-20 {t}.{d} UTC [{n}] LOG:  disconnection: session time: 0:00:{d}.{n} user={w} database={w} host={ip} port={n}",
    "2026-11-20 {t}.{d} UTC [{n}] LOG:  duration: {n}.{d} ms  statement: SELECT close_code FROM sessions WHERE code = {n}",
    "2026-11-20 {t}.{d} UTC [{n}] ERROR:  duplicate key value violates unique constraint, code = 23505",
    "2026-11-20T{t}.{d}Z {n} [Warning] [MY-010055] [Server] IP address '{ip}' could not be resolved, Aborted connection {n}",
    "ERROR {n} (28000): Access denied for user '{w}'@'{ip}' (using password: YES)",
    "{n}:M 20 Nov 2026 {t}.{d} * {n} changes in 300 seconds. Saving...",
    "{n}:M 20 Nov 2026 {t}.{d} # Client id={n} addr={ip}:{n} scheduled to be closed ASAP",
    "[2026-11-20 {t},{d}] INFO [SocketServer brokerId={n}] Closed connection (node={n}) (org.apache.kafka.common.network.Selector)",
    "[2026-11-20 {t},{d}] WARN [Producer clientId=producer-{d}] Got error produce response with correlation id {n}, error: NETWORK_EXCEPTION. Error code {n}",
    "=INFO REPORT==== 20-Nov-2026::{t} === closing AMQP connection <0.{n}.0> ({ip}:{n} -> {ip}:5672)",
    "{\"t\":{\"$date\":\"2026-11-20T{t}.000+00:00\"},\"s\":\"I\",\"c\":\"NETWORK\",\"id\":22944,\"ctx\":\"conn{n}\",\"msg\":\"Connection ended\",\"attr\":{\"connectionId\":{n},\"connectionCount\":{n}}}",
    // Containers and clouds.
    "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"responseStatus\":{\"metadata\":{},\"code\":{n}},\"requestURI\":\"/api/v1/pods?watch=true\"}",
    "Warning  Unhealthy  {d}m  kubelet  Readiness probe failed: dial tcp {ip}:{n}: connect: connection refused",
    "Back-off restarting failed container app in pod app-{n}, exit code {d}",
    "REPORT RequestId: {n}-4f2a Duration: {n}.11 ms Billed Duration: {n} ms Memory Size: {n} MB Max Memory Used: {d} MB",
    "START RequestId: 8f{d} Version: $LATEST connectionId={n} routeKey=$disconnect",
    "heroku[router]: at=info method=GET path=\"/ws\" host=app.example.com fwd=\"{ip}\" dyno=web.1 connect=1ms service={n}ms status=101 bytes={n} protocol=https",
    "cloudflared: INF Registered tunnel connection connIndex={d} ip={ip} port={n}",
    "consul[{n}]: agent: Synced check: check=close-{n}",
    "vault[{n}]: http2: server connection error from {ip}:{n}: connection closed",
    "traefik: \"GET /ws HTTP/1.1\" 101 {n} \"-\" \"-\" {n} \"websecure-ws@docker\" \"http://10.0.0.2:{n}\" {n}ms",
    // Mail, games, telephony, printers, everything else with closings and codes.
    "asterisk[{n}]: NOTICE[{n}]: chan_sip.c:{n} Disconnected code 16 from {ip}:{n}",
    "[{t}] [Server thread/INFO]: {w} lost connection: Disconnected at {n}, 64, {n}",
    "imap-login: Info: Disconnected (no auth attempts in {d} secs): user=<>, rip={ip}, lport={n}",
    "FTP: Response: 226 Closing data connection, {n} bytes transferred ({d}.{n} KB/s)",
    "CLOSE {n} tickets; code review {n}",
    "valve {n} closed, pressure {n} mbar, code 7",
    "git push: remote: Closes #{n}, fixes #{n}",
    "build {n} finished: closed {d} of {n} windows in {n} ms",
    "SIP/2.0 408 Request Timeout CSeq: {n} BYE",
    "closing balance {n}.{d} EUR, code {d}",
    "BYE {n} received, {n} octets",
    "stock: close {n}, open {n}, ws {n}",
    "GET /ws HTTP/1.1 Connection: close Content-Length: {n}",
    "Sec-WebSocket-Version: 13 Content-Length: {n} Connection: close",
    "websocket: {n} subscribers, {n} channels, uptime {n}s",
    "INFO websocket room {n}",
    "INFO websocket moved to shard-{n}",
    "Process finished with exit code {n}",
    "received {n} (of {n}) rows; sent {n} (of {n}) rows",
    "sent {n} (bytes) in {d} s; received {n} (bytes)",
    "code = {n} rows, reason = none given",
    "MaxListenersExceededWarning: {n} close listeners added to [WebSocket]. MaxListeners is {d}.",
];

/// The same of systems that close connections too, and what is about WebSockets and no end of one. A person
/// who asks `explain` has said what they are about; a log has not.
const OTHERS: &[&str] = &[
    // Statuses, errors and codes of other systems.
    "{ip} - - [20/Nov/2026:{t} +0000] \"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\" 400 {n} \"-\" \"-\"",
    "{ip} - - [20/Nov/2026:{t} +0000] \"GET /ws HTTP/1.1\" 403 {n} \"-\" \"python-requests\"",
    "{ip} - - [20/Nov/2026:{t} +0000] \"GET /api/websocket/status HTTP/2.0\" 502 {n} \"-\" \"-\" upstream closed",
    "2026/11/20 {t} [error] {d}#{d}: *{n} no live upstreams while connecting to upstream, client: {ip}, request: \"GET /ws/{n} HTTP/1.1\"",
    "2026/11/20 {t} [error] {d}#{d}: *{n} recv() failed (104: Connection reset by peer) while reading response header from upstream, client: {ip}, request: \"POST /socket HTTP/1.1\"",
    "rpc error: code = Unavailable desc = transport is closing, stream {n}",
    "rpc error: code = DeadlineExceeded desc = context deadline exceeded after {n} ms",
    "grpc: addrConn.createTransport failed to connect to {{ip}:{n}}. Err: connection error: desc = \"transport: Error while dialing\"",
    "grpc-status: {d}, grpc-message: stream closed with code {n}",
    "[GRPC] call closed: status code={d} details=\"upstream reset\" duration={n}",
    "mosquitto[{d}]: 1795196342: Client sensor-{n} closed its connection.",
    "mosquitto[{d}]: 1795196342: Client sensor-{n} disconnected, not authorised.",
    "mosquitto[{d}]: 1795196342: New client connected from {ip}:{n} as sensor-{d} (p2, c1, k60).",
    "MQTT client disconnected: reason code {d}, session expiry {n}",
    "emqx: clientid=c{n} msg=socket_closed reason=tcp_closed peername={ip}:{n}",
    "AMQP connection closed: code = 320, text = 'CONNECTION_FORCED', class = {d}",
    "pika.exceptions.ConnectionClosedByBroker: (320, 'CONNECTION_FORCED - broker forced connection closure')",
    "psycopg2.OperationalError: server closed the connection unexpectedly, pid {n}",
    "SQLSTATE[HY000] [{n}] Connection refused",
    "ERROR {n} (HY000): Lost connection to MySQL server at 'reading', system error: {d}",
    "com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure, {n} ms ago",
    "ORA-0{n}: connection closed, code {n}",
    "redis.exceptions.ConnectionError: Error {d} connecting to {ip}:{n}. Connection refused.",
    "HikariPool-1 - Connection marked as broken because of SQLSTATE(08006), ErrorCode({n})",
    "[2026-11-20T{t},{d}][WARN ][o.e.t.TcpTransport] exception caught on transport layer [Netty4TcpChannel{localAddress=/{ip}:{n}}], closing connection",
    "order {n} closed with code {n}",
    "ticket {n} closed, reason code: {n}",
    "position closed code={n} reason=stop loss",
    "account {d} disconnected from plan, code: {n}",
    "door closed with status {n}",
    "Service host terminated with the following service-specific error: {n}",
    "The service closed with exit code {n}",
    "child closed all stdio with code {n}",
    "subprocess exited with code {n}, pipe closed",
    "job {n} aborted: error code {n}",
    "scanner disconnected from usb port {n}, code {d}",
    "printer: paper tray closed, event code: {n}",
    "modem: NO CARRIER, disconnect cause {n}",
    "Q.850 disconnect cause code {d}, call {n}",
    "FIX session 35=5 logout, 58=connection closed, 34={n}",
    "SMPP: unbind, connection closed, command_status={n}",
    "LDAP: connection closed by server, result code={d}, msgid={n}",
    "smtp: 421 {n} Service closing transmission channel",
    "POP3 session closed, {n} octets in mailbox",
    "irc: Closing Link: {ip} (Ping timeout: {d} seconds)",
    "irc: * {w} has quit (Ping timeout: {n} seconds)",
    "VPN: peer {ip}:{n} disconnected, ping-restart timeout",
    "ssh: kex_exchange_identification: Connection closed by remote host port {n}",
    "client_loop: send disconnect: Broken pipe, session {n}",
    "rsync error: unexplained error (code {d}) at io.c({n})",
    "curl: (56) Recv failure: Connection reset by peer, port {n}",
    "requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
    "urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='x', port={n}): Read timed out. (read timeout={d})",
    "java.net.SocketTimeoutException: connect timed out after {n} ms",
    "java.net.SocketException: Broken pipe (Write failed), port={n}",
    "Caused by: java.io.EOFException: SSL peer shut down incorrectly, code={d}",
    "javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure {n}",
    "http: TLS handshake error from {ip}:{n}: EOF",
    "http2: server: error reading preface from client {ip}:{n}: timeout awaiting SETTINGS frame",
    "http2: received GOAWAY [FrameHeader GOAWAY len={n}], starting graceful shutdown, error code {d}",
    "HTTP/2 stream {n} was not closed cleanly before end of the underlying stream, code: {d}",
    "quic: connection closed: application error code: {n}",
    "WebRTC: ICE connection disconnected, candidate port {n}",
    "Bluetooth: disconnected, reason code: {n}",
    "wpa_supplicant: CTRL-EVENT-DISCONNECTED bssid=00:11 reason={d} locally_generated={n}",
    "hostapd: wlan0: STA deauthenticated due to inactivity (timer DEAUTH/REMOVE) code: {n}",
    "dnsmasq-dhcp[{n}]: DHCPRELEASE(eth0) {ip}",
    "docker: container {w} died, exit code: {n}",
    "kubelet: Container app failed liveness probe, exit code: {n}, closed",
    "Terminating pod app-{n}: SIGTERM, grace {d} s",
    "steam: Disconnected from game server: code {d}, ping {n}",
    "sshd[{n}]: error: maximum authentication attempts exceeded for {w} from {ip} port {n} ssh2 [preauth]",
    // What is about WebSockets, and no end of one.
    "INFO websocket ping timeout set to {n} ms",
    "INFO websocket idle timeout configured: {n} ms",
    "INFO websocket handshake timeout is {n} ms by default",
    "INFO websocket room {n}",
    "INFO websocket moved to room {n}",
    "INFO websocket ping timeout ({n}) must be shorter than the ping interval ({n})",
    "INFO websocket max message size {n} bytes",
    "DEBUG websocket close timeout = {n}",
    "INFO websocket: {n} messages sent, {n} received, 0 errors",
    "INFO websocket handshake completed in {n} ms",
    "INFO websocket server started on port {n}, close grace period {d} s",
    "INFO websocket client {n} subscribed to channel orders.{n}",
    "INFO [ws] pong from client {n} after {d} ms",
    "INFO websocket error rate 0.{n} %",
    "DEBUG ws: frame opcode=9 len={d} client={n}",
    "INFO websocket compression enabled, window {n}",
    "INFO websocket reconnect delay {n} ms",
    "INFO websocket token expires in {n} s",
    "listening for websocket connections on unix:/run/ws.{n}.sock",
    "metrics ws_connections_open {n} ws_messages_total {n}",
    "websocket_connections{code=\"{n}\"} {n}",
];

fn filled(template: &str, random: &mut Rng) -> String {
    const WORDS: [&str; 6] = ["alice", "bob", "deploy", "www-data", "root", "carol"];
    let mut line = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        line.push_str(before);
        let hole = ["n}", "d}", "t}", "ip}", "w}"]
            .iter()
            .find(|hole| behind.starts_with(*hole));
        let Some(hole) = hole else {
            line.push('{');
            rest = behind;
            continue;
        };
        match *hole {
            // Half of them are codes that exist.
            "n}" if random.bool() => line.push_str(&random.u16(1000..=1015).to_string()),
            "n}" => line.push_str(&random.u16(3000..=4999).to_string()),
            "d}" => line.push_str(&random.u16(..1000).to_string()),
            "t}" => line.push_str(&format!(
                "{:02}:{:02}:{:02}",
                random.u8(..24),
                random.u8(..60),
                random.u8(..60)
            )),
            "ip}" => line.push_str(&format!(
                "10.{}.{}.{}",
                random.u8(..),
                random.u8(..),
                random.u8(..)
            )),
            _ => line.push_str(WORDS[random.usize(..WORDS.len())]),
        }
        rest = &behind[hole.len()..];
    }
    line + rest
}

#[test]
fn no_line_of_another_system_is_certain_or_probable() {
    let mut random = Rng::with_seed(1006);
    for _ in 0..12 {
        for template in OTHERS {
            let line = filled(template, &mut random);
            let mut scanner = Scanner::new(10).expect("it is built");
            scanner.feed(line.as_bytes());
            let findings = scanner.finish();
            assert_eq!((findings.closes, findings.probable), (0, 0), "{line}");
        }
    }
}

#[test]
fn no_number_of_other_lines_is_read_as_a_close_code() {
    let mut random = Rng::with_seed(1006);
    // In any order, so that lines of one stand behind lines of another.
    let mut lines = BTreeSet::new();
    for _ in 0..12 {
        for template in TEMPLATES {
            lines.insert(filled(template, &mut random));
        }
    }
    let mut lines: Vec<String> = lines.into_iter().collect();
    random.shuffle(&mut lines);
    assert!(
        TEMPLATES.len() > 120 && lines.len() >= 1000,
        "{} lines",
        lines.len()
    );
    let mut scanner = Scanner::new(1000).expect("it is built");
    for line in &lines {
        scanner.feed(line.as_bytes());
        scanner.feed(b"\n");
    }
    let findings = scanner.finish();
    // Neither certain nor probable.
    let found: Vec<&str> = findings
        .groups
        .iter()
        .map(|group| group.example.as_str())
        .collect();
    assert_eq!(found, Vec::<&str>::new());
    assert_eq!(findings.lines, lines.len() as u64);
    for line in &lines {
        let reading = read(line).filter(|reading| reading.close.is_some());
        assert!(reading.is_none(), "{line}");
    }
}
