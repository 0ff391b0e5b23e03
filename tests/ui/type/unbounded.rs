use session_runtime::SessionData;

#[derive(SessionData)]
struct Account {
    uid: i64,
    email: String,
}

session_runtime::assert_fits!(Account; budget = 3000);

fn main() {}
