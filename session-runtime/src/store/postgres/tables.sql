CREATE TABLE {session_format} (format integer NOT NULL);
INSERT INTO {session_format} (format) VALUES (1);

-- Times are milliseconds since 1970. state: 0 live, 1 retired, 2 renewed, 3 destroyed; the last two have no row.
-- fillfactor leaves space on a page for a row's next version, so that a save without a new gone_at changes no index.
CREATE TABLE {session} (
    id bytea NOT NULL PRIMARY KEY,
    state smallint NOT NULL,
    gone_at bigint NOT NULL,
    version bytea,
    payload bytea,
    owner bytea,
    label bytea,
    born bigint,
    seen_at bigint,
    expires_at bigint,
    renewed_at bigint,
    successors bytea[]
) WITH (fillfactor = 80);
CREATE INDEX {!session_owner} ON {session} (owner, born) WHERE state = 0 AND owner IS NOT NULL;
CREATE INDEX {!session_gone_at} ON {session} (gone_at);

CREATE TABLE {session_place} (
    owner bytea NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    spared bytea[] NOT NULL,
    until bigint NOT NULL
);
CREATE INDEX {!session_place_until} ON {session_place} (until);

CREATE TABLE {session_notice} (
    write bytea NOT NULL PRIMARY KEY,
    at bigint NOT NULL,
    until bigint NOT NULL,
    id bytea,
    owner bytea,
    spared bytea[]
);
CREATE INDEX {!session_notice_at} ON {session_notice} (at);
CREATE INDEX {!session_notice_until} ON {session_notice} (until);

