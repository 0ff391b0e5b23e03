//! The address of a server, and how to log in to it.

use core::str::FromStr;

use redis::{Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo};

use crate::store::StoreError;

/// Host and port of a node. The host is empty if a node means itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
}

impl Address {
    /// Fills in this host if the address has none.
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

/// Parses `host:port`. The host may contain colons.
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

pub(super) fn info(url: &str) -> Result<ConnectionInfo, StoreError> {
    // The client's own message may contain the password.
    url.into_connection_info().map_err(|_| {
        StoreError::unavailable(
            "the URL of Redis must be redis://user:password@host:port/database, or rediss:// for TLS (feature `tls`)",
        )
    })
}

pub(super) fn client(info: ConnectionInfo) -> Result<Client, StoreError> {
    Client::open(info).map_err(|error| StoreError::unavailable(format!("{:?}", error.kind())))
}

/// A client of the server at this address. It logs in as `as_to` says.
pub(super) fn client_at(as_to: &ConnectionInfo, address: &Address) -> Result<Client, StoreError> {
    let (host, port) = (address.host.clone(), address.port);
    let place = match as_to.addr() {
        ConnectionAddr::TcpTls {
            insecure,
            tls_params,
            ..
        } => ConnectionAddr::TcpTls {
            host,
            port,
            insecure: *insecure,
            tls_params: tls_params.clone(),
        },
        _ => ConnectionAddr::Tcp(host, port),
    };
    client(as_to.clone().set_addr(place))
}

/// Host and port. For a Unix socket, the error has the text `without`.
pub(super) fn address_of(
    info: &ConnectionInfo,
    without: &'static str,
) -> Result<Address, StoreError> {
    match info.addr() {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
            Ok(Address {
                host: host.clone(),
                port: *port,
            })
        }
        _ => Err(StoreError::unavailable(without)),
    }
}
