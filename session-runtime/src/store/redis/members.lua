-- The ids and the times when they were entered. ARGV: 'end' sets the time of the last ending; the ids that it spares.
if ARGV[2] == 'end' then redis.call('HSET', key, 'at', text(now), 'spared', ARGV[3]) end
local answer = { text(now) }
local all = redis.call('HGETALL', key)
for i = 1, #all, 2 do
  if #all[i] == 32 then
    answer[#answer + 1] = all[i]
    answer[#answer + 1] = all[i + 1]
  end
end
return answer
