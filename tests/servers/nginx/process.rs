//! An nginx of our own: unprivileged, in a temporary folder, on a free port, ended by its process id.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use tokio::net::TcpStream;

use crate::engines::{Folder, free_port, is_root};

pub(super) struct Nginx {
    child: Child,
    folder: Folder,
    address: SocketAddr,
}

impl Nginx {
    /// A cache in front of `upstream` that keeps every page for a minute unless a header forbids it.
    pub(super) async fn start(upstream: &str, directives: &str) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let folder = Folder::new("nobody");
        let config = CONFIG
            .replace("FOLDER", folder.path().to_str().expect("a path in UTF-8"))
            .replace("ADDRESS", &address.to_string())
            .replace("UPSTREAM", upstream)
            .replace("DIRECTIVES", directives);
        std::fs::write(folder.path().join("nginx.conf"), config).expect("a file");
        let mut nginx = Self {
            child: spawn(folder.path()),
            folder,
            address,
        };
        nginx.wait().await;
        nginx
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn wait(&mut self) {
        for _ in 0..200 {
            if TcpStream::connect(self.address).await.is_ok() {
                return;
            }
            let ended = self.child.try_wait().expect("a child of ours");
            assert!(ended.is_none(), "nginx did not start: {}", self.errors());
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("nginx does not listen: {}", self.errors());
    }

    fn errors(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
    }

    /// Ends it now rather than at the end of the scope.
    pub(super) fn stop(self) {
        drop(self);
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        let _told = Command::new("kill").args(["-TERM", &pid]).status();
        let _ended = self.child.wait();
    }
}

/// `timeout` ends it also where this process can't.
fn spawn(folder: &Path) -> Child {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", "120", "nginx", "-p"]);
    command
        .arg(folder)
        .args(["-c", "nginx.conf", "-e", "error.log"]);
    unprivileged(&mut command);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin:/sbin"));
    let child = command.spawn();
    child.expect("nginx: apt-get install nginx-light")
}

/// Where the tests run as root, nginx runs as nobody.
fn unprivileged(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
}

const CONFIG: &str = "
daemon off;
worker_processes 1;
pid FOLDER/nginx.pid;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path FOLDER/body;
    fastcgi_temp_path FOLDER/fastcgi;
    uwsgi_temp_path FOLDER/uwsgi;
    scgi_temp_path FOLDER/scgi;
    proxy_temp_path FOLDER/proxy;
    proxy_cache_path FOLDER/cache keys_zone=pages:1m max_size=10m;
    server {
        listen ADDRESS;
        location / {
            proxy_pass UPSTREAM;
            proxy_cache pages;
            proxy_cache_valid any 1m;
            DIRECTIVES
            add_header X-Cache $upstream_cache_status always;
        }
    }
}
";
