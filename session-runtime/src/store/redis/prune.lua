-- Removes entries that are older than a minute and were not entered again. ARGV: pairs of an id and its time of entry.
local at = tonumber(redis.call('HGET', key, 'at'))
if at and now >= at + 86400000 then redis.call('HDEL', key, 'at', 'spared') end
for i = 2, #ARGV, 2 do
  local entered = redis.call('HGET', key, ARGV[i])
  if entered == ARGV[i + 1] and now > tonumber(entered) + 60000 then redis.call('HDEL', key, ARGV[i]) end
end
return { 'done' }
