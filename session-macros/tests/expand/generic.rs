pub struct Page<T: Clone = String, const N: usize = 4>
where
    T: Debug,
{
    pub uid: i64,
    pub item: T,
    #[session(default)]
    pub items: Option<Vec<T>>,
    bytes: [u8; N],
}
