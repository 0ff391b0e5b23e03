-- ARGV: the time of the first notice to return, in milliseconds.
local answer = redis.call('ZRANGEBYSCORE', key, ARGV[2], '+inf', 'WITHSCORES')
for i = 2, #answer, 2 do answer[i] = text(tonumber(answer[i])) end
table.insert(answer, 1, text(now))
return answer
