//! The users, in memory in place of a database, and their passwords.

use std::sync::{Arc, PoisonError, RwLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use session_runtime::BoxError;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// The users. Clones share them.
#[derive(Clone)]
pub struct Users(Arc<Table>);

struct Table {
    rows: RwLock<Vec<(User, Hash)>>,
    /// Of the same cost as the others, and of a password that nobody knows: a user who does not exist costs the same
    /// time as one who does.
    nobody: Hash,
    /// Each hash takes 19 MB and a core for a moment: visitors can't make us compute more than these at once.
    hashing: Semaphore,
}

type Hash = Arc<str>;

/// A row.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) name: String,
}

impl Users {
    /// The names and passwords of [`Users::demo`].
    pub const DEMO: [(&str, &str); 2] = [("ada", "correct horse"), ("grace", "battery staple")];

    /// Two users to try the shop with.
    pub fn demo() -> Result<Self, BoxError> {
        let mut random = [0; 32];
        getrandom::fill(&mut random)?;
        let rows = (1..).zip(Self::DEMO).map(|(id, (name, password))| {
            let user = User {
                id,
                name: name.to_owned(),
            };
            Ok((user, hash(password.as_bytes())?))
        });
        Ok(Self(Arc::new(Table {
            rows: RwLock::new(rows.collect::<Result<_, BoxError>>()?),
            nobody: hash(&random)?,
            hashing: Semaphore::new(4),
        })))
    }

    pub(crate) fn by_id(&self, id: i64) -> Option<User> {
        self.find(|user| user.id == id).map(|(user, _)| user)
    }

    /// The user of this name, if that is their password. Here belongs a count of failed attempts, by user: in the
    /// database, since a session ends with its cookie.
    pub(crate) async fn authenticate(
        &self,
        name: &str,
        password: String,
    ) -> Result<Option<User>, BoxError> {
        self.check(self.find(|user| user.name == name), password)
            .await
    }

    /// Whether that is their password.
    pub(crate) async fn is_password(&self, id: i64, password: String) -> Result<bool, BoxError> {
        let row = self.find(|user| user.id == id);
        Ok(self.check(row, password).await?.is_some())
    }

    async fn check(
        &self,
        row: Option<(User, Hash)>,
        password: String,
    ) -> Result<Option<User>, BoxError> {
        let (user, hash) = row.map_or((None, Arc::clone(&self.0.nobody)), |(user, hash)| {
            (Some(user), hash)
        });
        let _turn = self.0.hashing.acquire().await?;
        // Slow by purpose, and other requests wait for this thread: so on another one.
        let matches = spawn_blocking(move || is_password(&password, &hash)).await?;
        Ok(user.filter(|_| matches))
    }

    pub(crate) async fn set_password(&self, id: i64, password: String) -> Result<(), BoxError> {
        let _turn = self.0.hashing.acquire().await?;
        let new = spawn_blocking(move || hash(password.as_bytes())).await??;
        let mut rows = self.0.rows.write().unwrap_or_else(PoisonError::into_inner);
        let row = rows.iter_mut().find(|(user, _)| user.id == id);
        let (_, hash) = row.ok_or("the user was deleted meanwhile")?;
        *hash = new;
        Ok(())
    }

    fn find(&self, is_meant: impl Fn(&User) -> bool) -> Option<(User, Hash)> {
        let rows = self.0.rows.read().unwrap_or_else(PoisonError::into_inner);
        rows.iter().find(|(user, _)| is_meant(user)).cloned()
    }
}

fn hash(password: &[u8]) -> Result<Hash, BoxError> {
    Ok(Argon2::default()
        .hash_password(password)?
        .to_string()
        .into())
}

fn is_password(given: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(given.as_bytes(), &hash)
            .is_ok()
    })
}
