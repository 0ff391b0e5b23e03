//! try
use session_runtime::{Key, Session, SessionData};

/// A theme.
#[derive(serde::Serialize, serde::Deserialize, Default, Debug, PartialEq)]
pub enum Theme {
    /// d
    #[default]
    Dark,
    /// l
    Light,
}

/// Data.
#[derive(SessionData)]
pub struct Account {
    /// Id of the user.
    pub uid: i64,
    /// Mail.
    pub email: Option<String>,
    #[session(default)]
    theme: Theme,
    #[session(flash, default = "hi".to_owned())]
    notice: String,
    #[session(ttl = "15m", missing = 404, rename = "to", alias = "dest")]
    return_to: String,
}
#[derive(SessionData)]
struct Page<T: std::fmt::Debug = i32, const N: usize = 2>
where
    T: Clone,
{
    item: T,
    count: u32,
    #[session(default)]
    list: Vec<T>,
    fixed: [u8; N],
    o: Option<T>,
}
#[test]
fn works() {
    let s = Session::stub();
    let a = s.of::<Account>();
    a.put_uid(3).unwrap();
    assert_eq!(a.require_uid().unwrap(), 3);
    assert_eq!(a.get_notice().unwrap(), "hi");
    assert_eq!(a.get_theme().unwrap(), Theme::Dark);
    let k: Key<i64> = Account::UID;
    assert_eq!(s.get(k).unwrap(), Some(3));
    let p = s.of::<Page<i64, 3>>();
    p.put_item(3).unwrap();
    p.put_fixed([1, 2, 3]).unwrap();
    assert!(p.get_list().unwrap().is_empty());
    println!("{:?} {:?} {:x}", a, p, Account::FINGERPRINT);
    assert_eq!(Account::MAX_ENCODED, None);
    assert_eq!(Page::<i64, 3>::MAX_ENCODED, None);
}
