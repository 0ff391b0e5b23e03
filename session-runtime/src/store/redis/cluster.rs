//! The nodes of a Redis Cluster: a connection to each, the node of each key, and keys that move between nodes.
//!
//! A library's cluster client would repeat commands whose answer was lost. Calls for healthy nodes would wait while it
//! looks for a lost node. Here a command goes to another node only after a node answered that it has done nothing. The
//! [specification](https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/) of `MOVED` and `ASK`
//! says so.

use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redis::{Cmd, ConnectionInfo, Value, from_redis_value_ref};
use tokio::time::{Instant, timeout};

use super::address::{Address, client_at};
use super::link::{Link, Locator, Sent, Trip};
use super::slot::{SLOTS, slot};
use crate::store::StoreError;

/// How often one call is redirected.
const REDIRECTS: usize = 8;
/// How long a call waits for one node's map of the cluster.
const MAP: Duration = Duration::from_millis(250);

/// A node that serves keys.
struct Node {
    address: Address,
    link: Arc<Link>,
}

pub(super) struct Cluster {
    /// How to log in to each node.
    login: ConnectionInfo,
    /// The nodes that the user named.
    seeds: Vec<Address>,
    map: Mutex<Map>,
    /// Held while the map is read, so that many concurrent calls read it once.
    asking: tokio::sync::Mutex<()>,
}

/// The known node of each slot.
#[derive(Default)]
struct Map {
    nodes: Vec<Arc<Node>>,
    /// The node of each slot.
    owners: Vec<Option<Arc<Node>>>,
    /// The nodes whose answers were lost. Replicas may have taken their places, so the map is read before they are
    /// asked again.
    suspects: Vec<Address>,
    /// How often the map was read.
    version: u64,
}

