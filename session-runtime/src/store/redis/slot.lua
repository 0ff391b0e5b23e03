-- The fields of a slot: f format, s state (0 live, 1 retired, 2 renewed, 3 destroyed), v version, o owner, b body,
-- n seen at, e end (seconds), a ended at, t renewed at (milliseconds), x new ids.
local function renewal(h)
  if h[9] == '' and h[10] == '' then return true end
  return tonumber(h[9]) and #h[10] % 32 == 0
end
local function is_whole(h)
  local s = h[2]
  if s == '0' or s == '1' then
    if #h[3] ~= 16 or (#h[4] ~= 0 and #h[4] ~= 32) or h[5] == '' then return false end
    if not tonumber(h[6]) or not tonumber(h[7]) then return false end
    return s == '0' or (tonumber(h[9]) and #h[10] % 32 == 0)
  end
  return (s == '2' or s == '3') and tonumber(h[8]) and renewal(h)
end
local function gone_at(slot)
  if slot.s == '0' then return (slot.e + 86400) * 1000 end
  if slot.s == '1' then return slot.t + 120000 end
  return slot.a + 120000
end
local function stored()
  local h = redis.pcall('HMGET', key, 'f', 's', 'v', 'o', 'b', 'n', 'e', 'a', 't', 'x')
  if h.err then
    if h.err:find('WRONGTYPE', 1, true) then return nil, 'corrupt' end
    error(h)
  end
  if not h[1] then
    if redis.call('EXISTS', key) == 1 then return nil, 'corrupt' end
    return nil
  end
  if h[1] ~= '1' then return nil, h[1]:match('^%d+$') and 'newer' or 'corrupt' end
  for i = 1, 10 do h[i] = h[i] or '' end
  if not is_whole(h) then return nil, 'corrupt' end
  return { s = h[2], v = h[3], o = h[4], b = h[5], n = tonumber(h[6]), e = tonumber(h[7]), a = tonumber(h[8]),
    t = tonumber(h[9]), x = h[10] }
end
-- The slot as it is at this time. Nothing is left of an expired one.
local function read()
  local slot, problem = stored()
  if not slot or now >= gone_at(slot) then return nil, problem end
  if slot.s == '1' and now >= slot.t + 60000 then
    slot.s, slot.a = '2', slot.t
  end
  return slot
end
-- Never deletes the key: while its slot moves in a cluster, a missing key would belong to the other node.
local function put(slot)
  local left = math.min(math.max(gone_at(slot) - now, 1), 1e15)
  redis.call('HSET', key, 'f', '1', 's', slot.s)
  if slot.s == '0' or slot.s == '1' then
    redis.call('HSET', key, 'v', slot.v, 'o', slot.o, 'b', slot.b, 'n', text(slot.n), 'e', text(slot.e))
  else
    redis.call('HDEL', key, 'v', 'o', 'b', 'n', 'e')
  end
  if slot.a and slot.s ~= '0' then redis.call('HSET', key, 'a', text(slot.a)) else redis.call('HDEL', key, 'a') end
  if slot.t then redis.call('HSET', key, 't', text(slot.t), 'x', slot.x) else redis.call('HDEL', key, 't', 'x') end
  redis.call('PEXPIRE', key, text(left))
end
local function told(word, slot)
  return { word, slot.v, slot.o, slot.b, text(slot.n), text(slot.e) }
end
local function row(i)
  return { s = '0', v = ARGV[i], o = ARGV[i + 1], b = ARGV[i + 2], n = tonumber(ARGV[i + 3]), e = tonumber(ARGV[i + 4]) }
end
local function successors(slot)
  if slot and slot.t and now < slot.t + 60000 then return slot.x end
  return ''
end
