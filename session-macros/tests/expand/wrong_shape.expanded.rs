::core::compile_error! {
    "the names of fields are the session's keys, and these have none: write `struct Account { uid: i64 }`"
}
