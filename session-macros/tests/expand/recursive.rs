struct Menu {
    parent: Option<Box<Self>>,
    children: Vec<Self>,
    counts: [u8; Self::COUNT],
}
