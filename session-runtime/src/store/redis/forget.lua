-- Checks 500 notices a call and removes the expired ones. ARGV: how many were kept so far.
-- A notice begins with the milliseconds to keep it.
local from = tonumber(ARGV[2])
local some = redis.call('ZRANGE', key, from, from + 499, 'WITHSCORES')
local kept = from
for i = 1, #some, 2 do
  local keep = 0
  for b = 1, 8 do keep = keep * 256 + (some[i]:byte(b) or 0) end
  if now >= tonumber(some[i + 1]) + keep then redis.call('ZREM', key, some[i]) else kept = kept + 1 end
end
return { text(kept), #some < 1000 and 'last' or 'more' }
