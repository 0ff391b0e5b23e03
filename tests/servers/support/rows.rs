//! Rows without a request.

use std::time::{Duration, SystemTime};

use session_runtime::store::{Create, Row, Save, StoreId, WriteId};

pub(crate) fn row(number: u8) -> Row {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
    Row {
        version: WriteId::from_bytes([number; 16]),
        payload: vec![1, b'{', b'}'],
        owner: None,
        label: None,
        born: now,
        seen_at: now,
        // Beyond the present of every engine here, in whole seconds.
        expires_at: now + Duration::from_secs(3_600 * 24 * 3_650),
    }
}

pub(crate) fn creation(number: u8) -> Create {
    Create {
        id: StoreId::from_bytes([number; 32]),
        row: row(number),
        begin: SystemTime::now(),
    }
}

pub(crate) fn save(id: StoreId, expected: u8, next: u8) -> Save {
    Save {
        id,
        expected: WriteId::from_bytes([expected; 16]),
        filed: None,
        row: row(next),
        moves_end: false,
        begin: SystemTime::now(),
    }
}
