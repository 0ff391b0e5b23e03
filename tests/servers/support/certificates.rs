//! Certificates of a CA made here.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::engines::{Folder, is_root, run};

/// The certificate of a CA, and one of `localhost` by it.
pub(crate) struct Certificates {
    user: &'static str,
    folder: Folder,
}

impl Certificates {
    /// Which this user's server will read.
    pub(crate) fn new(user: &'static str) -> Self {
        let folder = Folder::new(user);
        let these = Self { user, folder };
        these.openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test-ca \
             -keyout ca.key -out ca.pem",
        );
        these.openssl(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
             -keyout server.key -out server.csr",
        );
        let extensions = "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n";
        std::fs::write(these.file("extensions"), extensions).expect("a file");
        these.openssl(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
             -extfile extensions -out server.pem",
        );
        these
    }

    fn openssl(&self, arguments: &str) {
        let mut command = Command::new("openssl");
        command.args(arguments.split_whitespace());
        run(command.current_dir(self.folder.path()));
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn ca(&self) -> Vec<u8> {
        std::fs::read(self.file("ca.pem")).expect("made")
    }

    /// Where the server reads them, and nobody else.
    pub(crate) fn put_into(&self, data: &Path) {
        for name in ["server.pem", "server.key"] {
            let mut copy = Command::new("install");
            copy.arg("-m600");
            if is_root() {
                copy.arg(format!("-o{}", self.user));
            }
            run(copy.arg(self.file(name)).arg(data.join(name)));
        }
    }
}
