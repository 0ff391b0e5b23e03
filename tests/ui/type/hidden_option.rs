use session_runtime::SessionData;

type Maybe<T> = Option<T>;

#[derive(SessionData)]
struct Account {
    email: Maybe<String>,
}

fn main() {}
