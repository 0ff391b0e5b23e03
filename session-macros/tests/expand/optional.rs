struct Optional {
    short: Option<u8>,
    long: ::std::option::Option<String>,
    nested: Option<Option<u8>>,
    alias: Maybe<u8>,
}
