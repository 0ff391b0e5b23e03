struct r#struct {
    r#type: u8,
    größe: u8,
    名前: u8,
}
