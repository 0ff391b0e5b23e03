//! The statements, and the names of tables and functions in them.

use tokio_postgres::types::Type;

use crate::store::StoreError;

/// The SQL that `migrate` runs.
pub(super) const TABLES: &str = include_str!("tables.sql");

/// The most rows of each table that one step of a sweep removes.
pub(super) const SWEPT: i64 = 500;

/// The table of the sessions. The names of the others begin with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    schema: Option<String>,
    name: String,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            schema: None,
            name: "session".to_owned(),
        }
    }
}

impl Table {
    /// `table` or `schema.table`.
    pub(super) fn parse(text: &str) -> Result<Self, StoreError> {
        let (schema, name) = match text.split_once('.') {
            Some((schema, name)) => (Some(schema), name),
            None => (None, text),
        };
        if schema.into_iter().chain([name]).all(is_name) {
            return Ok(Self {
                schema: schema.map(ToOwned::to_owned),
                name: name.to_owned(),
            });
        }
        Err(StoreError::unavailable(format!(
            "`{text}` is no name for a table of sessions: use `table` or `schema.table`, each of at most 40 lower-case \
             letters, digits and `_`"
        )))
    }

    /// The SQL with the names in place: `{session_x}` with its schema, `{!session_x}` without.
    pub(super) fn fill(&self, sql: &str) -> String {
        let mut filled = String::with_capacity(sql.len());
        let mut rest = sql;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(before);
            let plain = name.strip_prefix('!');
            let suffix = plain.unwrap_or(name).trim_start_matches("session");
            if let (Some(schema), None) = (&self.schema, plain) {
                filled.extend(["\"", schema, "\"."]);
            }
            filled.extend(["\"", &self.name, suffix, "\""]);
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

fn is_name(name: &str) -> bool {
    let is_good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=40).contains(&name.len()) && name.bytes().all(is_good)
}

/// One statement for each operation, so that each is one trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    Load,
    Create,
    Save,
    Replace,
    Touch,
    Destroy,
    List,
    DestroyOwner,
    Publish,
    Published,
    Sweep,
}

impl Statement {
    pub(super) const ALL: [Self; 11] = [
        Self::Load,
        Self::Create,
        Self::Save,
        Self::Replace,
        Self::Touch,
        Self::Destroy,
        Self::List,
        Self::DestroyOwner,
        Self::Publish,
        Self::Published,
        Self::Sweep,
    ];

    /// Whether the statement writes. If its answer is lost, the write is in doubt.
    pub(super) fn writes(self) -> bool {
        !matches!(self, Self::Load | Self::List | Self::Published)
    }

    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Load => {
                "SELECT {session_now_v1}($1), version, payload, owner, label, born, seen_at, expires_at, state, \
                 gone_at, renewed_at, successors FROM {session} WHERE id = $2"
            }
            Self::Create => {
                "SELECT {session_create_v1}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            }
            Self::Save => {
                "SELECT * FROM {session_save_v1}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
            }
            Self::Replace => {
                "SELECT * FROM {session_replace_v1}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
            }
            Self::Touch => "SELECT {session_touch_v1}($1, $2, $3, $4, $5, $6)",
            Self::Destroy => "SELECT * FROM {session_destroy_v1}($1, $2)",
            Self::List => {
                "SELECT id, label, born, seen_at, expires_at FROM {session} WHERE owner = $1 AND state = 0 \
                 AND expires_at > $2 ORDER BY born DESC, id DESC LIMIT $3"
            }
            Self::DestroyOwner => "SELECT {session_destroy_owner_v1}($1, $2, $3, $4, $5)",
            Self::Publish => {
                "WITH clock AS MATERIALIZED (SELECT {session_now_v1}($1) AS now) \
                 INSERT INTO {session_notice} (write, at, until, id, owner, spared) \
                 SELECT $2, now, least(now::numeric + $3::bigint, 9223372036854775807)::bigint, $4, $5, $6 FROM clock \
                 ON CONFLICT (write) DO NOTHING"
            }
            Self::Published => {
                "WITH clock AS MATERIALIZED (SELECT {session_now_v1}($1) AS now) \
                 SELECT now, write, at, until, id, owner, spared FROM clock \
                 LEFT JOIN {session_notice} ON at >= $2 AND until > now"
            }
            Self::Sweep => SWEEP,
        }
    }

    pub(super) fn types(self) -> &'static [Type] {
        const N: Type = Type::INT8;
        const B: Type = Type::BYTEA;
        const A: Type = Type::BYTEA_ARRAY;
        const F: Type = Type::BOOL;
        match self {
            Self::Load | Self::Destroy => &[N, B],
            Self::Create => &[N, B, B, B, B, B, N, N, N, N, N],
            Self::Save => &[N, B, B, B, B, B, B, B, N, N, N, N, F, N],
            Self::Replace => &[N, B, B, F, B, B, B, B, B, N, N, N, N, B, N],
            Self::Touch => &[N, B, B, N, N, N],
            Self::List => &[B, N, N],
            Self::DestroyOwner => &[N, B, A, F, N],
            Self::Publish => &[N, B, N, B, B, A],
            Self::Published | Self::Sweep => &[N, N],
        }
    }
}

/// Rows that others have locked are left to the next sweep.
const SWEEP: &str = "WITH clock AS MATERIALIZED (SELECT {session_now_v1}($1) AS now), \
    ended AS MATERIALIZED (SELECT id, version IS NOT NULL AS is_session FROM {session} \
        WHERE gone_at <= (SELECT now FROM clock) ORDER BY gone_at LIMIT $2 FOR UPDATE SKIP LOCKED), \
    places AS MATERIALIZED (SELECT owner FROM {session_place} \
        WHERE until <= (SELECT now FROM clock) LIMIT $2 FOR UPDATE SKIP LOCKED), \
    notices AS MATERIALIZED (SELECT write FROM {session_notice} \
        WHERE until <= (SELECT now FROM clock) LIMIT $2 FOR UPDATE SKIP LOCKED), \
    no_session AS (DELETE FROM {session} AS session USING ended WHERE session.id = ended.id), \
    no_place AS (DELETE FROM {session_place} AS place USING places WHERE place.owner = places.owner), \
    no_notice AS (DELETE FROM {session_notice} AS notice USING notices WHERE notice.write = notices.write) \
    SELECT (SELECT count(*) FROM ended WHERE is_session), \
        greatest((SELECT count(*) FROM ended), (SELECT count(*) FROM places), (SELECT count(*) FROM notices))";
