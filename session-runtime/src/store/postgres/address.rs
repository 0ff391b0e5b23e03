//! The parts of the URL: the hosts, and how the connection is secured.

use core::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{LoadBalanceHosts, SslMode};

use super::Times;
use crate::random::fill_random;
use crate::store::StoreError;

/// The part of the server's certificate that is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// The URL asks for no check. The chain is checked if the user gave roots.
    Unsaid,
    Chain,
    ChainAndName,
}

#[derive(Clone, Debug)]
pub(super) struct Address {
    config: Config,
    #[cfg_attr(
        not(feature = "tls"),
        expect(dead_code, reason = "only TLS checks who answers")
    )]
    pub(super) check: Check,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(StoreError::unavailable(
                "the address of PostgreSQL is a URL: postgres://user@host/database",
            ));
        }
        let (url, check) = without_verify(url);
        let config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            StoreError::unavailable(format!(
                "the URL of PostgreSQL: {}",
                cause.unwrap_or_else(|| error.to_string())
            ))
        })?;
        if config.get_hosts().is_empty() {
            return Err(StoreError::unavailable(
                "the URL of PostgreSQL names no host",
            ));
        }
        if config.get_ssl_mode() == SslMode::Require && cfg!(not(feature = "tls")) {
            return Err(StoreError::unavailable(
                "this `sslmode` needs the feature `tls` of session-runtime",
            ));
        }
        Ok(Self { config, check })
    }

    /// One configuration for each host, in the order in which they are tried.
    pub(super) fn hosts(&self, times: Times, has_options: bool) -> Vec<Config> {
        let count = self.config.get_hosts().len();
        let mut order: Vec<usize> = (0..count).collect();
        let mut dice = [0];
        if self.config.get_load_balance_hosts() == LoadBalanceHosts::Random
            && fill_random(&mut dice).is_ok()
        {
            order.rotate_left(usize::from(dice[0]) % count.max(1));
        }
        let one = |number| self.host(number, times, has_options);
        order.into_iter().map(one).collect()
    }

    fn host(&self, number: usize, times: Times, has_options: bool) -> Config {
        let all = &self.config;
        let mut one = Config::new();
        if let Some(host) = all.get_hosts().get(number) {
            match host {
                tokio_postgres::config::Host::Tcp(name) => one.host(name),
                #[cfg(unix)]
                tokio_postgres::config::Host::Unix(path) => one.host_path(path),
            };
        }
        if let Some(&address) = all.get_hostaddrs().get(number) {
            one.hostaddr(address);
        }
        let ports = all.get_ports();
        one.port(
            ports
                .get(number)
                .or(ports.first())
                .copied()
                .unwrap_or(5_432),
        );
        all.get_user().map(|user| one.user(user));
        all.get_password().map(|password| one.password(password));
        all.get_dbname().map(|name| one.dbname(name));
        one.application_name(all.get_application_name().unwrap_or("session-runtime"));
        one.ssl_mode(all.get_ssl_mode())
            .ssl_negotiation(all.get_ssl_negotiation())
            .target_session_attrs(all.get_target_session_attrs())
            .channel_binding(all.get_channel_binding())
            .connect_timeout(times.wait)
            .tcp_user_timeout(*all.get_tcp_user_timeout().unwrap_or(&times.trip))
            .keepalives(all.get_keepalives())
            .keepalives_idle(all.get_keepalives_idle());
        all.get_keepalives_interval()
            .map(|interval| one.keepalives_interval(interval));
        all.get_keepalives_retries()
            .map(|retries| one.keepalives_retries(retries));
        self.set_options(&mut one, times.statement, has_options);
        one
    }

    /// The server cancels a statement before its caller gives up. So the caller learns that nothing was done. Options
    /// of the URL come after ours and win.
    fn set_options(&self, one: &mut Config, limit: Duration, has_options: bool) {
        let theirs = self.config.get_options().unwrap_or_default();
        let limit = limit.as_millis().clamp(1, 2_147_483_647);
        if has_options {
            let ours = format!("-c statement_timeout={limit} -c lock_timeout={limit}");
            one.options(format!("{ours} {theirs}").trim_end());
        } else if !theirs.is_empty() {
            one.options(theirs);
        }
    }
}

/// The client does not know `verify-ca` and `verify-full`, so it gets `require` instead.
fn without_verify(url: &str) -> (String, Check) {
    let Some((address, query)) = url.split_once('?') else {
        return (url.to_owned(), Check::Unsaid);
    };
    let mut check = Check::Unsaid;
    let pairs = query.split('&').map(|pair| match pair {
        "sslmode=verify-ca" => {
            check = Check::Chain;
            "sslmode=require"
        }
        "sslmode=verify-full" => {
            check = Check::ChainAndName;
            "sslmode=require"
        }
        other => other,
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    (format!("{address}?{query}"), check)
}
