//! Test vectors of the encodings.

use super::{body, fields, notice, notice_bytes, row};
use crate::store::{Notice, OwnerId, Row, StoreError, StoreId, Subject, WriteId};
use crate::time::time;
use core::time::Duration;

fn example(label: Option<&str>) -> Row {
    Row {
        version: WriteId::from_bytes([7; 16]),
        payload: b"\x01{}".to_vec(),
        owner: Some(OwnerId::from_bytes([9; 32])),
        label: label.map(str::to_owned),
        born: time(0x6543_2100),
        seen_at: time(1_795_000_000),
        expires_at: time(1_795_003_600),
    }
}

#[test]
fn the_bytes_of_a_row_are_these() {
    let plain = b"\x01\x00\x00\x00\x00\x65\x43\x21\x00\x00\x01{}";
    assert_eq!(body(&example(None)), plain);
    let labelled = b"\x01\x00\x00\x00\x00\x65\x43\x21\x00\x01\x00\x00\x00\x02\xc3\xbc\x01{}";
    assert_eq!(body(&example(Some("\u{fc}"))), labelled);
    for label in [None, Some(""), Some("Firefox")] {
        assert_eq!(
            row(&fields(&example(label))).expect("a row"),
            example(label)
        );
    }
}

#[test]
fn a_body_that_is_cut_is_corrupt_and_a_newer_one_is_unavailable() {
    let whole = fields(&example(Some("label")));
    // The version, the time, the label's mark, its length and its bytes. The payload after them may have any length.
    for len in 0..1 + 8 + 1 + 4 + 5 {
        let mut cut = whole.clone();
        cut[2].truncate(len);
        assert!(matches!(row(&cut), Err(StoreError::Corrupt(_))), "{len}");
    }
    let mut newer = whole;
    newer[2][0] = 2;
    assert!(matches!(row(&newer), Err(StoreError::Unavailable(_))));
}

#[test]
fn the_bytes_of_a_notice_are_these() {
    let mut whole = Notice {
        write: WriteId::from_bytes([7; 16]),
        subject: Subject::Id(StoreId::from_bytes([5; 32])),
        keep_for: Duration::from_millis(258),
    };
    let mut bytes = vec![0, 0, 0, 0, 0, 0, 1, 2];
    bytes.extend([7; 16]);
    bytes.push(1);
    bytes.extend([5; 32]);
    assert_eq!(notice_bytes(&whole), bytes);
    assert_eq!(notice(&bytes).expect("a notice"), whole);
    whole.subject = Subject::Owner {
        owner: OwnerId::from_bytes([9; 32]),
        except: vec![StoreId::from_bytes([5; 32]); 2],
    };
    let bytes = notice_bytes(&whole);
    assert_eq!(notice(&bytes).expect("a notice"), whole);
    assert!(matches!(
        notice(&bytes[..bytes.len() - 1]),
        Err(StoreError::Corrupt(_))
    ));
}
