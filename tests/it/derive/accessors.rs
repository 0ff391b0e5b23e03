//! What the derive's keys and accessors do, over requests through the real layer.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use session_runtime::testing::{self, Visitor};
use session_runtime::{
    Error, Key, KeyInfo, Result, Session, SessionData, assert_disjoint_keys, assert_fits,
};

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
enum Theme {
    #[default]
    Dark,
    Light,
}

#[derive(SessionData)]
struct Account {
    /// Id of the signed-in user.
    uid: i64,
    email: Option<String>,
    #[session(default)]
    theme: Theme,
    #[session(default = "en".to_owned())]
    locale: String,
    #[session(flash)]
    notice: String,
    #[session(
        ttl = "15m",
        missing = 404,
        rename = "to",
        alias = "dest",
        alias = "next"
    )]
    return_to: String,
    #[session(max_len = 6)]
    code: String,
    #[session(skip)]
    #[allow(dead_code)]
    cache: Vec<u8>,
}

#[derive(SessionData)]
#[session(prefix = "cart.", rename_all = "camelCase", handle = "Basket")]
struct Cart<T> {
    line_items: Vec<T>,
    #[session(rename = "n", alias = "count")]
    total: u32,
}

assert_disjoint_keys!(Account, Cart<u8>);

#[tokio::test]
async fn every_accessor() -> Result<()> {
    let mut visitor = Visitor::from(&testing::layer());
    visitor
        .visit(async |session| -> Result<_> {
            let account = session.of::<Account>();
            assert_eq!(account.get_uid()?, None);
            assert!(!account.contains(Account::UID)? && !account.del_uid()?);
            assert!(account.require_uid().is_err_and(|error| error.is_missing()));
            account.put_uid(123)?;
            account.put_email("a@b.c".to_owned())?;
            account.put_theme(Theme::Light)
        })
        .await?;
    visitor
        .visit(async |session| -> Result<_> {
            let account = AccountHandle::from(session);
            assert_eq!(account.require_uid()?, 123);
            assert_eq!(account.get_email()?.as_deref(), Some("a@b.c"));
            assert_eq!(account.get_theme()?, Theme::Light);
            assert_eq!(account.clone().session().get(Account::UID)?, Some(123));
            assert_eq!(account.get::<i64>("uid")?, Some(123));
            assert!(account.contains(Account::UID)? && account.del_uid()?);
            assert!(account.del_theme()?);
            assert_eq!(account.get_theme()?, Theme::Dark);
            Ok(())
        })
        .await
}

/// What has no accessor is called on the handle all the same; a key of its own hides none of the session's calls.
#[tokio::test]
async fn a_handle_is_the_session_too() -> Result<()> {
    #[derive(SessionData)]
    #[session(prefix = "odd.")]
    struct Odd {
        get: i64,
        session: i64,
        renew: i64,
    }

    fn named(session: &Session) -> Result<Option<i64>> {
        session.take(Account::UID)
    }

    let everything = async |session: Session| -> Result<_> {
        let account = session.of::<Account>();
        account.update(Account::UID, |uid| uid.unwrap_or(0) + 1)?;
        account.put("untyped", true)?;
        account.renew()?;
        assert_eq!(account.keys()?, ["uid", "untyped"]);
        assert_eq!(named(&account)?, Some(1));
        assert_eq!(account.take(Account::UID)?, None);
        let odd = account.of::<Odd>();
        odd.put_get(1)?;
        odd.put_session(2)?;
        odd.put_renew(3)?;
        assert_eq!(odd.get(Odd::GET)?, odd.get_get()?);
        assert_eq!(odd.session().get(Odd::SESSION)?, odd.get_session()?);
        odd.renew()?;
        odd.clear()?;
        assert!(!account.contains("untyped")?);
        account.destroy()
    };
    Visitor::from(&testing::layer()).visit(everything).await
}

