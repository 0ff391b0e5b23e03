//! How bytes get to the server: plain, or under TLS.

use tokio_postgres::{Client, Config, Error, NoTls};

/// Connects to one host, and drives the connection in a task of its own.
pub(super) enum Transport {
    #[cfg(not(feature = "tls"))]
    Plain,
    #[cfg(feature = "tls")]
    Tls(super::tls::Tls),
}

impl Transport {
    pub(super) async fn connect(&self, host: &Config) -> Result<Client, Error> {
        match self {
            #[cfg(not(feature = "tls"))]
            Self::Plain => plain(host).await,
            #[cfg(feature = "tls")]
            Self::Tls(_) if is_local(host) => plain(host).await,
            #[cfg(feature = "tls")]
            Self::Tls(tls) => {
                let (client, connection) = host.connect(tls.clone()).await?;
                drop(tokio::spawn(connection));
                Ok(client)
            }
        }
    }
}

async fn plain(host: &Config) -> Result<Client, Error> {
    let (client, connection) = host.connect(NoTls).await?;
    drop(tokio::spawn(connection));
    Ok(client)
}

/// A Unix socket. As in libpq, it has no TLS, whatever `sslmode` says.
#[cfg(all(feature = "tls", unix))]
fn is_local(host: &Config) -> bool {
    let hosts = host.get_hosts();
    matches!(hosts, [tokio_postgres::config::Host::Unix(_)])
}

#[cfg(all(feature = "tls", not(unix)))]
fn is_local(_: &Config) -> bool {
    false
}
