//! `wsclose probe` through a real nginx and a real HAProxy. Skipped with a word where they are not
//! installed, or failed with `PEERS=needed`.

#![cfg(all(unix, feature = "probe"))]

mod common;
#[path = "probe/servers.rs"]
#[allow(dead_code, reason = "no test file uses all of it")]
mod servers;

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::run;
use serde_json::Value;
use servers::{echo, field, request, serve};

const LONG: Duration = Duration::from_secs(20);

/// A program that is ended with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Starts a program and waits until it listens. `None` where it is not installed.
fn start(program: &str, arguments: &[&str], port: u16) -> Option<Running> {
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(child) = started else {
        let needed = std::env::var_os("PEERS").is_some_and(|peers| peers == "needed");
        assert!(!needed, "{program} is not installed");
        eprintln!("skipped: {program} is not installed");
        return None;
    };
    let running = Running(child);
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(began.elapsed() < LONG, "{program} does not listen");
        thread::sleep(Duration::from_millis(50));
    }
    Some(running)
}

fn probe(port: u16, options: &[&str]) -> Value {
    let url = format!("ws://127.0.0.1:{port}/ws");
    let common = ["probe", &url, "--json", "--no-proxy", "--for", "300ms"];
    let (_, out, err) = run(&[&common, options].concat());
    let last = out.lines().last().unwrap_or_else(|| panic!("{err}"));
    serde_json::from_str(last).expect("a line is an object")
}

/// A backend that wants the headers of an upgrade.
fn backend() -> u16 {
    serve(|line| {
        let request = request(line);
        let upgrade = field(&request, "Upgrade").unwrap_or_default();
        if !upgrade.eq_ignore_ascii_case("websocket") {
            let answer = b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
            let _ = line.write_all(answer);
            return line.fin();
        }
        let _ = line.write_all(&servers::accepted(&request, ""));
        servers::talk(line, LONG);
    })
}

#[test]
fn what_nginx_does_is_told() {
    let (backend, dead) = (backend(), free_port());
    let ports = [free_port(), free_port(), free_port(), free_port()];
    let [fine, lost, gone, idle] = ports;
    let folder = folder("nginx");
    let path = folder.display();
    let headers = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\";";
    let server = |port: u16, to: u16, more: &str| {
        format!(
            "server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{to}; {more} }} }}\n"
        )
    };
    let servers = [
        server(fine, backend, headers),
        server(lost, backend, ""),
        server(gone, dead, headers),
        server(idle, backend, &format!("{headers} proxy_read_timeout 1s;")),
    ];
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {path}/{name};"));
    let text = format!(
        "worker_processes 1; daemon off; pid {path}/pid; error_log {path}/errors;\nevents {{}}\nhttp {{ access_log off; {} {} }}\n",
        temporary.concat(),
        servers.concat()
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, text).expect("a file");
    let file = file.display().to_string();
    let errors = folder.join("errors").display().to_string();
    let prefix = folder.display().to_string();
    let Some(_running) = start("nginx", &["-p", &prefix, "-e", &errors, "-c", &file], fine) else {
        return;
    };
    let found = probe(fine, &[]);
    assert_eq!(found["cause"], "healthy", "{found}");
    let found = probe(lost, &[]);
    assert_eq!(
        (&found["cause"], &found["status"]),
        (&"upgrade-refused".into(), &426.into())
    );
    assert!(
        found["fixes"].to_string().contains("proxy_set_header"),
        "{found}"
    );
    let found = probe(gone, &[]);
    assert_eq!(
        (&found["cause"], &found["status"]),
        (&"upgrade-refused".into(), &502.into())
    );
    assert!(found["evidence"].to_string().contains("nginx"), "{found}");
    let found = probe(idle, &["--idle", "3s", "--ping", "300ms"]);
    assert_eq!(found["cause"], "idle-timeout", "{found}");
}

#[test]
fn what_haproxy_cuts_is_told() {
    let backend = serve(|line| echo(line, LONG));
    let port = free_port();
    let text = format!(
        "global\n  maxconn 100\ndefaults\n  mode http\n  timeout connect 2s\n  timeout client 10s\n  timeout server 10s\n  timeout tunnel 1s\nfrontend f\n  bind 127.0.0.1:{port}\n  default_backend b\nbackend b\n  server s 127.0.0.1:{backend}\n"
    );
    let file = folder("haproxy").join("haproxy.cfg");
    std::fs::write(&file, text).expect("a file");
    let Some(_running) = start("haproxy", &["-db", "-f", &file.display().to_string()], port) else {
        return;
    };
    let found = probe(port, &["--idle", "3s", "--ping", "300ms"]);
    assert_eq!(found["cause"], "idle-timeout", "{found}");
    let idle = found["idle"].as_array().expect("a list");
    let silent = idle
        .iter()
        .find(|it| it["traffic"] == "silent")
        .expect("it is there");
    let after = silent["silence_s"].as_f64().expect("it is known");
    assert!((0.9..1.6).contains(&after), "{found}");
}