-- p_now is the time for tests. Null stands for the engine's time.
CREATE FUNCTION {session_now_v1}(p_now bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(p_now, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
$$;

-- Whether a request that began at p_begin must put no row of this owner under these ids. The owner's place is locked
-- until the end of the transaction. It is always locked before a session, so that no two transactions deadlock.
CREATE FUNCTION {session_refuses_v1}(p_now bigint, p_owner bytea, p_begin bigint, p_ids bytea[])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    place {session_place}%ROWTYPE;
BEGIN
    IF p_owner IS NULL THEN
        RETURN false;
    END IF;
    LOOP
        SELECT * INTO place FROM {session_place} WHERE owner = p_owner FOR SHARE;
        EXIT WHEN FOUND;
        INSERT INTO {session_place} (owner, at, spared, until)
            VALUES (p_owner, 0, ARRAY[]::bytea[], p_now + 86400000) ON CONFLICT (owner) DO NOTHING;
    END LOOP;
    RETURN p_now < place.at + 86400000 AND p_begin < place.at + 2000 AND NOT place.spared && p_ids;
END $$;

-- 0 done, 1 taken, 3 refused.
CREATE FUNCTION {session_create_v1}(
    p_now bigint, p_id bytea, p_version bytea, p_payload bytea, p_owner bytea, p_label bytea, p_born bigint,
    p_seen_at bigint, p_expires_at bigint, p_gone_at bigint, p_begin bigint
) RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint := {session_now_v1}(p_now);
    refused boolean := {session_refuses_v1}(now_at, p_owner, p_begin, ARRAY[p_id]);
    slot {session}%ROWTYPE;
BEGIN
    LOOP
        SELECT * INTO slot FROM {session} WHERE id = p_id FOR UPDATE;
        IF FOUND AND slot.gone_at > now_at THEN
            RETURN CASE WHEN slot.state = 0 AND slot.version = p_version THEN 0 ELSE 1 END;
        END IF;
        IF refused THEN
            RETURN 3;
        END IF;
        IF FOUND THEN
            DELETE FROM {session} WHERE id = p_id;
        END IF;
        INSERT INTO {session} (id, state, gone_at, version, payload, owner, label, born, seen_at, expires_at)
            VALUES (p_id, 0, p_gone_at, p_version, p_payload, p_owner, p_label, p_born, p_seen_at, p_expires_at)
            ON CONFLICT (id) DO NOTHING;
        IF FOUND THEN
            RETURN 0;
        END IF;
    END LOOP;
END $$;

-- 0 done, 1 conflict with the row that is returned, 2 gone, 3 refused.
CREATE FUNCTION {session_save_v1}(
    p_now bigint, p_id bytea, p_expected bytea, p_filed bytea, p_version bytea, p_payload bytea, p_owner bytea,
    p_label bytea, p_born bigint, p_seen_at bigint, p_expires_at bigint, p_gone_at bigint, p_moves_end boolean,
    p_begin bigint
) RETURNS TABLE (
    o_outcome smallint, o_version bytea, o_payload bytea, o_owner bytea, o_label bytea, o_born bigint,
    o_seen_at bigint, o_expires_at bigint
) LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint := {session_now_v1}(p_now);
    judged boolean := p_owner IS DISTINCT FROM p_filed;
    refused boolean := false;
    slot {session}%ROWTYPE;
BEGIN
    LOOP
        IF judged THEN
            refused := {session_refuses_v1}(now_at, p_owner, p_begin, ARRAY[p_id]);
        END IF;
        IF NOT refused THEN
            UPDATE {session} SET
                version = p_version, payload = p_payload, owner = p_owner, label = p_label, born = p_born,
                seen_at = p_seen_at,
                expires_at = CASE WHEN p_moves_end THEN p_expires_at ELSE expires_at END,
                gone_at = CASE WHEN p_moves_end THEN p_gone_at ELSE gone_at END
                WHERE id = p_id AND version = p_expected AND state = 0 AND gone_at > now_at
                    AND (judged OR owner IS NOT DISTINCT FROM p_owner);
            IF FOUND THEN
                RETURN QUERY SELECT 0::smallint, NULL::bytea, NULL::bytea, NULL::bytea, NULL::bytea, NULL::bigint,
                    NULL::bigint, NULL::bigint;
                RETURN;
            END IF;
        END IF;
        SELECT * INTO slot FROM {session} WHERE id = p_id AND gone_at > now_at AND state = 0;
        IF NOT FOUND THEN
            o_outcome := 2;
        ELSIF slot.version = p_version THEN
            o_outcome := 0;
        ELSIF slot.version IS DISTINCT FROM p_expected THEN
            o_outcome := 1;
        ELSIF refused THEN
            o_outcome := 3;
        ELSE
            -- The row has another owner than the caller knew.
            judged := true;
            CONTINUE;
        END IF;
        RETURN QUERY SELECT o_outcome, slot.version, slot.payload, slot.owner, slot.label, slot.born, slot.seen_at,
            slot.expires_at;
        RETURN;
    END LOOP;
END $$;

-- As session_save_v1. Both ids are locked in ascending order.
CREATE FUNCTION {session_replace_v1}(
    p_now bigint, p_old bytea, p_expected bytea, p_keeps_old boolean, p_new bytea, p_version bytea, p_payload bytea,
    p_owner bytea, p_label bytea, p_born bigint, p_seen_at bigint, p_expires_at bigint, p_gone_at bigint,
    p_earlier bytea, p_begin bigint
) RETURNS TABLE (
    o_outcome smallint, o_version bytea, o_payload bytea, o_owner bytea, o_label bytea, o_born bigint,
    o_seen_at bigint, o_expires_at bigint
) LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint := {session_now_v1}(p_now);
    refused boolean := {session_refuses_v1}(now_at, p_owner, p_begin, ARRAY[p_old, p_new]);
    slot {session}%ROWTYPE;
    other {session}%ROWTYPE;
    is_read boolean;
BEGIN
    LOOP
        PERFORM 1 FROM {session} WHERE id IN (p_old, p_new) ORDER BY id FOR UPDATE;
        SELECT * INTO other FROM {session} WHERE id = p_new AND gone_at > now_at;
        IF FOUND AND NOT (other.state = 0 AND (other.version = p_version OR other.version IS NOT DISTINCT FROM p_earlier))
        THEN
            o_outcome := 2;
            EXIT;
        END IF;
        SELECT * INTO slot FROM {session} WHERE id = p_old AND gone_at > now_at;
        IF NOT FOUND THEN
            o_outcome := 2;
            EXIT;
        END IF;
        is_read := slot.state = 0 OR (slot.state = 1 AND now_at < slot.renewed_at + 60000);
        IF p_new = ANY (slot.successors) THEN
            o_outcome := 0;
            EXIT;
        ELSIF NOT is_read THEN
            o_outcome := 2;
            EXIT;
        ELSIF slot.version IS DISTINCT FROM p_expected THEN
            o_outcome := 1;
            EXIT;
        ELSIF refused THEN
            o_outcome := 3;
            EXIT;
        ELSIF cardinality(slot.successors) >= 16 THEN
            o_outcome := 2;
            EXIT;
        END IF;
        DELETE FROM {session} WHERE id = p_new;
        INSERT INTO {session} (id, state, gone_at, version, payload, owner, label, born, seen_at, expires_at)
            VALUES (p_new, 0, p_gone_at, p_version, p_payload, p_owner, p_label, p_born, p_seen_at, p_expires_at)
            ON CONFLICT (id) DO NOTHING;
        -- Another transaction made the new id after the look-up.
        CONTINUE WHEN NOT FOUND;
        IF slot.state = 1 OR p_keeps_old THEN
            UPDATE {session} SET state = 1, renewed_at = coalesce(renewed_at, now_at),
                successors = coalesce(successors, ARRAY[]::bytea[]) || p_new,
                gone_at = coalesce(renewed_at, now_at) + 120000 WHERE id = p_old;
        ELSE
            UPDATE {session} SET state = 2, gone_at = now_at + 120000, version = NULL, payload = NULL, owner = NULL,
                label = NULL, born = NULL, seen_at = NULL, expires_at = NULL, renewed_at = now_at,
                successors = ARRAY[p_new] WHERE id = p_old;
        END IF;
        o_outcome := 0;
        EXIT;
    END LOOP;
    RETURN QUERY SELECT o_outcome, slot.version, slot.payload, slot.owner, slot.label, slot.born, slot.seen_at,
        slot.expires_at;
END $$;

-- 0 done, 1 moved on, 2 gone.
CREATE FUNCTION {session_touch_v1}(
    p_now bigint, p_id bytea, p_expected bytea, p_seen_at bigint, p_expires_at bigint, p_gone_at bigint
) RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint := {session_now_v1}(p_now);
BEGIN
    UPDATE {session} SET seen_at = greatest(seen_at, p_seen_at), expires_at = greatest(expires_at, p_expires_at),
        gone_at = greatest(gone_at, p_gone_at)
        WHERE id = p_id AND version = p_expected AND state = 0 AND gone_at > now_at;
    IF FOUND THEN
        RETURN 0;
    END IF;
    PERFORM 1 FROM {session} WHERE id = p_id AND state = 0 AND gone_at > now_at;
    RETURN CASE WHEN FOUND THEN 1 ELSE 2 END;
END $$;

CREATE FUNCTION {session_destroy_v1}(p_now bigint, p_id bytea)
RETURNS TABLE (o_was_there boolean, o_successors bytea[]) LANGUAGE plpgsql AS $$
DECLARE
    now_at bigint := {session_now_v1}(p_now);
    slot {session}%ROWTYPE;
BEGIN
    LOOP
        SELECT * INTO slot FROM {session} WHERE id = p_id FOR UPDATE;
        IF FOUND THEN
            IF slot.gone_at <= now_at THEN
                slot.state := 3;
                slot.renewed_at := NULL;
                slot.successors := NULL;
            END IF;
            UPDATE {session} SET state = 3, gone_at = now_at + 120000, version = NULL, payload = NULL, owner = NULL,
                label = NULL, born = NULL, seen_at = NULL, expires_at = NULL, renewed_at = slot.renewed_at,
                successors = slot.successors WHERE id = p_id;
            EXIT;
        END IF;
        INSERT INTO {session} (id, state, gone_at) VALUES (p_id, 3, now_at + 120000) ON CONFLICT (id) DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
    o_was_there := coalesce(slot.state = 0 OR (slot.state = 1 AND now_at < slot.renewed_at + 60000), false);
    o_successors := CASE WHEN now_at < slot.renewed_at + 60000 THEN slot.successors END;
    RETURN NEXT;
END $$;

-- Returns how many sessions were ended, at most p_limit. p_sets marks the first step, which sets the owner's place. A
-- second statement ends the rows, so that it sees the commits during the wait of the first one.
CREATE FUNCTION {session_destroy_owner_v1}(
    p_now bigint, p_owner bytea, p_except bytea[], p_sets boolean, p_limit bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    ended bigint;
BEGIN
    IF p_sets THEN
        INSERT INTO {session_place} AS place (owner, at, spared, until)
            VALUES (p_owner, {session_now_v1}(p_now), p_except, {session_now_v1}(p_now) + 86400000)
            ON CONFLICT (owner) DO UPDATE SET at = {session_now_v1}(p_now), spared = p_except,
                until = {session_now_v1}(p_now) + 86400000;
    ELSE
        PERFORM 1 FROM {session_place} WHERE owner = p_owner FOR SHARE;
    END IF;
    WITH theirs AS MATERIALIZED (
        SELECT id FROM {session} WHERE owner = p_owner AND state = 0 AND NOT id = ANY (p_except)
            ORDER BY id LIMIT p_limit FOR UPDATE
    )
    UPDATE {session} AS session SET state = 3, gone_at = {session_now_v1}(p_now) + 120000, version = NULL,
        payload = NULL, owner = NULL, label = NULL, born = NULL, seen_at = NULL, expires_at = NULL
        FROM theirs WHERE session.id = theirs.id;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
