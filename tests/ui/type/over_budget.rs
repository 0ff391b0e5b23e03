use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
    #[session(max_len = 2990)]
    note: String,
}

#[derive(SessionData)]
struct Cart {
    items: [u32; 8],
}

session_runtime::assert_fits!(Account, Cart; budget = 3000);

fn main() {}
