use session_runtime::SessionData;

#[derive(SessionData)]
#[session(crate = my_crate::<u8>)]
struct Account {
    uid: i64,
}

fn main() {}