#[tokio::test]
async fn defaults_are_answers_and_not_values() -> Result<()> {
    let mut visitor = Visitor::from(&testing::layer());
    let read = async |session: Session| -> Result<_> {
        let account = session.of::<Account>();
        Ok((account.get_theme()?, account.get_locale()?, session.keys()?))
    };
    let (theme, locale, keys) = visitor.visit(read).await?;
    assert_eq!((theme, locale.as_str()), (Theme::Dark, "en"));
    assert!(keys.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_flash_is_shown_once() -> Result<()> {
    let mut visitor = Visitor::from(&testing::layer());
    visitor
        .visit(async |session| -> Result<_> {
            session.of::<Account>().put_notice("saved".to_owned())
        })
        .await?;
    let read = async |session: Session| -> Result<_> {
        let account = session.of::<Account>();
        assert_eq!(
            account.contains(Account::NOTICE)?,
            account.get_notice()?.is_some()
        );
        account.get_notice()
    };
    assert_eq!(visitor.visit(read).await?.as_deref(), Some("saved"));
    assert_eq!(visitor.visit(read).await?, None);
    Ok(())
}

#[tokio::test]
async fn aliases_are_read_and_replaced() -> Result<()> {
    let mut visitor = Visitor::from(&testing::layer());
    visitor
        .visit(async |session| -> Result<_> {
            session.put("next", "/old")?;
            let account = session.of::<Account>();
            assert_eq!(account.get_return_to()?.as_deref(), Some("/old"));
            assert_eq!(session.keys()?, ["next"]);
            account.put_return_to("/new".to_owned())?;
            assert_eq!(session.keys()?, ["to"]);
            assert!(account.del_return_to()?);
            assert!(session.keys()?.is_empty());
            Ok(())
        })
        .await
}

#[tokio::test]
async fn errors_have_the_fields_status() {
    let mut visitor = Visitor::from(&testing::layer());
    let ask = async |session: Session| -> Result<_> {
        let account = session.of::<Account>();
        let long = account.put_code("12345".to_owned());
        Ok((account.require_uid(), account.require_return_to(), long))
    };
    let (uid, return_to, long) = visitor.visit(ask).await.expect("the calls' own errors");
    assert_eq!(uid.expect_err("absent").status(), StatusCode::UNAUTHORIZED);
    let error = return_to.expect_err("absent");
    assert_eq!(
        (error.status(), error.key()),
        (StatusCode::NOT_FOUND, Some("to"))
    );
    let error = long.expect_err("seven bytes with its quotes");
    assert!(
        matches!(&error, Error::TooLarge { key, size: 7, limit: 6, .. } if key == "code"),
        "{error:?}"
    );
}

#[tokio::test]
async fn generic_structs_have_handles_of_their_own() -> Result<()> {
    let mut visitor = Visitor::from(&testing::layer());
    visitor
        .visit(async |session| -> Result<_> {
            let basket: Basket<u8> = session.of::<Cart<u8>>();
            basket.put_line_items(vec![1, 2])?;
            basket.put_total(2)?;
            assert_eq!(session.keys()?, ["cart.lineItems", "cart.n"]);
            let basket = session.of::<Cart<String>>();
            let error = basket.get_line_items().expect_err("numbers are no texts");
            assert_eq!(error.key(), Some("cart.lineItems"));
            Ok(())
        })
        .await
}

#[test]
fn keys_carry_the_options() {
    let expected = [
        KeyInfo::new("uid"),
        KeyInfo::new("email"),
        KeyInfo::new("theme"),
        KeyInfo::new("locale"),
        KeyInfo::new("notice").flash(),
        KeyInfo::new("to")
            .with_aliases(&["dest", "next"])
            .with_ttl(std::time::Duration::from_secs(900))
            .with_missing_status(404),
        KeyInfo::new("code").with_max_len(6),
    ];
    assert_eq!(Account::KEYS, expected);
    let constants: [&KeyInfo; 2] = [Account::UID.info(), Account::RETURN_TO.info()];
    assert_eq!(constants, [&expected[0], &expected[5]]);
    let email: Key<String> = Account::EMAIL;
    assert_eq!(email.name(), "email");
    let expected = [
        KeyInfo::new("cart.lineItems"),
        KeyInfo::new("cart.n").with_aliases(&["cart.count"]),
    ];
    assert_eq!(Cart::<u8>::KEYS, expected);
}

/// Numbers, texts, and types whose name says nothing.
#[test]
fn an_owner_is_known_by_its_key() {
    macro_rules! owner {
        ($ty:ty) => {{
            #[derive(SessionData)]
            struct Data {
                #[session(owner, rename = "user", private, max_len = 40)]
                uid: $ty,
                email: String,
            }
            let user = KeyInfo::new("user").with_max_len(40).private().owner();
            assert_eq!(Data::KEYS, [user, KeyInfo::new("email")]);
            assert_eq!(Data::UID.info(), &user);
        }};
    }
    owner!(i64);
    owner!(Option<u128>);
    owner!(String);
    owner!(Option<Box<str>>);
    owner!(Theme);
    assert!(!KeyInfo::new("user").is_owner() && KeyInfo::new("user").owner().is_owner());
}

#[tokio::test]
async fn a_handle_shows_no_value() -> Result<()> {
    let debug = async |session: Session| -> Result<_> {
        session.of::<Account>().put_email("secret".to_owned())?;
        Ok(format!(
            "{:?} {:?}",
            session.of::<Account>(),
            session.of::<Cart<u8>>()
        ))
    };
    let shown = Visitor::from(&testing::layer()).visit(debug).await?;
    assert_eq!(shown, "AccountHandle { .. } Basket { .. }");
    Ok(())
}

#[test]
fn handles_cross_threads_whatever_their_parameters() {
    fn crosses_threads<T: Send + Sync + 'static>() {}
    crosses_threads::<AccountHandle>();
    crosses_threads::<Basket<std::rc::Rc<u8>>>();
}

mod sizes {
    use session_runtime::testing::{self, Visitor};

    use super::{Deserialize, Result, Serialize, Session, SessionData, assert_fits};

    type Id = u64;

    #[derive(SessionData)]
    struct Bounded {
        id: Id,
        ok: Option<bool>,
        #[session(ttl = "400d")]
        at: (i64, char),
        #[session(max_len = 10, alias = "the_name")]
        name: String,
        #[session(rename = "\"ü", ttl = "1s")]
        digest: [u8; 4],
    }

    #[derive(SessionData)]
    struct Empty {}

    #[derive(SessionData)]
    struct Unbounded {
        id: Id,
        name: String,
    }

    #[derive(SessionData)]
    struct Generic<T, const N: usize> {
        bytes: [u8; N],
        #[session(max_len = 4)]
        item: T,
    }

    assert_fits!(Bounded, Empty; budget = 196);
    assert_fits!(Bounded, Generic<super::Theme, 2>,; budget = 228);

    #[derive(Serialize, Deserialize)]
    struct Payload;

    #[test]
    fn bounds_are_sums_of_pairs() {
        let pairs = "\"id\":,".len()
            + 20
            + "\"ok\":,".len()
            + 5
            + "\"at\":,".len()
            + "[-9223372036854775808,\"\\u001f\"]".len()
            + "\"the_name\":,".len()
            + 10
            + "\"\\\"ü\":,".len()
            + "[255,255,255,255]".len();
        let deadlines =
            "\"~\":{},".len() + "\"at\":34560000000,".len() + "\"\\\"ü\":34560000000,".len();
        assert_eq!(Bounded::MAX_ENCODED, Some(pairs + deadlines));
        assert_eq!(Empty::MAX_ENCODED, Some(0));
        assert_eq!(Unbounded::MAX_ENCODED, None);
        assert_eq!(
            Generic::<Payload, 2>::MAX_ENCODED,
            Some("\"bytes\":[255,255],\"item\":,".len() + 4)
        );
    }

    /// The longest values that there are, in a real payload.
    #[tokio::test]
    async fn no_payload_is_longer() -> Result<()> {
        let fill = async |session: Session| -> Result<()> {
            let handle = session.of::<Bounded>();
            handle.put_id(u64::MAX)?;
            handle.put_ok(false)?;
            handle.put_at((i64::MIN, '\u{1}'))?;
            handle.put_name("12345678".to_owned())?;
            handle.put_digest([255; 4])?;
            Ok(())
        };
        let mut visitor = Visitor::from(&testing::layer());
        visitor.visit(fill).await?;
        let cookie = visitor.cookie();
        let (_, base64) = cookie
            .to_str()
            .expect("ASCII")
            .split_once('=')
            .expect("saved");
        let payload = base64.len() * 3 / 4 - 66;
        // Two braces, less a comma after each object's last pair, the digit that two deadlines do not need before
        // the year 2286, and what `name` is shorter than its alias.
        let shorter = 1 + 1 + 2 + 4 - 2;
        assert_eq!(Bounded::MAX_ENCODED, Some(payload + shorter));
        Ok(())
    }
}
