//! Notices for other servers.

use super::Suite;
use super::check::{Check, Failure, HOUR, expect, id, owner, version};
use crate::store::{Notice, SessionStore, Subject};

pub(super) fn notice(subject: Subject) -> Notice {
    Notice {
        write: version(),
        subject,
        keep_for: HOUR,
    }
}

impl<S: SessionStore> Suite<S> {
    /// How often the feed has the notice, read from this time on.
    pub(super) async fn count(
        &self,
        notice: &Notice,
        since: Option<std::time::SystemTime>,
    ) -> Check<usize> {
        let read = self.other().published(since).await?;
        if let Some((at, _)) = read.notices.iter().find(|(at, _)| *at > read.read_at) {
            return Err(Failure::new(format!(
                "a notice of {at:?} was read at {:?}",
                read.read_at
            )));
        }
        Ok(read
            .notices
            .iter()
            .filter(|(_, found)| found == notice)
            .count())
    }
}

pub(super) async fn a_notice_is_read_from_its_time_on<S: SessionStore>(suite: &Suite<S>) -> Check {
    let except = vec![id(), id()];
    for subject in [
        Subject::Id(id()),
        Subject::Owner {
            owner: owner(),
            except,
        },
        Subject::Owner {
            owner: owner(),
            except: Vec::new(),
        },
    ] {
        let notice = notice(subject);
        let before = suite.one().published(None).await?.read_at;
        suite.one().publish(&notice).await?;
        expect("all", suite.count(&notice, None).await?, &1)?;
        expect(
            "from before it on",
            suite.count(&notice, Some(before)).await?,
            &1,
        )?;
        let long_after = before + HOUR;
        expect(
            "from long after it on",
            suite.count(&notice, Some(long_after)).await?,
            &0,
        )?;
    }
    Ok(())
}

pub(super) async fn a_repeated_notice_is_published_once<S: SessionStore>(
    suite: &Suite<S>,
) -> Check {
    let notice = notice(Subject::Id(id()));
    suite.one().publish(&notice).await?;
    suite.other().publish(&notice).await?;
    expect("how often", suite.count(&notice, None).await?, &1)
}
