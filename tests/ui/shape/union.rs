use session_runtime::SessionData;

#[derive(SessionData)]
union Account {
    uid: i64,
    id: u64,
}

fn main() {}
