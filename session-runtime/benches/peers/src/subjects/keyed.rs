//! The handlers of the two crates that share one session type, `tower_sessions_core::Session`, in two versions of it.

/// Defines `route(operation, account) -> MethodRouter` for a `Session` with async, keyed calls.
macro_rules! keyed_routes {
    ($session:ty) => {
        fn route(
            operation: crate::workload::Operation,
            account: &crate::account::Account,
        ) -> axum::routing::MethodRouter {
            use crate::workload::Operation;
            let account = account.clone();
            match operation {
                Operation::Untouched => axum::routing::get(super::bare::handler),
                Operation::Read => axum::routing::get(read),
                Operation::Write => axum::routing::get(write),
                Operation::New => axum::routing::get(create),
                Operation::Seed => {
                    axum::routing::get(async move |session: $session| seed(session, &account).await)
                }
            }
        }

        type Outcome = Result<http::StatusCode, http::StatusCode>;

        async fn both(session: &$session) -> Option<(i64, String)> {
            Some((
                session.get("uid").await.ok()??,
                session.get("email").await.ok()??,
            ))
        }

        async fn read(session: $session) -> Outcome {
            let (uid, email) = both(&session).await.ok_or(http::StatusCode::UNAUTHORIZED)?;
            Ok(crate::account::answer(Some(uid), Some(&email)))
        }

        async fn write(session: $session) -> Outcome {
            let (uid, email) = both(&session).await.ok_or(http::StatusCode::UNAUTHORIZED)?;
            put(&session, "uid", uid + 1).await?;
            Ok(crate::account::answer(Some(uid), Some(&email)))
        }

        async fn create(session: $session) -> Outcome {
            put(&session, "uid", crate::account::UID).await
        }

        async fn seed(session: $session, account: &crate::account::Account) -> Outcome {
            put(&session, "uid", account.uid).await?;
            put(&session, "email", &account.email).await?;
            put(&session, "recent", &account.recent).await?;
            put(&session, "locale", &account.locale).await?;
            put(&session, "message", &account.message).await
        }

        async fn put(session: &$session, key: &str, value: impl serde::Serialize) -> Outcome {
            match session.insert(key, value).await {
                Ok(()) => Ok(http::StatusCode::OK),
                Err(_) => Err(http::StatusCode::INTERNAL_SERVER_ERROR),
            }
        }
    };
}

pub(super) use keyed_routes;
