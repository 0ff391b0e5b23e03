//! A session struct changes while old and new servers answer the same visitors.

use session_runtime::testing::{self, Visitor};
use session_runtime::{Result, Session, SessionData, assert_fingerprint};

/// What is deployed, oldest first. A rename takes two deploys.
mod version {
    use super::SessionData;

    #[derive(SessionData)]
    pub(crate) struct Old {
        pub(crate) mail: String,
    }

    #[derive(SessionData)]
    pub(crate) struct ReadsBoth {
        #[session(alias = "email")]
        pub(crate) mail: String,
    }

    #[derive(SessionData)]
    pub(crate) struct Renamed {
        #[session(alias = "mail")]
        pub(crate) email: String,
    }

    #[derive(SessionData)]
    pub(crate) struct Done {
        pub(crate) email: String,
    }
}

use version::{Done, Old, ReadsBoth, Renamed};

type Read = fn(&Session) -> Result<Option<String>>;
type Write = fn(&Session, String) -> Result<()>;

/// How each version reads and writes the address.
const VERSIONS: [(Read, Write); 4] = [
    (
        |session| session.get(Old::MAIL),
        |session, mail| session.put(Old::MAIL, mail),
    ),
    (
        |session| session.of::<ReadsBoth>().get_mail(),
        |session, mail| session.of::<ReadsBoth>().put_mail(mail),
    ),
    (
        |session| session.of::<Renamed>().get_email(),
        |session, mail| session.of::<Renamed>().put_email(mail),
    ),
    (
        |session| session.get(Done::EMAIL),
        |session, mail| session.put(Done::EMAIL, mail),
    ),
];

/// Writes with one version, then reads with another.
async fn passes(writer: usize, reader: usize, visitor: &mut Visitor) -> Result<bool> {
    let text = format!("from {writer}");
    let write = VERSIONS[writer].1;
    visitor
        .visit(async |session| write(&session, text.clone()))
        .await?;
    let read = VERSIONS[reader].0;
    let found = visitor.visit(async |session| read(&session)).await?;
    Ok(found == Some(text))
}

#[tokio::test]
async fn neighbours_read_what_the_other_wrote() -> Result<()> {
    let server = testing::layer();
    for old in 0..VERSIONS.len() - 1 {
        let mut visitor = Visitor::from(&server);
        // Requests of one visitor reach old and new servers in any order, over and over.
        for (writer, reader) in [
            (old, old + 1),
            (old + 1, old),
            (old, old),
            (old, old + 1),
            (old + 1, old + 1),
        ] {
            assert!(
                passes(writer, reader, &mut visitor).await?,
                "{writer} to {reader}"
            );
        }
    }
    Ok(())
}

/// Why it takes two: the old servers find nothing under the old name.
#[tokio::test]
async fn a_rename_in_one_deploy_loses_what_new_servers_write() -> Result<()> {
    let server = testing::layer();
    assert!(passes(0, 2, &mut Visitor::from(&server)).await?);
    assert!(!passes(2, 0, &mut Visitor::from(&server)).await?);
    Ok(())
}

/// A key that only new servers know survives what old ones write.
#[tokio::test]
async fn new_keys_survive_old_servers() -> Result<()> {
    #[derive(SessionData)]
    struct Newer {
        mail: String,
        #[session(flash, ttl = "1h")]
        notice: String,
    }
    let server = testing::layer();
    let mut visitor = Visitor::from(&server);
    let write = async |session: Session| -> Result<_> {
        session.of::<Newer>().put_mail("first".to_owned())?;
        session.of::<Newer>().put_notice("saved".to_owned())
    };
    visitor.visit(write).await?;
    visitor
        .visit(async |session| session.of::<Old>().put_mail("second".to_owned()))
        .await?;
    let read = async |session: Session| -> Result<_> {
        Ok((
            session.of::<Newer>().get_mail()?,
            session.of::<Newer>().get_notice()?,
        ))
    };
    let (mail, notice) = visitor.visit(read).await?;
    assert_eq!(
        (mail.as_deref(), notice.as_deref()),
        (Some("second"), Some("saved"))
    );
    Ok(())
}

mod fingerprints {
    use super::SessionData;

    macro_rules! fingerprint {
        ($(#[$meta:meta])* $({$($field:tt)*})?) => {{
            #[derive(SessionData)]
            $(#[$meta])*
            struct Data { $($($field)*)? }
            Data::FINGERPRINT
        }};
    }

    #[test]
    fn what_reads_alike_has_one_fingerprint() {
        let first = fingerprint!({ uid: i64, tags: Vec<String> });
        assert_eq!(
            first,
            fingerprint!({ tags: Vec < String >, uid: i64 }),
            "order and spacing"
        );
        assert_eq!(
            first,
            fingerprint!({ pub uid: Option<i64>, tags: Vec<String> }),
            "presence and visibility"
        );
        assert_eq!(
            first,
            fingerprint!({ #[session(rename = "uid")] id: i64, tags: Vec<String> }),
            "the field's name"
        );
        assert_eq!(
            first,
            fingerprint!({ /** Id. */ uid: i64, tags: Vec<String> }),
            "docs"
        );
        assert_eq!(
            first,
            fingerprint!(#[session(handle = "Other")] { uid: i64, tags: Vec<String> }),
            "the handle"
        );
        let minutes = fingerprint!({ #[session(ttl = "2m")] uid: i64 });
        assert_eq!(
            minutes,
            fingerprint!({ #[session(ttl = "120s")] uid: i64 }),
            "units"
        );
    }

    #[test]
    fn every_difference_shows() {
        let all = [
            fingerprint!(),
            fingerprint!({ uid: i64 }),
            fingerprint!({ uid: i32 }),
            fingerprint!({ id: i64 }),
            fingerprint!({ uid: i64, id: i64 }),
            fingerprint!(#[session(prefix = "a.")] { uid: i64 }),
            fingerprint!(#[session(rename_all = "UPPERCASE")] { uid: i64 }),
            fingerprint!({ #[session(alias = "id")] uid: i64 }),
            fingerprint!({ #[session(alias = "id", alias = "no")] uid: i64 }),
            fingerprint!({ #[session(default)] uid: i64 }),
            fingerprint!({ #[session(default = 1)] uid: i64 }),
            fingerprint!({ #[session(default = 2)] uid: i64 }),
            fingerprint!({ #[session(flash)] uid: i64 }),
            fingerprint!({ #[session(ttl = "2m")] uid: i64 }),
            fingerprint!({ #[session(ttl = "3m")] uid: i64 }),
            fingerprint!({ #[session(max_len = 9)] uid: i64 }),
            fingerprint!({ #[session(private)] uid: i64 }),
            fingerprint!({ #[session(owner)] uid: i64 }),
            fingerprint!({ #[session(missing = 404)] uid: i64 }),
            fingerprint!({ #[session(value = String)] uid: i64 }),
        ];
        for (i, one) in all.iter().enumerate() {
            for (j, other) in all.iter().enumerate().skip(i + 1) {
                assert_ne!(one, other, "{i} and {j}");
            }
        }
    }
}

// The numbers are part of the format: another version of the macro must compute the same.
assert_fingerprint!(Old, 0x0168_cc95_f24b_aa8f);
assert_fingerprint!(Renamed, 0xe0f8_f77c_319a_8b3d);