impl Cluster {
    pub(super) fn new(login: ConnectionInfo, seeds: Vec<Address>) -> Self {
        Self {
            login,
            seeds,
            map: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// Sends a command to the node that has the key, and follows the node's redirection.
    pub(super) async fn send(
        &self,
        key: &[u8],
        trip: Trip,
        command: &Cmd,
        within: Duration,
    ) -> Result<Sent, StoreError> {
        let begun = Instant::now();
        let left = || within.saturating_sub(begun.elapsed());
        let slot = slot(key);
        let mut node = self.owner(slot, left()).await?;
        let mut is_asking = false;
        for _ in 0..REDIRECTS {
            let sent = if is_asking {
                node.link.send_asking(trip, command, left()).await
            } else {
                node.link.send(trip, command, left()).await
            };
            let next = match sent {
                Ok(Sent::Moved(next)) => {
                    let next = self.node(next.said_by(&node.address.host))?;
                    self.map().give(slot, &next);
                    is_asking = false;
                    next
                }
                Ok(Sent::Ask(next)) => {
                    is_asking = true;
                    self.node(next.said_by(&node.address.host))?
                }
                Ok(answered) => return Ok(answered),
                Err(error) => {
                    self.map().suspect(&node.address);
                    return Err(error);
                }
            };
            node = next;
        }
        Err(StoreError::unavailable(
            "the nodes of the Redis Cluster send a key around in a circle",
        ))
    }

    /// The nodes that serve keys now.
    pub(super) async fn primaries(&self, within: Duration) -> Result<Vec<Arc<Link>>, StoreError> {
        self.read_map(within).await?;
        let mut links: Vec<Arc<Link>> = Vec::new();
        for owner in self.map().owners.iter().flatten() {
            if !links.iter().any(|link| Arc::ptr_eq(link, &owner.link)) {
                links.push(Arc::clone(&owner.link));
            }
        }
        Ok(links)
    }

    /// The node of the slot. If it is not known, or its answer was lost, the map is read.
    async fn owner(&self, slot: u16, within: Duration) -> Result<Arc<Node>, StoreError> {
        let (known, version) = self.map().known(slot);
        if let Some(node) = known {
            return Ok(node);
        }
        let read = timeout(within, self.read_map_once(version, within));
        let read = read.await.unwrap_or_else(|_| Err(unanswered()));
        let owner = self.map().owner(slot);
        owner.ok_or_else(|| {
            read.err().unwrap_or_else(|| {
                StoreError::unavailable("no node of the Redis Cluster has the key's slot")
            })
        })
    }

    /// Reads the map, unless it was read after this version.
    async fn read_map_once(&self, version: u64, within: Duration) -> Result<(), StoreError> {
        let _asking = self.asking.lock().await;
        if self.map().version != version {
            return Ok(());
        }
        self.read_map(within).await
    }

    /// Asks the nodes for the map until one answers. Nodes whose answers were lost are asked last.
    async fn read_map(&self, within: Duration) -> Result<(), StoreError> {
        let begun = Instant::now();
        let mut last = unanswered();
        for node in self.to_ask()? {
            let left = within.saturating_sub(begun.elapsed()).min(MAP);
            let mut command = redis::cmd("CLUSTER");
            command.arg("SLOTS");
            match node.link.send(Trip::Read, &command, left).await {
                Ok(Sent::Answer(value)) => {
                    return self.take_map(&value, &node.address.host);
                }
                Ok(_) => last = StoreError::unavailable("a node of Redis answered out of turn"),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn to_ask(&self) -> Result<Vec<Arc<Node>>, StoreError> {
        for seed in &self.seeds {
            self.node(seed.clone())?;
        }
        let map = self.map();
        let mut nodes = map.nodes.clone();
        nodes.sort_by_key(|node| map.suspects.contains(&node.address));
        Ok(nodes)
    }

    /// `CLUSTER SLOTS`: for each range its first and last slot, the primary, and replicas.
    fn take_map(&self, value: &Value, host: &str) -> Result<(), StoreError> {
        let ranges: Vec<Vec<Value>> = from_redis_value_ref(value).map_err(StoreError::corrupt)?;
        let (mut nodes, mut owners) = (Vec::new(), vec![None; usize::from(SLOTS)]);
        for range in ranges {
            let [first, last, primary, ..] = range.as_slice() else {
                return Err(StoreError::corrupt("a range of slots has no node"));
            };
            let first: usize = from_redis_value_ref(first).map_err(StoreError::corrupt)?;
            let last: usize = from_redis_value_ref(last).map_err(StoreError::corrupt)?;
            let node = self.node(primary_of(primary)?.said_by(host))?;
            if let Some(range) = owners.get_mut(first..=last.max(first)) {
                range.fill(Some(Arc::clone(&node)));
            }
            nodes.push(node);
        }
        let mut map = self.map();
        // This closes connections to nodes that are gone.
        map.nodes = nodes;
        map.owners = owners;
        map.suspects.clear();
        map.version += 1;
        Ok(())
    }

    /// The node at this address. A new one is made if it is not known.
    fn node(&self, address: Address) -> Result<Arc<Node>, StoreError> {
        let mut map = self.map();
        if let Some(node) = map.nodes.iter().find(|node| node.address == address) {
            return Ok(Arc::clone(node));
        }
        let client = client_at(&self.login, &address)?;
        let link = Arc::new(Link::new(Locator::Fixed(client)));
        let node = Arc::new(Node { address, link });
        map.nodes.push(Arc::clone(&node));
        Ok(node)
    }

    fn map(&self) -> MutexGuard<'_, Map> {
        // The map is consistent after each statement, so a panic can't leave it half changed.
        self.map.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Map {
    fn owner(&self, slot: u16) -> Option<Arc<Node>> {
        self.owners.get(usize::from(slot)).cloned().flatten()
    }

    /// The slot's node, unless its answer was lost, and the version of the map.
    fn known(&self, slot: u16) -> (Option<Arc<Node>>, u64) {
        let owner = self.owner(slot);
        let known = owner.filter(|node| !self.suspects.contains(&node.address));
        (known, self.version)
    }

    fn give(&mut self, slot: u16, node: &Arc<Node>) {
        if let Some(owner) = self.owners.get_mut(usize::from(slot)) {
            *owner = Some(Arc::clone(node));
        }
    }

    fn suspect(&mut self, address: &Address) {
        if !self.suspects.contains(address) {
            self.suspects.push(address.clone());
        }
    }
}

fn unanswered() -> StoreError {
    StoreError::unavailable("no node of the Redis Cluster answers")
}

/// An absent or empty host means the host of the node that was asked.
fn primary_of(node: &Value) -> Result<Address, StoreError> {
    let parts: Vec<Value> = from_redis_value_ref(node).map_err(StoreError::corrupt)?;
    let [host, port, ..] = parts.as_slice() else {
        return Err(StoreError::corrupt("a node has no address"));
    };
    let host: Option<String> = from_redis_value_ref(host).map_err(StoreError::corrupt)?;
    Ok(Address {
        host: host.unwrap_or_default(),
        port: from_redis_value_ref(port).map_err(StoreError::corrupt)?,
    })
}
