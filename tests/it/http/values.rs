//! What a put takes, a get of the same type reads back; what would not come back is refused by the put.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use session_runtime::{Error, Key, KeyInfo, Result, Session, SessionData};

use super::support::Visitor;

const NAME: &str = "basket.value";

trait Stored: Serialize + DeserializeOwned + Debug + Send + 'static {}

impl<T: Serialize + DeserializeOwned + Debug + Send + 'static> Stored for T {}

/// In the next request too, where only the cookie is left of it.
async fn comes_back<T: Stored + Clone + PartialEq>(value: T) {
    let mut visitor = Visitor::new();
    let key = Key::<T>::new(NAME);
    let put = value.clone();
    visitor.visit(|session| session.put(key, put)).await;
    let read = visitor.visit(move |session| session.get(key)).await;
    assert_eq!(read, Some(value));
}

/// The put is an error of this key, which says this, and the session stays as it was.
async fn is_refused<T: Stored>(value: T, reason: &str) {
    let key = Key::<T>::new(NAME);
    let put = move |session: &Session| session.put(key, value);
    refuses(put, reason).await;
}

async fn refuses(put: impl FnOnce(&Session) -> Result<()>, reason: &str) {
    let mut visitor = Visitor::new();
    visitor.visit(|session| session.put(NAME, 42)).await;
    let kept = visitor.visit(|session| {
        let error = put(session).unwrap_err();
        assert!(matches!(error, Error::Encode { .. }), "{error:?}");
        assert_eq!(error.key(), Some(NAME));
        let text = error.to_string();
        assert!(text.contains(NAME) && text.contains(reason), "{text}");
        session.get::<u8>(NAME)
    });
    assert_eq!(kept.await, Some(42));
}

const NOT_FINITE: &str = "NaN or an infinity";
const UNREADABLE: &str = "would not read back";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Position {
    lat: f64,
    lon: Option<f32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Empty,
    Radius(f64),
    Sides(f32, f32),
    Box { width: f64 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Prices { by_id: BTreeMap<u64, u32> },
    Ratio { ratio: f64 },
    Wide { wide: u128 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Small(u64),
    Wide(u128),
    Text(String),
}

/// What is written as the integer is read as the fraction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Rounded {
    Wide(i128),
    Fraction(f64),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Flattened {
    name: String,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Rest {
    balance: u128,
}

#[tokio::test]
async fn a_number_that_json_cannot_say_is_refused_wherever_it_stands() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        is_refused(number, NOT_FINITE).await;
        is_refused(Some(number), NOT_FINITE).await;
        is_refused(Some(Some(number)), NOT_FINITE).await;
        is_refused(vec![1.0, number], NOT_FINITE).await;
        is_refused((1, [number]), NOT_FINITE).await;
        is_refused(HashMap::from([("a".to_owned(), number)]), NOT_FINITE).await;
        is_refused(BTreeMap::from([(1, vec![Some(number)])]), NOT_FINITE).await;
        is_refused(Shape::Radius(number), NOT_FINITE).await;
        is_refused(Shape::Box { width: number }, NOT_FINITE).await;
        is_refused(Tagged::Ratio { ratio: number }, NOT_FINITE).await;
        is_refused(Rounded::Fraction(number), NOT_FINITE).await;
        let position = Position {
            lat: number,
            lon: None,
        };
        is_refused(position, NOT_FINITE).await;
    }
    is_refused(f32::NAN, NOT_FINITE).await;
    is_refused(Some(f32::INFINITY), NOT_FINITE).await;
    is_refused(Shape::Sides(1.0, f32::NEG_INFINITY), NOT_FINITE).await;
    let position = Position {
        lat: 50.1,
        lon: Some(f32::NAN),
    };
    is_refused(position, NOT_FINITE).await;
}

/// A name has no type to read back as, but such a number is lost under any.
#[tokio::test]
async fn a_name_refuses_it_too() {
    refuses(|session| session.put(NAME, f64::NAN), NOT_FINITE).await;
    refuses(|session| session.put(NAME, Some(f32::NAN)), NOT_FINITE).await;
    refuses(|session| session.put(NAME, [0.0, f64::NAN]), NOT_FINITE).await;
    refuses(
        |session| session.update(NAME, |old: Option<f64>| old.unwrap() / 0.0),
        NOT_FINITE,
    )
    .await;
}

#[tokio::test]
async fn a_value_that_its_type_does_not_read_is_refused() {
    let by_id = BTreeMap::from([(7, 300)]);
    is_refused(Tagged::Prices { by_id }, UNREADABLE).await;
    for wide in [7, u128::MAX] {
        is_refused(Tagged::Wide { wide }, UNREADABLE).await;
    }
    is_refused(Untagged::Wide(u128::MAX), UNREADABLE).await;
    is_refused(vec![Untagged::Wide(u128::MAX)], UNREADABLE).await;
    let rest = Rest { balance: u128::MAX };
    let name = "account".to_owned();
    is_refused(Flattened { name, rest }, UNREADABLE).await;
    is_refused(Lossy("2026"), UNREADABLE).await;
}

/// Read, but as another value.
#[tokio::test]
async fn an_integer_that_would_come_back_as_a_fraction_is_refused() {
    is_refused(Rounded::Wide(i128::MIN), UNREADABLE).await;
    is_refused(Rounded::Wide(-7), UNREADABLE).await;
    is_refused(vec![Rounded::Wide(i128::MAX)], UNREADABLE).await;
    comes_back(Rounded::Fraction(1.5)).await;
}

/// A string to one side, a number to the other.
#[derive(Debug)]
struct Lossy(&'static str);

impl Serialize for Lossy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u16::deserialize(deserializer).map(|_| Self(""))
    }
}

