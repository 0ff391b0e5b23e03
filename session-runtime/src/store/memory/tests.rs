//! What the memory store alone does: it is bounded.

use super::MemoryStore;
use crate::store::conformance::Clock;
use crate::store::{
    Create, Created, Loaded, OwnerId, Row, SessionStore, StoreError, StoreId, WriteId,
};
use core::time::Duration;

fn store(clock: &Clock, max_sessions: usize) -> MemoryStore {
    let clock = clock.clone();
    MemoryStore::new()
        .with_clock(move || clock.now())
        .with_max_sessions(max_sessions)
}

fn id(number: u8) -> StoreId {
    StoreId::from_bytes([number; 32])
}

async fn create(
    store: &MemoryStore,
    clock: &Clock,
    number: u8,
    owner: Option<u8>,
) -> Result<Created, StoreError> {
    let now = clock.now();
    clock.advance(Duration::from_secs(1));
    let row = Row {
        version: WriteId::from_bytes([number; 16]),
        payload: vec![1],
        owner: owner.map(|owner| OwnerId::from_bytes([owner; 32])),
        label: None,
        born: now,
        seen_at: now,
        expires_at: now + Duration::from_secs(3_600),
    };
    let create = Create {
        id: id(number),
        row,
        begin: now,
    };
    store.create(&create).await
}

async fn is_there(store: &MemoryStore, number: u8) -> bool {
    matches!(store.load(&id(number)).await, Ok(Loaded::Row(_)))
}

#[tokio::test]
async fn where_there_is_no_room_sessions_without_an_owner_go_first() {
    let clock = Clock::new();
    let store = store(&clock, 3);
    for (number, owner) in [(1, Some(1)), (2, None), (3, None)] {
        create(&store, &clock, number, owner)
            .await
            .expect("there is room");
    }
    create(&store, &clock, 4, Some(1))
        .await
        .expect("the oldest without an owner went");
    assert!(!is_there(&store, 2).await);
    create(&store, &clock, 5, Some(1))
        .await
        .expect("the other without an owner went");
    for number in [1, 4, 5] {
        assert!(is_there(&store, number).await);
    }
    for owner in [None, Some(1)] {
        let refused = create(&store, &clock, 6, owner).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
    }
    assert_eq!(store.len(), 3);
}

#[tokio::test]
async fn where_there_is_no_room_what_is_over_goes_before_all() {
    let clock = Clock::new();
    let store = store(&clock, 2);
    create(&store, &clock, 1, Some(1))
        .await
        .expect("there is room");
    clock.advance(Duration::from_secs(3_600 + 86_400));
    create(&store, &clock, 2, None)
        .await
        .expect("there is room");
    create(&store, &clock, 3, Some(1))
        .await
        .expect("the one that is over went");
    assert!(is_there(&store, 2).await && is_there(&store, 3).await);
}

#[tokio::test]
async fn what_is_known_of_endings_is_bounded() {
    let clock = Clock::new();
    let store = store(&clock, 3);
    for number in 0..10 {
        store
            .destroy(&id(number))
            .await
            .expect("memory never fails");
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(
        store.load(&id(6)).await.expect("memory never fails"),
        Loaded::Absent
    );
    assert!(matches!(store.load(&id(7)).await, Ok(Loaded::Ended(_))));
}
