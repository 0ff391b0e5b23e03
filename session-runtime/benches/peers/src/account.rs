//! The session that every subject holds: five keys, 208 bytes of JSON unless a workload says otherwise.

use http::StatusCode;
use serde::{Deserialize, Serialize};

/// The visitor's id until a write counts it up.
pub const UID: i64 = 1_234_567;

/// What a shop knows of its visitor.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    pub uid: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<u32>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub locale: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

impl Account {
    /// An account whose JSON has exactly this many bytes.
    ///
    /// # Panics
    /// Where `json_len` is less than an account without a message takes.
    #[must_use]
    pub fn with_json_len(json_len: usize) -> Self {
        let mut account = Self {
            uid: UID,
            email: "ada@example.org".to_owned(),
            recent: (1..=8).collect(),
            locale: "en".to_owned(),
            message: "-".to_owned(),
        };
        let bare = account.to_json().len() - 1;
        account.message = "lorem ipsum "
            .chars()
            .cycle()
            .take(json_len - bare)
            .collect();
        account
    }

    /// What the first request of a visitor stores: `uid` alone.
    #[must_use]
    pub fn newcomer() -> Self {
        Self {
            uid: UID,
            ..Self::default()
        }
    }

    /// # Panics
    /// Never: every field has a JSON form.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an account has a JSON form")
    }
}

/// What a handler answers once it has read two keys: 200 where they hold what was stored.
#[must_use]
pub fn answer(uid: Option<i64>, email: Option<&str>) -> StatusCode {
    let stored = uid.is_some_and(|uid| uid >= UID) && email == Some("ada@example.org");
    if stored {
        StatusCode::OK
    } else {
        StatusCode::UNAUTHORIZED
    }
}
