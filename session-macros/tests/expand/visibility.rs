pub(crate) struct Limited {
    pub everywhere: u8,
    pub(crate) in_crate: u8,
    pub(super) above: u8,
    pub(in crate::web) path: u8,
    here: u8,
}
