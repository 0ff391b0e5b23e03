//! A Redis Cluster of our own: three primaries with a replica each.

use std::process::Command;
use std::time::Duration;

use super::redis::{Server, program};
use super::{free_port, run};

const NODES: usize = 6;
/// How often the cluster is asked whether it is well.
const TRIES: usize = 600;

pub(crate) struct Cluster {
    pub(crate) nodes: Vec<Server>,
}

impl Cluster {
    /// A new cluster, in which a primary that is silent for 1.5 s is replaced.
    pub(crate) async fn start() -> Self {
        let mut nodes = Vec::new();
        for _ in 0..NODES {
            let bus = free_port().to_string();
            let arguments = ["--cluster-enabled", "yes", "--cluster-port", &bus];
            let timeout = [
                "--cluster-node-timeout",
                "1500",
                "--repl-diskless-sync-delay",
                "0",
            ];
            nodes.push(Server::start_with(&[arguments, timeout].concat()).await);
        }
        let cluster = Self { nodes };
        let mut create = Command::new(program("redis-cli"));
        create.args(["--cluster", "create"]);
        create.args(
            cluster
                .nodes
                .iter()
                .map(|node| format!("127.0.0.1:{}", node.port())),
        );
        run(create.args(["--cluster-replicas", "1", "--cluster-yes"]));
        cluster.is_well().await;
        cluster
    }

    pub(crate) fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(Server::url).collect()
    }

    /// Until every node but those that are gone sees all slots served, and each primary has its replica's ear.
    pub(crate) async fn is_well(&self) {
        for _ in 0..TRIES {
            let mut well = 0;
            for node in &self.nodes {
                let info = node.command("CLUSTER INFO").await.unwrap_or_default();
                let linked = node.command("INFO replication").await.unwrap_or_default();
                let waits = linked.contains("master_link_status:down")
                    || linked.contains("role:master") && linked.contains("connected_slaves:0");
                well += usize::from(info.contains("cluster_state:ok") && !waits);
            }
            if well == NODES {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the cluster does not come up");
    }

    /// Moves this many slots from one primary to another, with their keys.
    pub(crate) async fn reshard(&self, from: usize, to: usize, slots: u16) {
        let (from, to) = (self.id_of(from).await, self.id_of(to).await);
        let mut reshard = tokio::process::Command::new(program("redis-cli"));
        reshard.args(["--cluster", "reshard", &self.address_of(0)]);
        reshard.args([
            "--cluster-from",
            &from,
            "--cluster-to",
            &to,
            "--cluster-yes",
        ]);
        reshard.args(["--cluster-slots", &slots.to_string()]);
        let output = reshard.output().await.expect("the program");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}");
    }

    pub(crate) fn address_of(&self, node: usize) -> String {
        format!("127.0.0.1:{}", self.nodes[node].port())
    }

    /// The node's name in the cluster.
    pub(crate) async fn id_of(&self, node: usize) -> String {
        let answer = self.nodes[node]
            .command("CLUSTER MYID")
            .await
            .expect("an answer");
        let id = answer.lines().nth(1).expect("an id");
        id.to_owned()
    }

    /// Which node serves the key.
    pub(crate) async fn primary_of(&self, key: &str) -> usize {
        for (number, node) in self.nodes.iter().enumerate() {
            let answer = node
                .command(&format!("EXISTS {key}"))
                .await
                .unwrap_or_default();
            if answer.starts_with(':') {
                return number;
            }
        }
        panic!("no node has the key");
    }
}
