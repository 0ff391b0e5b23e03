-- Enters an id, unless the owner's sessions were ended after the request began.
-- ARGV: the begin of the request in milliseconds, the id, another id.
local at, spared = unpack(redis.call('HMGET', key, 'at', 'spared'))
at = tonumber(at)
if at and now < at + 86400000 and tonumber(ARGV[2]) < at + 2000
  and not has(spared or '', ARGV[3]) and not has(spared or '', ARGV[4]) then
  return { 'refused' }
end
redis.call('HSET', key, ARGV[3], text(now))
return { 'done' }
