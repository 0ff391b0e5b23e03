use core::time::Duration;

use super::revoked::Revoked;
use crate::store::{Notice, Notices, OwnerId, StoreId, Subject, WriteId};
use crate::time::time;

const KEPT: u64 = 1_000;

fn id(number: u64) -> StoreId {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes[24..].copy_from_slice(&number.to_be_bytes());
    StoreId::from_bytes(bytes)
}

fn owner() -> OwnerId {
    OwnerId::from_bytes([7; 32])
}

fn notice(write: u8, subject: Subject) -> Notice {
    Notice {
        write: WriteId::from_bytes([write; 16]),
        subject,
        keep_for: Duration::from_secs(KEPT),
    }
}

fn ending(write: u8, except: Vec<StoreId>) -> Notice {
    let owner = owner();
    notice(write, Subject::Owner { owner, except })
}

fn read(now: u64, notices: Vec<(u64, Notice)>) -> Notices {
    let notices = notices.into_iter();
    Notices {
        read_at: time(now),
        notices: notices.map(|(at, notice)| (time(at), notice)).collect(),
    }
}

#[test]
fn a_session_of_the_very_second_is_refused_and_a_spared_one_is_not() {
    let revoked = Revoked::default();
    revoked.add(&read(100, vec![(100, ending(1, vec![id(1)]))]));
    assert!(revoked.has_ended(&owner(), 100, &id(2)));
    assert!(!revoked.has_ended(&owner(), 101, &id(2)));
    assert!(!revoked.has_ended(&owner(), 50, &id(1)), "spared");
    assert!(!revoked.has_ended(&OwnerId::from_bytes([8; 32]), 50, &id(2)));
}

#[test]
fn who_is_spared_by_one_ending_is_refused_by_another() {
    let revoked = Revoked::default();
    for (write, spared) in [(1, 1), (2, 2)] {
        revoked.add(&read(100, vec![(100, ending(write, vec![id(spared)]))]));
    }
    assert!(revoked.has_ended(&owner(), 90, &id(1)));
    assert!(revoked.has_ended(&owner(), 90, &id(2)));
}

#[test]
fn notices_that_are_read_again_or_covered_take_no_room() {
    let revoked = Revoked::default();
    let early = ending(1, vec![id(1)]);
    let single = notice(9, Subject::Id(id(5)));
    for _ in 0..60 {
        revoked.add(&read(
            101,
            vec![(100, early.clone()), (100, single.clone())],
        ));
    }
    assert_eq!(revoked.len(), 2);
    revoked.add(&read(102, vec![(102, ending(2, Vec::new()))]));
    assert_eq!(revoked.len(), 2, "it refuses all that the first does");
    revoked.add(&read(103, vec![(100, early)]));
    assert_eq!(revoked.len(), 2);
    assert!(revoked.has_ended(&owner(), 102, &id(1)));
}

#[test]
fn what_is_over_is_forgotten_within_a_minute_of_readings() {
    let revoked = Revoked::default();
    let ids = (0..10_000).map(|number| (100, notice(9, Subject::Id(id(number)))));
    revoked.add(&read(
        100,
        ids.chain([(100, ending(1, Vec::new()))]).collect(),
    ));
    assert_eq!(revoked.len(), 10_001);
    for second in 101..101 + 64 {
        revoked.add(&read(second, Vec::new()));
    }
    assert_eq!(revoked.len(), 10_001, "nothing is over");
    for second in 0..64 {
        revoked.add(&read(100 + KEPT + second, Vec::new()));
    }
    assert_eq!(revoked.len(), 0);
}

#[test]
fn an_id_is_refused_before_its_time_is_known() {
    let revoked = Revoked::default();
    revoked.add_id(&id(1));
    assert!(revoked.has_id(&id(1)));
    revoked.add(&read(100, vec![(100, notice(1, Subject::Id(id(1))))]));
    assert!(revoked.has_id(&id(1)));
    for second in 0..64 {
        revoked.add(&read(100 + KEPT + second, Vec::new()));
    }
    assert!(!revoked.has_id(&id(1)), "its time was learnt");
}

#[cfg(feature = "sqlite")]
mod sqlite;
