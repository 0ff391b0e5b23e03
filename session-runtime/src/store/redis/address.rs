//! Where a server is.

use core::str::FromStr;

/// Host and port of a node. The host is empty where a node means itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
}

impl Address {
    /// With this host where the node that said it did not say one.
    pub(super) fn said_by(self, host: &str) -> Self {
        if self.host.is_empty() || self.host == "?" {
            return Self {
                host: host.to_owned(),
                ..self
            };
        }
        self
    }
}

/// `host:port`, where the host may have colons of its own.
impl FromStr for Address {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (host, port) = text.rsplit_once(':').ok_or(())?;
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: port.parse().map_err(|_| ())?,
        })
    }
}
