use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    call: fn(i64) -> i64,
}

fn main() {}
