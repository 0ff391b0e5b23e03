use session_runtime::SessionData;
use session_runtime::assert_disjoint_keys;

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

#[derive(SessionData)]
struct Cart {
    items: Vec<u32>,
    uid: i64,
    #[session(alias = "email")]
    mail: String,
}

#[derive(SessionData)]
#[session(rename_all = "UPPERCASE")]
struct Admin<T> {
    uid: T,
}

assert_disjoint_keys!(Account, Admin<u8>, Cart);

fn main() {}
