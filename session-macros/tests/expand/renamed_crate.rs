#[session(crate = crate::web::sessions)]
struct Account {
    uid: i64,
}