#[tokio::test]
async fn what_the_same_types_can_say_comes_back() {
    comes_back(Tagged::Ratio { ratio: 0.1 }).await;
    comes_back(Tagged::Prices {
        by_id: BTreeMap::new(),
    })
    .await;
    comes_back(vec![
        Untagged::Small(u64::MAX),
        Untagged::Text("null".to_owned()),
    ])
    .await;
    comes_back(Position {
        lat: -0.0,
        lon: None,
    })
    .await;
    comes_back([Shape::Empty, Shape::Radius(f64::MIN_POSITIVE)]).await;
    comes_back((None::<f64>, Some(f64::MAX), (), vec![None::<u8>, Some(1)])).await;
}

#[tokio::test]
async fn what_people_fear_for_comes_back() {
    comes_back(u64::MAX).await;
    comes_back((1_u64 << 53) + 1).await;
    comes_back((i128::MIN, u128::MAX)).await;
    comes_back(u128::MAX).await;
    comes_back(Some(i128::MIN)).await;
    comes_back((0.1_f32, 31.245_270_191_439_438_f64, -0.0_f64)).await;
    comes_back("\0\u{1f468}\u{200d}\u{1f469} \u{2028}\"\\;,=".to_owned()).await;
    comes_back(()).await;
    comes_back(Some(Some(3_u8))).await;
    comes_back(HashMap::from([(1_i64, 'a'), (-2, '\u{ffff}')])).await;
    comes_back(BTreeMap::from([(true, 1), (false, 0)])).await;
    comes_back(Duration::from_nanos(1_500_000_001)).await;
    comes_back(SystemTime::UNIX_EPOCH + Duration::from_secs(2_208_988_800)).await;
    comes_back("2001:db8::1".parse::<std::net::IpAddr>().unwrap()).await;
    comes_back(Box::<str>::from("boxed")).await;
    comes_back(Ok::<u8, String>(1)).await;
    comes_back(serde_json::json!({"a": [1, null, {"b": 1.5}]})).await;
    is_refused(BTreeMap::from([((1, 2), 3)]), "string").await;
}

/// The first read consumes it: it can be written once only, and that is enough.
struct Once(std::cell::Cell<bool>);

impl Serialize for Once {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.replace(true) {
            return Err(ser::Error::custom("written before"));
        }
        serializer.serialize_none()
    }
}

#[tokio::test]
async fn a_value_that_can_be_written_once_is_stored() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| session.put("once", Once(std::cell::Cell::new(false))))
        .await;
    assert_eq!(visitor.payload(), r#"{"once":null}"#);
}

/// Too deep and too long come first: they say what to do.
#[tokio::test]
async fn the_clearest_reason_is_told() {
    #[derive(Serialize, Deserialize)]
    struct Deeper(Option<Box<Self>>, Option<[(); 1]>);
    const LIMITED: Key<Vec<f64>> = Key::with_info(KeyInfo::new("list").with_max_len(4));
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            let deep = (0..200).fold(Deeper(None, None), |deep, _| {
                Deeper(Some(Box::new(deep)), None)
            });
            let deep = session.put(Key::<Deeper>::new("deep"), deep);
            assert!(matches!(deep, Err(Error::TooDeep { .. })), "{deep:?}");
            let long = session.put(LIMITED, vec![1.5; 4]);
            assert!(matches!(long, Err(Error::TooLarge { .. })), "{long:?}");
            Ok(())
        })
        .await;
}

#[derive(SessionData)]
struct Map {
    position: Position,
    #[session(value = f64)]
    zoom: Option<f64>,
}

#[tokio::test]
async fn accessors_and_updates_refuse_as_puts_do() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            let map = session.of::<Map>();
            let (lat, lon) = (f64::NAN, None);
            let error = map.put_position(Position { lat, lon }).unwrap_err();
            assert_eq!(error.key(), Some("position"));
            map.put_zoom(2.0)?;
            let error = session.update(Map::ZOOM, |zoom| zoom.unwrap() / 0.0);
            assert!(matches!(error, Err(Error::Encode { .. })), "{error:?}");
            assert_eq!(map.get_zoom()?, Some(2.0));
            let mut record = session.record()?;
            let error = record.put(Map::ZOOM, f64::NAN).unwrap_err();
            assert_eq!(error.key(), Some("zoom"));
            Ok(())
        })
        .await;
    assert_eq!(visitor.payload(), r#"{"zoom":2.0}"#);
}

#[tokio::test]
async fn no_refusal_shows_a_value() {
    let mut visitor = Visitor::new();
    visitor
        .visit(|session| {
            let secret = || "hunter2".to_owned();
            let by_id = BTreeMap::from([(77_777, 77_777)]);
            let errors = [
                session.put(
                    Key::new("a"),
                    HashMap::from([(secret(), vec![f64::NAN, 77_777.0])]),
                ),
                session.put(Key::new("a"), Tagged::Prices { by_id }),
                session.put(Key::new("a"), Lossy("hunter2")),
                session.put(Key::new("a"), (secret(), Untagged::Wide(u128::MAX))),
            ];
            for error in errors {
                let error = error.unwrap_err();
                let text = format!("{error} {error:?}");
                let shown = ["hunter2", "77777", "340282"];
                assert!(!shown.iter().any(|value| text.contains(value)), "{text}");
            }
            Ok(())
        })
        .await;
}
