"""Makes store_vectors.json: the names and payloads of a server-side store, from their description alone.

Needs the package `cryptography`. Run it here: python3 store_vectors.py > store_vectors.json
"""
import hashlib, hmac, json, random
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

random.seed(7)


def text(of):
    raw = of.encode()
    return len(raw).to_bytes(2, "big") + raw


def store_id(name, context, sid):
    return hashlib.sha256(b"session-runtime/v1/store\0" + text(name) + text(context) + sid).digest()


def owner_id(name, context, key, value):
    head = b"session-runtime/v1/owner\0" + text(name) + text(context) + text(key)
    return hashlib.sha256(head + value.encode()).digest()


def sealed(sid, name, version, nonce, payload):
    key = hmac.new(sid, b"session-runtime/v1/rest", hashlib.sha256).digest()
    aad = b"session-runtime/v1/rest\0" + b"\x02" + name + version
    return b"\x02" + nonce + AESGCM(key).encrypt(nonce, payload, aad)


rows = []
for name in ["sid", "__Host-session"]:
    for context in ["", "tenant-ä"]:
        for payload in ["", "{}", '{"uid":42,"~":{"~life":-3600}}', '{"n":"' + "é" * 700 + '"}']:
            sid, version, nonce = random.randbytes(16), random.randbytes(16), random.randbytes(12)
            this = store_id(name, context, sid)
            rows.append({
                "name": name, "context": context, "sid": sid.hex(), "store_id": this.hex(), "version": version.hex(),
                "payload": payload, "plain": (b"\x01" + payload.encode()).hex(), "nonce": nonce.hex(),
                "sealed": sealed(sid, this, version, nonce, payload.encode()).hex(),
            })
owners = [
    {"name": name, "context": context, "key": key, "value": value, "owner_id": owner_id(name, context, key, value).hex()}
    for name in ["sid", "__Host-session"]
    for context in ["", "tenant-ä"]
    for key, value in [("uid", "42"), ("uid", "-1"), ("account.mail", '"a@example.com"'), ("über", '"\\u0000"')]
]
print(json.dumps({"rows": rows, "owners": owners}, indent=1))
