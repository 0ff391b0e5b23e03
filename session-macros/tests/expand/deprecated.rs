#[deprecated = "use `Account`"]
struct Old {
    /// Kept for old cookies.
    #[deprecated(note = "ask the database")]
    #[doc(hidden)]
    uid: i64,
}
