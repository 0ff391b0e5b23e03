//! Many sessions of a usual size, to see what room they take.

use std::time::SystemTime;

use session_runtime::store::{Create, OwnerId, SessionStore, StoreId, WriteId};

use super::rows::creation;

/// Bytes that a session's values take as JSON.
pub(crate) const PAYLOAD: usize = 300;
/// Of one owner.
const SESSIONS: u32 = 4;
/// Calls that are under way at once.
const AT_ONCE: u32 = 64;

/// Puts this many sessions into the store, four for each owner.
pub(crate) async fn fill<S: SessionStore + Clone>(store: &S, sessions: u32) {
    fill_for(store, sessions, |number| owner(number / SESSIONS)).await;
}

/// Puts this many sessions of one owner into the store; that owner.
pub(crate) async fn of_one_owner<S: SessionStore + Clone>(store: &S, sessions: u32) -> OwnerId {
    fill_for(store, sessions, |_| owner(0)).await;
    owner(0)
}

async fn fill_for<S: SessionStore + Clone>(
    store: &S,
    sessions: u32,
    owner_of: impl Fn(u32) -> OwnerId + Copy + Send + 'static,
) {
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in (task..sessions).step_by(AT_ONCE as usize) {
                    let answer = store.create(&session(number, owner_of(number))).await;
                    answer.expect("created");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
}

fn session(number: u32, owner: OwnerId) -> Create {
    let mut create = creation(1);
    create.begin = SystemTime::now();
    create.id = StoreId::from_bytes(scattered(number, 1));
    create.row.owner = Some(owner);
    create.row.payload = vec![b'x'; PAYLOAD];
    let version: [u8; 16] = std::array::from_fn(|i| scattered(number, 3)[i]);
    create.row.version = WriteId::from_bytes(version);
    create
}

fn owner(number: u32) -> OwnerId {
    OwnerId::from_bytes(scattered(number, 2))
}

/// Bytes that look like a hash, as ids are.
fn scattered(number: u32, salt: u64) -> [u8; 32] {
    let mut state = u64::from(number) << 8 | salt;
    std::array::from_fn(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    })
}
